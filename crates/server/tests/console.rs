//! The console over HTTP, in process: what is let in, what it answers, and that its description is up to date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what must not happen")]

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use hengjie_app::console::access::{Actor, Operation};
use hengjie_app::console::{Asking, Console};
use hengjie_app::document;
use hengjie_quantity::Lang;
use hengjie_server::session::{COOKIE, Sessions};
use hengjie_server::{Server, api, now, router};
use hengjie_store::Store;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

const POLICY: &str = "# 存款奖励办法\n\n## 第一条 存款奖\n日均存款每满 100 万元奖 500 元。\n```规则\n\
    制度 存款奖励 版本 2026-01-01 起\n资料 人员 量词 人\n存款日均: 金额 每年\n适用 人员\n对 人员 每年\n\
    存款奖 = 向下(存款日均 ÷ 100万元, 1) × 500元\n```\n\n## 第二条 名次\n按存款奖排名。\n```规则\n\
    排序 名次 对 人员 每年\n先 存款奖 从高到低 无者居后\n并列 同名次\n```\n";

const HOST: &str = "127.0.0.1:8080";

/// A console with one small document, and a signed-in owner.
struct Site {
    server: Server,
    session: String,
    folder: TempDir,
}

impl Site {
    async fn new() -> Self {
        Self::with_worker(None).await
    }

    /// Files of others are read by another program.
    async fn with_worker(program: Option<std::path::PathBuf>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy.md");
        std::fs::write(&policy, POLICY).unwrap();
        let facts = folder.path().join("facts");
        std::fs::create_dir(&facts).unwrap();
        std::fs::write(facts.join("人员.csv"), "编号,名称\nK1,张三\nK2,李四\nK3,王五\n").unwrap();
        let of_year = "编号,期间,存款日均（元）\nK1,2026年,19990000\nK2,2026年,5000000\n";
        std::fs::write(facts.join("人员_每年.csv"), of_year).unwrap();
        let store = Store::open(folder.path().join("hengjie.db").to_str().unwrap()).await.unwrap();
        let console = Console::open(store, folder.path(), program, &now()).await.unwrap();
        let asking = Asking { actor: Actor::owner(), lang: Lang::Zh, at: now(), key: "put".to_owned() };
        let policy = document::open(&policy).unwrap();
        console.put_document(&asking, "bonus", "示例单位", &policy, &facts, &[]).await.unwrap();
        let sessions = Arc::new(Sessions::default());
        let session = sessions.sign_in(Actor::owner()).unwrap();
        let server = Server { console, sessions, host: HOST.to_owned() };
        Self { server, session, folder }
    }

    /// A request as a page of the console sends it.
    fn request(&self, method: &str, path: &str, body: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::COOKIE, format!("{COOKIE}={}", self.session))
            .header("sec-fetch-site", "same-origin");
        match method {
            "GET" => request,
            _ => request
                .header(header::ORIGIN, format!("http://{HOST}"))
                .header(header::CONTENT_TYPE, "application/json")
                .header("idempotency-key", format!("{method} {path} {}", body.len())),
        }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let response = router(self.server.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = self.request(method, path, &body).body(Body::from(body)).unwrap();
        let (status, _, bytes) = self.send(request).await;
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask("POST", path, body).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }

