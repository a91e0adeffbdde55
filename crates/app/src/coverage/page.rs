//! Coverage as a page: a table of the schemes, then a table of the rules of each.

use super::{Coverage, Place, SourceRule, Treatment};
use hengjie_quantity::Lang;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The page in Markdown. `folder` holds the documents and `page` is where the page will lie: links lead from one to the other.
#[must_use]
pub fn markdown(coverage: &Coverage, folder: &Path, page: &Path, lang: Lang) -> String {
    let base = way(page.parent().unwrap_or(Path::new("")), folder);
    let mut text = head(lang).to_owned();
    let schemes = schemes(coverage);
    let mut heading = vec![lang.pick("方案", "scheme").to_owned()];
    heading.extend(Treatment::ALL.map(|treatment| treatment.word(lang).to_owned()));
    heading.push(lang.pick("合计", "total").to_owned());
    heading.push(lang.pick("用到的规则", "rules used").to_owned());
    heading.push(lang.pick("断言", "expectations").to_owned());
    let mut rows = vec![heading];
    for (scheme, rules) in &schemes {
        rows.push(totals(scheme, rules));
    }
    let all: Vec<&SourceRule> = coverage.rules.iter().collect();
    rows.push(totals(lang.pick("全部", "all"), &all));
    text += &table(&rows);
    for (scheme, rules) in &schemes {
        text += &format!("\n## {scheme}\n\n{}", section(rules, &base, lang));
    }
    text
}

fn head(lang: Lang) -> &'static str {
    lang.pick(
        "# 覆盖 · 原文的每条规则在哪里\n\n\
         原文的规则都有编号（`policies/rules.csv`），制度的条款在标题下引用编号。这一页由 `hengjie coverage` 从引用生成，\
         不手写：**计算**是有规则并且有示例用到，**办理**是有表单、任务、流程、时限、检查或机构，**声明**是别的规则要用的范围、\
         名目、参数或表，**文字**是只有文字，写着理由。\n\n",
        "# Coverage · where each rule of the sources is\n\n\
         The rules of the sources have numbers (`policies/rules.csv`), which the articles cite below their headings. This page \
         is generated from the citations by `hengjie coverage`: **computed** means that a rule computes it and an example uses \
         the rule, **procedure** that there is a form, duty, workflow, clock, check or body, **declared** that it is a scope, \
         names, parameters or a table that other rules build on, **text** that there is only text, with the reason. The \
         documents are in Chinese.\n\n",
    )
}

/// The schemes in the order of the list.
fn schemes(coverage: &Coverage) -> Vec<(&str, Vec<&SourceRule>)> {
    let mut schemes: Vec<(&str, Vec<&SourceRule>)> = Vec::new();
    for rule in &coverage.rules {
        match schemes.iter_mut().find(|(scheme, _)| *scheme == rule.scheme()) {
            Some((_, rules)) => rules.push(rule),
            None => schemes.push((rule.scheme(), vec![rule])),
        }
    }
    schemes
}

fn totals(name: &str, rules: &[&SourceRule]) -> Vec<String> {
    // An article that cites several numbers counts once.
    let mut seen = BTreeSet::new();
    let (mut used, mut expectations) = (0, 0);
    for rule in rules {
        for (place, own) in rule.evidence.places.iter().zip(&rule.evidence.parts) {
            if seen.insert((&place.file, &place.heading)) {
                used += own.0;
                expectations += own.1;
            }
        }
    }
    let mut row = vec![name.to_owned()];
    row.extend(Coverage::counts(rules.iter().copied()).map(|count| count.to_string()));
    row.extend([rules.len().to_string(), used.to_string(), expectations.to_string()]);
    row
}

fn section(rules: &[&SourceRule], base: &str, lang: Lang) -> String {
    let heading = match lang {
        Lang::Zh => ["规则", "办法", "条款", "规则（用到/全部）", "断言", "办理", "说明"],
        Lang::En => {
            ["rule", "treatment", "articles", "rules (used/all)", "expectations", "procedures", "note"]
        }
    };
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for rule in rules {
        let evidence = &rule.evidence;
        let places: Vec<String> = evidence.places.iter().map(|place| link(place, base)).collect();
        let count = |number: usize| if number == 0 { String::new() } else { number.to_string() };
        let used = match evidence.rules {
            0 => String::new(),
            all => format!("{}/{all}", evidence.used),
        };
        rows.push(vec![
            rule.number.clone(),
            rule.treatment.word(lang).to_owned(),
            places.join("<br>"),
            used,
            count(evidence.expectations),
            count(evidence.procedures),
            rule.fault().map_or_else(
                || rule.reason.text(lang).to_owned(),
                |fault| format!("**{}**", fault.text(lang)),
            ),
        ]);
    }
    table(&rows)
}

fn link(place: &Place, base: &str) -> String {
    format!("[{}]({base}{})", place.heading.replace('|', "\\|"), place.file)
}

fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (position, row) in rows.iter().enumerate() {
        text += &format!("| {} |\n", row.join(" | "));
        if position == 0 {
            text += &format!("|{}\n", "---|".repeat(row.len()));
        }
    }
    text
}

/// The way from one folder to another, with a `/` at its end.
fn way(from: &Path, to: &Path) -> String {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (from, to) = (plain(&whole(from)), plain(&whole(to)));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = "../".repeat(from.len() - shared);
    let down: PathBuf = to[shared..].iter().collect();
    format!("{up}{}/", down.display())
}

/// The folders of a path, without `.` and `..`.
fn plain(path: &Path) -> Vec<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()),
            other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_the_page_to_the_documents() {
        assert_eq!(way(Path::new("/a/docs/zh"), Path::new("/a/policies")), "../../policies/");
        assert_eq!(way(Path::new("/a"), Path::new("/a/./b/../policies")), "policies/");
    }
}
