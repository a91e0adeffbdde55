//! Words that several messages share: citations, ranges, types.

use hengjie_calendar::Grain;
use hengjie_evaluate::dataset::Dataset;
use hengjie_evaluate::format::{format_plain, format_value};
use hengjie_evaluate::value::Value;
use hengjie_facts::Bilingual;
use hengjie_policy::core::{ArticleId, AttributeId, Program, TableId, Type};
use hengjie_quantity::{Lang, Rational, Unit, format_quantity};

/// Citations in document order: `第五条、第六条`.
pub(crate) fn cites<'a>(program: &Program, articles: impl IntoIterator<Item = &'a ArticleId>) -> String {
    let cites: Vec<&str> = articles.into_iter().map(|article| cite(program, *article)).collect();
    cites.join("、")
}

/// The citation of an article; the title of the document for text before the first heading.
pub(crate) fn cite(program: &Program, article: ArticleId) -> &str {
    match program.articles.get(article.index()) {
        Some(article) if !article.cite.is_empty() => &article.cite,
        _ => &program.name,
    }
}

/// `0分 至 100分`
pub(crate) fn range_text(low: &Rational, high: &Rational, unit: &Unit) -> Bilingual {
    let text = |value: &Rational, lang| match unit.is_none() {
        true => format_plain(value),
        false => format_quantity(value, unit, lang),
    };
    Bilingual::new(
        format!("{} 至 {}", text(low, Lang::Zh), text(high, Lang::Zh)),
        format!("{} to {}", text(low, Lang::En), text(high, Lang::En)),
    )
}

/// What a type is, in words: `金额（元）`, `名目「等级」`.
pub(crate) fn type_text(program: &Program, ty: &Type) -> Bilingual {
    match ty {
        Type::Number(unit) if unit.is_none() => {
            Bilingual::new("数（可以写成百分数）", "number (may be a percentage)")
        }
        Type::Number(unit) => Bilingual::new(format!("数（{unit}）"), format!("number ({})", unit.en())),
        Type::Bool => Bilingual::new("是或否", "yes or no"),
        Type::Text => Bilingual::new("文字", "text"),
        Type::Date => Bilingual::new("日期", "date"),
        Type::Period(grain) => {
            Bilingual::new(format!("期间（{}）", grain.noun_zh()), format!("period ({})", grain.noun_en()))
        }
        Type::Enum(of) => {
            let of = &program.enums[of.index()];
            Bilingual::new(
                format!("{}（{}）", of.name, items(&of.items, "、")),
                format!("{} ({})", of.name, items(&of.items, ", ")),
            )
        }
        Type::Object(kind) => {
            let name = &program.kinds[kind.index()].name;
            Bilingual::new(format!("「{name}」的编号"), format!("key of “{name}”"))
        }
        Type::Row(_) | Type::Collection(_) => Bilingual::new("行", "rows"),
    }
}

/// The first items of a list.
fn items(items: &[String], separator: &str) -> String {
    const SHOWN: usize = 12;
    let mut text = items.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(separator);
    if items.len() > SHOWN {
        text.push('…');
    }
    text
}

/// `人员（每年）`, `全体`.
pub(crate) fn context_text(program: &Program, attribute: AttributeId) -> String {
    let context = &program.attributes[attribute.index()].context;
    let kind = context.kind.map_or("全体", |kind| program.kinds[kind.index()].name.as_str());
    match context.grain {
        Some(grain) => format!("{kind}（{}）", grain.zh()),
        None => kind.to_owned(),
    }
}

/// The grains in words: `每年、每月`.
pub(crate) fn grains_text(grains: &[Grain], lang: Lang) -> String {
    let words: Vec<&str> = grains.iter().map(|grain| lang.pick(grain.zh(), grain.en())).collect();
    words.join(lang.pick("、", ", "))
}

/// The key cells of every row of a table, as decisions and results name the rows.
pub(crate) fn row_labels(program: &Program, data: &Dataset, table: TableId) -> Vec<String> {
    let rows = u32::try_from(program.tables[table.index()].rows.len()).unwrap_or(u32::MAX);
    let label = |row| format_value(program, data, &Value::Row(table, row), &Type::Row(table), Lang::Zh);
    (0..rows).map(label).collect()
}
