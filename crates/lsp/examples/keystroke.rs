//! How long a keystroke takes: a letter typed at many places of a document, with everything that an editor asks after it.
//!
//! `cargo run --release -p hengjie-lsp --example keystroke -- policies/*/policy.md`

use hengjie_lsp::Server;
use hengjie_quantity::Lang;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Places of a document at which something is typed.
const PLACES: usize = 60;

fn main() -> std::io::Result<()> {
    println!(
        "{:<44} {:>8}   change+diagnostics  completion  colours  hover  outline  (ms, median / largest)",
        "document", "bytes"
    );
    for file in std::env::args().skip(1) {
        measure(&file, &std::fs::read_to_string(&file)?);
    }
    Ok(())
}

fn measure(file: &str, text: &str) {
    let uri = "file:///p.md";
    let mut server = Server::new(Lang::Zh);
    let document = json!({ "uri": uri });
    ask(&mut server, "initialize", &json!({}));
    tell(
        &mut server,
        "textDocument/didOpen",
        &json!({ "textDocument": { "uri": uri, "version": 1, "text": text } }),
    );
    let lines: Vec<&str> = text.lines().collect();
    let mut times: [Vec<Duration>; 5] = Default::default();
    for step in 0..PLACES {
        let line = lines.len() * step / PLACES;
        let column = lines.get(line).map_or(0, |line| line.encode_utf16().count());
        let at = json!({ "line": line, "character": column });
        let place = json!({ "textDocument": document, "position": at });
        let change = |text: &str, to: usize| {
            let end = json!({ "line": line, "character": column + to });
            json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "range": { "start": at, "end": end }, "text": text }] })
        };
        let mut timed = |which: usize, work: &mut dyn FnMut(&mut Server)| {
            let start = Instant::now();
            work(&mut server);
            if let Some(times) = times.get_mut(which) {
                times.push(start.elapsed());
            }
        };
        timed(0, &mut |server| {
            tell(server, "textDocument/didChange", &change("甲", 0));
            server.tell_diagnostics();
            server.take_messages();
        });
        timed(1, &mut |server| drop(ask(server, "textDocument/completion", &place)));
        timed(2, &mut |server| {
            drop(ask(server, "textDocument/semanticTokens/full", &json!({ "textDocument": document })))
        });
        timed(3, &mut |server| drop(ask(server, "textDocument/hover", &place)));
        timed(4, &mut |server| {
            drop(ask(server, "textDocument/documentSymbol", &json!({ "textDocument": document })))
        });
        tell(&mut server, "textDocument/didChange", &change("", 1));
    }
    let shown: Vec<String> = times.iter_mut().map(|times| summary(times)).collect();
    println!("{file:<44} {:>8}   {}", text.len(), shown.join("  "));
}

fn summary(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let shown = |time: Option<&Duration>| time.map_or(0, Duration::as_micros);
    let tenths = |micros: u128| format!("{}.{}", micros / 1000, micros % 1000 / 100);
    format!("{:>5} /{:>5}", tenths(shown(times.get(times.len() / 2))), tenths(shown(times.last())))
}

fn ask(server: &mut Server, method: &str, parameters: &Value) -> Option<Value> {
    server.receive(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters }));
    server.take_messages().pop()
}

fn tell(server: &mut Server, method: &str, parameters: &Value) {
    server.receive(json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
}
