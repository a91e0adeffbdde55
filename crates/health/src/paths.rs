//! What the interpreter saw on all paths: keys without a row, conditions that never hold, rows and items out of reach.

use crate::Context;
use crate::finding::{Check, Finding, Severity};
use crate::interpret::Interpreter;
use crate::words;
use hengjie_policy::core::{
    AttributeId, Body, Cell, EnumId, ExprKind, ParameterValue, QuotaForm, TableId, Type,
};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;

/// Keys that find no row: gaps of bands and items without a rule. The interpreter has the chosen readings.
pub(crate) fn lookups(context: &Context<'_>, interpreter: &Interpreter<'_>) -> Vec<Finding> {
    let program = context.program;
    let mut found = Vec::new();
    let mut told: BTreeSet<(TableId, String)> = BTreeSet::new();
    for (span, seen) in &interpreter.observed.lookups {
        let Some(miss) = &seen.miss else { continue };
        if !told.insert((seen.table, format!("{:?}", miss.keys))) {
            continue;
        }
        let table = &program.tables[seen.table.index()];
        let attribute = &program.attributes[seen.attribute.index()];
        let key = |lang: Lang| {
            let keys = miss.keys.iter().zip(&table.columns);
            let one = |(key, column): (&hengjie_policy::core::Literal, &hengjie_policy::core::Column)| {
                format!("{} {}", column.name, words::literal(program, key, &column.ty, lang))
            };
            keys.map(one).collect::<Vec<_>>().join(lang.pick("、", ", "))
        };
        // 无则 says what counts: nothing is lost, but the table may still be meant to be whole.
        let severity = if seen.answered { Severity::Note } else { Severity::Error };
        let name = &attribute.name;
        let finding = match &miss.gap {
            Some((column, gaps)) => {
                let ty = &table.columns[*column].ty;
                let band = |lang: Lang| {
                    let bands: Vec<String> = gaps.iter().map(|gap| words::band(gap, ty, lang)).collect();
                    bands.join(lang.pick("，", ", "))
                };
                Finding::proved(
                    Check::Gap,
                    severity,
                    (attribute.article, *span),
                    format!(
                        "表“{}”有空档：{} 不在任何一段，例如 {} 时“{name}”没有值",
                        table.name,
                        band(Lang::Zh),
                        key(Lang::Zh)
                    ),
                    format!(
                        "table `{}` has a gap: no band holds {}; for example `{name}` has no value at {}",
                        table.name,
                        band(Lang::En),
                        key(Lang::En)
                    ),
                )
                .help(
                    "把区间接起来，一头写“超过”，一头写“以内”；或用 无则 写明取什么",
                    "let the bands meet, or say with or_none what counts",
                )
            }
            None => Finding::proved(
                Check::NoRule,
                severity,
                (attribute.article, *span),
                format!("表“{}”没有 {} 这一行：这时“{name}”没有规则可用", table.name, key(Lang::Zh)),
                format!(
                    "table `{}` has no row for {}: no rule applies to `{name}` then",
                    table.name,
                    key(Lang::En)
                ),
            )
            .help("补上这一行；不考核的写“—”", "add the row; write — where nothing is assessed"),
        };
        found.push(finding);
    }
    found
}

/// Conditions that never, or always, hold, whatever the readings.
pub(crate) fn conditions(context: &Context<'_>, interpreter: &Interpreter<'_>) -> Vec<Finding> {
    let program = context.program;
    let mut found = Vec::new();
    for (span, seen) in &interpreter.observed.conditions {
        if seen.yes && (seen.no || !seen.hides) {
            continue;
        }
        let attribute = &program.attributes[seen.attribute.index()];
        let text = context.excerpt(*span);
        let name = &attribute.name;
        let finding = if seen.yes {
            Finding::proved(
                Check::DeadBranch,
                Severity::Warning,
                (attribute.article, *span),
                format!("“{name}”里的条件“{text}”总是成立，后面的走不到"),
                format!("the condition `{text}` of `{name}` always holds; what follows is never reached"),
            )
        } else {
            Finding::proved(
                Check::DeadBranch,
                Severity::Error,
                (attribute.article, *span),
                format!("“{name}”里的条件“{text}”永远不成立，这一支走不到"),
                format!("the condition `{text}` of `{name}` never holds; this branch is never reached"),
            )
        };
        found.push(finding.help("核对界限和先后次序", "compare the limits and their order"));
    }
    found
}

