//! Every diagnostic code of this crate, with a title. A code never changes its meaning.

/// 制度行缺少或重复.
pub const POLICY_LINE: &str = "HJ0300";
/// 没有这个名称.
pub const UNKNOWN_NAME: &str = "HJ0301";
/// 名称重复.
pub const DUPLICATE_NAME: &str = "HJ0302";
/// 名称有两个意思.
pub const AMBIGUOUS_NAME: &str = "HJ0303";
/// 名称吞掉了关键词.
pub const SWALLOWED_KEYWORD: &str = "HJ0304";
/// 几个名目共有的项.
pub const AMBIGUOUS_ITEM: &str = "HJ0305";
/// 没有这个字段、列或属性.
pub const UNKNOWN_MEMBER: &str = "HJ0306";
/// 此处没有本人、其、行或本期.
pub const NOT_HERE: &str = "HJ0307";
/// 别的周期的值.
pub const OTHER_PERIOD: &str = "HJ0308";
/// 逐行的值缺少行.
pub const ROW_NEEDED: &str = "HJ0309";
/// 没有或不止一处这个条款.
pub const UNKNOWN_ARTICLE: &str = "HJ0310";
/// 不认识的单位.
pub const UNKNOWN_UNIT: &str = "HJ0311";
/// 不认识的类型.
pub const UNKNOWN_TYPE: &str = "HJ0312";
/// 调用写法不对.
pub const WRONG_CALL: &str = "HJ0313";
/// 参数的键不对.
pub const KEYED_PARAMETER: &str = "HJ0314";
/// 没有用到.
pub const UNUSED: &str = "HJ0315";
/// 没有这个资料.
pub const UNKNOWN_KIND: &str = "HJ0316";
/// 不能当作值.
pub const NOT_A_VALUE: &str = "HJ0317";
/// 单位不同.
pub const UNIT_MISMATCH: &str = "HJ0401";
/// 类型不同.
pub const TYPE_MISMATCH: &str = "HJ0402";
/// 可能没有值.
pub const MAYBE_NONE: &str = "HJ0403";
/// 加百分数有两种意思.
pub const PERCENT_ADDED: &str = "HJ0404";
/// “分”不是钱.
pub const POINTS_AS_MONEY: &str = "HJ0405";
/// 日期与期间混用.
pub const DATE_AND_PERIOD: &str = "HJ0406";
/// 没有高低之分.
pub const NOT_ORDERED: &str = "HJ0407";
/// 舍入单位不对.
pub const QUANTUM: &str = "HJ0408";
/// 不是常数.
pub const NOT_CONSTANT: &str = "HJ0409";
/// 超出范围.
pub const OUT_OF_RANGE: &str = "HJ0410";
/// 需要集合.
pub const NOT_A_COLLECTION: &str = "HJ0411";
/// 需要数.
pub const NOT_A_NUMBER: &str = "HJ0412";
/// 不同种类的时长.
pub const DURATIONS: &str = "HJ0413";
/// 需要份额.
pub const SHARED_COUNT: &str = "HJ0414";
/// 嵌套太深.
pub const TOO_DEEP: &str = "HJ0420";
/// 一个名称两条规则.
pub const TWO_RULES: &str = "HJ0501";
/// 条件可能同时成立.
pub const OVERLAP: &str = "HJ0502";
/// 例外没有先后.
pub const EXCEPTION_ORDER: &str = "HJ0503";
/// 循环依赖.
pub const CYCLE: &str = "HJ0504";
/// 例外没有一般规则.
pub const NO_GENERAL: &str = "HJ0505";
/// 权重合计不符.
pub const WEIGHTS: &str = "HJ0506";
/// 计入不成立.
pub const CONTRIBUTION: &str = "HJ0507";
/// 对象写法不对.
pub const CONTEXT: &str = "HJ0508";
/// 首期与下期不成对.
pub const STATE: &str = "HJ0509";
/// 读法缺规则.
pub const READING_UNUSED: &str = "HJ0510";
/// 尚未执行.
pub const NOT_RUN: &str = "HJ0511";
/// 超过上限.
pub const LIMIT: &str = "HJ0512";
/// 名额写法不对.
pub const QUOTA: &str = "HJ0513";
/// 排序写法不对.
pub const RANKING: &str = "HJ0514";
/// 分摊写法不对.
pub const SPLIT: &str = "HJ0515";
/// 看不出类型.
pub const UNTYPED: &str = "HJ0516";
/// 上级制度不对.
pub const PARENT: &str = "HJ0517";
/// 修改不成立.
pub const AMENDMENT: &str = "HJ0518";
/// 缺少表格.
pub const NO_TABLE: &str = "HJ0601";
/// 列不对.
pub const TABLE_COLUMN: &str = "HJ0602";
/// 读不懂的单元格.
pub const CELL: &str = "HJ0603";
/// 键重复的行.
pub const DUPLICATE_ROW: &str = "HJ0604";
/// 区间重叠.
pub const INTERVALS_OVERLAP: &str = "HJ0605";
/// 区间有空档.
pub const INTERVALS_GAP: &str = "HJ0606";
/// 合计不符.
pub const TABLE_SUM: &str = "HJ0607";
/// “以下”含不含本数.
pub const BELOW: &str = "HJ0608";
/// 单元格数不对.
pub const ROW_LENGTH: &str = "HJ0609";
/// 单元格单位不对.
pub const CELL_UNIT: &str = "HJ0610";
/// “其余”用不上.
pub const REST_ROW: &str = "HJ0611";
/// 示例里没有这个名称.
pub const EXAMPLE_NAME: &str = "HJ0701";
/// 示例的值不对.
pub const EXAMPLE_VALUE: &str = "HJ0702";
/// 示例缺期间.
pub const EXAMPLE_PERIOD: &str = "HJ0703";
/// 条款不符.
pub const EXAMPLE_BECAUSE: &str = "HJ0704";
/// 示例的行不对.
pub const EXAMPLE_ROW: &str = "HJ0705";
/// “设”在“得”后面.
pub const EXAMPLE_ORDER: &str = "HJ0706";
/// 流程里没有这个名称.
pub const PROCEDURE_NAME: &str = "HJ0801";
/// 流程的值不对.
pub const PROCEDURE_VALUE: &str = "HJ0802";
/// 步骤不对.
pub const PROCEDURE_STEP: &str = "HJ0803";

