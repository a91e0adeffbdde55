//! Statements and their lines: how each is written and what it means.
//!
//! Words of the language stand in braces and are spelled in either language; the others are placeholders.

use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, FUNCTIONS, Keyword, TYPES, VALUES};

/// A statement or line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Construct {
    /// Its first word, or the word that makes it.
    pub(crate) word: Keyword,
    /// How it is written.
    pub(crate) forms: &'static [&'static str],
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
}

const fn of(word: Keyword, forms: &'static [&'static str], zh: &'static str, en: &'static str) -> Construct {
    Construct { word, forms, zh, en }
}

/// Statements of a 规则 fence, in the order of the printed reference.
pub(crate) const STATEMENTS: &[Construct] = &[
    of(
        Keyword::Policy,
        &["{制度} 名称 {版本} 日期 {起}"],
        "制度的名称和生效日；一份文件只有一行",
        "name and first day of the policy; one line in a document",
    ),
    of(
        Keyword::Scope,
        &["{适用} 资料 [{其中} 条件]"],
        "适用于谁：限定这种资料的集合和所有对它的规则",
        "whom the policy is about: limits the kind and all rules about it",
    ),
    of(
        Keyword::Adopt,
        &["{沿用} 名称 {版本} 日期 [{指纹} “…”]"],
        "沿用一份制度的全部条款；版本、指纹不符就拒绝",
        "adopts all articles of another document; refused when version or hash differ",
    ),
    of(
        Keyword::Amend,
        &["{修改} 条款"],
        "这一条代替所沿用制度的那一条",
        "this article stands for one of the adopted document",
    ),
    of(
        Keyword::Repeal,
        &["{废止} 条款"],
        "去掉所沿用制度的一条",
        "removes an article of the adopted document",
    ),
    of(
        Keyword::WorkCalendar,
        &["{工历} 名称"],
        "用哪一种工作日历（读入，还不执行）",
        "which calendar of working days (read, not yet run)",
    ),
    of(
        Keyword::Enumeration,
        &["{名目} 名称: 项 > 项 > 项", "{名目} 名称: 项, 项, 项", "{名目} 名称: 名目 {逐} 3档"],
        "一组固定的取值：> 有高低，逗号没有，逐 是等级乘档次的阶梯",
        "a fixed set of items: ordered with >, unordered with commas, a ladder of grades and steps with 逐",
    ),
    of(
        Keyword::Kind,
        &[
            "{资料} 名称 [{量词} 词] [{每年}] [{树} 字段]",
            "字段[, 字段]: 类型 [下限 {至} 上限] [{每年} | {随日期}] [{反称} 名称] [{主键}]",
        ],
        "一类对象或记录和它的字段",
        "a kind of subject or record with its fields",
    ),
    of(
        Keyword::Form,
        &["{表单} 名称 {对} 资料 {每季} [{反称} 名称]"],
        "一种要人填的表；每张是一条记录",
        "a form that people fill; each one is a record",
    ),
    of(
        Keyword::Parameter,
        &["{参数} 名称: 类型 [{按} 名目] = 值", "{参数} 名称: 类型 [{按} 名目] {待定} {由} 谁"],
        "条文给出的数，或条文没有给出、由谁给定的数",
        "a number that the text gives, or one that somebody must supply",
    ),
    of(
        Keyword::Reading,
        &["{读法} 代号 问题: 取法 | 取法 {取} 取法 {由} 谁 {于} 日期 [{据} “理由”]"],
        "条文可以有几种理解：各种、取哪一种、谁定的、哪天、依据",
        "a contested passage: its alternatives, the one taken, by whom, when and why",
    ),
    of(
        Keyword::Table,
        &["{表} 名称 {键} 列[, 列] [{横} 列 {值} 列] [{合计} 列 100% [{按组} 列]]"],
        "紧跟在后面的 Markdown 表格是一张可以查的表",
        "the Markdown table right below is a table to look up in",
    ),
    of(
        Keyword::Formula,
        &["{公式} 名称(参数: 类型) = 式子"],
        "起名的式子，抄到用它的地方",
        "a named expression, expanded where it is used",
    ),
    of(
        Keyword::Total,
        &["{汇总} 名称 [{权重合计} 100%] [{最高} 数] [{最低} 数] [{四舍五入} {到} 0.01分] [{入账}]"],
        "各条款往里计入的总数",
        "a sum that rules of all articles add to",
    ),
    of(
        Keyword::For,
        &["{对} 资料 [{其中} 条件] [{逐} 集合 [{为} 名称]] {每年}", "{对} {全体} {每年}"],
        "下面每行给每个对象每期一个值",
        "each line below gives every subject a value in every period",
    ),
    of(
        Keyword::Ranking,
        &["{排序} 名称 {对} 资料 [{其中} 条件] {每年} [{按组} 值]"],
        "给每个人一个名次",
        "a rank for everybody",
    ),
    of(Keyword::Quota, &["{名额} 名称 {依} 排序"], "按名次取名额", "seats filled along a ranking"),
    of(
        Keyword::Split,
        &[
            "{分摊} 名称 {将} 数 {给} 集合 {比重} 值 {四舍五入} {到} 0.01元 {余数} {归} 值 {从高到低}",
            "{分摊} 名称 {将} 数 {给} 集合 {依次} 值 {从早到晚} [{上限} 值] {向下} {到} 0.01元 {余数} {归} 值 {从高到低}",
        ],
        "一笔数分给几个对象，各份加起来一分不差",
        "an amount shared out so that the parts add up exactly",
    ),
    of(
        Keyword::Duty,
        &["{任务} 名称 {由} 谁 {每季} {结束} {后} 5个工作日 {交} 表单 [{给} 谁] [{逾期} {记} 资料]"],
        "谁、何时、交什么（读入，还不执行）",
        "who delivers what by when (read, not yet run)",
    ),
    of(
        Keyword::Workflow,
        &["{流程} 名称 {对} 资料 {每年} {起于} 日期"],
        "步骤、角色、期限、结果（读入，还不执行）",
        "steps, roles, deadlines, outcomes (read, not yet run)",
    ),
    of(
        Keyword::Clock,
        &["{时限} 名称 {对} 资料 {自} 值 {至} 值 {不超过} 24小时 [{全天候} | {工时}]"],
        "两件事之间不超过多久（读入，还不执行）",
        "how long may pass between two events (read, not yet run)",
    ),
    of(
        Keyword::Check,
        &[
            "{检查} 名称 {对} 资料 {每年}: 条件 {否则} {拒绝}",
            "{检查} 名称 {对} 资料: 条件 {否则} {列入} 名单",
            "{检查} 名称 {对} 资料: 条件 {否则} {提示} “文字”",
        ],
        "资料应满足的条件（读入，还不执行）",
        "a condition facts must meet (read, not yet run)",
    ),
    of(
        Keyword::Body,
        &["{机构} 名称 {人数} ≥ 5人 {主席} 谁 [{必有} 谁[, 谁]]"],
        "评审机构的组成（读入，还不执行）",
        "a committee (read, not yet run)",
    ),
];

