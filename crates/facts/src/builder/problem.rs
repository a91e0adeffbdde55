//! What can be wrong with one cell, in words.

use crate::fault::Fault;
use crate::spec::{ColumnKind, ColumnSpec, unit_hint};
use hengjie_quantity::{Lang, Unit};

/// How many items a message lists.
const LISTED: usize = 12;
/// How many characters of a cell a message shows.
const SHOWN: usize = 40;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    NotNumber,
    /// The unit that is written.
    WrongUnit(String),
    /// What stands where a unit should be.
    UnknownUnit(String),
    TooManyDigits,
    Scientific,
    ExcelError,
    NotBool,
    NotDate,
    NotPeriod,
    NotItem,
    /// The codes that are known.
    UnknownCode(Vec<String>),
    /// The most characters allowed.
    TooLong(usize),
    Invisible(char),
    Empty,
    NoneNotAllowed,
    KeyDigitsLost,
    NotKey,
}

impl Problem {
    /// The fault, without column and row.
    pub(crate) fn fault(&self, spec: &ColumnSpec, value: &str) -> Fault {
        let shown = shorten(value);
        let fault = match self {
            Self::NotNumber
            | Self::WrongUnit(_)
            | Self::UnknownUnit(_)
            | Self::TooManyDigits
            | Self::Scientific => self.number_fault(spec, &shown),
            Self::KeyDigitsLost | Self::NotKey | Self::Invisible(_) => self.key_fault(&shown),
            Self::NotItem | Self::UnknownCode(_) => self.item_fault(spec, &shown),
            _ => self.plain_fault(spec, &shown),
        };
        if value.is_empty() { fault } else { fault.value(shown) }
    }

    fn number_fault(&self, spec: &ColumnSpec, shown: &str) -> Fault {
        let unit = match &spec.kind {
            ColumnKind::Number { unit } => unit.clone(),
            _ => Unit::none(),
        };
        let (unit_zh, unit_en) = (unit.to_string(), unit.en());
        let (hint_zh, hint_en) = (unit_hint(&unit, Lang::Zh), unit_hint(&unit, Lang::En));
        match self {
            Self::WrongUnit(found) => Fault::error(
                "HJ1202",
                format!("「{shown}」的单位是「{found}」，这一列要的是「{unit_zh}」"),
                format!("the unit of “{shown}” is “{found}”, but this column counts “{unit_en}”"),
            )
            .help(
                format!("换算成{hint_zh}，或改正单位"),
                format!(
                    "convert it to “{unit_en}” or correct the unit; the unit may also stand in the heading"
                ),
            ),
            Self::UnknownUnit(found) => Fault::error(
                "HJ1202",
                format!("「{shown}」里的「{found}」不是单位，这一列要的是「{unit_zh}」"),
                format!("“{found}” in “{shown}” is not a unit; this column counts “{unit_en}”"),
            )
            .help(format!("只写数字，或带上{hint_zh}"), format!("write the number alone or with {hint_en}")),
            Self::TooManyDigits => Fault::error(
                "HJ1204",
                "这一列的数大小相差太远，合在一起超过 38 位",
                "the numbers of this column differ so much in size that together they exceed 38 digits",
            )
            .help("检查是否多写了位数或小数", "check for too many digits or decimals"),
            Self::Scientific => Fault::error(
                "HJ1207",
                format!("「{shown}」是缩写的数，原来的位数可能已经丢失"),
                format!("“{shown}” is an abbreviated number; digits may be lost"),
            )
            .help(
                "在 Excel 里把这一列设成数值格式后重新另存，或直接交 Excel 文件",
                "set the column to a number format in Excel and save again, or hand in the Excel file itself",
            ),
            _ => Fault::error("HJ1201", format!("「{shown}」不是数"), format!("“{shown}” is not a number"))
                .help(
                    format!("写数字，例如 {}", number_example(&unit_zh)),
                    format!("write a number, for example {}", number_example(&unit_zh)),
                ),
        }
    }

    fn key_fault(&self, shown: &str) -> Fault {
        match self {
            Self::KeyDigitsLost => Fault::error(
                "HJ1221",
                format!("编号「{shown}」被 Excel 当成数字，超过 15 位的部分已经丢失"),
                format!("Excel took the key “{shown}” for a number; digits beyond 15 are lost"),
            )
            .help(
                "把这一列设成文本格式，再从原系统重新填入",
                "set the column to the text format and fill it again from the source",
            ),
            Self::Invisible(character) => Fault::error(
                "HJ1218",
                format!("「{}」里有看不见的字符（U+{:04X}）", visible(shown), u32::from(*character)),
                format!(
                    "“{}” has a character that cannot be seen (U+{:04X})",
                    visible(shown),
                    u32::from(*character)
                ),
            )
            .help("删掉它，重新输入", "delete it and type the cell again"),
            _ => {
                Fault::error("HJ1222", format!("「{shown}」不能作编号"), format!("“{shown}” cannot be a key"))
                    .help("编号写成文本", "write keys as text")
            }
        }
    }

