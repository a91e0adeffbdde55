//! A client that speaks to the server in the same process. `¦` in a text is the cursor.
#![allow(dead_code, unreachable_pub, reason = "every test file uses its own part")]

use hengjie_lsp::Server;
use hengjie_quantity::Lang;
use serde_json::{Value, json};

pub const URI: &str = "file:///p.md";
pub const SAMPLE: &str = include_str!("../sample.md");

pub struct Client {
    pub server: Server,
    pub text: String,
}

impl Client {
    /// A client with one open document.
    pub fn open(text: &str) -> Self {
        let mut client = Self { server: Server::new(Lang::Zh), text: text.to_owned() };
        client.ask("initialize", json!({ "locale": "zh-cn" }));
        client.tell(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": URI, "version": 1, "text": text } }),
        );
        client
    }

    /// The messages after a notification.
    pub fn tell(&mut self, method: &str, parameters: Value) -> Vec<Value> {
        self.server.receive(json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
        self.server.take_messages()
    }

    /// The answer to a request, whole.
    pub fn answer(&mut self, method: &str, parameters: Value) -> Value {
        self.server.receive(json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": parameters }));
        self.server.take_messages().pop().expect("every request is answered")
    }

    /// The result of a request.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.answer(method, parameters);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    /// A request about the place behind the first `needle`.
    pub fn at(&mut self, method: &str, needle: &str, more: Value) -> Value {
        let answer = self.try_at(method, needle, more);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].clone()
    }

    pub fn try_at(&mut self, method: &str, needle: &str, more: Value) -> Value {
        let offset = self.text.find(needle).unwrap_or_else(|| panic!("no `{needle}`")) + needle.len();
        let mut parameters =
            json!({ "textDocument": { "uri": URI }, "position": position(&self.text, offset) });
        if let (Value::Object(all), Value::Object(more)) = (&mut parameters, more) {
            all.extend(more);
        }
        self.answer(method, parameters)
    }

    pub fn of_document(&mut self, method: &str) -> Value {
        self.ask(method, json!({ "textDocument": { "uri": URI } }))
    }

    /// What is wrong, one line each: `line:column code text`.
    pub fn diagnostics(&mut self) -> Vec<String> {
        self.server.tell_diagnostics();
        let told = self.server.take_messages().pop().expect("diagnostics are told");
        let found = told["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
        found
            .iter()
            .map(|found| {
                format!(
                    "{} {} {}",
                    place(&found["range"]),
                    found["code"].as_str().unwrap_or(""),
                    found["message"].as_str().unwrap_or("").lines().next().unwrap_or("")
                )
            })
            .collect()
    }
}

/// `3:4-3:6`, from 0.
pub fn place(range: &Value) -> String {
    format!(
        "{}:{}-{}:{}",
        range["start"]["line"], range["start"]["character"], range["end"]["line"], range["end"]["character"]
    )
}

/// UTF-16 position of a byte.
pub fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": before.matches('\n').count(), "character": before[line..].encode_utf16().count() })
}

/// The byte of a UTF-16 position.
pub fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().unwrap() as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = position["character"].as_u64().unwrap() as usize;
    let mut at = start;
    for c in text[start..].chars() {
        if units == 0 {
            break;
        }
        units -= c.len_utf16();
        at += c.len_utf8();
    }
    at
}

/// A text with changes made, `[{range, newText}]`.
pub fn changed(text: &str, edits: &Value) -> String {
    let mut edits: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (
                offset(text, &range["start"]),
                offset(text, &range["end"]),
                edit["newText"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    edits.sort();
    let mut out = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        out.replace_range(start..end, &new);
    }
    out
}

/// The lines in which two texts differ: `- old`, `+ new`.
pub fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    assert_eq!(old.len(), new.len(), "a rename keeps the lines");
    let changed = old.iter().zip(&new).filter(|(a, b)| a != b);
    changed.map(|(a, b)| format!("- {a}\n+ {b}\n")).collect()
}
