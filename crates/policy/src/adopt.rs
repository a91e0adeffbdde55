//! Overlays: a document adopts others (沿用) and replaces or removes articles of theirs (修改, 废止).
//!
//! The whole is read and checked as one document: the text of the document itself, then the text of what it adopts, in which
//! spaces stand for what no longer counts (制度 and 沿用 lines, replaced articles). So every place keeps its file and line, and
//! nothing behind the checker knows of overlays. Order of articles does not matter to rules.

mod amend;
mod among;
mod kind;
mod sources;

use crate::codes;
pub use among::among;
use hengjie_calendar::Date;
use hengjie_syntax::ast::{Block, Document, Statement, StatementKind};
use hengjie_syntax::{Diagnostic, Message, Parse, Span};
pub use sources::{Place, SourceFile, Sources};

/// Most documents that one document adopts, those of its parents included.
const DOCUMENTS: usize = 16;

/// Fewest digits of a hash that pins a document.
const HASH_DIGITS: usize = 16;

/// `沿用 NAME 版本 DATE [指纹 “…”]`: what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// Name in the 制度 line of the adopted document.
    pub name: String,
    /// Its first day.
    pub version: Date,
    /// The first digits of its content hash.
    pub hash: Option<String>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Its path as people see it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Finds an adopted document by its name; of several versions the wanted one, else any. The file that adopts is given, empty
/// for the document itself. Says where it has looked when there is none.
pub type Find<'f> = &'f dyn Fn(&Adoption, &str) -> Result<Parent, Message>;

/// A document with all it adopts.
#[derive(Debug, Clone)]
pub struct Assembled {
    /// The whole, read. Its diagnostics are those of reading and of adopting.
    pub parse: Parse,
    /// The text of the whole.
    pub text: String,
    /// Which file each place of the whole belongs to.
    pub sources: Sources,
    /// Is nothing missing that is adopted?
    pub is_whole: bool,
}

/// Reads a document and what it adopts.
#[must_use]
pub fn assemble(text: &str, find: Find<'_>) -> Assembled {
    let parse = hengjie_syntax::parse(text);
    let adopts = statements(&parse.document).any(|(_, statement)| {
        matches!(statement.kind, StatementKind::Adopt { .. } | StatementKind::Amend { .. })
    });
    if !adopts {
        return Assembled { parse, text: text.to_owned(), sources: Sources::one(text), is_whole: true };
    }
    let mut gathered = Gathered::of(text, parse, find);
    gathered.adopt(0, &mut Vec::new());
    gathered.drop_outer_scopes();
    if !gathered.is_missing {
        amend::apply(&mut gathered);
    }
    let text = gathered.sources.whole(|part| gathered.shown(part));
    let mut parse = hengjie_syntax::parse(&text);
    parse.diagnostics.extend(gathered.diagnostics.drain(..).map(advised));
    let is_whole = !gathered.is_missing;
    Assembled { parse, text, sources: gathered.sources, is_whole }
}

/// What to do, where the diagnostic does not say it.
fn advised(diagnostic: Diagnostic) -> Diagnostic {
    match crate::advice::advice(diagnostic.code) {
        Some((zh, en)) if diagnostic.help.is_none() => diagnostic.help(zh, en),
        _ => diagnostic,
    }
}

/// Reads a document for which nothing that it adopts can be found.
#[must_use]
pub fn alone(text: &str) -> Assembled {
    assemble(text, &no_files)
}

/// Without files nothing can be adopted.
pub(crate) fn no_files(_: &Adoption, _: &str) -> Result<Parent, Message> {
    Err(Message::new(
        "这里只有这一份文件，找不到上级制度",
        "there is only this document; its parent cannot be found",
    ))
}

