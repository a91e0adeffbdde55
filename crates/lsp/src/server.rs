//! Which message goes where. The server has no clock, no thread and no file: messages go in, messages come out.

use crate::document::Document;
use crate::live::{Job, Settings};
use crate::protocol::{Answer, AtPlace, AtRange, Code, DidChange, DidOpen, Execute, OfDocument, Refusal};
use crate::{completion, diagnostics, format, hover, navigate, outline, rename, tokens};
use hengjie_quantity::Lang;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// How far the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Fresh,
    Running,
    ShutDown,
    /// Ended, after `shutdown` or without it.
    Ended {
        properly: bool,
    },
}

/// The server of one client.
#[derive(Debug)]
pub struct Server {
    lang: Lang,
    stage: Stage,
    documents: BTreeMap<String, Document>,
    /// Documents that have changed since their diagnostics were told.
    changed: BTreeSet<String>,
    settings: Settings,
    out: Vec<Value>,
    jobs: Vec<Job>,
}

impl Server {
    /// A server that speaks a language until the client names its own.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            stage: Stage::Fresh,
            documents: BTreeMap::new(),
            changed: BTreeSet::new(),
            settings: Settings::default(),
            out: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// The messages for the client since the last call.
    pub fn take_messages(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.out)
    }

    /// Live values to be computed beside the conversation; each is answered with [`Server::send`].
    pub(crate) fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Whether the conversation has ended, and whether properly.
    #[must_use]
    pub fn ended(&self) -> Option<bool> {
        match self.stage {
            Stage::Ended { properly } => Some(properly),
            _ => None,
        }
    }

    /// Whether diagnostics are waiting to be told.
    #[must_use]
    pub fn has_news(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Tells what is wrong with the documents that have changed.
    pub fn tell_diagnostics(&mut self) {
        for uri in std::mem::take(&mut self.changed) {
            if let Some(document) = self.documents.get(&uri) {
                self.out.push(notification(
                    "textDocument/publishDiagnostics",
                    diagnostics::published(document, self.lang),
                ));
            }
        }
    }

    /// Sends a message that was made elsewhere.
    pub(crate) fn send(&mut self, message: Value) {
        self.out.push(message);
    }

    /// A message that was no JSON.
    pub(crate) fn unreadable(&mut self, reason: &str) {
        let refusal = Refusal::new(
            Code::Parse,
            format!("消息不是 JSON：{reason}"),
            format!("the message is not JSON: {reason}"),
        );
        self.out.push(failed(&Value::Null, &refusal, self.lang));
    }

    /// One message of the client.
    pub fn receive(&mut self, message: Value) {
        let Value::Object(mut parts) = message else {
            self.refuse_message("消息应是一个 JSON 对象", "a message is one JSON object");
            return;
        };
        let id = parts.remove("id");
        let parameters = parts.remove("params").unwrap_or(Value::Null);
        let method = match parts.remove("method") {
            Some(Value::String(method)) => method,
            // Answers of the client to requests of ours; there are none that matter.
            None if parts.contains_key("result") || parts.contains_key("error") => return,
            _ => {
                self.refuse_message("消息里没有 method", "the message has no method");
                return;
            }
        };
        match id {
            None => self.notified(&method, parameters),
            Some(id @ (Value::Number(_) | Value::String(_))) => self.asked(&id, &method, parameters),
            Some(_) => {
                self.refuse_message("请求的 id 应是数或文字", "the id of a request is a number or text")
            }
        }
    }

    fn refuse_message(&mut self, zh: &str, en: &str) {
        let refusal = Refusal::new(Code::InvalidRequest, zh, en);
        self.out.push(failed(&Value::Null, &refusal, self.lang));
    }

    fn asked(&mut self, id: &Value, method: &str, parameters: Value) {
        let answer = match (self.stage, method) {
            (Stage::Fresh, "initialize") => Ok(self.initialize(&parameters)),
            (Stage::Fresh, _) => {
                Err(Refusal::new(Code::NotInitialized, "请先发送 initialize", "send initialize first"))
            }
            (Stage::Running, "initialize") => Err(Refusal::new(
                Code::InvalidRequest,
                "initialize 只能发送一次",
                "initialize was sent before",
            )),
            (Stage::Running, "shutdown") => {
                self.stage = Stage::ShutDown;
                Ok(Value::Null)
            }
            (Stage::Running, "textDocument/hover") => match self.hover(id, parameters) {
                // Answered when the value is there.
                Ok(None) => return,
                Ok(Some(value)) => Ok(value),
                Err(refusal) => Err(refusal),
            },
            (Stage::Running, "workspace/executeCommand") => match self.execute(id, parameters) {
                Ok(()) => return,
                Err(refusal) => Err(refusal),
            },
            (Stage::Running, _) => self.feature(method, parameters),
            (Stage::ShutDown | Stage::Ended { .. }, _) => Err(Refusal::new(
                Code::InvalidRequest,
                "已经 shutdown，不再回答",
                "no requests after shutdown",
            )),
        };
        self.out.push(match answer {
            Ok(value) => answered(id, value),
            Err(refusal) => failed(id, &refusal, self.lang),
        });
    }

    fn feature(&self, method: &str, parameters: Value) -> Answer {
        let lang = self.lang;
        match method {
            "textDocument/completion" => {
                let (document, at) = self.place(parameters)?;
                Ok(completion::complete(document, document.offset(at.position)?, lang))
            }
            "textDocument/definition" => {
                let (document, at) = self.place(parameters)?;
                Ok(navigate::definition(document, document.offset(at.position)?))
            }
            "textDocument/references" => {
                let (document, at) = self.place(parameters)?;
                let declarations = at.context.is_none_or(|context| context.include_declaration);
                Ok(navigate::references(document, document.offset(at.position)?, declarations))
            }
            "textDocument/documentHighlight" => {
                let (document, at) = self.place(parameters)?;
                Ok(navigate::highlights(document, document.offset(at.position)?))
            }
            "textDocument/prepareRename" => {
                let (document, at) = self.place(parameters)?;
                rename::prepare(document, document.offset(at.position)?)
            }
            "textDocument/rename" => {
                let (document, at) = self.place(parameters)?;
                let name = at.new_name.unwrap_or_default();
                rename::rename(document, document.offset(at.position)?, &name)
            }
            "textDocument/formatting" => Ok(format::format(self.document(parameters)?)),
            "textDocument/documentSymbol" => Ok(outline::symbols(self.document(parameters)?)),
            "textDocument/foldingRange" => Ok(outline::folds(self.document(parameters)?)),
            "textDocument/semanticTokens/full" => Ok(tokens::all(self.document(parameters)?)),
            "textDocument/semanticTokens/range" => {
                let (document, at) = self.range(parameters)?;
                Ok(tokens::within(document, document.span(at.range)?))
            }
            "textDocument/codeAction" => {
                let (document, at) = self.range(parameters)?;
                Ok(diagnostics::actions(document, document.span(at.range)?, lang))
            }
            _ => Err(Refusal::new(
                Code::UnknownMethod,
                format!("没有“{method}”这种请求"),
                format!("there is no request `{method}`"),
            )),
        }
    }

    fn hover(&mut self, id: &Value, parameters: Value) -> Result<Option<Value>, Refusal> {
        let (document, at) = self.place(parameters)?;
        let Some(found) = hover::hover(document, document.offset(at.position)?, self.lang) else {
            return Ok(Some(Value::Null));
        };
        match found
            .rule
            .as_ref()
            .and_then(|rule| self.settings.job(document, id, rule, &found.shown, self.lang))
        {
            Some(job) => {
                self.jobs.push(job);
                Ok(None)
            }
            None => Ok(Some(found.shown)),
        }
    }

    /// `hengjie.explain`: the whole explanation of a value of the chosen person, as text.
    fn execute(&mut self, id: &Value, parameters: Value) -> Result<(), Refusal> {
        let wanted: Execute = read(parameters)?;
        if wanted.command != "hengjie.explain" {
            return Err(Refusal::new(
                Code::InvalidParameters,
                format!("没有“{}”这个命令", wanted.command),
                format!("there is no command `{}`", wanted.command),
            ));
        }
        let texts: Vec<&str> = wanted.arguments.iter().filter_map(Value::as_str).collect();
        let [uri, rule] = texts.as_slice() else {
            return Err(Refusal::new(
                Code::InvalidParameters,
                "hengjie.explain 要写文件地址和规则名称",
                "hengjie.explain needs the address of a document and the name of a rule",
            ));
        };
        let document = self.open(uri)?;
        match self.settings.explanation(document, id, rule, self.lang) {
            Some(job) => self.jobs.push(job),
            None => {
                return Err(Refusal::failed(
                    "还没有选定资料和人员：在设置里写 hengjie.data 和 hengjie.person",
                    "no data and person are chosen: set hengjie.data and hengjie.person",
                ));
            }
        }
        Ok(())
    }

    fn initialize(&mut self, parameters: &Value) -> Value {
        self.stage = Stage::Running;
        let locale = parameters.get("locale").and_then(Value::as_str);
        if let Some(lang) = locale.and_then(Lang::parse) {
            self.lang = lang;
        }
        if let Some(options) = parameters.get("initializationOptions") {
            self.settings = Settings::read(options);
        }
        let root = parameters.get("rootUri").and_then(Value::as_str);
        let folder = parameters.pointer("/workspaceFolders/0/uri").and_then(Value::as_str);
        self.settings.root = folder.or(root).and_then(crate::live::path_of);
        json!({
            "serverInfo": { "name": "hengjie", "version": env!("CARGO_PKG_VERSION") },
            "capabilities": {
                "positionEncoding": "utf-16",
                "textDocumentSync": { "openClose": true, "change": 2, "save": false },
                "hoverProvider": true,
                "completionProvider": { "triggerCharacters": [".", "(", "（", "「"] },
                "definitionProvider": true,
                "referencesProvider": true,
                "documentHighlightProvider": true,
                "renameProvider": { "prepareProvider": true },
                "documentFormattingProvider": true,
                "documentSymbolProvider": true,
                "foldingRangeProvider": true,
                "codeActionProvider": { "codeActionKinds": ["quickfix", "refactor.rewrite"] },
                "executeCommandProvider": { "commands": ["hengjie.explain"] },
                "semanticTokensProvider": {
                    "legend": { "tokenTypes": tokens::TYPES, "tokenModifiers": tokens::MODIFIERS },
                    "full": true,
                    "range": true,
                },
            },
        })
    }

    fn notified(&mut self, method: &str, parameters: Value) {
        let done = match (self.stage, method) {
            (stage, "exit") => {
                self.stage = Stage::Ended { properly: stage == Stage::ShutDown };
                Ok(())
            }
            (Stage::Running, "textDocument/didOpen") => self.did_open(parameters),
            (Stage::Running, "textDocument/didChange") => self.did_change(parameters),
            (Stage::Running, "textDocument/didClose") => self.did_close(parameters),
            (Stage::Running, "workspace/didChangeConfiguration") => {
                let settings = parameters.get("settings").unwrap_or(&Value::Null);
                let root = self.settings.root.take();
                self.settings = Settings::read(settings.get("hengjie").unwrap_or(settings));
                self.settings.root = root;
                Ok(())
            }
            // Notifications nobody waits for may be left out.
            _ => Ok(()),
        };
        if let Err(refusal) = done {
            let message = self.lang.pick(refusal.zh.as_str(), refusal.en.as_str());
            self.out.push(notification("window/showMessage", json!({ "type": 1, "message": message })));
        }
    }

    fn did_open(&mut self, parameters: Value) -> Result<(), Refusal> {
        let DidOpen { text_document: opened } = read(parameters)?;
        self.changed.insert(opened.uri.clone());
        let document = Document::new(opened.uri.clone(), opened.version, opened.text);
        self.documents.insert(opened.uri, document);
        Ok(())
    }

    fn did_change(&mut self, parameters: Value) -> Result<(), Refusal> {
        let DidChange { text_document: id, content_changes } = read(parameters)?;
        let Some(document) = self.documents.get_mut(&id.uri) else { return Err(not_open(&id.uri)) };
        if let Err(bad) = document.change(id.version, &content_changes) {
            // The texts of client and server differ now: answers about ours would be wrong.
            self.documents.remove(&id.uri);
            let (zh, en) = bad.text();
            return Err(Refusal::new(
                Code::InvalidParameters,
                format!("改动对不上文件，请重新打开：{zh}"),
                format!("the change does not fit the document, open it again: {en}"),
            ));
        }
        self.changed.insert(id.uri);
        Ok(())
    }

    fn did_close(&mut self, parameters: Value) -> Result<(), Refusal> {
        let OfDocument { text_document: id } = read(parameters)?;
        self.documents.remove(&id.uri);
        self.changed.remove(&id.uri);
        let empty = json!({ "uri": id.uri, "diagnostics": [] });
        self.out.push(notification("textDocument/publishDiagnostics", empty));
        Ok(())
    }

    fn open(&self, uri: &str) -> Result<&Document, Refusal> {
        self.documents.get(uri).ok_or_else(|| not_open(uri))
    }

    fn document(&self, parameters: Value) -> Result<&Document, Refusal> {
        let of: OfDocument = read(parameters)?;
        self.open(&of.text_document.uri)
    }

    fn place(&self, parameters: Value) -> Result<(&Document, AtPlace), Refusal> {
        let at: AtPlace = read(parameters)?;
        Ok((self.open(&at.text_document.uri)?, at))
    }

    fn range(&self, parameters: Value) -> Result<(&Document, AtRange), Refusal> {
        let at: AtRange = read(parameters)?;
        Ok((self.open(&at.text_document.uri)?, at))
    }
}

fn not_open(uri: &str) -> Refusal {
    Refusal::new(
        Code::InvalidParameters,
        format!("文件没有打开：{uri}"),
        format!("the document is not open: {uri}"),
    )
}

/// The parameters of a request.
fn read<T: DeserializeOwned>(parameters: Value) -> Result<T, Refusal> {
    serde_json::from_value(parameters).map_err(|error| {
        Refusal::new(
            Code::InvalidParameters,
            format!("参数不对：{error}"),
            format!("wrong parameters: {error}"),
        )
    })
}

/// A message nobody answers.
fn notification(method: &str, parameters: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": parameters })
}

/// An answer.
pub(crate) fn answered(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// A refusal.
pub(crate) fn failed(id: &Value, refusal: &Refusal, lang: Lang) -> Value {
    let message = lang.pick(refusal.zh.as_str(), refusal.en.as_str());
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": refusal.code as i32, "message": message } })
}