/// Rows of 逐 tables and items of grades that nothing reaches.
pub(crate) fn reach(context: &Context<'_>, interpreter: &mut Interpreter<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    rows_that_never_hold(context, interpreter, &mut found);
    rows_never_found(context, interpreter, &mut found);
    items_never_given(context, interpreter, &mut found);
    found
}

/// A Boolean rule with 逐 that decides a 首个 and cannot hold on a row.
fn rows_that_never_hold(context: &Context<'_>, interpreter: &mut Interpreter<'_>, found: &mut Vec<Finding>) {
    let program = context.program;
    for (position, attribute) in program.attributes.iter().enumerate() {
        let id = AttributeId(u32::try_from(position).unwrap_or(0));
        let picks = context
            .uses
            .picking
            .iter()
            .any(|picking| context.cones[picking.index()].attributes.contains(&id));
        if attribute.ty.base != Type::Bool || !picks {
            continue;
        }
        let Some(table) = interpreter.table_of_rows(id) else { continue };
        let definition = &program.tables[table.index()];
        for row in 0..definition.rows.len() {
            let number = u32::try_from(row).unwrap_or(0);
            let held =
                interpreter.observed.rows_that_hold.get(&id).is_some_and(|rows| rows.contains(&number));
            // Exempt rows do not apply; a rule that is made only of others is told there.
            let value = interpreter.summary_at(id, number);
            if held || !value.no || !context.is_first_cause(id, interpreter, number) {
                continue;
            }
            let name = |lang| words::row(program, table, row, lang);
            found.push(
                Finding::proved(
                    Check::Unreachable,
                    Severity::Error,
                    (attribute.article, definition.rows[row].span),
                    format!("“{}”在“{}”这一行永远不成立：谁也够不到", attribute.name, name(Lang::Zh)),
                    format!(
                        "`{}` never holds on the row {}: nobody can reach it",
                        attribute.name,
                        name(Lang::En)
                    ),
                )
                .help(
                    "核对这一行的数和资料的范围",
                    "compare the numbers of this row with the ranges of the facts",
                ),
            );
        }
    }
}

/// Rows of look-up tables that no key finds.
fn rows_never_found(context: &Context<'_>, interpreter: &Interpreter<'_>, found: &mut Vec<Finding>) {
    for (table, rows) in &interpreter.observed.found_rows {
        let definition = &context.program.tables[table.index()];
        if context.uses.walked_tables.contains(table) || context.uses.marginal_tables.contains(table) {
            continue;
        }
        for (position, row) in definition.rows.iter().enumerate() {
            let only_exempt =
                row.cells.iter().skip(definition.keys as usize).all(|cell| *cell == Cell::Exempt);
            if rows.contains(&u32::try_from(position).unwrap_or(0)) || only_exempt {
                continue;
            }
            let name = |lang| words::row(context.program, *table, position, lang);
            found.push(
                Finding::proved(
                    Check::Unreachable,
                    Severity::Warning,
                    (definition.article, row.span),
                    format!("表“{}”的“{}”一行永远查不到：键不会是这个值", definition.name, name(Lang::Zh)),
                    format!(
                        "the row {} of table `{}` is never found: the key never has this value",
                        name(Lang::En),
                        definition.name
                    ),
                )
                .help("核对键的范围", "compare the range of the key"),
            );
        }
    }
}

