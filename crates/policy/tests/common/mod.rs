//! Shared by the tests: documents in, short text out.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part; a test may fail loudly")]

use hengjie_policy::core::{Body, Program, Type};
use hengjie_policy::{Compiled, compile, print};
use hengjie_quantity::Lang;
use hengjie_syntax::{Diagnostic, Severity};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What a document gives: its findings, or else its attributes with types and formulas.
pub(crate) fn check(text: &str) -> String {
    let Compiled { program, diagnostics, .. } = compile(text);
    let mut out = findings(text, &diagnostics);
    if let Some(program) = program {
        out.push_str(&attributes(&program));
    }
    out
}

/// One line per finding, then its labels, help and fix.
pub(crate) fn findings(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let severity = if diagnostic.severity == Severity::Error { "错误" } else { "提醒" };
        let place = short(diagnostic.span.text(text));
        writeln!(out, "{} {severity} «{place}» {}", diagnostic.code, diagnostic.message.zh).unwrap();
        writeln!(out, "  en {}", diagnostic.message.en).unwrap();
        for label in &diagnostic.labels {
            writeln!(out, "  另 «{}» {}", short(label.span.text(text)), label.message.zh).unwrap();
        }
        if let Some(help) = &diagnostic.help {
            writeln!(out, "  助 {}", help.zh).unwrap();
        }
        if let Some(fix) = &diagnostic.fix {
            writeln!(out, "  改 «{}» → «{}»", short(fix.span.text(text)), fix.replacement).unwrap();
        }
    }
    out
}

/// The text of a place on one line.
fn short(text: &str) -> String {
    let line = text.split('\n').next().unwrap_or("");
    let cut: String = line.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// One line per attribute: name, grain, type, formulas.
pub(crate) fn attributes(program: &Program) -> String {
    let mut out = String::new();
    for attribute in &program.attributes {
        let grain = attribute.context.grain.map_or("", hengjie_calendar::Grain::zh);
        let optional = if attribute.ty.optional { "?" } else { "" };
        let ty = type_text(program, &attribute.ty.base);
        writeln!(out, "{}{grain}: {ty}{optional}{}", attribute.name, body_text(program, &attribute.body))
            .unwrap();
    }
    out
}

fn type_text(program: &Program, ty: &Type) -> String {
    match ty {
        Type::Number(unit) => unit.to_string(),
        Type::Bool => "是否".to_owned(),
        Type::Text => "文字".to_owned(),
        Type::Date => "日期".to_owned(),
        Type::Period(grain) => format!("期间({})", grain.zh()),
        Type::Enum(id) => program.enums[id.index()].name.clone(),
        Type::Object(kind) => program.kinds[kind.index()].name.clone(),
        Type::Row(table) => format!("{}的行", program.tables[table.index()].name),
        Type::Collection(element) => format!("[{}]", type_text(program, element)),
    }
}

fn body_text(program: &Program, body: &Body) -> String {
    let expression = |expr: &hengjie_policy::core::Expr| print::expression(program, expr, Lang::Zh);
    let case = |case: &hengjie_policy::core::Case| match &case.guard {
        Some(guard) => format!("{} 当 {}", expression(&case.value), expression(guard)),
        None => expression(&case.value),
    };
    match body {
        Body::Defined { exceptions, general } => {
            let exceptions = exceptions.iter().map(|exception| format!(" 例外 {}", case(exception)));
            let general = general.iter().map(|general| format!(" = {}", case(general)));
            exceptions.chain(general).collect()
        }
        Body::State { first, next } => {
            let next: String = next.iter().map(|next| format!(" 下期 {}", case(next))).collect();
            format!(" 首期 {}{next}", expression(first))
        }
        Body::Total(total) => format!(" 汇总 {} 项", total.contributions.len()),
        Body::Rank(rank) => format!(" 排序 {} 键", rank.keys.len()),
        Body::Quota(quota) => format!(" 名额 {}", program.enums[quota.of.index()].name),
        Body::Split(split) => format!(" 分摊 {}", expression(&split.amount)),
    }
}

/// All documents of the tests: whole ones, the policies of the repository, the cases.
pub(crate) fn documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let whole = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<(String, String)> =
        whole.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect();
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    for folder in std::fs::read_dir(policies).into_iter().flatten().map_while(Result::ok) {
        if let Ok(text) = std::fs::read_to_string(folder.path().join("policy.md")) {
            documents.push((folder.path().display().to_string(), text));
        }
    }
    documents.sort();
    for path in files() {
        documents.extend(read(&path).into_iter().map(|case| (case.name.clone(), document(&case.text))));
    }
    documents
}

/// What every case can use.
const PRELUDE: &str = "\
# 测试
```规则
制度 测试 版本 2026-01-01 起
名目 等级: 高级 > 中级 > 初级
名目 岗位: 客户经理, 柜员
名目 岗档: 等级 逐 3档
资料 区域 量词 个 树 上级
上级: 区域 反称 下级
资料 人员 量词 人
岗位: 岗位 随日期
等级: 等级 随日期
区域: 区域 随日期 反称 成员
存款: 金额 每年
任务: 金额 1元 至 100亿元 每年
贷款: 金额 每年
月存款: 金额 每月
入职日: 日期
得分: 分 0分 至 100分 每年
资料 客户 量词 户
余额: 金额 每年
美元额: 金额(美元) 每年
经理: 人员 反称 客户群
资料 事件 量词 次 每日
当事人: 人员 反称 事件记录
属实: 是否
```

## 第一条 测试

";

/// A small document and what the checker says of it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) expected: String,
}

/// The cases of a file.
pub(crate) fn read(path: &Path) -> Vec<Case> {
    let content = std::fs::read_to_string(path).unwrap();
    content
        .split("=== ")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once('\n').unwrap();
            let (text, expected) = rest.split_once("\n---\n").unwrap_or((rest, ""));
            Case {
                name: name.to_owned(),
                text: text.trim_end().to_owned(),
                expected: expected.trim_end().to_owned(),
            }
        })
        .collect()
}

/// The whole document of a case.
pub(crate) fn document(text: &str) -> String {
    match (text.starts_with("# "), text.contains("```")) {
        (true, _) => text.to_owned(),
        (false, true) => format!("{PRELUDE}{text}\n"),
        (false, false) => format!("{PRELUDE}```规则\n{text}\n```\n"),
    }
}

/// The files of cases.
pub(crate) fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
