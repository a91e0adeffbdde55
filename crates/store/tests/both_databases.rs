//! The laws of the store, on both databases. PostgreSQL must be there: `HENGJIE_TEST_POSTGRES` names it, else
//! `postgres://postgres@127.0.0.1/postgres`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what must not happen")]

use hengjie_store::rows::Part;
use hengjie_store::{
    Ended, EndedImport, NewDocument, NewImport, NewMapping, NewRun, Store, StoreError, Write,
};
use sqlx::PgConnection;
use std::process;

const AT: &str = "2026-03-09T08:00:00Z";

fn write<'a>(key: &'a str, operation: &'a str) -> Write<'a> {
    Write { key, actor: "王敏", at: AT, operation }
}

fn document<'a>(text: &'a str, hash: &'a str) -> NewDocument<'a> {
    NewDocument { id: "s01", name: "示例银行", facts: "资料/银行", parameters: "[]", text, hash }
}

async fn with_document(store: &Store) {
    assert_eq!(store.put_document(write("d1", "put"), &document("第一版", "aa")).await.unwrap(), 1);
}

/// A document comes back as it was written; the same text again is no new version.
async fn documents_keep_their_versions(store: &Store) {
    with_document(store).await;
    assert_eq!(store.put_document(write("d2", "put"), &document("第一版", "aa")).await.unwrap(), 1);
    assert_eq!(store.put_document(write("d3", "put"), &document("第二版", "")).await.unwrap(), 2);
    let found = store.document("s01").await.unwrap();
    assert_eq!((found.name.as_str(), found.row_version), ("示例银行", 3));
    assert_eq!(store.version("s01", Some(1)).await.unwrap().text, "第一版");
    assert_eq!(store.version("s01", None).await.unwrap().text, "第二版");
    assert!(matches!(store.version("s01", Some(3)).await, Err(StoreError::Absent)));
    assert!(matches!(store.document("s02").await, Err(StoreError::Absent)));
    let numbers: Vec<i64> = store.versions("s01").await.unwrap().iter().map(|one| one.number).collect();
    assert_eq!(numbers, [2, 1]);
}

/// A write that is sent twice is done once; a key stands for one content.
async fn a_key_is_used_once(store: &Store) {
    with_document(store).await;
    let save = |key, text| store.save_version(write(key, "save"), "s01", 1, text, "");
    assert_eq!(save("k", "第二版").await.unwrap(), 2);
    assert_eq!(save("k", "第二版").await.unwrap(), 2);
    assert!(matches!(save("k", "第三版").await, Err(StoreError::KeyReused)));
    assert_eq!(store.versions("s01").await.unwrap().len(), 2);
    assert_eq!(store.check_log().await.unwrap().entries, 2);
}

/// Who has read an older state does not overwrite a newer one.
async fn older_states_do_not_win(store: &Store) {
    with_document(store).await;
    store.save_version(write("a", "save"), "s01", 1, "甲", "").await.unwrap();
    let late = store.save_version(write("b", "save"), "s01", 1, "乙", "").await;
    assert!(matches!(late, Err(StoreError::Conflict { expected: 1, found: 2 })));
    let chosen = store.choose_readings(write("c", "choose"), "s01", 1, r#"[["A1","整笔"]]"#).await.unwrap();
    assert_eq!(chosen, 2);
    let late = store.choose_readings(write("d", "choose"), "s01", 1, "[]").await;
    assert!(matches!(late, Err(StoreError::Conflict { expected: 1, found: 2 })));
    let nobody = store.save_version(write("e", "save"), "s09", 1, "甲", "").await;
    assert!(matches!(nobody, Err(StoreError::Absent)));
    assert_eq!(store.check_log().await.unwrap().entries, 3);
}

/// Writers at the same time: exactly one of those who read the same state wins, and the log has no hole.
async fn writers_queue(store: &Store) {
    with_document(store).await;
    let keys: Vec<String> = (0..8).map(|writer| format!("w{writer}")).collect();
    let texts: Vec<String> = (0..8).map(|writer| format!("写法{writer}")).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for (key, text) in keys.into_iter().zip(texts) {
        let store = store.clone();
        tasks.spawn(async move { store.save_version(write(&key, "save"), "s01", 1, &text, "").await });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let conflicts = outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict { .. })));
    assert_eq!(conflicts.count(), 7);
    let check = store.check_log().await.unwrap();
    assert_eq!((check.entries, check.first_bad), (2, None));
}

