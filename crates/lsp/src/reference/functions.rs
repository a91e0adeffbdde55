//! The built-in functions: arguments, result, meaning.

use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, FUNCTIONS};

/// A function.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    /// Chinese spelling.
    pub(crate) name: &'static str,
    /// Arguments and what may follow, in Chinese and English.
    pub(crate) arguments: (&'static str, &'static str),
    pub(crate) gives_zh: &'static str,
    pub(crate) gives_en: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

impl Function {
    /// `合计(集合, 值)`
    pub(crate) fn signature(&self, lang: Lang) -> String {
        let name = keywords::translate(FUNCTIONS, self.name, lang).unwrap_or(self.name);
        format!("{name}{}", lang.pick(self.arguments.0, self.arguments.1))
    }
}

/// A function by its Chinese spelling.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    DOCS.iter().find(|found| found.name == name)
}

const fn of(
    name: &'static str,
    arguments: (&'static str, &'static str),
    gives: (&'static str, &'static str),
    meaning: (&'static str, &'static str),
) -> Function {
    Function { name, arguments, gives_zh: gives.0, gives_en: gives.1, zh: meaning.0, en: meaning.1 }
}

const COLLECTION_VALUE: (&str, &str) = ("(集合 [其中 条件], 值)", "(COLLECTION [where CONDITION], VALUE)");
const ROUNDED: (&str, &str) = ("(数, 0.01元)", "(NUMBER, 0.01元)");
const SAME_UNIT: (&str, &str) = ("单位和“数”相同", "the unit of NUMBER");
const OPTIONAL_UNIT: (&str, &str) =
    ("单位和“值”相同；空集合是无", "the unit of VALUE; none for an empty collection");
const PERIODS: (&str, &str) = ("集合（期间）", "collection of periods");
const WITHIN: (&str, &str) = ("(期间)", "(PERIOD)");