/// Items of a 名目 that only rules give, and none does.
fn items_never_given(context: &Context<'_>, interpreter: &mut Interpreter<'_>, found: &mut Vec<Finding>) {
    let program = context.program;
    for (position, enumeration) in program.enums.iter().enumerate() {
        let id = EnumId(u32::try_from(position).unwrap_or(0));
        let of_enum = |ty: &Type| *ty == Type::Enum(id);
        let from_outside = program.kinds.iter().flat_map(|kind| &kind.fields).any(|field| of_enum(&field.ty))
            || program.decisions.iter().any(|decision| of_enum(&decision.ty))
            || program.parameters.iter().any(|parameter| {
                of_enum(&parameter.ty) && matches!(parameter.value, ParameterValue::Required(_))
            });
        let givers: Vec<AttributeId> = (0..program.attributes.len())
            .map(|at| AttributeId(u32::try_from(at).unwrap_or(0)))
            .filter(|at| of_enum(&program.attributes[at.index()].ty.base))
            .collect();
        if from_outside || givers.is_empty() || enumeration.ladder.is_some() {
            continue;
        }
        let mut given = BTreeSet::new();
        for giver in &givers {
            given.extend(interpreter.summary(*giver).items);
        }
        let Some(last) = givers.last().map(|giver| &program.attributes[giver.index()]) else { continue };
        for (ordinal, item) in enumeration.items.iter().enumerate() {
            if given.contains(&u32::try_from(ordinal).unwrap_or(0))
                || context.is_told_elsewhere(ordinal, id, interpreter)
            {
                continue;
            }
            found.push(
                Finding::proved(
                    Check::Unreachable,
                    Severity::Error,
                    (last.article, enumeration.span),
                    format!("没有人能得到“{}”的“{item}”：没有一条规则会给出它", enumeration.name),
                    format!("nobody can get `{item}` of `{}`: no rule gives it", enumeration.name),
                )
                .help("补上给出它的规则，或从名目里去掉", "add the rule that gives it, or drop the item"),
            );
        }
    }
}

impl Context<'_> {
    /// Is this rule impossible on a row by itself, not only because another rule with 逐 that it mentions is?
    fn is_first_cause(&self, id: AttributeId, interpreter: &mut Interpreter<'_>, row: u32) -> bool {
        let mut causes = Vec::new();
        let attribute = &self.program.attributes[id.index()];
        let Body::Defined { general, .. } = &attribute.body else { return false };
        for case in general {
            mentioned(&case.value, &mut causes);
        }
        !causes.into_iter().any(|other| {
            other != id
                && self.program.attributes[other.index()].ty.base == Type::Bool
                && self.program.attributes[other.index()].context.rows.is_some()
                && !interpreter.summary_at(other, row).yes
                && interpreter.summary_at(other, row).no
        })
    }

    /// Items of implicit 名目 are lines of a quota and told there.
    fn is_told_elsewhere(&self, ordinal: usize, id: EnumId, interpreter: &Interpreter<'_>) -> bool {
        let _ = interpreter;
        self.program.attributes.iter().any(|attribute| match &attribute.body {
            Body::Quota(quota) if quota.of == id => {
                let named = match &quota.form {
                    QuotaForm::Lines(lines) => lines.iter().any(|line| line.item as usize == ordinal),
                    QuotaForm::Each { .. } => true,
                };
                named || quota.rest.is_some_and(|rest| rest as usize == ordinal)
            }
            _ => false,
        })
    }
}

fn mentioned(expr: &hengjie_policy::core::Expr, found: &mut Vec<AttributeId>) {
    if let ExprKind::Attribute { attribute, .. } = &expr.kind {
        found.push(*attribute);
    }
    hengjie_policy::walk::children(expr, &mut |part| mentioned(part, found));
}

/// Divisions whose result may be 无 and reaches a total or a published figure unanswered.
pub(crate) fn divisors(context: &Context<'_>, interpreter: &mut Interpreter<'_>) -> Vec<Finding> {
    let program = context.program;
    let mut found = Vec::new();
    let seen: Vec<_> =
        interpreter.observed.divisions.iter().map(|(span, seen)| (*span, seen.clone())).collect();
    for (span, seen) in seen {
        let attribute = &program.attributes[seen.attribute.index()];
        if seen.answered || !interpreter.summary(seen.attribute).none {
            continue;
        }
        let is_used = context.uses.as_value.contains_key(&seen.attribute)
            || context.uses.to_decide.contains_key(&seen.attribute);
        let contributes = !attribute.contributes_to.is_empty();
        if is_used && !contributes {
            // The checker has asked for an answer where it is used.
            continue;
        }
        let text = context.excerpt(span);
        let name = &attribute.name;
        let severity = if contributes { Severity::Error } else { Severity::Note };
        let (zh, en) = match contributes {
            true => ("，计入汇总时算作没有这一项", ", and the total leaves it out"),
            false => ("", ""),
        };
        found.push(
            Finding::proved(
                Check::Divisor,
                severity,
                (attribute.article, span),
                format!("“{name}”的分母可能是零：“{text}”这时没有值{zh}"),
                format!("the denominator of `{name}` may be zero: `{text}` has no value then{en}"),
            )
            .help(
                "用 无则 写明分母为零时取什么",
                "say with or_none what counts when the denominator is zero",
            ),
        );
    }
    found
}