/// Lines below a statement.
pub(crate) const ITEMS: &[Construct] = &[
    of(
        Keyword::When,
        &["名称 = 式子 [{当} 条件] [{反称} 名称] [{计入} 汇总 [{权重} 60%]]"],
        "一条规则；几条同名的规则各带 当，条件不能同时成立",
        "a rule; several rules of one name each need a condition, and the conditions exclude each other",
    ),
    of(
        Keyword::Exception,
        &["{例外} 名称 = 式子 {当} 条件 [{优先于} 条款]"],
        "条件成立时压过一般规则",
        "beats the general rule when its condition holds",
    ),
    of(
        Keyword::Initial,
        &["{首期} 名称 = 式子"],
        "进入适用范围的第一期的值",
        "the value of the first period",
    ),
    of(Keyword::Next, &["{下期} 名称 = 式子"], "用本期的情况算出下一期的值", "the value of the next period"),
    of(Keyword::First, &["{先} 值 {从高到低} [{无者居后}]"], "排序先比什么", "what a ranking sorts by first"),
    of(
        Keyword::ThenBy,
        &["{再} 值 {从低到高} [{无者居后}]"],
        "相同时再比什么",
        "what decides between equals",
    ),
    of(
        Keyword::Ties,
        &["{并列} {同名次}", "{并列} {紧排}"],
        "并列的名次：1、2、2、4 或 1、2、2、3",
        "ranks of equals: 1, 2, 2, 4 or 1, 2, 2, 3",
    ),
    of(
        Keyword::Take,
        &[
            "项 {取} [{末}] 20% {向下} [{限} 条件] [{跨线} {全进}] [{递补} 项]",
            "项 {取} 2人 {跨线} {人定} 谁",
        ],
        "名额的一行：取多少、另有什么条件、并列压线怎么办、没有取满的给谁",
        "a line of a quota: how many, on what further condition, what a tie at the border does, who gets unfilled seats",
    ),
    of(
        Keyword::EachGrade,
        &["{各档} 参数 {最大余额法}"],
        "各档的名额按一个参数的比例分，加起来正好是总数",
        "seats of all grades by the shares of a parameter",
    ),
    of(
        Keyword::Tied,
        &["{跨线} {全进}", "{跨线} {全不取}", "{跨线} {人定} 谁"],
        "并列跨过名额线时：全进、全不取、由谁定",
        "a tie at the border: all in, none in, or somebody decides",
    ),
    of(Keyword::Rest, &["{其余} 项"], "没有取得名额的是哪一项", "what the others get"),
    of(Keyword::Fill, &["{填} 集合 {每季}"], "表单应当由谁填", "who is expected to fill a form"),
    of(
        Keyword::Columns,
        &["{栏目} {满分} 100分"],
        "表单的各栏；下面的表格写各栏的满分",
        "the columns of a form with points; the table below has the maximum of each",
    ),
    of(Keyword::Sign, &["{签} 谁[, 谁]"], "谁签字（读入，还不执行）", "who signs (read, not yet run)"),
    of(
        Keyword::Step,
        &["{步} 名称 {由} 谁 [{限} 10个工作日 {自} 日期] [{结果} 甲 | 乙]"],
        "流程的一步（读入，还不执行）",
        "a step of a workflow (read, not yet run)",
    ),
    of(
        Keyword::Finish,
        &["{终} 步 [{记} 值 = 值]"],
        "流程的终点（读入，还不执行）",
        "an end of a workflow (read, not yet run)",
    ),
    of(
        Keyword::Meeting,
        &["{议事} {到会} ≥ 值 {通过} 规则"],
        "到会和通过的人数（读入，还不执行）",
        "quorum and majority (read, not yet run)",
    ),
];

