//! Seats that miss the shares or the headcount.

use crate::finding::{Check, Finding, Severity};
use crate::interpret::{Interpreter, Path};
use crate::{Context, words};
use hengjie_policy::core::{Attribute, Body, Expr, Quota, QuotaForm, QuotaLine};
use hengjie_quantity::Rational;
use hengjie_syntax::Message;

/// Headcounts that are tried for roundings.
const HEADCOUNTS: std::ops::RangeInclusive<i32> = 1..=60;

pub(crate) fn look<'a>(context: &Context<'a>, interpreter: &mut Interpreter<'a>) -> Vec<Finding> {
    let mut found = Vec::new();
    for attribute in &context.program.attributes {
        let Body::Quota(quota) = &attribute.body else { continue };
        match &quota.form {
            QuotaForm::Lines(lines) => of_lines(context, interpreter, attribute, quota, lines, &mut found),
            QuotaForm::Each { shares, .. } => {
                of_shares(context, interpreter, attribute, quota, shares, &mut found)
            }
        }
    }
    found
}

/// The only value of a share.
fn constant<'a>(interpreter: &mut Interpreter<'a>, expr: &'a Expr) -> Option<Rational> {
    interpreter.eval(expr, &Path::default()).number?.single().cloned()
}

fn item(context: &Context<'_>, quota: &Quota, item: u32) -> String {
    context.program.enums[quota.of.index()].items.get(item as usize).cloned().unwrap_or_default()
}

/// 各档: the shares are 100 % together.
fn of_shares<'a>(
    context: &Context<'a>,
    interpreter: &mut Interpreter<'a>,
    attribute: &Attribute,
    quota: &Quota,
    shares: &'a [(u32, Expr)],
    found: &mut Vec<Finding>,
) {
    // One supplied value per grade: each share alone.
    let values: Option<Vec<(u32, Rational)>> = shares
        .iter()
        .map(|(item, share)| {
            context.share_of(share).or_else(|| constant(interpreter, share)).map(|value| (*item, value))
        })
        .collect();
    let Some(values) = values else { return };
    let sum = values.iter().fold(Rational::ZERO, |sum, (_, value)| &sum + value);
    if sum == Rational::ONE {
        return;
    }
    let list = values
        .iter()
        .map(|(grade, value)| format!("{} {}", item(context, quota, *grade), words::percent(value)))
        .collect::<Vec<_>>();
    let total = words::percent(&sum);
    found.push(
        Finding::proved(
            Check::Quota,
            Severity::Error,
            (attribute.article, attribute.span),
            format!("名额“{}”各档合计 {total}，不是 100%：{}", attribute.name, list.join("、")),
            format!(
                "the shares of quota `{}` add up to {total}, not 100%: {}",
                attribute.name,
                list.join(", ")
            ),
        )
        .help("把各档比例改成合计 100%", "make the shares 100% together"),
    );
}