/// Every function, in the order of the table of keywords.
pub(crate) const DOCS: &[Function] = &[
    of(
        "合计",
        COLLECTION_VALUE,
        ("单位和“值”相同；空集合是 0", "the unit of VALUE; 0 for an empty collection"),
        ("各项的值相加", "the sum of the values"),
    ),
    of(
        "计数",
        ("(集合 [其中 条件])", "(COLLECTION [where CONDITION])"),
        ("计数，单位是量词", "a count in the counter word"),
        ("有几项", "how many there are"),
    ),
    of(
        "平均",
        COLLECTION_VALUE,
        OPTIONAL_UNIT,
        ("平均；没有值（无）的项跳过", "the mean; elements without a value are skipped"),
    ),
    of(
        "加权平均",
        ("(集合, 值, 权重)", "(COLLECTION, VALUE, WEIGHT)"),
        OPTIONAL_UNIT,
        (
            "按权重平均；没有值的跳过，其余权重重新分摊",
            "the weighted mean; elements without a value are skipped and the other weights re-normalised",
        ),
    ),
    of("最大", COLLECTION_VALUE, OPTIONAL_UNIT, ("集合中的最大值", "the largest value")),
    of("最小", COLLECTION_VALUE, OPTIONAL_UNIT, ("集合中的最小值", "the smallest value")),
    of(
        "中位数",
        COLLECTION_VALUE,
        OPTIONAL_UNIT,
        ("中间的值，偶数个取两个的平均", "the middle value; the mean of two for an even number"),
    ),
    of(
        "存在",
        ("(集合 其中 条件)", "(COLLECTION where CONDITION)"),
        ("是否；空集合是否", "yes/no; no for an empty collection"),
        ("有没有这样的项", "is there such an element"),
    ),
    of(
        "每个",
        ("(集合, 条件)", "(COLLECTION, CONDITION)"),
        ("是否；空集合是是", "yes/no; yes for an empty collection"),
        ("是不是每一项都成立", "does it hold for every element"),
    ),
    of(
        "首个",
        ("(集合 [其中 条件])", "(COLLECTION [where CONDITION])"),
        ("集合的一项；没有就是无", "an element; none when there is none"),
        ("第一个这样的项", "the first such element"),
    ),
    of("末个", COLLECTION_VALUE, OPTIONAL_UNIT, ("最后一项的值", "the value of the last element")),
    of(
        "第",
        ("(2, 集合[, 值])", "(2, COLLECTION[, VALUE])"),
        ("一项或它的值；没有就是无", "an element or its value; none when there is none"),
        ("第几项", "the element at a position"),
    ),
    of("前", ("(3, 集合)", "(3, COLLECTION)"), ("集合", "a collection"), ("前几项", "the first elements")),
    of(
        "连续",
        ("(历期, 条件)", "(COLLECTION, CONDITION)"),
        ("计数", "a count"),
        ("从头起连续成立的个数", "how many hold in a row from the first on"),
    ),
    of(
        "限于",
        ("(数, 下限 至 上限)", "(NUMBER, LOW to HIGH)"),
        SAME_UNIT,
        ("封顶保底", "no less than LOW, no more than HIGH"),
    ),
    of(
        "最大值",
        ("(数, 数, …)", "(NUMBER, NUMBER, …)"),
        SAME_UNIT,
        ("几个数中最大的；免 的跳过", "the largest of several; what is 免 is skipped"),
    ),
    of(
        "最小值",
        ("(数, 数, …)", "(NUMBER, NUMBER, …)"),
        SAME_UNIT,
        ("几个数中最小的；免 的跳过", "the smallest of several; what is 免 is skipped"),
    ),
    of(
        "四舍五入",
        ROUNDED,
        SAME_UNIT,
        ("舍入到后一个数的倍数，一半时远离零", "to a multiple, halves away from zero"),
    ),
    of("向下", ROUNDED, SAME_UNIT, ("往小的方向舍入到倍数", "to a multiple, downwards")),
    of("向上", ROUNDED, SAME_UNIT, ("往大的方向舍入到倍数", "to a multiple, upwards")),
    of("向零", ROUNDED, SAME_UNIT, ("往零的方向舍入到倍数", "to a multiple, towards zero")),
    of("银行家", ROUNDED, SAME_UNIT, ("四舍六入五成双", "to a multiple, halves to the even one")),
    of("绝对值", ("(数)", "(NUMBER)"), SAME_UNIT, ("去掉负号", "without its sign")),
    of(
        "满年",
        ("(日期, 日期)", "(DATE, DATE)"),
        ("时长（年）", "a duration in years"),
        ("满几年", "complete years between two days"),
    ),
    of(
        "满月",
        ("(日期, 日期)", "(DATE, DATE)"),
        ("时长（个月）", "a duration in months"),
        ("满几个月", "complete months between two days"),
    ),
    of(
        "周岁",
        ("(出生日期, 日期)", "(BIRTHDAY, DATE)"),
        ("岁", "years of age"),
        ("周岁年龄", "age in complete years"),
    ),
    of("年份", ("(日期)", "(DATE)"), ("数", "a plain number"), ("哪一年", "the year of a day")),
    of("有", ("(值)", "(VALUE)"), ("是否", "yes/no"), ("有没有值（不是无）", "is there a value (not 无)")),
    of("数", ("(数)", "(NUMBER)"), ("数，没有单位", "a plain number"), ("去掉单位", "without its unit")),
    of(
        "至少",
        ("(2项, 条件, 条件, …)", "(2项, CONDITION, CONDITION, …)"),
        ("是否", "yes/no"),
        ("至少几项成立；免 的一项不算在内", "do at least so many hold; what is 免 does not count"),
    ),
    of("折算", ("(数)", "(NUMBER)"), ("—", "—"), ("还不能用", "not available yet")),
    of(
        "查表",
        ("(表, 键, …).列", "(TABLE, KEY, …).COLUMN"),
        ("列的类型；没有这一行是无", "the type of the column; none without such a row"),
        ("取表的一行", "a row of a table"),
    ),
    of(
        "累进",
        ("(表, 数)[.列]", "(TABLE, NUMBER)[.COLUMN]"),
        ("数的单位乘列的单位", "unit of NUMBER times unit of the column"),
        ("各段分别乘自己的率再相加", "each slice at its own rate, added up"),
    ),
    of(
        "插值",
        ("(表, 数)[.列]", "(TABLE, NUMBER)[.COLUMN]"),
        ("列的类型；表外是无", "the type of the column; none outside the table"),
        ("相邻两行之间按直线取值", "on the straight line between two rows"),
    ),
    of(
        "档位",
        ("(等级, 2档)", "(GRADE, 2档)"),
        ("阶梯的一项；没有就是无", "an item of a ladder; none outside"),
        ("阶梯的一项", "the step of a grade"),
    ),
    of(
        "升",
        ("(项, 1级)", "(ITEM, 1级)"),
        ("名目的项；到头是无", "an item; none above the top"),
        ("升几级", "so many items higher"),
    ),
    of(
        "降",
        ("(项, 1级)", "(ITEM, 1级)"),
        ("名目的项；到底是无", "an item; none below the bottom"),
        ("降几级", "so many items lower"),
    ),
    of(
        "人定",
        ("(谁, 下限 至 上限)", "(WHO, LOW to HIGH)"),
        ("范围的类型；没有决定时是待定", "the type of the range; 待定 until decided"),
        ("由人在范围内决定；也可写 人定(谁, 是否)", "somebody decides within a range; or WHO, yes_no"),
    ),
    of(
        "任职者",
        ("(岗位)", "(POST)"),
        ("集合", "a collection"),
        ("担任这个岗位的人", "the people who hold a post"),
    ),
    of(
        "上溯",
        ("(上级)", "(PARENT)"),
        ("集合", "a collection"),
        ("上级、上级的上级……由近到远，不含自己", "those above, nearest first, without the subject"),
    ),
    of(
        "下属",
        ("(上级)", "(PARENT)"),
        ("集合", "a collection"),
        ("以下各级的全部，不含自己", "all below, without the subject"),
    ),
    of(
        "上期",
        ("(值)", "(VALUE)"),
        ("和“值”相同；第一期以前是无", "the type of VALUE; none before the first period"),
        ("上一期的值", "the value of the period before"),
    ),
    of(
        "于",
        ("(期间, 值)", "(PERIOD, VALUE)"),
        ("和“值”相同；第一期以前是无", "the type of VALUE; none before the first period"),
        ("另一期的值", "the value in another period"),
    ),
    of(
        "近",
        ("(3, 各月)", "(3, each_month)"),
        PERIODS,
        ("最近几期，含本期，由近到远", "the newest periods with this one, newest first"),
    ),
    of(
        "期间",
        ("(每年, 日期)", "(yearly, DATE)"),
        ("期间", "a period"),
        ("日期所在的期间", "the period that holds a day"),
    ),
    of("各日", WITHIN, PERIODS, ("期间里的各日", "the days of a period")),
    of("各周", WITHIN, PERIODS, ("期间里的各周", "the weeks of a period")),
    of("各月", WITHIN, PERIODS, ("期间里的各月", "the months of a period")),
    of("各季", WITHIN, PERIODS, ("期间里的各季", "the quarters of a period")),
    of("各半年", WITHIN, PERIODS, ("期间里的各半年", "the half years of a period")),
    of("各年", WITHIN, PERIODS, ("期间里的各年", "the years of a period")),
];