/// Statements of a 示例 fence.
pub(crate) const EXAMPLES: &[Construct] = &[
    of(
        Keyword::Given,
        &[
            "{设} 资料 谁 [{评} 谁] [{于} 期间]: 字段 = 值, 规则 = 值",
            "{设} 资料 [{于} 期间]",
            "{设} 参数 名称[(键)] = 值",
            "{设} 读法 代号 = 取法",
            "{设} 人定 规则[(行)] 谁 [{于} 期间] = 值",
        ],
        "给出数据、假定的结果、参数、读法或人的决定；第二种后面跟一张表格",
        "gives facts, assumed results, parameters, readings or decisions; the second form has a table below",
    ),
    of(
        Keyword::Expect,
        &["{得} 谁.规则[(行)] [{于} 期间] = 值 [{因} 条款]", "{得} [{于} 期间]"],
        "应得的结果和应当依据的条款；第二种后面跟一张表格",
        "what must come out, and by which article; the second form has a table below",
    ),
];

/// Expressions.
pub(crate) const EXPRESSIONS: &[Construct] = &[
    of(
        Keyword::If,
        &["{如} 条件 {则} 值 {如} 条件 {则} 值 {否则} 值"],
        "从上往下取第一个成立的；否则 必有",
        "the first condition that holds counts; 否则 is required",
    ),
    of(Keyword::And, &["条件 {且} 条件"], "都成立；免 的一项跳过", "both hold; what is 免 is skipped"),
    of(
        Keyword::Or,
        &["条件 {或} 条件"],
        "有一个成立；免 的一项跳过",
        "one of them holds; what is 免 is skipped",
    ),
    of(Keyword::Not, &["{非} 条件"], "不成立", "does not hold"),
    of(
        Keyword::In,
        &["值 {属于} (甲, 乙)", "值 {属于} 行.区间列"],
        "是其中之一；在区间里",
        "is one of these; lies in the interval",
    ),
    of(Keyword::OrNone, &["值 {无则} 值"], "值是无时取什么", "what counts when there is none (无)"),
    of(Keyword::OrMissing, &["值 {缺则} 值"], "值是待补时取什么", "what counts while it is missing (待补)"),
    of(
        Keyword::Where,
        &["集合 {其中} 条件"],
        "从集合里挑选",
        "those of a collection for which a condition holds",
    ),
    of(
        Keyword::To,
        &["下限 {至} 上限"],
        "从下限到上限，两头都含",
        "from one value to another, both included",
    ),
];