    fn item_fault(&self, spec: &ColumnSpec, shown: &str) -> Fault {
        match self {
            Self::UnknownCode(codes) => Fault::error(
                "HJ1215",
                format!("代码「{shown}」没有对应"),
                format!("the code “{shown}” has no meaning in the mapping"),
            )
            .help(
                format!("对应文件里有：{}", listed(codes, "、")),
                format!("the mapping knows: {}", listed(codes, ", ")),
            ),
            _ => {
                let items = match &spec.kind {
                    ColumnKind::Choice(items) => items.as_slice(),
                    _ => &[],
                };
                Fault::error(
                    "HJ1214",
                    format!("「{shown}」不是可选的项"),
                    format!("“{shown}” is not one of the items"),
                )
                .help(
                    format!("可选：{}", listed(items, "、")),
                    format!("the items are: {}", listed(items, ", ")),
                )
            }
        }
    }

    fn plain_fault(&self, spec: &ColumnSpec, shown: &str) -> Fault {
        match self {
            Self::NotBool => Fault::error(
                "HJ1211",
                format!("「{shown}」不是是或否"),
                format!("“{shown}” is neither yes nor no"),
            )
            .help("写 是 或 否", "write 是 or 否 (yes or no)"),
            Self::NotDate => {
                Fault::error("HJ1212", format!("「{shown}」不是日期"), format!("“{shown}” is not a date"))
                    .help(
                        "写成 2025-03-01，从 1900 年到 2200 年",
                        "write it like 2025-03-01, from 1900 to 2200",
                    )
            }
            Self::NotPeriod => period_fault(spec, shown),
            Self::ExcelError => Fault::error(
                "HJ1205",
                format!("单元格是 Excel 的出错值 {shown}"),
                format!("the cell holds the Excel error {shown}"),
            )
            .help("改正公式，或填入数值", "correct the formula or type the value"),
            Self::TooLong(limit) => Fault::error(
                "HJ1216",
                format!("文字超过 {limit} 字"),
                format!("the text is longer than {limit} characters"),
            )
            .help("缩短它", "shorten it"),
            Self::NoneNotAllowed => none_fault(spec, shown),
            _ => Fault::error("HJ1219", "这一格不能空", "this cell must not be empty").help(
                format!("填上{}", spec.kind.describe(Lang::Zh)),
                format!("fill in the {}", spec.kind.describe(Lang::En)),
            ),
        }
    }
}

/// 无 where the document does not say what then happens.
fn none_fault(spec: &ColumnSpec, shown: &str) -> Fault {
    let fault = Fault::error(
        "HJ1220",
        format!("这一列不能写「{shown}」"),
        format!("this column cannot be “{shown}”"),
    );
    let (zh, en) = (spec.kind.describe(Lang::Zh), spec.kind.describe(Lang::En));
    if spec.needs_all() {
        return fault.help(format!("填上{zh}"), format!("fill in the {en}"));
    }
    fault.help(
        format!("填上{zh}；还不知道就留空。本来就可以没有的，制度里要用“有(…)”或“无则”说明没有时怎么办"),
        format!(
            "fill in the {en}, or leave the cell empty while it is unknown; where there may be none, the policy must say with 有(…) or 无则 what then"
        ),
    )
}

fn period_fault(spec: &ColumnSpec, shown: &str) -> Fault {
    use hengjie_calendar::Grain;
    let grain = match &spec.kind {
        ColumnKind::Period(grain) => *grain,
        _ => None,
    };
    let example = match grain {
        Some(Grain::Day) => "2025-03-01",
        Some(Grain::Week) => "2025年第9周",
        Some(Grain::Month) => "2025年3月",
        Some(Grain::Quarter) => "2025年1季",
        Some(Grain::HalfYear) => "2025年上半年",
        Some(Grain::Year) | None => "2025年",
    };
    let (zh, en) = match grain {
        Some(grain) => (
            format!("「{shown}」不是一个{}", grain.noun_zh()),
            format!("“{shown}” is not a {}", grain.noun_en()),
        ),
        None => (format!("「{shown}」不是期间"), format!("“{shown}” is not a period")),
    };
    Fault::error("HJ1213", zh, en).help(format!("写成 {example}"), format!("write it like {example}"))
}

/// A cell of a message: long ones are cut.
fn shorten(value: &str) -> String {
    if value.chars().count() <= SHOWN {
        return value.to_owned();
    }
    value.chars().take(SHOWN).chain(['…']).collect()
}

/// Text with a mark in place of what cannot be seen.
fn visible(text: &str) -> String {
    let mark = |character: char| {
        if crate::cell::invisible(&character.to_string()).is_some() { '□' } else { character }
    };
    text.chars().map(mark).collect()
}

fn listed(items: &[String], separator: &str) -> String {
    let mut text = items.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(separator);
    if items.len() > LISTED {
        text.push_str(separator);
        text.push('…');
    }
    text
}

/// A number with a unit that a cell of the column may hold.
fn number_example(unit: &str) -> String {
    match unit {
        "比例" | "" => "12.5%".to_owned(),
        unit => format!("1,234.50{unit}"),
    }
}
