//! The sheet 口径与版本: which document, parameters, readings and files a result comes from.

use super::Request;
use super::compute::Computed;
use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::load::Source;
use crate::parameters::{Line, LineSource, is_of_demonstration, lines, literal_text, name_text, origin_text};
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar::ResultData;
use hengjie_facts::FactStore;
use hengjie_policy::core::{Literal, Program};
use hengjie_quantity::Lang;

/// Label and text of each line.
pub(super) fn notes(
    policy: &Policy,
    request: &Request,
    facts: &Facts,
    cone: &Cone,
    periods: &[Period],
    computed: &Computed,
) -> Vec<(String, String)> {
    let (program, lang) = (&policy.program, request.lang);
    let mut notes = vec![
        (lang.pick("制度", "policy").to_owned(), program.name.clone()),
        (lang.pick("版本", "version").to_owned(), version(program, lang)),
        (lang.pick("制度内容指纹", "content hash").to_owned(), policy.hash.clone()),
        (lang.pick("期间", "periods").to_owned(), period_text(periods, lang)),
    ];
    if let Some((first, last)) = facts.data.horizon {
        notes.push((lang.pick("资料起止", "facts from and to").to_owned(), format!("{first} – {last}")));
    }
    notes.extend(known(&request.source, lang));
    let lines = lines(program, cone, &facts.data);
    let for_show =
        |line: &Line| matches!(&line.source, LineSource::File(entry) if is_of_demonstration(facts, entry));
    if lines.iter().any(for_show) {
        let warning = "用了演示参数：结果只供演示，不能用于发放";
        let (zh, en) =
            (warning, "demonstration parameters were used: for demonstration only, never to be paid");
        notes.push((lang.pick("注意", "attention").to_owned(), lang.pick(zh, en).to_owned()));
    }
    notes.extend(readings(program, facts, lang));
    notes.extend(lines.iter().map(|line| parameter(program, facts, line, lang)));
    let files = facts.data.files.iter().map(|file| (lang.pick("文件", "file").to_owned(), file.clone()));
    notes.extend(files);
    if computed.columns.iter().any(|column| matches!(column.data, ResultData::Number { rounded: true, .. })) {
        let (zh, en) = (
            "条款没有规定舍入的数，显示时四舍五入到 6 位小数；计算用的是精确值",
            "numbers that no article rounds are shown half-up with 6 decimals; computing uses their exact values",
        );
        notes.push((lang.pick("显示", "display").to_owned(), lang.pick(zh, en).to_owned()));
    }
    notes
}

/// Which import of a fact store the facts are as of, with its fingerprint: whoever has it can compute the same again.
fn known(source: &Source, lang: Lang) -> Option<(String, String)> {
    let Source::Store { folder, import } = source else { return None };
    let store = FactStore::open(folder).ok()?;
    let day = store.imports().get(import.checked_sub(1)? as usize).map(|manifest| &manifest.recorded_on)?;
    let fingerprint = store.fingerprint(*import);
    let text = match lang {
        Lang::Zh => format!("按第 {import} 次导入（{day} 得知），指纹 {fingerprint}"),
        Lang::En => format!("as of import {import} (known on {day}), fingerprint {fingerprint}"),
    };
    Some((lang.pick("资料库", "fact store").to_owned(), text))
}

fn version(program: &Program, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{} 起", program.from),
        Lang::En => format!("from {}", program.from),
    }
}

fn period_text(periods: &[Period], lang: Lang) -> String {
    let text = |period: &Period| match lang {
        Lang::Zh => period.to_string(),
        Lang::En => period.en(),
    };
    periods.iter().map(text).collect::<Vec<_>>().join(lang.pick("、", ", "))
}

/// The readings taken, and which of them differ from the document.
fn readings(program: &Program, facts: &Facts, lang: Lang) -> Vec<(String, String)> {
    let reading = |(position, reading): (usize, &hengjie_policy::core::Reading)| {
        let taken = facts.data.readings.get(position).copied().flatten();
        let alternative = |at: u32| reading.alternatives.get(at as usize).map_or("", String::as_str);
        let chosen = alternative(taken.unwrap_or(reading.chosen));
        let cite = cite(program, reading.article);
        let text = match (lang, taken.filter(|taken| *taken != reading.chosen)) {
            (Lang::Zh, None) => {
                format!("{}：{chosen}（{cite}，由 {} 于 {} 定）", reading.title, reading.by, reading.on)
            }
            (Lang::En, None) => {
                format!("{}: {chosen} ({cite}, by {} on {})", reading.title, reading.by, reading.on)
            }
            (Lang::Zh, Some(_)) => {
                format!(
                    "{}：{chosen}（{cite}；本次试算另取，制度取 {}）",
                    reading.title,
                    alternative(reading.chosen)
                )
            }
            (Lang::En, Some(_)) => {
                format!(
                    "{}: {chosen} ({cite}; trial, the policy takes {})",
                    reading.title,
                    alternative(reading.chosen)
                )
            }
        };
        (format!("{} {}", lang.pick("读法", "reading"), reading.name), text)
    };
    program.readings.iter().enumerate().map(reading).collect()
}

/// Name with keys, value and where it comes from.
fn parameter(program: &Program, facts: &Facts, line: &Line, lang: Lang) -> (String, String) {
    let definition = &program.parameters[line.parameter.index()];
    let shown = |literal: &Literal| literal_text(program, facts, literal, &definition.ty, lang);
    let text = match &line.source {
        LineSource::Document(literal) => {
            format!("{}（{}）", shown(literal), cite(program, definition.article))
        }
        LineSource::File(entry) => format!("{}（{}）", shown(&entry.value), origin_text(facts, entry, lang)),
        LineSource::Missing(office) => match lang {
            Lang::Zh => format!("没有给定，须由 {office} 给定"),
            Lang::En => format!("not supplied; {office} must supply it"),
        },
    };
    (format!("{} {}", lang.pick("参数", "parameter"), name_text(program, facts, line, lang)), text)
}
