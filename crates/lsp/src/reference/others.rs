//! Types, units, built-in names, and the four ways of having no value.

use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, Pair, TYPES};

/// A unit that can be written behind a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnitDoc {
    pub(crate) word: &'static str,
    /// English spelling; the same where there is none.
    pub(crate) english: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

const fn unit(word: &'static str, english: &'static str, zh: &'static str, en: &'static str) -> UnitDoc {
    UnitDoc { word, english, zh, en }
}

/// Units behind a number; counter words of the document come on top.
pub(crate) const UNITS: &[UnitDoc] = &[
    unit("元", "yuan", "人民币", "yuan"),
    unit("万元", "万元", "一万元", "ten thousand yuan"),
    unit("亿元", "亿元", "一亿元", "a hundred million yuan"),
    unit("美元", "美元", "美元", "US dollars"),
    unit("万美元", "万美元", "一万美元", "ten thousand US dollars"),
    unit("%", "%", "百分之一", "per cent"),
    unit("个百分点", "pp", "同 %", "percentage points, the same as %"),
    unit("分", "points", "得分", "points"),
    unit("人", "人", "人数", "people"),
    unit("户", "户", "户数", "customers"),
    unit("笔", "笔", "笔数", "deals"),
    unit("次", "次", "次数", "times"),
    unit("项", "项", "项数", "items"),
    unit("级", "级", "升降几级", "grades up or down"),
    unit("档", "档", "档次", "steps of a ladder"),
    unit("年", "years", "时长", "years"),
    unit("个月", "months", "时长", "months"),
    unit("周", "weeks", "时长", "weeks"),
    unit("天", "days", "时长", "days"),
    unit("个工作日", "workdays", "时长", "working days"),
    unit("小时", "hours", "时长", "hours"),
    unit("分钟", "minutes", "时长", "minutes"),
    unit("岁", "years_old", "年龄", "years of age"),
    unit(
        "元/户",
        "元/户",
        "每户多少元；别的单位也可以这样除",
        "yuan per customer; other units can be divided in the same way",
    ),
];

/// What a type means, by its Chinese spelling.
pub(crate) const TYPE_DOCS: &[(&str, &str, &str)] = &[
    ("金额", "一笔钱，以元计；金额(美元) 是美元", "money in yuan; 金额(美元) is in US dollars"),
    ("比例", "没有单位的数，写成 5%", "a plain number, written 5%"),
    ("分", "得分", "points"),
    ("计数", "个数，写明量词：计数(户)", "a count with its counter word: 计数(户)"),
    ("数", "没有单位的数", "a plain number"),
    ("是否", "是或否", "yes or no"),
    ("文字", "文字", "text"),
    ("编号", "编号，开头的零保留", "a code; leading zeros stay"),
    ("日期", "一天", "a day"),
    ("期间", "期间(每月)：一个月", "a period, such as 期间(每月)"),
    ("年", "时长", "a duration in years"),
    ("个月", "时长", "a duration in months"),
    ("周", "时长", "a duration in weeks"),
    ("天", "时长", "a duration in days"),
    ("工作日", "时长", "a duration in working days"),
    ("小时", "时长", "a duration in hours"),
    ("分钟", "时长", "a duration in minutes"),
    ("岁", "年龄", "years of age"),
];

/// What a type means; the word may have either spelling.
pub(crate) fn type_meaning(word: &str, lang: Lang) -> Option<&'static str> {
    let (zh, _) = keywords::find(TYPES, word)?;
    TYPE_DOCS.iter().find(|(name, ..)| *name == zh).map(|(_, zh, en)| lang.pick(*zh, *en))
}

/// What a built-in name means, by its Chinese spelling.
pub(crate) const VALUE_DOCS: &[(&str, &str, &str)] = &[
    ("是", "成立", "yes"),
    ("否", "不成立", "no"),
    ("无", "没有值：本来就没有", "no value: there is no such thing"),
    ("免", "不考核：跳过", "not assessed: skipped"),
    ("待补", "缺资料或参数（只写在示例里）", "a fact or parameter is missing (in examples only)"),
    ("其", "集合中的每一项", "the element of a collection"),
    ("本人", "规则所说的这个人", "the person the rule is about"),
    ("本项", "规则所说的这个对象", "the subject the rule is about"),
    ("行", "逐 的当前一行", "the current row of a rule with 逐"),
    ("全体", "所有的人合在一起", "the population as a whole"),
    ("是否", "人定(谁, 是否)：由人定成立不成立", "in 人定(WHO, 是否): somebody decides yes or no"),
    ("日期", "每日 的记录的日期", "the day of a dated record"),
    (
        "本期",
        "规则所在的一期；.始 .末 .天数",
        "the period of the rule; .始 .末 .天数 are its first day, last day and length",
    ),
    ("本日", "本期末所在的日", "the day of the end of this period"),
    ("本周", "本期末所在的周", "the week of the end of this period"),
    ("本月", "本期末所在的月", "the month of the end of this period"),
    ("本季", "本期末所在的季", "the quarter of the end of this period"),
    ("本半年", "本期末所在的半年", "the half year of the end of this period"),
    ("本年", "本期末所在的年", "the year of the end of this period"),
    ("上月", "本月的前一个月", "the month before"),
    ("上季", "本季的前一个季", "the quarter before"),
    ("上年", "本年的前一年", "the year before"),
    ("历期", "从本期往回的各期，含本期", "the periods from this one back"),
    ("往期", "从上期往回的各期", "the periods from the one before back"),
    ("期初", "本期的第一天", "the first day of this period"),
    ("次月初", "下月的第一天", "the first day of the next month"),
    ("次季初", "下季的第一天", "the first day of the next quarter"),
    ("次年初", "明年的第一天", "the first day of the next year"),
    ("各日", "本期的各日", "the days of this period"),
    ("各周", "本期的各周", "the weeks of this period"),
    ("各月", "本期的各月", "the months of this period"),
    ("各季", "本期的各季", "the quarters of this period"),
    ("各半年", "本期的各半年", "the half years of this period"),
    ("各年", "本期的各年", "the years of this period"),
];

/// What a built-in name means, by its Chinese spelling.
pub(crate) fn value_meaning(name: &str, lang: Lang) -> Option<&'static str> {
    VALUE_DOCS.iter().find(|(found, ..)| *found == name).map(|(_, zh, en)| lang.pick(*zh, *en))
}

/// The four ways of having no value: word, meaning, what happens; each in Chinese and English.
pub(crate) const STATES: &[(&str, Pair, Pair)] = &[
    (
        "无",
        (
            "本来就没有：除数为零、空集合的平均、范围之外的人",
            "there is no such thing: a division by zero, the mean of nothing, somebody outside the scope",
        ),
        ("检查时就要求用 无则 说明取什么", "the checker asks for 无则 to say what counts then"),
    ),
    (
        "免",
        ("不考核：表格里的 —", "not assessed: — in a table"),
        ("跳过；比较的结果也是免", "skipped; a comparison with it is 免 too"),
    ),
    (
        "待补",
        ("缺资料或参数", "a fact or parameter is missing"),
        (
            "传到结果，列入缺口；缺则 说明没有时取什么",
            "travels to the result and is listed as a gap; 缺则 says what counts meanwhile",
        ),
    ),
    (
        "待定",
        ("等人决定", "somebody must decide"),
        ("传到结果，列入待定", "travels to the result and is listed as open"),
    ),
];
