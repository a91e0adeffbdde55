//! A comparison of two computations on the screen: whatif, diff and compare share it.

use super::report::{SHOWN, more};
use crate::print::Printer;
use hengjie_app::Effect;
use hengjie_app::whatif::{Difference, Unit};
use hengjie_calendar::Period;
use hengjie_quantity::Lang;

/// Kinds of moves between items that one line names.
const MOVES: usize = 4;

/// Values, causes, units, grades and people that differ; `words` name the two computations.
pub(super) fn show(found: &Difference, words: [&str; 2], printer: &Printer) {
    compared((&found.periods, found.compared, found.people), printer);
    if found.effects.is_empty() {
        return;
    }
    effects(&found.effects, printer);
    causes(found, printer);
    groups(&found.units, printer.pick("机构", "unit"), printer);
    groups(&found.grades, printer.pick("等级", "grade"), printer);
    people_lines(found, words, printer);
}

/// How much was compared: periods, results, people who differ.
pub(super) fn compared((periods, results, people): (&[Period], u64, usize), printer: &Printer) {
    let periods = printer.periods(periods);
    let colon = if periods.is_empty() { "" } else { printer.pick("：", ": ") };
    printer.line(match printer.lang {
        Lang::Zh => format!("{periods}{colon}比较了 {results} 个结果，{people} 个对象有变化"),
        Lang::En => format!("{periods}{colon}{results} results compared, {people} subjects differ"),
    });
}

/// What happens to each value.
pub(super) fn effects(effects: &[Effect], printer: &Printer) {
    let head = match printer.lang {
        Lang::Zh => ["项目", "人数", "增", "减", "合计差额", "变动"],
        Lang::En => ["value", "people", "up", "down", "sum of differences", "moves"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for effect in effects.iter().take(SHOWN) {
        rows.push(effect.cells(MOVES, printer.lang));
    }
    printer.table(&rows);
    more(effects.len(), printer);
}

fn causes(found: &Difference, printer: &Printer) {
    let text = |(cause, count): &(String, usize)| format!("{cause}（{count}）");
    let list: Vec<String> = found.causes.iter().take(8).map(text).collect();
    let list = list.join(printer.pick("、", ", "));
    printer.line(format!("{}{list}", printer.pick("先变的：", "what differs first: ")));
}

fn groups(groups: &[Unit], name: &str, printer: &Printer) {
    if !groups.iter().any(|group| !group.name.is_empty()) {
        return;
    }
    let head = match printer.lang {
        Lang::Zh => [name, "增收", "减收", "金额差额（元）", "升级", "降级"],
        Lang::En => [name, "more", "less", "sum (CNY)", "up", "down"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for group in groups.iter().take(SHOWN) {
        rows.push(vec![
            group.name.clone(),
            group.winners.to_string(),
            group.losers.to_string(),
            group.sum.clone(),
            group.up.to_string(),
            group.down.to_string(),
        ]);
    }
    printer.line("");
    printer.table(&rows);
    more(groups.len(), printer);
}

fn people_lines(found: &Difference, [before, after]: [&str; 2], printer: &Printer) {
    let outcomes = found.lines.iter().any(|line| line.is_outcome);
    let lines: Vec<_> = found.lines.iter().filter(|line| line.is_outcome || !outcomes).collect();
    let head = match printer.lang {
        Lang::Zh => ["谁", "期间", "项目", before, after, "差额", "先变的"],
        Lang::En => ["who", "period", "value", before, after, "difference", "differs first"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().take(SHOWN).map(|line| line.cells()));
    printer.line("");
    printer.table(&rows);
    more(lines.len(), printer);
}