/// A run ends once, with all its parts or none; a cancelled one takes no results.
async fn runs_end_once(store: &Store) {
    with_document(store).await;
    let new = NewRun { document: "s01", version: 1, request: "{}" };
    assert_eq!(store.start_run(write("r1", "run"), &new).await.unwrap(), 1);
    assert_eq!(store.start_run(write("r1", "run"), &new).await.unwrap(), 1);
    assert_eq!(store.start_run(write("r2", "run"), &new).await.unwrap(), 2);
    let parts =
        [0_i64, 1]
            .map(|position| Part { position, name: format!("表{position}"), content: vec![0, 255, 7] });
    let done = Ended { state: "done", outcome: "{}", parts: &parts };
    store.end_run(write("e1", "end"), 1, &done).await.unwrap();
    assert_eq!(store.run_part(1, 1).await.unwrap(), parts[1]);
    let cancelled = Ended { state: "cancelled", outcome: "", parts: &[] };
    store.end_run(write("e2", "end"), 2, &cancelled).await.unwrap();
    assert!(matches!(store.end_run(write("e3", "end"), 2, &done).await, Err(StoreError::Ended)));
    assert!(matches!(store.run_part(2, 0).await, Err(StoreError::Absent)));
    assert!(matches!(store.end_run(write("e4", "end"), 9, &done).await, Err(StoreError::Absent)));
    let states: Vec<String> =
        store.runs(Some("s01"), 9).await.unwrap().into_iter().map(|run| run.state).collect();
    assert_eq!(states, ["cancelled", "done"]);
    assert_eq!(store.runs(None, 1).await.unwrap().len(), 1);
    let unknown = NewRun { document: "s01", version: 9, request: "{}" };
    assert!(matches!(store.start_run(write("r3", "run"), &unknown).await, Err(StoreError::Database(_))));
}

/// An import ends once; its rejected rows, the new place of the facts and the entry of the log come together or not at all.
async fn imports_end_once(store: &Store) {
    with_document(store).await;
    let new = NewImport { document: "s01", request: "{}", detail: "人员.csv 5f…" };
    assert_eq!(store.start_import(write("i1", "import"), &new).await.unwrap(), 1);
    assert_eq!(store.start_import(write("i1", "import"), &new).await.unwrap(), 1);
    assert_eq!(store.start_import(write("i2", "import"), &new).await.unwrap(), 2);
    let rejects = Part { position: 0, name: "未导入.xlsx".to_owned(), content: vec![0, 255, 7] };
    let partly = EndedImport {
        state: "partly",
        outcome: "{}",
        detail: "收下 9 行",
        rejects: Some(&rejects),
        facts: Some("资料库/s01"),
    };
    store.end_import(write("f1", "end"), 1, &partly).await.unwrap();
    assert_eq!(store.import_rejects(1).await.unwrap(), rejects);
    assert_eq!(store.document("s01").await.unwrap().facts, "资料库/s01");
    assert!(matches!(store.end_import(write("f2", "end"), 1, &partly).await, Err(StoreError::Ended)));
    let cancelled = EndedImport { state: "cancelled", outcome: "", detail: "", rejects: None, facts: None };
    store.end_import(write("f3", "end"), 2, &cancelled).await.unwrap();
    assert!(matches!(store.import_rejects(2).await, Err(StoreError::Absent)));
    assert!(matches!(store.end_import(write("f4", "end"), 9, &cancelled).await, Err(StoreError::Absent)));
    let states: Vec<String> =
        store.imports(Some("s01"), 9).await.unwrap().into_iter().map(|one| one.state).collect();
    assert_eq!(states, ["cancelled", "partly"]);
    assert_eq!(store.imports(None, 1).await.unwrap().len(), 1);
    let log = store.log(None, 9).await.unwrap();
    let said: Vec<(&str, &str)> =
        log.iter().map(|entry| (entry.object.as_str(), entry.detail.as_str())).take(2).collect();
    assert_eq!(said, [("import 2", "cancelled "), ("import 1", "partly 收下 9 行")]);
    assert_eq!(store.check_log().await.unwrap().first_bad, None);
    let unknown = NewImport { document: "s09", ..new };
    assert!(matches!(
        store.start_import(write("i3", "import"), &unknown).await,
        Err(StoreError::Database(_))
    ));
}