/// Every construct.
pub(crate) fn all() -> impl Iterator<Item = &'static Construct> {
    STATEMENTS.iter().chain(ITEMS).chain(EXAMPLES).chain(EXPRESSIONS)
}

/// How a word is used, in a language.
pub(crate) fn forms_of(word: Keyword, lang: Lang) -> Vec<String> {
    let found = all().find(|construct| construct.word == word);
    found.map(|found| found.forms.iter().map(|form| spelled(form, lang)).collect()).unwrap_or_default()
}

/// What a keyword means: of its construct, or of its own.
pub(crate) fn meaning(word: Keyword) -> Option<(&'static str, &'static str)> {
    let own = || CLAUSES.iter().find(|(found, ..)| *found == word).map(|(_, zh, en)| (*zh, *en));
    all().find(|construct| construct.word == word).map(|found| (found.zh, found.en)).or_else(own)
}

/// Clauses: words that are part of a line.
pub(crate) const CLAUSES: &[(Keyword, &str, &str)] = &[
    (Keyword::Then, "条件成立时的值", "the value when the condition holds"),
    (Keyword::Else, "都不成立时的值", "the value when nothing holds"),
    (Keyword::Pending, "还没有定的数", "not decided yet"),
    (Keyword::Inverse, "给反方向的集合起名", "names the collection in the other direction"),
    (Keyword::Over, "压过另一条例外", "stronger than the exception of another article"),
    (Keyword::Into, "把这个值加进一个汇总", "adds the value to a total"),
    (Keyword::Weight, "加进汇总时的权重", "the weight in a total"),
    (Keyword::Version, "哪一版", "which version"),
    (Keyword::Effective, "从这一天起生效", "in force from this day"),
    (Keyword::Counter, "数它时用的量词", "the counter word of a kind"),
    (Keyword::Tree, "表示上级的字段", "the field that leads to the one above"),
    (Keyword::PrimaryKey, "这一列是编号", "this column is the key"),
    (
        Keyword::Dated,
        "从某天起有效，按期末那天取值",
        "valid from a day on, read on the last day of the period",
    ),
    (Keyword::By, "由谁给定或决定", "by whom"),
    (Keyword::KeyedBy, "每个键一个值", "one value per key"),
    (Keyword::On, "哪天，哪一期", "on which day, in which period"),
    (Keyword::Because, "理由", "why"),
    (Keyword::Key, "查表用的列", "the columns that are looked up"),
    (Keyword::Across, "表头就是第二个键", "the headings are a second key"),
    (Keyword::Cell, "横 表中格子的列名", "the column name of the cells"),
    (Keyword::Sum, "检查一列的和", "checks the sum of a column"),
    (Keyword::GroupedBy, "分组", "by group"),
    (Keyword::WeightsSum, "各项权重应当加到多少", "what the weights must add up to"),
    (Keyword::Posts, "计入的每一笔记进薪酬账", "what goes into it becomes entries of the pay ledger"),
    (Keyword::AtMost, "封顶", "no more than"),
    (Keyword::AtLeast, "保底", "no less than"),
    (Keyword::FullMark, "各栏满分的和", "the sum of the maxima"),
    (Keyword::Per, "表的每一行或集合的每一项一个值", "one value per row or element"),
    (Keyword::As, "给这一项起名", "names the element"),
    (Keyword::ToNearest, "舍入到多少的倍数", "to a multiple of"),
    (Keyword::HalfUp, "四舍五入", "half away from zero"),
    (Keyword::RoundDown, "往小的方向", "towards minus infinity"),
    (Keyword::RoundUp, "往大的方向", "towards plus infinity"),
    (Keyword::TowardZero, "往零的方向", "towards zero"),
    (Keyword::HalfEven, "四舍六入五成双", "half to even"),
    (
        Keyword::LargestRemainder,
        "先取整数部分，余下的按小数部分大小给",
        "whole parts first, the rest by the largest fractions",
    ),
    (Keyword::HighToLow, "大的、高的在前", "largest first"),
    (Keyword::LowToHigh, "小的、低的在前", "smallest first"),
    (Keyword::EarlyToLate, "早的在前", "earliest first"),
    (Keyword::NoneLast, "没有值的排在最后", "those without a value come last"),
    (Keyword::Shared, "1、2、2、4", "1, 2, 2, 4"),
    (Keyword::Dense, "1、2、2、3", "1, 2, 2, 3"),
    (Keyword::Along, "按哪一个排序", "along which ranking"),
    (Keyword::Bottom, "从最后面取", "from the bottom"),
    (Keyword::Limit, "另外的条件", "on this condition only"),
    (Keyword::AllIn, "并列的都取", "all of a tie"),
    (Keyword::NoneIn, "并列的都不取", "none of a tie"),
    (Keyword::Decision, "由谁决定", "somebody decides"),
    (Keyword::FillFrom, "没有取满的名额给哪一行", "unfilled seats go to this line"),
    (Keyword::Amount, "分哪一笔数", "the amount"),
    (Keyword::GivenTo, "分给谁", "to whom"),
    (Keyword::Shares, "按什么分", "by which shares"),
    (Keyword::InTurn, "一个一个分", "one after the other"),
    (Keyword::Cap, "每一份最多多少", "the most each may get"),
    (Keyword::Remainder, "舍入余下的一分一分", "what rounding leaves over"),
    (Keyword::GoesTo, "先给谁", "who gets it first"),
    (Keyword::RatingOf, "评价的是谁", "who is rated"),
    (Keyword::Under, "依据哪一条", "by which article"),
];

