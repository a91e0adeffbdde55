//! What is asked for and never used: fields, and what the checker found unused.

use crate::Context;
use crate::finding::{Check, Finding, Severity};
use hengjie_policy::codes;
use hengjie_policy::core::{FieldRef, KindId, Type};

pub(crate) fn look(context: &Context<'_>) -> Vec<Finding> {
    let mut found = fields(context);
    for diagnostic in context.diagnostics.iter().filter(|diagnostic| diagnostic.code == codes::UNUSED) {
        let article = context.article_at(diagnostic.span);
        found.push(
            Finding::proved(
                Check::Unused,
                Severity::Warning,
                (article, diagnostic.span),
                diagnostic.message.zh.clone(),
                diagnostic.message.en.clone(),
            )
            .help("在条文里用上，或删去", "use it in an article, or drop it"),
        );
    }
    for diagnostic in context.diagnostics.iter().filter(|diagnostic| diagnostic.code == codes::READING_UNUSED)
    {
        let article = context.article_at(diagnostic.span);
        found.push(
            Finding::proved(
                Check::Reading,
                Severity::Warning,
                (article, diagnostic.span),
                diagnostic.message.zh.clone(),
                diagnostic.message.en.clone(),
            )
            .help("给每种取法写规则", "write a rule for every alternative"),
        );
    }
    found
}

/// Fields that no rule, workflow or check reads.
fn fields(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (position, kind) in context.program.kinds.iter().enumerate() {
        if kind.form.is_some() {
            continue;
        }
        for (at, field) in kind.fields.iter().enumerate() {
            let reference = FieldRef {
                kind: KindId(u32::try_from(position).unwrap_or(0)),
                field: u32::try_from(at).unwrap_or(0),
            };
            // Names and references for people; keys; the day of a record.
            let for_people =
                matches!(field.ty, Type::Text | Type::Object(_)) || field.is_key || field.name == "日期";
            let written = context.is_written_by_workflow(&field.name);
            if for_people
                || written
                || context.uses.fields.contains(&reference)
                || kind.tree == Some(reference.field)
            {
                continue;
            }
            found.push(
                Finding::proved(
                    Check::UnusedField,
                    Severity::Note,
                    (context.article_at(field.span), field.span),
                    format!("资料“{}”的“{}”没有一条规则用到", kind.name, field.name),
                    format!("no rule uses `{}` of `{}`", field.name, kind.name),
                )
                .help(
                    "不用的资料不要收集；漏写了规则的补上规则",
                    "do not collect what is not used, or add the missing rule",
                ),
            );
        }
    }
    found
}