/// All statements with the position of their section.
fn statements(document: &Document) -> impl Iterator<Item = (usize, &Statement)> {
    document.sections.iter().enumerate().flat_map(|(position, section)| {
        section.blocks.iter().flat_map(move |block| {
            let statements: &[Statement] = match block {
                Block::Rules(statements) => statements,
                Block::Examples(_) => &[],
            };
            statements.iter().map(move |statement| (position, statement))
        })
    })
}

/// The documents while they are put together.
struct Gathered<'f> {
    find: Find<'f>,
    sources: Sources,
    documents: Vec<Document>,
    /// By document: the documents it adopts.
    parents: Vec<Vec<usize>>,
    /// By document: places of it that no longer count.
    blanks: Vec<Vec<Span>>,
    diagnostics: Vec<Diagnostic>,
    is_missing: bool,
}

impl<'f> Gathered<'f> {
    fn of(text: &str, parse: Parse, find: Find<'f>) -> Self {
        let mut gathered = Self {
            find,
            sources: Sources::default(),
            documents: Vec::new(),
            parents: Vec::new(),
            blanks: Vec::new(),
            diagnostics: Vec::new(),
            is_missing: false,
        };
        gathered.add(String::new(), text.to_owned(), parse.document);
        gathered
    }

    fn add(&mut self, file: String, text: String, document: Document) -> usize {
        let policy = statements(&document).find_map(|(_, statement)| match &statement.kind {
            StatementKind::Policy { name, from } => Some((name.text.clone(), *from)),
            _ => None,
        });
        self.documents.push(document);
        self.parents.push(Vec::new());
        self.blanks.push(Vec::new());
        self.sources.add(file, text, policy)
    }

    /// Brings in what a document adopts, and what that adopts. `path`: the documents on the way here.
    fn adopt(&mut self, part: usize, path: &mut Vec<usize>) {
        path.push(part);
        let wanted: Vec<(Adoption, Span)> = statements(&self.documents[part])
            .filter_map(|(_, statement)| match &statement.kind {
                StatementKind::Adopt { name, version, hash } => {
                    let hash = hash.as_ref().map(|hash| hash.text.to_lowercase());
                    Some((Adoption { name: name.text.clone(), version: *version, hash }, statement.span))
                }
                _ => None,
            })
            .collect();
        for (adoption, span) in wanted {
            let span = self.sources.outer(part, span);
            if let Some(parent) = self.parent(&adoption, span, part, path) {
                self.parents[part].push(parent);
            }
        }
        path.pop();
    }

    /// The position of an adopted document, brought in when it is not there yet.
    fn parent(&mut self, wanted: &Adoption, span: Span, part: usize, path: &mut Vec<usize>) -> Option<usize> {
        let is_named = |file: &SourceFile| file.policy.as_ref().is_some_and(|(name, _)| *name == wanted.name);
        if let Some(known) = self.sources.files().iter().position(is_named) {
            if path.contains(&known) {
                self.refuse(span, Some(known), "一份制度不能沿用自己", "a policy cannot adopt itself");
                return None;
            }
            self.check_version(wanted, span, known);
            return Some(known);
        }
        if self.documents.len() > DOCUMENTS {
            self.refuse(span, None, "沿用的制度太多", "too many policies are adopted");
            return None;
        }
        let file = self.sources.files()[part].file.clone();
        let parent = match (self.find)(wanted, &file) {
            Ok(parent) => parent,
            Err(Message { zh, en }) => {
                self.is_missing = true;
                self.refuse(span, None, &zh, &en);
                return None;
            }
        };
        let document = hengjie_syntax::parse(&parent.text).document;
        let found = self.add(parent.file, parent.text, document);
        self.check_version(wanted, span, found);
        self.blank_heads(found);
        self.adopt(found, path);
        Some(found)
    }