/// A code and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title {
    /// `HJ` and four digits.
    pub code: &'static str,
    /// Chinese title.
    pub zh: &'static str,
    /// English title.
    pub en: &'static str,
}

/// All codes in order.
pub const CATALOGUE: &[Title] = &[
    Title { code: POLICY_LINE, zh: "制度行缺少或重复", en: "the 制度 line is missing or repeated" },
    Title { code: UNKNOWN_NAME, zh: "没有这个名称", en: "unknown name" },
    Title { code: DUPLICATE_NAME, zh: "名称重复", en: "name declared twice" },
    Title { code: AMBIGUOUS_NAME, zh: "名称有两个意思", en: "name with two meanings" },
    Title { code: SWALLOWED_KEYWORD, zh: "名称吞掉了关键词", en: "name that swallowed a keyword" },
    Title { code: AMBIGUOUS_ITEM, zh: "几个名目共有的项", en: "item shared by several 名目" },
    Title {
        code: UNKNOWN_MEMBER, zh: "没有这个字段、列或属性", en: "unknown field, column or attribute"
    },
    Title {
        code: NOT_HERE, zh: "此处没有本人、其、行或本期", en: "no subject, element, row or period here"
    },
    Title { code: OTHER_PERIOD, zh: "别的周期的值", en: "a value of another grain of period" },
    Title { code: ROW_NEEDED, zh: "逐行的值缺少行", en: "a value per row without its row" },
    Title {
        code: UNKNOWN_ARTICLE, zh: "没有或不止一处这个条款", en: "unknown or repeated article"
    },
    Title { code: UNKNOWN_UNIT, zh: "不认识的单位", en: "unknown unit" },
    Title { code: UNKNOWN_TYPE, zh: "不认识的类型", en: "unknown type" },
    Title { code: WRONG_CALL, zh: "调用写法不对", en: "a call with the wrong arguments" },
    Title { code: KEYED_PARAMETER, zh: "参数的键不对", en: "wrong keys of a parameter" },
    Title { code: UNUSED, zh: "没有用到", en: "declared and never used" },
    Title { code: UNKNOWN_KIND, zh: "没有这个资料", en: "unknown kind" },
    Title { code: NOT_A_VALUE, zh: "不能当作值", en: "not a value" },
    Title { code: UNIT_MISMATCH, zh: "单位不同", en: "different units" },
    Title { code: TYPE_MISMATCH, zh: "类型不同", en: "different types" },
    Title { code: MAYBE_NONE, zh: "可能没有值", en: "there may be no value" },
    Title {
        code: PERCENT_ADDED, zh: "加百分数有两种意思", en: "adding a percentage has two meanings"
    },
    Title { code: POINTS_AS_MONEY, zh: "“分”不是钱", en: "分 is a point, not money" },
    Title { code: DATE_AND_PERIOD, zh: "日期与期间混用", en: "a date meets a period" },
    Title { code: NOT_ORDERED, zh: "没有高低之分", en: "not ordered" },
    Title { code: QUANTUM, zh: "舍入单位不对", en: "wrong rounding quantum" },
    Title { code: NOT_CONSTANT, zh: "不是常数", en: "not a constant" },
    Title { code: OUT_OF_RANGE, zh: "超出范围", en: "out of range" },
    Title { code: NOT_A_COLLECTION, zh: "需要集合", en: "a collection is needed" },
    Title { code: NOT_A_NUMBER, zh: "需要数", en: "a number is needed" },
    Title { code: DURATIONS, zh: "不同种类的时长", en: "durations of different kinds" },
    Title { code: SHARED_COUNT, zh: "需要份额", en: "a share is needed" },
    Title { code: TOO_DEEP, zh: "嵌套太深", en: "nested too deeply" },
    Title { code: TWO_RULES, zh: "一个名称两条规则", en: "two rules for one name" },
    Title { code: OVERLAP, zh: "条件可能同时成立", en: "guards may hold together" },
    Title { code: EXCEPTION_ORDER, zh: "例外没有先后", en: "exceptions without an order" },
    Title { code: CYCLE, zh: "循环依赖", en: "a cycle" },
    Title { code: NO_GENERAL, zh: "例外没有一般规则", en: "an exception without a general rule" },
    Title { code: WEIGHTS, zh: "权重合计不符", en: "weights do not add up" },
    Title { code: CONTRIBUTION, zh: "计入不成立", en: "a contribution that does not fit" },
    Title { code: CONTEXT, zh: "对象写法不对", en: "wrong context" },
    Title { code: STATE, zh: "首期与下期不成对", en: "首期 and 下期 do not form a pair" },
    Title { code: READING_UNUSED, zh: "读法缺规则", en: "a reading without rules for an alternative" },
    Title { code: NOT_RUN, zh: "尚未执行", en: "kept, not yet run" },
    Title { code: LIMIT, zh: "超过上限", en: "over a limit" },
    Title { code: QUOTA, zh: "名额写法不对", en: "a fault of a quota" },
    Title { code: RANKING, zh: "排序写法不对", en: "a fault of a ranking" },
    Title { code: SPLIT, zh: "分摊写法不对", en: "a fault of a split" },
    Title { code: UNTYPED, zh: "看不出类型", en: "a rule whose type cannot be told" },
    Title { code: PARENT, zh: "上级制度不对", en: "the adopted policy is not as wanted" },
    Title { code: AMENDMENT, zh: "修改不成立", en: "an amendment that does not fit" },
    Title { code: NO_TABLE, zh: "缺少表格", en: "the table is missing" },
    Title { code: TABLE_COLUMN, zh: "列不对", en: "wrong column" },
    Title { code: CELL, zh: "读不懂的单元格", en: "unreadable cell" },
    Title { code: DUPLICATE_ROW, zh: "键重复的行", en: "rows with the same key" },
    Title { code: INTERVALS_OVERLAP, zh: "区间重叠", en: "intervals overlap" },
    Title { code: INTERVALS_GAP, zh: "区间有空档", en: "gap between intervals" },
    Title { code: TABLE_SUM, zh: "合计不符", en: "a column does not add up" },
    Title { code: BELOW, zh: "“以下”含不含本数", en: "以下 with or without the border" },
    Title { code: ROW_LENGTH, zh: "单元格数不对", en: "wrong number of cells" },
    Title { code: CELL_UNIT, zh: "单元格单位不对", en: "wrong unit of a cell" },
    Title { code: REST_ROW, zh: "“其余”用不上", en: "a 其余 row that cannot be read" },
    Title { code: EXAMPLE_NAME, zh: "示例里没有这个名称", en: "unknown name in an example" },
    Title { code: EXAMPLE_VALUE, zh: "示例的值不对", en: "wrong value in an example" },
    Title { code: EXAMPLE_PERIOD, zh: "示例缺期间", en: "an example without its period" },
    Title { code: EXAMPLE_BECAUSE, zh: "条款不符", en: "not the article of the value" },
    Title { code: EXAMPLE_ROW, zh: "示例的行不对", en: "wrong row in an example" },
    Title { code: EXAMPLE_ORDER, zh: "“设”在“得”后面", en: "设 behind 得" },
    Title { code: PROCEDURE_NAME, zh: "流程里没有这个名称", en: "unknown name in a procedure" },
    Title { code: PROCEDURE_VALUE, zh: "流程的值不对", en: "wrong value in a procedure" },
    Title { code: PROCEDURE_STEP, zh: "步骤不对", en: "a fault of a step" },
];

/// The title of a code.
#[must_use]
pub fn title(code: &str) -> Option<Title> {
    CATALOGUE.iter().copied().find(|title| title.code == code)
}
