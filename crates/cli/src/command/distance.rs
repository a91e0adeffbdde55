//! `hengjie distance POLICY PERSON [VALUE] --data …`

use super::{names, path, request};
use crate::Ending;
use crate::print::Printer;
use clap::ArgMatches;
use hengjie_app::distance::{Distance, Query, Report, Warnings, distance, warn};
use hengjie_app::document;
use hengjie_quantity::Lang;
use serde_json::json;

pub(super) fn run(matches: &ArgMatches, printer: &Printer) -> Ending {
    let policy = match document::open(path(matches, "policy")) {
        Ok(policy) => policy,
        Err(failure) => return printer.failure(&failure),
    };
    let request = match request(matches, printer) {
        Ok(request) => request,
        Err(ending) => return ending,
    };
    if matches.get_flag("warn") {
        return match warn(&policy, &request) {
            Ok(warnings) => warned(&warnings, printer),
            Err(failure) => printer.failure(&failure),
        };
    }
    let word = |name: &str| matches.get_one::<String>(name).cloned();
    let query = Query {
        person: word("person").unwrap_or_default(),
        value: word("value"),
        row: word("row"),
        to: word("to"),
        change: names(matches, "change"),
    };
    match distance(&policy, &query, &request) {
        Ok(report) => {
            show(&report, printer);
            let waits = report.distances.iter().any(|one| !one.gaps.is_empty() || !one.waits_for.is_empty());
            let ending = if waits { Ending::Waiting } else { Ending::Done };
            let mut record = report.to_json();
            record["ok"] = json!(ending == Ending::Done);
            record["exit"] = json!(ending.code());
            printer.document(&record);
            ending
        }
        Err(failure) => printer.failure(&failure),
    }
}

fn show(report: &Report, printer: &Printer) {
    for (at, one) in report.distances.iter().enumerate() {
        if at > 0 {
            printer.line("");
        }
        heading(report, one, printer);
        if let Some(conditions) = &one.conditions {
            let head = match printer.lang {
                Lang::Zh => ["条件", "要求", "目前", "还差", "状态"],
                Lang::En => ["condition", "wanted", "now", "missing", "state"],
            };
            let mut rows = vec![head.map(str::to_owned).to_vec()];
            rows.extend(conditions.rows(printer.lang).into_iter().map(|row| row.to_vec()));
            printer.table(&rows);
        }
        answers(one, printer);
    }
}

fn heading(report: &Report, one: &Distance, printer: &Printer) {
    let place = match one.period.as_str() {
        "" => String::new(),
        period => format!("{}{period}", printer.pick("，", ", ")),
    };
    let (person, value, now) = (&report.person, &one.value, &one.now);
    printer.line(match (&one.goal, printer.lang) {
        (Some(goal), Lang::Zh) => format!("{person} 的{value}{place}：现在 {now}，目标 {goal}"),
        (Some(goal), Lang::En) => format!("{value} of {person}{place}: now {now}, goal {goal}"),
        (None, Lang::Zh) if !one.gaps.is_empty() => {
            format!("{person} 的{value}{place}：{now}，缺资料，量不出距离")
        }
        (None, Lang::En) if !one.gaps.is_empty() => {
            format!("{value} of {person}{place}: {now}; without these facts nobody can say how far it is")
        }
        (None, Lang::Zh) => format!("{person} 的{value}{place}：{now}，上面没有更高的了"),
        (None, Lang::En) => format!("{value} of {person}{place}: {now}, nothing is above it"),
    });
    for gap in &one.gaps {
        printer.line(format!("  {gap}"));
    }
    if one.is_reached {
        printer.line(printer.pick("已经达到。", "It is there already."));
    }
    if !one.waits_for.is_empty() {
        let list = one.waits_for.join(printer.pick("；", "; "));
        printer.line(match printer.lang {
            Lang::Zh => format!("其他条件都已满足，只等人决定：{list}"),
            Lang::En => format!("All else is met; only people must decide: {list}"),
        });
    }
}

fn answers(one: &Distance, printer: &Printer) {
    if !one.why_not.is_empty() {
        printer.line(&one.why_not);
        return;
    }
    if one.singles.is_empty() && one.pair.is_none() {
        return;
    }
    printer.line("");
    for (at, single) in one.singles.iter().enumerate() {
        let head = match at {
            0 => printer.pick("最小的一项改动", "smallest single change"),
            _ => printer.pick("或者", "or"),
        };
        printer.line(format!("{head}{}{}", printer.pick("：", ": "), single.text(printer.lang)));
    }
    if one.singles.is_empty() {
        printer.line(printer.pick("只改一项达不到。", "No single change is enough."));
    }
    if let Some(pair) = &one.pair {
        let head = printer.pick("最省的两项改动：", "cheapest pair of changes: ");
        printer.line(format!("{head}{}", pair.text(printer.lang)));
    }
    printer.line(match printer.lang {
        Lang::Zh => format!(
            "已验证：每一种改动都带回引擎重新计算过，再少一个单位就达不到（试了 {} 项资料，计算 {} 次；他人的资料不变）。仅供测算，不作承诺。",
            one.tried, one.computed
        ),
        Lang::En => format!(
            "Verified: every change was computed again by the engine, and one unit less is not enough ({} facts, {} computations; the facts of others stand still). An estimate, no promise.",
            one.tried, one.computed
        ),
    });
}

/// Who falls in the next period.
fn warned(warnings: &Warnings, printer: &Printer) -> Ending {
    let (now, next, people) = (&warnings.period, &warnings.next, warnings.people);
    let values = warnings.values.join(printer.pick("、", ", "));
    printer.line(match printer.lang {
        Lang::Zh => format!(
            "资料照{now}不变，{next}的{values}：{people} 个结果中有 {} 个会下降",
            warnings.falls.len()
        ),
        Lang::En => format!(
            "facts as in {now}, {values} of {next}: {} of {people} results fall",
            warnings.falls.len()
        ),
    });
    let head = match printer.lang {
        Lang::Zh => ["谁", "项目", "现在", "下期", "先变的条件"],
        Lang::En => ["who", "value", "now", "next", "what changes first"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for fall in &warnings.falls {
        let causes = fall.causes.join(printer.pick("；", "; "));
        rows.push(vec![fall.person.clone(), fall.value.clone(), fall.now.clone(), fall.then.clone(), causes]);
    }
    if !warnings.falls.is_empty() {
        printer.table(&rows);
    }
    printer.line(printer.pick(
        "每期的数字和记录照本期延用，随日期的字段不变，当日的事件不再发生。",
        "Figures and records of a period are carried forward, dated fields stay, events of a day do not happen again.",
    ));
    let mut record = warnings.to_json();
    record["ok"] = json!(true);
    record["exit"] = json!(0);
    printer.document(&record);
    Ending::Done
}
