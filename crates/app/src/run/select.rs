//! Which attributes, periods and readings are meant.

use crate::cone::all_attributes;
use crate::failure::{Failure, Outcome};
use crate::words::grains_text;
use hengjie_calendar::{Grain, Period};
use hengjie_evaluate::dataset::Dataset;
use hengjie_policy::core::{AttributeId, Program};
use hengjie_quantity::Lang;

/// Periods that one range may name.
const RANGE: usize = 400;

/// The attributes with some names; all for no name.
pub(crate) fn attributes_named(program: &Program, names: &[String]) -> Outcome<Vec<AttributeId>> {
    if names.is_empty() {
        return Ok(all_attributes(program).collect());
    }
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        found.extend(all_attributes(program).filter(|id| program.attributes[id.index()].name == *name));
        if found.len() == before {
            return Err(unknown_attribute(program, name));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// There is no such attribute: says which there are.
pub(crate) fn unknown_attribute(program: &Program, name: &str) -> Failure {
    const LISTED: usize = 30;
    let mut close: Vec<&str> = Vec::new();
    for attribute in &program.attributes {
        let shares = attribute.name.chars().any(|character| name.contains(character));
        if shares && !close.contains(&attribute.name.as_str()) && close.len() < LISTED {
            close.push(&attribute.name);
        }
    }
    let (zh, en) = match close.is_empty() {
        true => (String::new(), String::new()),
        false => (format!("；相近的有：{}", close.join("、")), format!("; similar: {}", close.join(", "))),
    };
    Failure::usage(format!("制度里没有“{name}”这一项{zh}"), format!("the policy has no value `{name}`{en}"))
}

/// The periods that are asked for; without any, the last one of each grain of `wanted` that the facts reach.
pub(crate) fn periods_asked(
    program: &Program,
    asked: &[Period],
    wanted: &[AttributeId],
    data: &Dataset,
) -> Vec<Period> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let last = data.horizon.map_or(program.from, |(_, last)| last);
    grains(program, wanted).into_iter().map(|grain| Period::containing(grain, last)).collect()
}

/// The grains of some attributes, coarse ones first.
fn grains(program: &Program, wanted: &[AttributeId]) -> Vec<Grain> {
    let mut grains: Vec<Grain> =
        wanted.iter().filter_map(|id| program.attributes[id.index()].context.grain).collect();
    grains.sort_unstable();
    grains.dedup();
    grains.reverse();
    grains
}

/// The attributes that have values in some periods, and those that depend on no period.
pub(crate) fn in_periods(
    program: &Program,
    wanted: &[AttributeId],
    periods: &[Period],
) -> Outcome<Vec<AttributeId>> {
    let grain = |id: &AttributeId| program.attributes[id.index()].context.grain;
    let fits =
        |id: &AttributeId| grain(id).is_none_or(|grain| periods.iter().any(|period| period.grain() == grain));
    let asked: Vec<AttributeId> = wanted.iter().copied().filter(fits).collect();
    if let Some(useless) =
        periods.iter().find(|period| !asked.iter().any(|id| grain(id) == Some(period.grain())))
    {
        let grains = grains(program, wanted);
        return Err(Failure::usage(
            format!(
                "没有按{}计算的结果（期间 {useless}）；这里有{}的",
                useless.grain().noun_zh(),
                grains_text(&grains, Lang::Zh)
            ),
            format!(
                "nothing is computed per {} (period {}); there is {}",
                useless.grain().noun_en(),
                useless.en(),
                grains_text(&grains, Lang::En)
            ),
        ));
    }
    Ok(asked)
}

/// Reads periods as people write them: `2025年`, `2025年1月至2025年12月`, several with `,`.
///
/// # Errors
/// [`Failure::Usage`] for what is no period.
pub fn parse_periods(texts: &[String]) -> Outcome<Vec<Period>> {
    let mut periods = Vec::new();
    for text in texts.iter().flat_map(|text| text.split([',', '，', '、'])) {
        let text = text.trim();
        match text.split_once('至').or_else(|| text.split_once("..")) {
            Some((first, last)) => periods.extend(range(text, one(first.trim())?, one(last.trim())?)?),
            None => periods.push(one(text)?),
        }
    }
    periods.sort_unstable();
    periods.dedup();
    Ok(periods)
}

fn one(text: &str) -> Outcome<Period> {
    Period::parse(text).ok_or_else(|| {
        Failure::usage(
            format!("“{text}”不是期间；写成 2025年、2025年1季 或 2025年3月"),
            format!("`{text}` is no period; write 2025年, 2025年1季 or 2025年3月"),
        )
    })
}

fn range(text: &str, first: Period, last: Period) -> Outcome<Vec<Period>> {
    let count = i64::from(last.ordinal()) - i64::from(first.ordinal()) + 1;
    if first.grain() != last.grain() || count < 1 || count > RANGE as i64 {
        return Err(Failure::usage(
            format!("“{text}”不能用：两头要是同一种期间，先早后晚，最多 {RANGE} 期"),
            format!(
                "`{text}` cannot be used: both ends of one kind, the earlier first, at most {RANGE} periods"
            ),
        ));
    }
    let count = usize::try_from(count).unwrap_or_default();
    Ok(std::iter::successors(Some(first), Period::next).take(count).collect())
}

/// Takes other readings than those of the document.
pub(crate) fn take_readings(
    program: &Program,
    readings: &[(String, String)],
    data: &mut Dataset,
) -> Outcome<()> {
    for (name, alternative) in readings {
        let Some(position) = program.readings.iter().position(|reading| reading.name == *name) else {
            let names: Vec<&str> = program.readings.iter().map(|reading| reading.name.as_str()).collect();
            return Err(Failure::usage(
                format!("制度里没有读法“{name}”；有：{}", names.join("、")),
                format!("the policy has no reading `{name}`; there are: {}", names.join(", ")),
            ));
        };
        let alternatives = &program.readings[position].alternatives;
        let Some(taken) = alternatives.iter().position(|known| known == alternative) else {
            return Err(Failure::usage(
                format!("读法“{name}”没有“{alternative}”；可以取：{}", alternatives.join("、")),
                format!(
                    "the reading `{name}` has no `{alternative}`; there are: {}",
                    alternatives.join(", ")
                ),
            ));
        };
        data.readings.resize(program.readings.len(), None);
        data.readings[position] = u32::try_from(taken).ok();
    }
    Ok(())
}
