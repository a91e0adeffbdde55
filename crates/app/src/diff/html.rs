//! The comparison as one page that needs nothing else.

use super::{Amendment, Amendments, Mark};
use crate::whatif::{Difference, Line, Unit};
use hengjie_quantity::Lang;

/// Lines of people on the page; all of them are in the workbook.
const PEOPLE: usize = 2_000;

const STYLE: &str = "body{font:15px/1.7 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;max-width:980px;margin:32px auto;padding:0 16px;color:#1f2933}\
h1{font-size:22px}h2{font-size:18px;margin-top:32px;border-bottom:1px solid #d0d7de;padding-bottom:4px}\
table{border-collapse:collapse;width:100%;font-size:13px}th,td{border:1px solid #d0d7de;padding:4px 8px;text-align:left;vertical-align:top}th{background:#f3f6f9}\
section{margin:12px 0;padding:8px 12px;border-left:3px solid #1557A6;background:#fafbfc}header{color:#5B6673;font-size:13px}\
p{margin:4px 0;white-space:pre-wrap}del{color:#C62828;background:#fdecea}ins{color:#1B7F4B;background:#e8f5ee;text-decoration:underline}\
@media print{body{margin:0;max-width:none}section{break-inside:avoid}}";

/// The page.
pub(super) fn page(found: &Amendments, lang: Lang) -> String {
    let language = lang.pick("zh-CN", "en");
    let title = escaped(&found.title);
    let heading = lang.pick("修订对照", "Amendments");
    let versions: Vec<String> = found.versions.iter().map(|version| escaped(version)).collect();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title} {heading}</title>\
         <style>{STYLE}</style></head><body>\n<h1>{title} {heading}</h1>\n<p>{} → {}</p>\n",
        versions[0], versions[1]
    );
    if found.amendments.is_empty() {
        page += &format!("<p>{}</p>\n", lang.pick("没有改动。", "Nothing is different."));
    }
    for one in &found.amendments {
        page += &section(one, lang);
    }
    if let Some(effect) = &found.effect {
        page += &effects(effect, lang);
    }
    page + "</body></html>\n"
}

fn section(one: &Amendment, lang: Lang) -> String {
    let pieces: String = one
        .pieces
        .iter()
        .map(|piece| match piece.mark {
            Mark::Same => escaped(&piece.text),
            Mark::Removed => format!("<del>{}</del>", escaped(&piece.text)),
            Mark::Added => format!("<ins>{}</ins>", escaped(&piece.text)),
        })
        .collect();
    let (article, name) = (escaped(&one.article), escaped(&one.name));
    format!(
        "<section><header>{article} {} {name} · {}</header><p>{pieces}</p></section>\n",
        one.what.text(lang),
        one.kind(lang)
    )
}

fn effects(effect: &Difference, lang: Lang) -> String {
    let periods: Vec<String> = effect.periods.iter().map(ToString::to_string).collect();
    let mut text = format!("<h2>{}（{}）</h2>\n", lang.pick("影响", "Effect"), periods.join("、"));
    let head = match lang {
        Lang::Zh => ["项目", "人数", "增", "减", "合计差额", "变动"],
        Lang::En => ["value", "people", "up", "down", "sum of differences", "moves"],
    };
    let rows = effect.effects.iter().map(|effect| effect.cells(usize::MAX, lang));
    text += &table(&head, rows);
    text += &groups(lang.pick("分机构", "By unit"), lang.pick("机构", "unit"), &effect.units, lang);
    text += &groups(lang.pick("分等级", "By grade"), lang.pick("等级", "grade"), &effect.grades, lang);
    let head = match lang {
        Lang::Zh => ["谁", "期间", "项目", "原办法", "新办法", "差额", "先变的"],
        Lang::En => ["who", "period", "value", "old", "new", "difference", "differs first"],
    };
    let outcomes = effect.lines.iter().filter(|line| line.is_outcome);
    let count = outcomes.clone().count();
    let rows = outcomes.take(PEOPLE).map(Line::cells);
    text += &format!("<h2>{}</h2>\n{}", lang.pick("逐人", "By person"), table(&head, rows));
    if count > PEOPLE {
        let more = count - PEOPLE;
        text += &match lang {
            Lang::Zh => format!("<p>还有 {more} 行，见工作簿。</p>\n"),
            Lang::En => format!("<p>{more} more lines are in the workbook.</p>\n"),
        };
    }
    text
}

fn groups(title: &str, name: &str, groups: &[Unit], lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => [name, "增收", "减收", "金额差额（元）", "升级", "降级"],
        Lang::En => [name, "more", "less", "sum (CNY)", "up", "down"],
    };
    let rows = groups.iter().map(|group| {
        let counts = [group.winners, group.losers, group.up, group.down].map(|count| count.to_string());
        let [winners, losers, up, down] = counts;
        vec![group.name.clone(), winners, losers, group.sum.clone(), up, down]
    });
    format!("<h2>{title}</h2>\n{}", table(&head, rows))
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String], tag: &str| {
        let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let body: String = rows.map(|row| line(&row, "td")).collect();
    format!("<table>\n{}{body}</table>\n", line(&head, "th"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
