//! Why the console did not do something, in words.

use super::access::Operation;
use super::answer::{Fault, Trouble};
use crate::Failure;
use hengjie_facts::Bilingual;
use hengjie_quantity::Lang;
use hengjie_store::StoreError;
use hengjie_syntax::line_column;

/// Why the console did not do something.
#[derive(Debug)]
pub enum Refusal {
    /// The person may not do it.
    Forbidden(Operation),
    /// There is no such thing.
    Absent(Bilingual),
    /// Somebody else was faster: the version that stands now.
    Conflict(i64),
    /// The use case failed.
    Failure(Failure),
    /// The store failed.
    Store(StoreError),
}

/// The result of asking the console.
pub type Refused<T> = Result<T, Refusal>;

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { found, .. } => Self::Conflict(found),
            error => Self::Store(error),
        }
    }
}

impl Refusal {
    pub(super) fn absent(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Absent(Bilingual::new(zh, en))
    }

    /// What happened and what to do, for people. Faults of the store are named by kind only: their texts are for the log of
    /// the server.
    #[must_use]
    pub fn trouble(&self, lang: Lang) -> Trouble {
        let plain = |code: &str, zh: String, en: String| Trouble {
            code: code.to_owned(),
            message: lang.pick(zh, en),
            faults: Vec::new(),
            found: None,
        };
        match self {
            Self::Forbidden(operation) => {
                let permission = operation.permission();
                plain(
                    "forbidden",
                    format!("没有“{}”的权限。需要时向管理员申请。", permission.zh()),
                    format!("You may not {}. Ask an administrator for it.", permission.en()),
                )
            }
            Self::Absent(text) => plain("absent", text.zh.clone(), text.en.clone()),
            Self::Conflict(found) => Trouble {
                found: Some(*found),
                ..plain(
                    "conflict",
                    format!("没有保存：别人已经存了第{found}版。您写的还在页面上，请对照后再存。"),
                    format!("Not saved: somebody has saved version {found}. Your text is still on the page; compare, then save again."),
                )
            },
            Self::Failure(failure) => of_failure(failure, lang),
            Self::Store(StoreError::Absent) => {
                plain("absent", "没有这一项。".to_owned(), "There is no such thing.".to_owned())
            }
            Self::Store(StoreError::KeyReused) => plain(
                "key_reused",
                "没有保存：这个请求编号已经用过。请刷新页面再做一次。".to_owned(),
                "Not saved: the key of this request has been used. Reload the page and do it again.".to_owned(),
            ),
            Self::Store(StoreError::Ended) => {
                plain("ended", "这次计算已经结束。".to_owned(), "This run has ended.".to_owned())
            }
            Self::Store(_) => plain(
                "store",
                "没有做成：数据文件写不进或读不出。请看磁盘空间和权限，再试一次。".to_owned(),
                "Not done: the data file cannot be read or written. Check disk space and permissions, then try again.".to_owned(),
            ),
        }
    }
}

fn of_failure(failure: &Failure, lang: Lang) -> Trouble {
    let (code, message, faults) = match failure {
        Failure::Document(document) => {
            let fault = |one: &hengjie_syntax::Diagnostic| {
                let (line, column) = line_column(&document.text, one.span.start);
                Fault {
                    code: one.code.to_owned(),
                    place: lang
                        .pick(format!("第 {line} 行第 {column} 列"), format!("line {line}, column {column}")),
                    message: one.message.text(lang).to_owned(),
                    help: one.help.as_ref().map_or("", |help| help.text(lang)).to_owned(),
                    is_error: one.severity == hengjie_syntax::Severity::Error,
                }
            };
            let (errors, _) = document.counts();
            let message = lang.pick(
                format!("制度有 {errors} 处错误，改好才能计算。"),
                format!("The document has {errors} errors; mend them to compute."),
            );
            ("policy", message, document.diagnostics.iter().map(fault).collect())
        }
        Failure::Facts(report) => {
            let message = lang.pick(
                "资料有错，没有计算。改好文件再运行。",
                "The facts have errors; nothing was computed. Mend the files and run again.",
            );
            ("facts", message.to_owned(), report.faults.iter().map(|one| fault(one, lang)).collect())
        }
        Failure::Unreadable(text) => ("unreadable", text.text(lang).to_owned(), Vec::new()),
        Failure::Usage(text) => ("usage", text.text(lang).to_owned(), Vec::new()),
        Failure::Unwritable(text) => ("unwritable", text.text(lang).to_owned(), Vec::new()),
    };
    Trouble { code: code.to_owned(), message, faults, found: None }
}

/// A fault of a file as people read it.
pub(super) fn fault(one: &hengjie_facts::Fault, lang: Lang) -> Fault {
    Fault {
        code: one.code.to_owned(),
        place: place(one, lang),
        message: lang.pick(&one.zh, &one.en).clone(),
        help: lang.pick(&one.help_zh, &one.help_en).clone(),
        is_error: one.severity == hengjie_facts::Severity::Error,
    }
}

/// `人员_每年.csv 第 17 行「存款日均」`
fn place(fault: &hengjie_facts::Fault, lang: Lang) -> String {
    let mut place = fault.file.clone();
    if let Some(sheet) = &fault.sheet {
        place += &format!(" {sheet}");
    }
    if let Some(row) = fault.row {
        place += &lang.pick(format!(" 第 {row} 行"), format!(" row {row}"));
    }
    if let Some(column) = &fault.column {
        place += &lang.pick(format!("「{column}」"), format!(" \"{column}\""));
    }
    place
}