/// Placeholders in English, longer ones first.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("Markdown", "Markdown"),
    ("区间列", "INTERVALS"),
    ("名称", "NAME"),
    ("日期", "DATE"),
    ("资料", "KIND"),
    ("条件", "CONDITION"),
    ("式子", "EXPRESSION"),
    ("名目", "ENUMERATION"),
    ("字段", "FIELD"),
    ("类型", "TYPE"),
    ("下限", "LOW"),
    ("上限", "HIGH"),
    ("参数", "PARAMETER"),
    ("代号", "CODE"),
    ("问题", "QUESTION"),
    ("取法", "READING"),
    ("理由", "REASON"),
    ("集合", "COLLECTION"),
    ("汇总", "TOTAL"),
    ("条款", "ARTICLE"),
    ("排序", "RANKING"),
    ("期间", "PERIOD"),
    ("规则", "RULE"),
    ("读法", "reading"),
    ("人定", "decision"),
    ("表单", "FORM"),
    ("名单", "LIST"),
    ("文字", "TEXT"),
    ("个工作日", "个工作日"),
    ("小时", "小时"),
    ("步", "STEP"),
    ("谁", "WHO"),
    ("项", "ITEM"),
    ("值", "VALUE"),
    ("数", "NUMBER"),
    ("列", "COLUMN"),
    ("键", "KEY"),
    ("行", "ROW"),
    ("词", "WORD"),
    ("甲", "A"),
    ("乙", "B"),
];

/// A form in a language: words in braces by the tables, placeholders by the list.
pub(crate) fn spelled(form: &str, lang: Lang) -> String {
    let mut out = String::new();
    for part in form.split_inclusive(['{', '}']) {
        match part.strip_suffix('}') {
            Some(word) => out.push_str(spelling(word, lang)),
            None => {
                let text = part.strip_suffix('{').unwrap_or(part);
                out.push_str(&match lang {
                    Lang::Zh => text.to_owned(),
                    Lang::En => {
                        PLACEHOLDERS.iter().fold(text.to_owned(), |text, (zh, en)| text.replace(zh, en))
                    }
                });
            }
        }
    }
    out
}

fn spelling(word: &str, lang: Lang) -> &str {
    match Keyword::parse(word) {
        Some(found) => found.text(lang),
        None => [FUNCTIONS, TYPES, VALUES]
            .into_iter()
            .find_map(|table| keywords::translate(table, word, lang))
            .unwrap_or(word),
    }
}