    /// Runs the document and waits for the end.
    async fn run(&self) -> i64 {
        let number = self.post("/api/runs", json!({ "document": "bonus" })).await["number"].as_i64().unwrap();
        loop {
            let run = self.get(&format!("/api/runs/{number}")).await;
            if run["summary"]["state"] != "running" {
                assert_eq!(run["summary"]["state"], "done", "{run:#}");
                return number;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

/// Method, path with stand-ins, operation and whether it needs a body.
fn operations() -> Vec<(String, String, String)> {
    let (_, document) = api::router().split_for_parts();
    let document = serde_json::to_value(api::finish(document)).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let filled = path
            .replace("{document}", "bonus")
            .replace("{name}", "%E4%BA%BA%E5%91%98")
            .replace("{import}", "1")
            .replace("{run}", "1")
            .replace("{job}", "1")
            .replace("{table}", "0")
            .replace("{version}", "1");
        for (method, operation) in methods.as_object().unwrap() {
            let query = operation["parameters"].as_array().into_iter().flatten();
            let query: Vec<String> = query
                .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
                .map(|parameter| format!("{}=1", parameter["name"].as_str().unwrap()))
                .collect();
            let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
            let id = operation["operationId"].as_str().unwrap().to_owned();
            found.push((method.to_uppercase(), format!("{filled}{query}"), id));
        }
    }
    found
}

/// A body that every operation can read.
fn any_body() -> Value {
    json!({
        "text": "", "after": 1, "document": "bonus", "person": "K1", "value": "存款奖", "changes": [],
        "source": "核心", "old": 1, "new": 1,
    })
}

#[test]
fn every_route_is_a_declared_operation() {
    let routes: BTreeSet<String> =
        operations().into_iter().map(|(_, _, id)| id).filter(|id| id != "session").collect();
    // Done by the server itself and by the command line only.
    let inside = ["put_document", "end_run", "end_import"];
    let declared = Operation::ALL.iter().map(|operation| operation.id().to_owned());
    let declared: BTreeSet<String> = declared.filter(|id| !inside.contains(&id.as_str())).collect();
    assert_eq!(routes, declared);
}

#[test]
fn the_description_is_up_to_date() {
    let (_, document) = api::router().split_for_parts();
    let text = api::finish(document).to_pretty_json().unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/hengjie.json");
    if std::env::var_os("HENGJIE_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == committed,
        "openapi/hengjie.json is stale: HENGJIE_WRITE=1 cargo test --workspace --test console, then npm run types in web/"
    );
}

/// Whoever may do nothing is refused everything; whoever is not signed in is asked to sign in.
#[tokio::test]
async fn every_operation_asks_for_its_permission() {
    let mut site = Site::new().await;
    site.run().await;
    let owner = site.session.clone();
    let nobody = Actor { permissions: BTreeSet::new(), ..Actor::owner() };
    let nobody = site.server.sessions.sign_in(nobody).unwrap();
    for (method, path, id) in operations() {
        let body = if method == "GET" { Value::Null } else { any_body() };
        site.session.clone_from(&nobody);
        let (status, answer) = site.ask(&method, &path, body.clone()).await;
        let wanted = if id == "session" { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(status, wanted, "{id}: {answer}");
        site.session = "nobody".to_owned();
        let (status, answer) = site.ask(&method, &path, body.clone()).await;
        assert_eq!((status, answer["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("signed_out")), "{id}");
        site.session.clone_from(&owner);
        let (status, answer) = site.ask(&method, &path, body).await;
        assert!(!matches!(status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED), "{id}: {answer}");
        assert!(!status.is_server_error(), "{id}: {answer}");
    }
}

/// A page of somebody else, a name that leads here, a form: none is let in. Every answer is dressed.
#[tokio::test]
async fn strangers_stay_outside() {
    let site = Site::new().await;
    let cases = [
        ("GET", "/api/documents", "host", "evil.example"),
        ("GET", "/", "host", "evil.example:8080"),
        ("GET", "/api/documents", "sec-fetch-site", "cross-site"),
        ("GET", "/api/documents", "origin", "http://evil.example"),
        ("POST", "/api/check", "origin", "http://evil.example"),
        ("POST", "/api/check", "origin", "null"),
        ("POST", "/api/check", "origin", "https://127.0.0.1:8080"),
        ("POST", "/api/check", "sec-fetch-site", "same-site"),
    ];
    for (method, path, name, value) in cases {
        let mut request = site.request(method, path, "").body(Body::from("{\"text\":\"\"}")).unwrap();
        request.headers_mut().insert(header::HeaderName::from_static(name), value.parse().unwrap());
        let (status, headers, _) = site.send(request).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} {name}: {value}");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("script-src 'self';"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let mut without_origin =
        site.request("POST", "/api/check", "").body(Body::from("{\"text\":\"\"}")).unwrap();
    without_origin.headers_mut().remove(header::ORIGIN);
    assert_eq!(site.send(without_origin).await.0, StatusCode::FORBIDDEN);
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let mut form = site.request("POST", "/api/check", "").body(Body::from("{\"text\":\"\"}")).unwrap();
        form.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        assert_eq!(site.send(form).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let (status, headers, _) =
        site.send(site.request("GET", "/api/documents", "").body(Body::empty()).unwrap()).await;
    assert_eq!((status, headers[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, "no-store"));
}

#[tokio::test]
async fn a_link_opens_once() {
    let site = Site::new().await;
    let link = site.server.sessions.link().unwrap();
    let enter = || {
        Request::builder()
            .uri(format!("/enter/{link}"))
            .header(header::HOST, HOST)
            .body(Body::empty())
            .unwrap()
    };
    let (status, headers, _) = site.send(enter()).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let cookie = headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let again = site.send(enter()).await;
    assert_eq!(again.0, StatusCode::FORBIDDEN);
    assert!(String::from_utf8(again.2).unwrap().contains("按回车"));
}

/// From a run to every answer about it.
#[tokio::test]
async fn results_are_read_sorted_and_explained() {
    let site = Site::new().await;
    let run = site.run().await;
    let detail = site.get(&format!("/api/runs/{run}")).await;
    let columns = detail["tables"][0]["columns"].as_array().unwrap();
    let roles: Vec<&str> = columns.iter().map(|column| column["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["key", "name", "period", "value", "rank"], "{detail:#}");
    let page = site.get(&format!("/api/runs/{run}/tables/0?sort=3&descending=true&limit=2")).await;
    let shown: Vec<(&str, &str)> = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["cells"][1]["text"].as_str().unwrap(), row["cells"][3]["text"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("张三", "9500"), ("李四", "2500")], "{page:#}");
    assert_eq!(page["rows_matched"], 3);
    let waiting =
        site.get(&format!("/api/runs/{run}/tables/0?filters=%5B%223%3Dstate%3Amissing%22%5D")).await;
    assert_eq!(waiting["rows_matched"], 1, "{waiting:#}");
    let distribution = site.get(&format!("/api/runs/{run}/tables/0/distribution?column=3")).await;
    assert_eq!(distribution["others"], json!({ "missing": 1 }));
    let person = site.post(&format!("/api/runs/{run}/person"), json!({ "person": "K1" })).await;
    assert_eq!((person["name"].as_str(), person["after"].as_str()), (Some("张三"), Some("K2")), "{person:#}");
    let why = json!({ "person": "K1", "value": "存款奖" });
    let why = site.post(&format!("/api/runs/{run}/explain"), why).await;
    assert_eq!(why["step"]["article"]["cite"], "第一条", "{why:#}");
    assert!(why["articles"]["第一条"].as_str().unwrap().contains("奖 500 元"));
    assert_eq!(why["facts_changed"], false);
    let trial = json!({ "person": "K1", "changes": [["存款日均", "3000万元"]] });
    let trial = site.post(&format!("/api/runs/{run}/attempt"), trial).await;
    assert_eq!(trial["lines"][0]["after"], "1.5万元", "{trial:#}");
    let request = site.request("GET", &format!("/api/runs/{run}/workbook"), "").body(Body::empty()).unwrap();
    let (status, headers, bytes) = site.send(request).await;
    assert_eq!((status, &bytes[..2]), (StatusCode::OK, &b"PK"[..]));
    assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("%E5%AD%98"));
    let nobody = site.ask("POST", &format!("/api/runs/{run}/person"), json!({ "person": "K9" })).await;
    assert_eq!(nobody.0, StatusCode::NOT_FOUND);
}

/// Writing a document: faults as typed, drafts, conflicts, amendments; all of it in the log.
#[tokio::test]
async fn documents_are_written_and_compared() {
    let site = Site::new().await;
    let checked = site.post("/api/check", json!({ "text": POLICY.replace("100万元, 1", "100万, 1") })).await;
    assert!(checked["errors"].as_u64().unwrap() > 0, "{checked:#}");
    let place = &checked["diagnostics"][0]["from"];
    assert_eq!(place["line"], 11, "{checked:#}");
    let text = POLICY.replace("500元\n", "600元\n");
    let saved = site.post("/api/documents/bonus/versions", json!({ "after": 1, "text": text })).await;
    assert_eq!(saved["number"], 2);
    let late = json!({ "after": 1, "text": format!("{text}\n") });
    let (status, answer) = site.ask("POST", "/api/documents/bonus/versions", late).await;
    assert_eq!((status, &answer["found"]), (StatusCode::CONFLICT, &json!(2)), "{answer:#}");
    let amended = site.get("/api/documents/bonus/amendments?old=1&new=2").await;
    assert_eq!(amended[0]["article"], "第一条", "{amended:#}");
    let detail = site.get("/api/documents/bonus?version=1").await;
    let kinds: Vec<&str> = detail["articles"][1]["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["prose", "rules"], "{detail:#}");
    let log = site.get("/api/log").await;
    assert_eq!(log[0]["operation"], "save_document");
    assert_eq!(site.get("/api/log/check").await["first_bad"], Value::Null);
}

impl Site {
    /// Hands a file in as a browser does: as bytes.
    async fn hand_in(&self, name: &str, bytes: &[u8]) -> (StatusCode, Value) {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/api/documents/bonus/files?name={encoded}");
        let request =
            self.request("POST", &path, "").header(header::CONTENT_TYPE, "application/octet-stream");
        let (status, _, bytes) = self.send(request.body(Body::from(bytes.to_vec())).unwrap()).await;
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// Imports and waits for the end.
    async fn import(&self, key: &str, body: Value) -> Value {
        let text = body.to_string();
        let mut request = self.request("POST", "/api/documents/bonus/imports", &text);
        request.headers_mut().unwrap().insert("idempotency-key", key.parse().unwrap());
        let (status, _, bytes) = self.send(request.body(Body::from(text)).unwrap()).await;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        assert_eq!(status, StatusCode::OK, "{answer}");
        let number = answer["number"].as_i64().unwrap();
        loop {
            let import = self.get(&format!("/api/imports/{number}")).await;
            if import["summary"]["state"] != "running" {
                return import;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The facts as a new fact store.
    async fn with_store(&self) {
        let begun = json!({ "present": true, "taking": "good_rows", "recorded_on": "2026-01-05" });
        let begun = self.import("begin", begun).await;
        assert_eq!(
            (&begun["summary"]["state"], &begun["summary"]["import"]),
            (&json!("posted"), &json!(1)),
            "{begun:#}"
        );
    }
}

/// A path with Chinese in it.
fn facts_of(table: &str) -> String {
    let encoded: String = table.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/api/documents/bonus/facts/{encoded}")
}

/// Files become a store; faulty rows come back as a workbook that is mended and imported again; the same file twice changes nothing.
#[tokio::test]
async fn facts_are_imported_checked_and_mended() {
    let site = Site::new().await;
    let facts = site.get("/api/documents/bonus/facts").await;
    assert_eq!((&facts["place"], &facts["tables"][0]["rows"]), (&json!("files"), &json!(3)), "{facts:#}");
    let early = json!({ "files": [] });
    let (status, answer) = site.ask("POST", "/api/documents/bonus/imports", early).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("usage")),
        "{answer}"
    );
    site.with_store().await;
    assert_eq!(site.get("/api/documents/bonus/facts").await["place"], "store");

    let faulty = "编号,期间,存款日均（元）\nK1,2026年,30000000\nK3,2026年,很多\nK9,2026年,1\n";
    let (_, file) = site.hand_in("一季度.csv", faulty.as_bytes()).await;
    assert_eq!(file["sha256"].as_str().map(str::len), Some(64), "{file}");
    let wanted = |taking: &str| json!({ "files": [file], "table": "人员_每年", "taking": taking, "recorded_on": "2026-02-03" });
    let checked = site.import("check", wanted("check")).await;
    assert_eq!(checked["summary"]["state"], "checked", "{checked:#}");
    assert_eq!(
        (&checked["tables"][0]["corrected"], &checked["tables"][0]["rejected"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(checked["reasons"].as_array().unwrap().len(), 2, "{checked:#}");
    assert_eq!(site.get("/api/documents/bonus/facts").await["imports"], 1);
    let refused = site.import("all", wanted("all_or_nothing")).await;
    assert_eq!(
        (&refused["summary"]["state"], &refused["summary"]["import"]),
        (&json!("refused"), &Value::Null)
    );
    let partly = site.import("good", wanted("good_rows")).await;
    assert_eq!(
        (&partly["summary"]["state"], &partly["summary"]["import"]),
        (&json!("partly"), &json!(2)),
        "{partly:#}"
    );
    let again = site.import("good", wanted("good_rows")).await;
    assert_eq!(again["summary"]["number"], partly["summary"]["number"]);

    let number = partly["summary"]["number"].as_i64().unwrap();
    let request =
        site.request("GET", &format!("/api/imports/{number}/rejects"), "").body(Body::empty()).unwrap();
    let (status, headers, workbook) = site.send(request).await;
    assert_eq!((status, &workbook[..2]), (StatusCode::OK, &b"PK"[..]));
    assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("rejected-"));
    let (_, rejected) = site.hand_in("未导入.xlsx", &workbook).await;
    let still = json!({ "files": [rejected], "taking": "good_rows", "recorded_on": "2026-02-03" });
    assert_eq!(site.import("still", still).await["summary"]["state"], "refused");
    let mended = "编号,期间,存款日均（元）,失败原因\nK3,2026年,2000000,\n";
    let (_, mended) = site.hand_in("改好.csv", mended.as_bytes()).await;
    let mended = json!({ "files": [mended], "table": "人员_每年", "taking": "all_or_nothing", "recorded_on": "2026-02-04" });
    assert_eq!(site.import("mended", mended).await["summary"]["state"], "posted");
    let twice = site.import("twice", wanted("good_rows")).await;
    assert_eq!(twice["summary"]["taken"], 0, "{twice:#}");

    let rows = site.get(&format!("{}?sort=2&descending=true&limit=2", facts_of("人员_每年"))).await;
    assert_eq!(
        (&rows["rows_all"], &rows["rows"][0]["cells"][2]["text"]),
        (&json!(3), &json!("30000000")),
        "{rows:#}"
    );
    assert_eq!((&rows["rows"][0]["file"], &rows["rows"][0]["row"]), (&json!("一季度.csv"), &json!(2)));
    let found = site.get(&format!("{}?search=K3", facts_of("人员_每年"))).await;
    assert_eq!(found["rows_matched"], 1, "{found:#}");
    let then = site.get(&format!("{}?known_at=2026-01-31", facts_of("人员_每年"))).await;
    assert_eq!((&then["rows_all"], &then["rows"][0]["cells"][2]["text"]), (&json!(2), &json!("19990000")));
    let log = site.get("/api/log").await;
    let said: Vec<&str> =
        log.as_array().unwrap().iter().filter_map(|entry| entry["operation"].as_str()).collect();
    assert_eq!(said[..2], ["end_import", "start_import"], "{log:#}");
    assert_eq!(site.get("/api/log/check").await["first_bad"], Value::Null);
}

/// An explanation of an old run reads what was known then; a new run can be asked for what was known on a day.
#[tokio::test]
async fn results_stay_as_they_were_known() {
    let site = Site::new().await;
    site.with_store().await;
    let before = site.run().await;
    let file = "编号,期间,存款日均（元）\nK1,2026年,30000000\n";
    let (_, file) = site.hand_in("更正.csv", file.as_bytes()).await;
    let wanted =
        json!({ "files": [file], "table": "人员_每年", "taking": "good_rows", "recorded_on": "2026-02-03" });
    assert_eq!(site.import("correct", wanted).await["summary"]["state"], "posted");
    let why = json!({ "person": "K1", "value": "存款奖" });
    let then = site.post(&format!("/api/runs/{before}/explain"), why.clone()).await;
    assert_eq!(
        (&then["facts_changed"], then["text"].as_str().unwrap().contains("9500")),
        (&json!(false), true),
        "{then:#}"
    );
    let body = json!({ "document": "bonus", "known_at": "2026-01-31" });
    let number = site.post("/api/runs", body).await["number"].as_i64().unwrap();
    let detail = loop {
        let detail = site.get(&format!("/api/runs/{number}")).await;
        if detail["summary"]["state"] != "running" {
            break detail;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!(
        (&detail["summary"]["import"], &detail["summary"]["state"]),
        (&json!(1), &json!("done")),
        "{detail:#}"
    );
    let page = site.get(&format!("/api/runs/{number}/tables/0?search=K1")).await;
    assert_eq!(page["rows"][0]["cells"][3]["text"], "9500", "{page:#}");
}

/// A name with folders, an unknown kind, a file that was never handed in: refused with a reason, and nothing is written.
#[tokio::test]
async fn files_that_are_not_taken() {
    let site = Site::new().await;
    site.with_store().await;
    for name in ["旧表.xls", "程序.exe", "", ".csv", "a\u{202e}fdp.csv"] {
        let (status, answer) = site.hand_in(name, b"x").await;
        assert_eq!(
            (status, answer["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("usage")),
            "{name}: {answer}"
        );
    }
    let large = vec![0; 65 << 20];
    let (status, answer) = site.hand_in("大.xlsx", &large).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer["message"].as_str().unwrap().contains("最多 64 MiB"), "{answer}");
    let (_, file) = site.hand_in("../../人员.csv", "编号,名称\nK4,赵六\n".as_bytes()).await;
    assert_eq!(file["name"], "人员.csv");
    let wanted = |files: Value| json!({ "files": files, "taking": "good_rows", "recorded_on": "2026-02-03" });
    let mut unknown = file.clone();
    unknown["sha256"] = json!("0".repeat(64));
    for files in [
        json!([unknown]),
        json!([file, file]),
        json!([{ "name": "人员.csv", "sha256": "../../hengjie.db", "bytes": 1 }]),
    ] {
        let (status, answer) = site.ask("POST", "/api/documents/bonus/imports", wanted(files)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
    let early = json!({ "files": [file], "taking": "good_rows", "recorded_on": "2025-12-31" });
    let early = site.import("early", early).await;
    assert_eq!(
        (&early["summary"]["state"], &early["trouble"]["faults"][0]["code"]),
        (&json!("refused"), &json!("HJ1804"))
    );
    let control = site.hand_in("核对.csv", "表,项目,数值\n人员,行数,9\n".as_bytes()).await.1;
    let other =
        json!({ "files": [file], "control": control, "taking": "good_rows", "recorded_on": "2026-02-03" });
    let other = site.import("control", other).await;
    assert_eq!(
        (&other["summary"]["state"], &other["reasons"][0]["first"]["code"]),
        (&json!("refused"), &json!("HJ1805")),
        "{other:#}"
    );
    assert_eq!(site.import("good", wanted(json!([file]))).await["summary"]["state"], "posted");
}

/// Whose customer it is: the changes with maker and checker, what they give, and what nobody owns.
#[tokio::test]
async fn ownership_has_a_history() {
    let site = Site::new().await;
    let text = POLICY.replace("适用 人员", "资料 客户 量词 户\n归口: 文字\n适用 人员");
    let saved = site.post("/api/documents/bonus/versions", json!({ "after": 1, "text": text })).await;
    assert_eq!(saved["number"], 2);
    site.with_store().await;
    let (_, customers) = site.hand_in("客户.csv", "编号,名称\nC1,甲公司\nC2,乙公司\n".as_bytes()).await;
    let posted = json!({ "files": [customers], "taking": "good_rows", "recorded_on": "2026-01-06" });
    let posted = site.import("customers", posted).await;
    assert_eq!(posted["summary"]["state"], "posted", "{posted:#}");
    let changes = "编号,操作,对象,自,由,给,份额,经办,复核,理由\n\
        G1,认领,C1,2026-01-01,,K1,,甲,乙,新户\nG2,移交,C1,2026-02-01,K1,K2,40%,甲,乙,轮岗\n";
    let (_, changes) = site.hand_in("变动.csv", changes.as_bytes()).await;
    let wanted = json!({ "files": [changes], "table": "归属变动", "taking": "all_or_nothing", "recorded_on": "2026-02-03" });
    let posted = site.import("changes", wanted).await;
    assert_eq!(posted["summary"]["state"], "posted", "{posted:#}");
    let found = site.post("/api/documents/bonus/ownership", json!({ "object": "C1" })).await;
    let tenures: Vec<String> = found["tenures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {} {}-{} {}",
                one["object_name"], one["owner_name"], one["from"], one["to"], one["share"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        tenures,
        [
            "甲公司 张三 2026-01-01-2026-02-01 100%",
            "甲公司 张三 2026-02-01- 60%",
            "甲公司 李四 2026-02-01- 40%",
        ],
        "{found:#}"
    );
    assert_eq!(
        (found["changes"].as_array().unwrap().len(), &found["changes"][1]["checker"]),
        (2, &json!("乙"))
    );
    assert_eq!(found["changes"][1]["share"], "40%");
    let then = site
        .post("/api/documents/bonus/ownership", json!({ "object": "C1", "known_at": "2026-01-31" }))
        .await;
    assert_eq!(then["matched"], 0, "{then:#}");
    let nobody = site.post("/api/documents/bonus/uncovered", json!({ "on": "2026-02-28" })).await;
    assert_eq!(
        (&nobody["all"], &nobody["objects"]),
        (&json!(2), &json!([{ "key": "C2", "name": "乙公司" }])),
        "{nobody:#}"
    );
}

/// A mapping is kept with its source; what is none is refused with its line.
#[tokio::test]
async fn mappings_are_kept() {
    let site = Site::new().await;
    let save = |after: i64, text: &str| json!({ "source": "核心系统", "after": after, "text": text });
    let mapping = "{ \"tables\": { \"人员\": { \"columns\": { \"no\": \"编号\" } } } }";
    assert_eq!(site.post("/api/documents/bonus/mappings", save(0, mapping)).await["number"], 1);
    let (status, answer) = site.ask("POST", "/api/documents/bonus/mappings", save(0, "{}")).await;
    assert_eq!((status, &answer["found"]), (StatusCode::CONFLICT, &json!(1)));
    let (status, answer) = site.ask("POST", "/api/documents/bonus/mappings", save(1, "{ tables }")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert!(answer["message"].as_str().unwrap().contains("第 1 行"), "{answer}");
    assert_eq!(site.get("/api/documents/bonus/mappings").await[0]["text"], mapping);
}

impl Site {
    /// Starts a job and waits for its end.
    async fn job(&self, path: &str, body: Value) -> Value {
        let number = self.post(path, body).await["number"].as_i64().unwrap();
        loop {
            let job = self.get(&format!("/api/jobs/{number}")).await;
            if job["state"] != "running" {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

/// A run gives the same bytes again; facts that have changed since are named, and two runs say what comes from where.
#[tokio::test]
async fn runs_are_replayed_and_compared() {
    let site = Site::new().await;
    let first = site.run().await;
    let replayed = site.job(&format!("/api/runs/{first}/replay"), Value::Null).await;
    assert_eq!(replayed["replay"]["is_same"], true, "{replayed:#}");
    assert_eq!(replayed["replay"]["altered"], json!([]), "{replayed:#}");
    // Another rate, and the same facts.
    let text = POLICY.replace("500元\n", "600元\n");
    site.post("/api/documents/bonus/versions", json!({ "after": 1, "text": text })).await;
    let second = site.post("/api/runs", json!({ "document": "bonus", "periods": ["2026年"] })).await;
    let second = second["number"].as_i64().unwrap();
    while site.get(&format!("/api/runs/{second}")).await["summary"]["state"] == "running" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let compared = site.job("/api/comparisons", json!({ "old": first, "new": second })).await;
    let found = &compared["comparison"];
    assert_eq!(found["causes"][0]["sort"], "条款", "{compared:#}");
    assert_eq!(found["causes"][0]["what"], "第一条 存款奖", "{compared:#}");
    let line = &found["lines"][0];
    assert_eq!((&line["before"], &line["after"]), (&json!("9500元"), &json!("1.14万元")), "{compared:#}");
    assert_eq!(line["parts"][0]["difference"], line["difference"], "{compared:#}");
    // The same request again is the same job; a job that has ended cannot be stopped any more.
    let job = compared["number"].as_i64().unwrap();
    assert_eq!(site.post(&format!("/api/jobs/{job}/cancel"), Value::Null).await["number"], job);
    assert_eq!(site.get(&format!("/api/jobs/{job}")).await["state"], "done");
    // Facts change: neither can be computed again, and the file is named.
    let facts = site.folder.path().join("facts/人员_每年.csv");
    std::fs::write(facts, "编号,期间,存款日均（元）\nK1,2026年,20000000\n").unwrap();
    let mut again = site.request("POST", &format!("/api/runs/{first}/replay"), "");
    again.headers_mut().unwrap().insert("idempotency-key", "again".parse().unwrap());
    let (_, _, bytes) = site.send(again.body(Body::empty()).unwrap()).await;
    let job = serde_json::from_slice::<Value>(&bytes).unwrap()["number"].as_i64().unwrap();
    let replayed = loop {
        let job = site.get(&format!("/api/jobs/{job}")).await;
        if job["state"] != "running" {
            break job;
        }
    };
    assert_eq!(replayed["replay"]["is_same"], false, "{replayed:#}");
    assert_eq!(replayed["replay"]["altered"][0]["what"], "资料 人员_每年.csv", "{replayed:#}");
    // The test's key is made of path and length: the same key for something else is refused.
    let other = json!({ "old": second, "new": first });
    let (status, answer) = site.ask("POST", "/api/comparisons", other).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("key_reused")), "{answer:#}");
    let longer = json!({ "old": second, "new": first, "more": "" });
    let compared = site.job("/api/comparisons", longer).await;
    assert_eq!(compared["state"], "failed", "{compared:#}");
    assert!(compared["trouble"]["message"].as_str().unwrap().contains("人员_每年.csv"), "{compared:#}");
    let (status, answer) = site.ask("POST", "/api/runs/99/replay", Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{answer:#}");
    assert_eq!(site.ask("GET", "/api/jobs/99", Value::Null).await.0, StatusCode::NOT_FOUND);
}

/// What does not fit a path or a question is refused in words, as the description says.
#[tokio::test]
async fn odd_addresses_are_refused_in_words() {
    let site = Site::new().await;
    for (method, path) in [
        ("GET", "/api/runs/9223372036854775808"),
        ("GET", "/api/runs/eins"),
        ("POST", "/api/runs/%F4%8F%80%A5/cancel"),
        ("GET", "/api/runs/1/tables/0?limit=many"),
        ("GET", "/api/documents/bonus?version=last"),
        ("GET", "/api/jobs/-"),
    ] {
        let (status, answer) = site.ask(method, path, Value::Null).await;
        assert_eq!(
            (status, &answer["code"]),
            (StatusCode::BAD_REQUEST, &json!("unreadable")),
            "{path}: {answer}"
        );
        assert!(answer["message"].as_str().unwrap().starts_with("请求读不懂："), "{path}: {answer}");
    }
}

/// A worker that dies, or that somebody stops, leaves the facts as they were, and the console goes on.
#[cfg(unix)]
#[tokio::test]
async fn a_worker_that_dies_or_is_stopped_takes_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let script = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path
    };
    let begin = json!({ "present": true, "taking": "good_rows", "recorded_on": "2026-01-05" });
    for text in ["read task; kill -9 $$", "read task; echo nonsense", "exit 3"] {
        let site = Site::with_worker(Some(script("dies", text))).await;
        let ended = site.import("begin", begin.clone()).await;
        assert_eq!(
            (&ended["summary"]["state"], &ended["trouble"]["code"]),
            (&json!("failed"), &json!("exceeded")),
            "{ended:#}"
        );
        assert_eq!(site.get("/api/documents/bonus/facts").await["place"], "files");
    }
    let site = Site::with_worker(Some(script("sleeps", "read task; exec sleep 60"))).await;
    let started = std::time::Instant::now();
    let number = site.post("/api/documents/bonus/imports", begin).await["number"].as_i64().unwrap();
    site.post(&format!("/api/imports/{number}/cancel"), Value::Null).await;
    assert_eq!(site.get(&format!("/api/imports/{number}")).await["summary"]["state"], "cancelled");
    assert_eq!(site.get("/api/documents/bonus/facts").await["place"], "files");
    drop(site);
    assert!(started.elapsed() < std::time::Duration::from_secs(30));
}
