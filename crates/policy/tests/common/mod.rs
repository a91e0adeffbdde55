//! Shared by the tests: documents in, short text out.

use hengjie_policy::core::{Body, Program, Type};
use hengjie_policy::{Compiled, compile, print};
use hengjie_quantity::Lang;
use hengjie_syntax::{Diagnostic, Severity};
use std::fmt::Write;

/// What a document gives: its findings, or else its attributes with types and formulas.
pub fn check(text: &str) -> String {
    let Compiled { program, diagnostics } = compile(text);
    let mut out = findings(text, &diagnostics);
    if let Some(program) = program {
        out.push_str(&attributes(&program));
    }
    out
}

/// One line per finding, then its labels, help and fix.
pub fn findings(text: &str, diagnostics: &[Diagnostic]) -> String {
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
pub fn attributes(program: &Program) -> String {
    let mut out = String::new();
    for attribute in &program.attributes {
        let grain = attribute.context.grain.map_or("", hengjie_calendar::Grain::zh);
        let optional = if attribute.ty.optional { "?" } else { "" };
        let ty = type_text(program, &attribute.ty.base);
        writeln!(out, "{}{grain}: {ty}{optional}{}", attribute.name, body_text(program, &attribute.body)).unwrap();
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