fn of_lines<'a>(
    context: &Context<'a>,
    interpreter: &mut Interpreter<'a>,
    attribute: &Attribute,
    quota: &Quota,
    lines: &'a [QuotaLine],
    found: &mut Vec<Finding>,
) {
    let shares: Option<Vec<(&QuotaLine, Rational)>> = lines
        .iter()
        .map(|line| {
            let value = context.share_of(&line.take).or_else(|| constant(interpreter, &line.take))?;
            line.is_share.then_some((line, value))
        })
        .collect();
    let Some(shares) = shares else { return };
    let sum = shares.iter().fold(Rational::ZERO, |sum, (_, value)| &sum + value);
    let list: Vec<String> = shares
        .iter()
        .map(|(line, value)| format!("{} {}", item(context, quota, line.item), words::percent(value)))
        .collect();
    let (list_zh, list_en, total) = (list.join("、"), list.join(", "), words::percent(&sum));
    let name = &attribute.name;
    let place = (attribute.article, attribute.span);
    if sum > Rational::ONE {
        found.push(
            Finding::proved(
                Check::Quota,
                Severity::Error,
                place,
                format!("名额“{name}”各行合计 {total}，超过 100%：{list_zh}"),
                format!("the lines of quota `{name}` add up to {total}, more than 100%: {list_en}"),
            )
            .help("把比例改成合计不超过 100%", "make the shares at most 100% together"),
        );
        return;
    }
    match quota.rest {
        Some(rest) if sum == Rational::ONE => {
            let rest = item(context, quota, rest);
            let people = Rational::from(20);
            let seats: Vec<String> = seats(&shares, &people)
                .iter()
                .map(|(line, seats)| format!("{} {seats}", item(context, quota, line.item)))
                .collect();
            let (seats_zh, seats_en) = (seats.join("、"), seats.join(", "));
            found.push(
                Finding::proved(
                    Check::Quota,
                    Severity::Warning,
                    place,
                    format!("名额“{name}”各行合计已是 100%（{list_zh}），没有给“{rest}”留名额：20 人时 {seats_zh}，名额给完了"),
                    format!("the lines of quota `{name}` are 100% already ({list_en}); nothing is left for `{rest}`: of 20 people {seats_en}, and no seat remains"),
                )
                .help(
                    "写明比例按哪些人计算；有意如此的，在条文下写 > 体检：名额；理由",
                    "say of which people the shares are taken; if it is meant so, write > 体检：名额；reason",
                ),
            );
        }
        Some(_) => {}
        None if sum < Rational::ONE && lines.len() > 1 => {
            let people = Rational::from(100);
            let seats: Rational =
                seats(&shares, &people).iter().fold(Rational::ZERO, |sum, (_, seats)| &sum + seats);
            found.push(
                Finding::proved(
                    Check::Quota,
                    Severity::Error,
                    place,
                    format!("名额“{name}”各行合计只有 {total}（{list_zh}），也没有“其余”：100 人里有 {} 人没有等级", &people - &seats),
                    format!("the lines of quota `{name}` add up to {total} only ({list_en}) and there is no 其余: {} of 100 people get nothing", &people - &seats),
                )
                .help("补上比例，或加一行 其余", "complete the shares or add a line 其余"),
            );
        }
        None if lines.len() > 1 => rounding_loses(context, attribute, quota, &shares, found),
        None => {}
    }
}

/// The seats of every line for a headcount, filled one after the other.
fn seats<'l>(shares: &[(&'l QuotaLine, Rational)], people: &Rational) -> Vec<(&'l QuotaLine, Rational)> {
    let mut left = people.clone();
    let mut all = Vec::new();
    for (line, share) in shares {
        let wanted = (share * people).round_to(&Rational::ONE, line.rounding).unwrap_or(Rational::ZERO);
        let taken = if wanted < left { wanted } else { left.clone() };
        left = &left - &taken;
        all.push((*line, taken));
    }
    all
}

/// 100 % in all, but the roundings leave somebody without a seat.
fn rounding_loses(
    context: &Context<'_>,
    attribute: &Attribute,
    quota: &Quota,
    shares: &[(&QuotaLine, Rational)],
    found: &mut Vec<Finding>,
) {
    for people in HEADCOUNTS {
        let people = Rational::from(people);
        let seats = seats(shares, &people);
        let given = seats.iter().fold(Rational::ZERO, |sum, (_, seats)| &sum + seats);
        if given == people {
            continue;
        }
        let list: Vec<String> = seats
            .iter()
            .map(|(line, seats)| format!("{} {seats}", item(context, quota, line.item)))
            .collect();
        let left = &people - &given;
        let shown = Message::new(
            format!("{people} 人：{}，共 {given} 人", list.join("、")),
            format!("{people} people: {}, {given} in all", list.join(", ")),
        );
        found.push(
            Finding::proved(
                Check::Quota,
                Severity::Error,
                (attribute.article, attribute.span),
                format!("名额“{}”取整以后对不上人数：{}，{left} 人没有等级", attribute.name, shown.zh),
                format!(
                    "the roundings of quota `{}` miss the headcount: {}; {left} get nothing",
                    attribute.name, shown.en
                ),
            )
            .help("改用 各档 … 最大余额法，或加一行 其余", "use 各档 … 最大余额法, or add a line 其余"),
        );
        return;
    }
}