    /// Version and hash are those that the 沿用 line names.
    fn check_version(&mut self, wanted: &Adoption, span: Span, found: usize) {
        let Some((name, from)) = self.sources.files()[found].policy.clone() else { return };
        if from != wanted.version {
            let (zh, en) = (
                format!("沿用“{name}”版本 {}，找到的是版本 {from}", wanted.version),
                format!("version {} of `{name}` is adopted, the one found is {from}", wanted.version),
            );
            self.refuse(span, Some(found), &zh, &en);
        }
        let Some(hash) = &wanted.hash else { return };
        let file = &self.sources.files()[found];
        let find = self.find;
        let own = file.file.clone();
        let compiled = crate::compile_with(&file.text, &|adoption, from| {
            find(adoption, if from.is_empty() { &own } else { from })
        });
        // A parent with errors is told about where the errors are.
        let Some(program) = compiled.program else { return };
        let is = crate::content_hash(&program);
        let shown = is.get(..HASH_DIGITS).unwrap_or(&is).to_owned();
        if hash.len() < HASH_DIGITS || !is.starts_with(hash.as_str()) {
            let (zh, en) = (
                format!("“{name}”的指纹不是 {hash}，是 {shown}：内容变了，核对后改写指纹"),
                format!(
                    "the hash of `{name}` is not {hash} but {shown}: its content has changed; look, then pin it anew"
                ),
            );
            self.refuse(span, Some(found), &zh, &en);
        }
    }

    /// 制度 and 沿用 lines of an adopted document do not count: the document that adopts has its own.
    fn blank_heads(&mut self, part: usize) {
        let is_head =
            |kind: &StatementKind| matches!(kind, StatementKind::Policy { .. } | StatementKind::Adopt { .. });
        let heads = statements(&self.documents[part]).filter(|(_, statement)| is_head(&statement.kind));
        let spans: Vec<Span> = heads.map(|(_, statement)| statement.span).collect();
        self.blanks[part].extend(spans);
    }

    /// The nearest 适用 counts: that of the document itself, else that of what it adopts.
    fn drop_outer_scopes(&mut self) {
        let scope_of = |document: &Document| -> Vec<Span> {
            let scopes =
                statements(document).filter(|(_, found)| matches!(found.kind, StatementKind::Scope(_)));
            scopes.map(|(_, statement)| statement.span).collect()
        };
        let scopes: Vec<Vec<Span>> = self.documents.iter().map(scope_of).collect();
        for (part, spans) in scopes.iter().enumerate() {
            let is_overruled = (0..scopes.len())
                .any(|nearer| !scopes[nearer].is_empty() && self.ancestors(nearer).contains(&part));
            if is_overruled {
                self.blanks[part].extend(spans);
            }
        }
    }

    /// All documents that a document adopts, also through others.
    fn ancestors(&self, part: usize) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut open = self.parents[part].clone();
        while let Some(next) = open.pop() {
            if !found.contains(&next) {
                found.push(next);
                open.extend(&self.parents[next]);
            }
        }
        found.sort_unstable();
        found
    }

    fn refuse(&mut self, span: Span, other: Option<usize>, zh: &str, en: &str) {
        let mut fault = Diagnostic::error(codes::PARENT, span, zh, en);
        let heads = other.and_then(|part| Some((part, self.policy_line(part)?)));
        if let Some((part, line)) = heads {
            fault = fault.label(self.sources.outer(part, line), "那份制度在这里", "that policy is here");
        }
        self.diagnostics.push(fault);
    }

    fn policy_line(&self, part: usize) -> Option<Span> {
        statements(&self.documents[part]).find_map(|(_, statement)| match &statement.kind {
            StatementKind::Policy { .. } => Some(statement.span),
            _ => None,
        })
    }

    /// The text of a file, with spaces for what no longer counts.
    fn shown(&self, part: usize) -> String {
        let mut bytes = self.sources.files()[part].text.clone().into_bytes();
        for span in &self.blanks[part] {
            let (start, end) = (span.start as usize, (span.end as usize).min(bytes.len()));
            for byte in bytes.get_mut(start..end).unwrap_or_default() {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        // Whole characters were replaced, so the text is still text.
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
