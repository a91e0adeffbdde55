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
    _folder: TempDir,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy.md");
        std::fs::write(&policy, POLICY).unwrap();
        let facts = folder.path().join("facts");
        std::fs::create_dir(&facts).unwrap();
        std::fs::write(facts.join("人员.csv"), "编号,名称\nK1,张三\nK2,李四\nK3,王五\n").unwrap();
        let of_year = "编号,期间,存款日均（元）\nK1,2026年,19990000\nK2,2026年,5000000\n";
        std::fs::write(facts.join("人员_每年.csv"), of_year).unwrap();
        let store = Store::open(folder.path().join("hengjie.db").to_str().unwrap()).await.unwrap();
        let console = Console::open(store, &now()).await.unwrap();
        let asking = Asking { actor: Actor::owner(), lang: Lang::Zh, at: now(), key: "put".to_owned() };
        let policy = document::open(&policy).unwrap();
        console.put_document(&asking, "bonus", "示例单位", &policy, &facts, &[]).await.unwrap();
        let sessions = Arc::new(Sessions::default());
        let session = sessions.sign_in(Actor::owner()).unwrap();
        let server = Server { console, sessions, host: HOST.to_owned() };
        Self { server, session, _folder: folder }
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
            .replace("{run}", "1")
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
    json!({ "text": "", "after": 1, "document": "bonus", "person": "K1", "value": "存款奖", "changes": [] })
}

#[test]
fn every_route_is_a_declared_operation() {
    let routes: BTreeSet<String> =
        operations().into_iter().map(|(_, _, id)| id).filter(|id| id != "session").collect();
    // Done by the server itself and by the command line only.
    let inside = ["put_document", "end_run"];
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
