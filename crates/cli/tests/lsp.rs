//! The language server as editors meet it: the real binary, over pipes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    dead_code,
    reason = "test support: a failure stops the test"
)]

mod support;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use support::World;

/// A conversation with `hengjie lsp`.
struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Talk {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hengjie"))
            .args(["lsp", "--lang", "zh"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    fn initialized(options: Value) -> Self {
        let mut talk = Self::start();
        talk.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": { "locale": "zh-cn", "capabilities": {}, "initializationOptions": options } }));
        assert_eq!(talk.read()["result"]["capabilities"]["positionEncoding"], "utf-16");
        talk.send(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        talk
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        // The server may have gone already; the test then fails on what it said.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    fn raw(&mut self, body: &str) {
        self.bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn send(&mut self, message: &Value) {
        self.raw(&message.to_string());
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.send(&json!({ "jsonrpc": "2.0", "id": "a", "method": method, "params": parameters }));
        loop {
            let message = self.read();
            if message["id"] == "a" {
                return message;
            }
        }
    }

    fn open(&mut self, uri: &str, text: &str) {
        self.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": { "uri": uri, "languageId": "markdown", "version": 1, "text": text } } }));
    }

    /// The next message of the server.
    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server has ended");
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = number.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Closes the input; the exit code and what was said on the error output.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.input.take());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

fn message(answer: &Value) -> String {
    format!("{} {}", answer["error"]["code"], answer["error"]["message"].as_str().unwrap_or(""))
}

const POLICY: &str = "# 办法\r\n\r\n```规则\r\n制度 甲 版本 2026-01-01 起\r\n适用 人员\r\n资料 人员 量词 人\r\n得分: 分 每年\r\n对 人员 每年\r\n总分 = 得分 × 2\r\n```\r\n😀\r\n";

#[test]
fn a_conversation_from_start_to_end() {
    let mut talk = Talk::initialized(Value::Null);
    talk.open("file:///p.md", POLICY);
    // Told without being asked, with the version of the text.
    let told = talk.read();
    assert_eq!(told["method"], "textDocument/publishDiagnostics");
    assert_eq!((&told["params"]["version"], &told["params"]["diagnostics"]), (&json!(1), &json!([])));
    let at = json!({ "textDocument": { "uri": "file:///p.md" }, "position": { "line": 8, "character": 6 } });
    let hover = talk.ask("textDocument/hover", at);
    let shown = hover["result"]["contents"]["value"].as_str().unwrap();
    assert!(shown.contains("**得分** · 字段 · 人员 · 每年"), "{shown}");
    assert_eq!(talk.ask("shutdown", Value::Null)["result"], Value::Null);
    talk.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(talk.end(), (Some(0), String::new()));
}

#[test]
fn faults_come_after_a_pause_and_for_the_last_version() {
    let mut talk = Talk::initialized(Value::Null);
    talk.open("file:///p.md", POLICY);
    talk.read();
    for (version, text) in [(2, "总"), (3, "总得"), (4, "得")] {
        talk.send(&json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": { "textDocument": { "uri": "file:///p.md", "version": version }, "contentChanges": [{ "text": POLICY.replace("= 得分", &format!("= {text}")) }] } }));
    }
    let told = talk.read();
    assert_eq!(told["params"]["version"], 4);
    assert_eq!(told["params"]["diagnostics"][0]["code"], "HJ0301");
    assert_eq!(told["params"]["diagnostics"][0]["range"]["start"], json!({ "line": 8, "character": 5 }));
}

#[test]
fn garbage_is_answered_and_the_conversation_goes_on() {
    let mut talk = Talk::start();
    talk.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {} }));
    let mut said = vec![message(&talk.read())];
    for body in ["{not json", "[]", "7", "{}", "{\"id\":1}", "{\"id\":[],\"method\":\"x\"}", "\u{0}"] {
        talk.raw(body);
        said.push(message(&talk.read()));
    }
    talk.bytes(b"Content-Length: 4\r\nContent-Type: x\r\n\r\n\xff\xfe\xfd\xfc");
    said.push(message(&talk.read()));
    // Notifications before the beginning are no reason to speak.
    talk.open("file:///p.md", POLICY);
    talk.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": null }));
    assert!(talk.read()["result"].is_object());
    said.push(message(&talk.ask("initialize", Value::Null)));
    said.push(message(&talk.ask("textDocument/unheardOf", Value::Null)));
    said.push(message(&talk.ask("textDocument/hover", Value::Null)));
    said.push(message(&talk.ask(
        "textDocument/hover",
        json!({ "textDocument": { "uri": "file:///p.md" }, "position": { "line": 0, "character": 0 } }),
    )));
    talk.open("file:///p.md", POLICY);
    let uri = json!({ "uri": "file:///p.md" });
    for (line, character) in [(99, 0), (10, 1), (-1, 0), (0, 99_999_999_999_i64)] {
        let at = json!({ "textDocument": uri, "position": { "line": line, "character": character } });
        said.push(message(&talk.ask("textDocument/hover", at)));
    }
    // A column behind the end of its line is the end of the line.
    let behind = json!({ "textDocument": uri, "position": { "line": 0, "character": 4_000_000_000_u32 } });
    assert!(talk.ask("textDocument/completion", behind)["error"].is_null());
    said.push(message(&talk.ask("workspace/executeCommand", json!({ "command": "rm" }))));
    said.push(message(&talk.ask(
        "textDocument/rename",
        json!({ "textDocument": uri, "position": { "line": 0, "character": 0 } }),
    )));
    talk.ask("shutdown", Value::Null);
    said.push(message(&talk.ask("textDocument/hover", Value::Null)));
    talk.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(talk.end().0, Some(0));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_change_that_does_not_fit_closes_the_document_with_a_word() {
    let mut talk = Talk::initialized(Value::Null);
    talk.open("file:///p.md", POLICY);
    talk.read();
    let change = |line: u32, character: u32| json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": { "textDocument": { "uri": "file:///p.md", "version": 2 }, "contentChanges": [{ "range": { "start": { "line": line, "character": character }, "end": { "line": line, "character": character } }, "text": "x" }] } });
    talk.send(&change(10, 1));
    let told = talk.read();
    assert_eq!(told["method"], "window/showMessage");
    assert!(told["params"]["message"].as_str().unwrap().contains("在一个字的中间"), "{told}");
    talk.send(&change(0, 0));
    assert!(talk.read()["params"]["message"].as_str().unwrap().contains("没有打开"));
    talk.open("file:///p.md", POLICY);
    assert_eq!(talk.read()["params"]["diagnostics"], json!([]));
}

#[test]
fn lost_framing_ends_with_a_word() {
    for bytes in [
        "hello\n",
        "Content-Length: nine\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: 100\r\n\r\n{}",
    ] {
        let mut talk = Talk::start();
        talk.bytes(bytes.as_bytes());
        let (code, said) = talk.end();
        assert_eq!(code, Some(1), "{bytes}");
        assert!(said.starts_with("hengjie lsp: ") && said.trim_end().lines().count() == 1, "{said}");
    }
    // The editor has gone without a word: nothing to say, but no success.
    assert_eq!(Talk::start().end(), (Some(1), String::new()));
}

#[test]
fn a_hover_shows_the_value_of_the_chosen_person() {
    let world = World::new();
    let text = world.read("policy.md");
    let uri = format!("file://{}", world.path("policy.md").display());
    let (line, content) =
        text.lines().enumerate().find(|(_, line)| line.trim_start().starts_with("汇总 总分")).unwrap();
    let column = content.find("总分").unwrap();
    let column = content[..column].encode_utf16().count() + 1;
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": column } });

    let mut talk = Talk::initialized(json!({ "data": "data", "person": "张三" }));
    talk.open(&uri, &text);
    let shown = talk.ask("textDocument/hover", at.clone())["result"]["contents"]["value"].clone();
    let told = shown.as_str().unwrap();
    let explained = talk
        .ask("workspace/executeCommand", json!({ "command": "hengjie.explain", "arguments": [uri, "总分"] }));
    insta::assert_snapshot!(
        "live_value",
        format!("{told}\n\n#####\n{}", explained["result"]["text"].as_str().unwrap_or("?"))
    );

    // Somebody else, chosen in the settings while the editor runs.
    talk.send(&json!({ "jsonrpc": "2.0", "method": "workspace/didChangeConfiguration", "params": { "settings": { "hengjie": { "data": "data", "person": "没有这个人" } } } }));
    let shown = talk.ask("textDocument/hover", at)["result"]["contents"]["value"].clone();
    assert!(shown.as_str().unwrap().contains("没有编号或名称是“没有这个人”的对象"), "{shown}");
}
