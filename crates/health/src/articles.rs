//! Articles, readings, parameters and examples as a whole.

use crate::Context;
use crate::finding::{Check, Finding, Severity};
use hengjie_evaluate::example::run_examples;
use hengjie_policy::core::{ArticleId, ExprKind, Literal, Parameter, ParameterId, ParameterValue, Type};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;

pub(crate) fn look(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    examples(context, &mut found);
    prose(context, &mut found);
    readings(context, &mut found);
    parameters(context, &mut found);
    found
}

/// Articles with rules and no example; examples that fail.
fn examples(context: &Context<'_>, found: &mut Vec<Finding>) {
    let with_examples = hengjie_policy::articles_with_examples(context.program);
    for (article, attributes) in hengjie_policy::articles_with_rules(context.program) {
        if with_examples.contains_key(&article) {
            continue;
        }
        let heading = &context.program.articles[article.index()].heading;
        let names: Vec<&str> = attributes
            .iter()
            .take(3)
            .map(|id| context.program.attributes[id.index()].name.as_str())
            .collect();
        found.push(
            Finding::proved(
                Check::NoExample,
                Severity::Warning,
                (article, context.program.articles[article.index()].span),
                format!("“{heading}”有规则（{} 等），没有示例", names.join("、")),
                format!("`{heading}` has rules ({} …) and no example", names.join(", ")),
            )
            .help("写一个示例，把界限上的数算给人看", "write an example with numbers at the limits"),
        );
    }
    let reports = [run_examples(context.program, Lang::Zh), run_examples(context.program, Lang::En)];
    for (zh, en) in reports[0].expectations.iter().zip(&reports[1].expectations).filter(|(zh, _)| !zh.passed)
    {
        found.push(
            Finding::proved(
                Check::Example,
                Severity::Error,
                (zh.article, zh.span),
                format!("示例不符：{} 应为 {}，算出 {}", zh.text, zh.expected, zh.actual),
                format!("an example fails: {} should be {}, is {}", en.text, en.expected, en.actual),
            )
            .help("改规则或改示例", "change the rule or the example"),
        );
    }
}

/// Articles whose text has amounts, and no statement at all.
fn prose(context: &Context<'_>, found: &mut Vec<Finding>) {
    let with_statements = context.articles_with_statements();
    for (position, article) in context.program.articles.iter().enumerate() {
        let id = ArticleId(u32::try_from(position).unwrap_or(0));
        if article.level == 0 || article.level == 1 || with_statements.contains(&id) {
            continue;
        }
        let Some(amount) = first_amount(&article.prose) else { continue };
        found.push(
            Finding::proved(
                Check::NoRuleHere,
                Severity::Note,
                (id, article.span),
                format!("“{}”的文字里有数（{amount}），没有规则", article.heading),
                format!("the text of `{}` has numbers ({amount}) and no rule", article.heading),
            )
            .help("要执行的写成规则；只作说明的不必改", "write a rule if it is meant to be applied"),
        );
    }
}

/// The first number with a unit of money, points, people or a percentage: `不低于 1,000 万元` gives `1,000 万元`.
fn first_amount(text: &str) -> Option<String> {
    const UNITS: [&str; 14] = [
        "万元",
        "亿元",
        "元",
        "分",
        "%",
        "％",
        "户",
        "笔",
        "人次",
        "个百分点",
        "万美元",
        "points",
        "yuan",
        "倍",
    ];
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut at = 0;
    while at < characters.len() {
        if !characters[at].1.is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = characters[at].0;
        while at < characters.len()
            && (characters[at].1.is_ascii_digit() || matches!(characters[at].1, '.' | ',' | ' '))
        {
            at += 1;
        }
        let end = characters.get(at).map_or(text.len(), |(place, _)| *place);
        let before = text[..start].chars().next_back();
        let rest = &text[end..];
        // `第 3 分项`, `5 分行`, `2 分钟` are no scores.
        let not_a_score =
            ["分行", "分钟", "分局", "分公司", "分管", "分项"].iter().any(|word| rest.starts_with(word));
        let named = before.is_some_and(|c| c.is_ascii_alphabetic() || c == '第' || c == '-');
        if let Some(unit) = UNITS.iter().find(|unit| rest.starts_with(**unit))
            && !not_a_score
            && !named
        {
            return Some(format!("{}{unit}", &text[start..end]));
        }
    }
    None
}