/// A mapping is saved as the next one of its source; whoever has read an older one is told.
async fn mappings_keep_their_numbers(store: &Store) {
    with_document(store).await;
    let mapping =
        |source: &'static str, after, text: &'static str| NewMapping { document: "s01", source, after, text };
    assert_eq!(store.save_mapping(write("m1", "map"), &mapping("核心", 0, "{}")).await.unwrap(), 1);
    assert_eq!(store.save_mapping(write("m2", "map"), &mapping("核心", 1, "{ }")).await.unwrap(), 2);
    assert_eq!(store.save_mapping(write("m3", "map"), &mapping("信贷", 0, "{}")).await.unwrap(), 1);
    let late = store.save_mapping(write("m4", "map"), &mapping("核心", 1, "")).await;
    assert!(matches!(late, Err(StoreError::Conflict { expected: 1, found: 2 })));
    let mut found: Vec<(String, i64, String)> = store
        .mappings("s01")
        .await
        .unwrap()
        .into_iter()
        .map(|one| (one.source, one.number, one.text))
        .collect();
    // Each database sorts Chinese in its own way.
    found.sort();
    let owned = |source: &str, number, text: &str| (source.to_owned(), number, text.to_owned());
    assert_eq!(found, [owned("信贷", 1, "{}"), owned("核心", 2, "{ }")]);
}

/// The log chains its entries; what was done stands in it in words.
async fn the_log_tells(store: &Store) {
    with_document(store).await;
    store.save_version(write("a", "save"), "s01", 1, "甲", "").await.unwrap();
    let log = store.log(None, 9).await.unwrap();
    let shown: Vec<(i64, &str, &str)> =
        log.iter().map(|entry| (entry.number, entry.operation.as_str(), entry.object.as_str())).collect();
    assert_eq!(shown, [(2, "save", "document s01"), (1, "put", "document s01")]);
    assert_eq!(log[0].previous, log[1].digest);
    assert_eq!(store.log(Some(2), 9).await.unwrap().len(), 1);
    let check = store.check_log().await.unwrap();
    assert_eq!((check.entries, check.first_bad), (2, None));
}

macro_rules! conformance {
    ($($law:ident),*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $law() {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("hengjie.db");
                let store = super::Store::open(file.to_str().unwrap()).await.unwrap();
                super::$law(&store).await;
                store.close().await;
                // Opening again finds what was written, and migrates nothing.
                let again = super::Store::open(file.to_str().unwrap()).await.unwrap();
                assert!(!again.documents().await.unwrap().is_empty());
            })*
        }
        mod postgres {
            use sqlx::Connection as _;

            $(#[tokio::test]
            async fn $law() {
                let server = super::server();
                let name = format!("hengjie_test_{}_{}", super::process::id(), stringify!($law));
                let mut admin = super::PgConnection::connect(&server).await.unwrap_or_else(|error| {
                    panic!("PostgreSQL at {server}: {error}; start it, or name another in HENGJIE_TEST_POSTGRES")
                });
                super::sql(&mut admin, format!("CREATE DATABASE {name}")).await;
                let (base, _) = server.rsplit_once('/').unwrap();
                let store = super::Store::open(&format!("{base}/{name}")).await.unwrap();
                super::$law(&store).await;
                store.close().await;
                super::sql(&mut admin, format!("DROP DATABASE {name}")).await;
            })*
        }
    };
}

conformance!(
    documents_keep_their_versions,
    a_key_is_used_once,
    older_states_do_not_win,
    writers_queue,
    runs_end_once,
    imports_end_once,
    mappings_keep_their_numbers,
    the_log_tells
);

fn server() -> String {
    std::env::var("HENGJIE_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1/postgres".to_owned())
}

async fn sql(connection: &mut PgConnection, statement: String) {
    // Names of databases cannot be bound; this one is made of a number and the name of a test.
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(connection).await.unwrap();
}

/// Behind the back of the store: the triggers refuse, and where somebody removes them the chain of the log tells.
#[tokio::test]
async fn tampering_is_refused_and_seen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hengjie.db");
    let store = Store::open(file.to_str().unwrap()).await.unwrap();
    with_document(&store).await;
    store.save_version(write("a", "save"), "s01", 1, "甲", "").await.unwrap();
    let pool = sqlx::SqlitePool::connect(file.to_str().unwrap()).await.unwrap();
    for statement in [
        "UPDATE audit SET actor = '别人' WHERE number = 1",
        "DELETE FROM audit",
        "UPDATE document_version SET text = ''",
        "DELETE FROM document_version",
    ] {
        let refusal = sqlx::query(statement).execute(&pool).await.unwrap_err();
        assert!(refusal.to_string().contains("append-only"), "{statement}: {refusal}");
    }
    sqlx::query("DROP TRIGGER audit_kept").execute(&pool).await.unwrap();
    sqlx::query("UPDATE audit SET actor = '别人' WHERE number = 1").execute(&pool).await.unwrap();
    assert_eq!(store.check_log().await.unwrap().first_bad, Some(1));
}
