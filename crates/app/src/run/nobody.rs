//! A run that computes for nobody: says so, and why, before an empty result is taken for a result.

use super::compute::Computed;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::schema::kind_table;
use hengjie_calendar::Period;
use hengjie_evaluate::value::Status;
use hengjie_facts::Fault;
use hengjie_policy::core::{AttributeId, KindId, Program};
use std::collections::BTreeSet;

/// The fault when those whom the document is about, or all, have no result at all. Values of 全体 alone are fine.
pub(super) fn fault(
    policy: &Policy,
    facts: &Facts,
    asked: &[AttributeId],
    periods: &[Period],
    computed: &Computed,
) -> Option<Fault> {
    let program = &policy.program;
    let of = |attribute: &AttributeId| program.attributes[attribute.index()].context.kind;
    let wanted: BTreeSet<KindId> = asked.iter().filter_map(of).collect();
    let first = asked.iter().find_map(of)?;
    let present = with_results(program, computed);
    let scope = program.scope.as_ref().map(|scope| scope.kind).filter(|kind| wanted.contains(kind));
    match scope {
        Some(kind) if !present.contains(&kind) => Some(explained(policy, facts, kind, periods)),
        None if present.is_disjoint(&wanted) => Some(explained(policy, facts, first, periods)),
        _ => None,
    }
}

/// The kinds of which somebody has a result, be it 待补.
fn with_results(program: &Program, computed: &Computed) -> BTreeSet<KindId> {
    let is_result = |state: &u8| *state != Status::None as u8;
    let of_columns = computed
        .columns
        .iter()
        .filter(|column| {
            let len = super::compute::len(column);
            len > 0 && column.status.as_ref().is_none_or(|states| states.iter().any(is_result))
        })
        .map(|column| column.attribute);
    let of_texts = computed.texts.iter().filter(|column| column.status.iter().any(is_result));
    let attributes = of_columns.chain(of_texts.map(|column| column.attribute));
    attributes.filter_map(|attribute| program.attributes[attribute.index()].context.kind).collect()
}

fn explained(policy: &Policy, facts: &Facts, kind: KindId, periods: &[Period]) -> Fault {
    let program = &policy.program;
    let definition = &program.kinds[kind.index()];
    let (name, table) = (&definition.name, kind_table(definition));
    let data = &facts.data.kinds[kind.index()];
    let rows = data.len;
    let when: Vec<String> = periods.iter().map(ToString::to_string).collect();
    let when_en: Vec<String> = periods.iter().map(Period::en).collect();
    let (when, when_en) = (when.join("、"), when_en.join(", "));
    let fault = |zh: String, en: String| {
        Fault::error(
            "HJ1512",
            format!("没有一个「{name}」可以计算，没有写结果：{zh}"),
            format!("there is no “{name}” to compute; nothing was written: {en}"),
        )
    };
    let scope =
        program.scope.as_ref().filter(|scope| scope.kind == kind).and_then(|scope| scope.filter.as_ref());
    let is_in_time = |own: &Period| {
        periods
            .iter()
            .any(|period| period.first_day() <= own.last_day() && own.first_day() <= period.last_day())
    };
    let in_time =
        data.periods.as_ref().map(|own| own.occurring().iter().filter(|own| is_in_time(own)).count());
    match (rows, in_time, scope) {
        (0, ..) => fault(format!("「{table}」里没有一行"), format!("“{table}” has no rows")).help(
            "填上这张表；模板的示例行不算",
            "fill that table in; the example row of a template does not count",
        ),
        (_, Some(0), _) => fault(
            format!("「{table}」有 {rows} 行，没有一行属于 {when}"),
            format!("“{table}” has {rows} rows, none of them in {when_en}"),
        )
        .help("核对期间，或用 --period 换一期", "check the periods, or choose another with --period"),
        (_, _, Some(filter)) => {
            let text = filter.span.text(&policy.text);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            fault(
                format!("「{table}」有 {rows} 行，在 {when} 没有一个符合“适用”的条件：{text}"),
                format!("“{table}” has {rows} rows, none of which is in scope in {when_en}: {text}"),
            )
            .help(
                "核对条件里用到的列；没有填的、那时还没有生效的都算不符合",
                "check the columns of the condition; an empty cell and one not yet in force count as not in scope",
            )
        }
        _ => fault(
            format!("「{table}」有 {rows} 行，要算的各项在 {when} 对谁都是无"),
            format!("“{table}” has {rows} rows, but nobody has any of the values in {when_en}"),
        )
        .help("核对期间和各条的“其中”", "check the periods and the conditions of the articles"),
    }
}