/// Readings without a decision or without its reason.
fn readings(context: &Context<'_>, found: &mut Vec<Finding>) {
    const OPEN: [&str; 6] = ["未定", "待议", "待决", "待明确", "open", "undecided"];
    for reading in &context.program.readings {
        let chosen = reading.alternatives.get(reading.chosen as usize).map_or("", String::as_str);
        let name = &reading.name;
        let undecided = OPEN.contains(&chosen) || OPEN.contains(&reading.by.as_str());
        let place = (reading.article, reading.span);
        if undecided {
            found.push(
                Finding::proved(
                    Check::Reading,
                    Severity::Error,
                    place,
                    format!(
                        "读法“{name}”（{}）还没有定：{}",
                        reading.title,
                        reading.alternatives.join(" | ")
                    ),
                    format!(
                        "the reading `{name}` ({}) is not decided: {}",
                        reading.title,
                        reading.alternatives.join(" | ")
                    ),
                )
                .help(
                    "由有权解释的机构选定一种，写上日期和依据",
                    "let the office in charge choose one, with day and reason",
                ),
            );
        } else if reading.because.is_none() {
            found.push(
                Finding::proved(
                    Check::Reading,
                    Severity::Warning,
                    place,
                    format!("读法“{name}”取了“{chosen}”，没有写依据"),
                    format!("the reading `{name}` takes `{chosen}` without a reason"),
                )
                .help("写上 据 “…”", "write because “…”"),
            );
        }
    }
}

/// Required parameters without a value.
fn parameters(context: &Context<'_>, found: &mut Vec<Finding>) {
    let any_supplied = !context.supplied.is_empty();
    for (position, parameter) in context.program.parameters.iter().enumerate() {
        let ParameterValue::Required(office) = &parameter.value else { continue };
        let id = ParameterId(u32::try_from(position).unwrap_or(0));
        let missing = missing_keys(context, id, parameter);
        let Some(missing) = missing else { continue };
        let name = &parameter.name;
        let of_quota = context.is_share_of_a_quota(id);
        let severity = if any_supplied || of_quota { Severity::Warning } else { Severity::Note };
        let keys = if missing.is_empty() { String::new() } else { format!("（{}）", missing.join("、")) };
        let (zh, en) = match of_quota {
            true => ("，名额算不出来", "; no seat can be given"),
            false => ("", ""),
        };
        found.push(
            Finding::proved(
                Check::Parameter,
                severity,
                (parameter.article, parameter.span),
                format!("参数“{name}”{keys}条文没有给值{zh}，由{office}给定"),
                format!("the text gives no value for the parameter `{name}`{keys}{en}; {office} supplies it"),
            )
            .help(
                "在参数文件里给值，再用 --params 一起体检",
                "supply it in a parameter file and check again with --params",
            ),
        );
    }
}

/// The items without a value; `None` when nothing is missing. Free keys count as supplied with any value.
fn missing_keys(context: &Context<'_>, id: ParameterId, parameter: &Parameter) -> Option<Vec<String>> {
    let supplied: Vec<&Vec<Literal>> =
        context.supplied.iter().filter(|value| value.parameter == id).map(|value| &value.keys).collect();
    if supplied.is_empty() {
        return Some(Vec::new());
    }
    let [Type::Enum(of)] = parameter.keys.as_slice() else { return None };
    let given: BTreeSet<u32> = supplied
        .iter()
        .filter_map(|keys| match keys.as_slice() {
            [Literal::Enum(_, item)] => Some(*item),
            _ => None,
        })
        .collect();
    let items = &context.program.enums[of.index()].items;
    let asked = asked_items(context, id);
    let missing: Vec<String> = (0_u32..)
        .zip(items)
        .filter(|(item, _)| !given.contains(item) && asked.as_ref().is_none_or(|asked| asked.contains(item)))
        .map(|(_, name)| name.clone())
        .collect();
    (!missing.is_empty()).then_some(missing)
}

/// The items that rules ask a parameter for; `None` when any may be asked for.
fn asked_items(context: &Context<'_>, id: ParameterId) -> Option<BTreeSet<u32>> {
    fn read(expr: &hengjie_policy::core::Expr, id: ParameterId, asked: &mut Option<BTreeSet<u32>>) {
        if let ExprKind::Parameter(own, keys) = &expr.kind
            && *own == id
        {
            match (keys.as_slice(), asked.as_mut()) {
                (
                    [
                        hengjie_policy::core::Expr {
                            kind: ExprKind::Literal(Literal::Enum(_, item)), ..
                        },
                    ],
                    Some(asked),
                ) => {
                    asked.insert(*item);
                }
                _ => *asked = None,
            }
        }
        hengjie_policy::walk::children(expr, &mut |part| read(part, id, asked));
    }
    let mut asked = Some(BTreeSet::new());
    for attribute in &context.program.attributes {
        crate::probe::each_expr(attribute, &mut |expr| read(expr, id, &mut asked));
    }
    asked
}

impl Context<'_> {
    /// Does a quota take its shares from this parameter?
    fn is_share_of_a_quota(&self, id: ParameterId) -> bool {
        use hengjie_policy::core::{Body, QuotaForm};
        let is = |expr: &hengjie_policy::core::Expr| matches!(&expr.kind, ExprKind::Parameter(own, _) if *own == id);
        self.program.attributes.iter().any(|attribute| match &attribute.body {
            Body::Quota(quota) => match &quota.form {
                QuotaForm::Lines(lines) => lines.iter().any(|line| is(&line.take)),
                QuotaForm::Each { shares, .. } => shares.iter().any(|(_, share)| is(share)),
            },
            _ => false,
        })
    }
}
