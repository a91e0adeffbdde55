//! The words of the language: one Chinese and one English spelling each, on the same grammar.
//!
//! Four tables, by position:
//!
//! - [`Keyword`]: words of the grammar. Twelve are reserved everywhere; all others count only where a clause may begin,
//!   which is safe because two operands never stand side by side.
//! - [`FUNCTIONS`]: built-in functions, recognised only before `(`.
//! - [`TYPES`]: built-in types, recognised only where a type stands.
//! - [`VALUES`]: built-in names, recognised wherever a name stands without brackets 「…」.
//!
//! Both spellings may be mixed in one document. The syntax tree keeps what was written; names in [`crate::ast`] that
//! come from these tables always have the Chinese spelling.

mod builtin;

pub use builtin::{FUNCTIONS, Pair, TYPES, VALUES};

use hengjie_quantity::Lang;

macro_rules! keywords {
    ($($(#[$group:meta])* $label:ident { $($variant:ident $zh:literal $en:literal,)* })*) => {
        /// A word of the grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Keyword {
            $($(#[doc = concat!($zh, " · ", $en)] $variant,)*)*
        }

        /// Where a keyword counts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Position {
            $($(#[$group])* $label,)*
        }

        impl Keyword {
            /// Every keyword, in the order of the table.
            pub const ALL: &'static [Keyword] = &[$($(Keyword::$variant,)*)*];

            /// The Chinese spelling.
            #[must_use]
            pub fn zh(self) -> &'static str {
                match self { $($(Keyword::$variant => $zh,)*)* }
            }

            /// The English spelling.
            #[must_use]
            pub fn en(self) -> &'static str {
                match self { $($(Keyword::$variant => $en,)*)* }
            }

            /// The group of clauses in which it counts.
            #[must_use]
            pub fn position(self) -> Position {
                match self { $($(Keyword::$variant => Position::$label,)*)* }
            }

            /// The keyword a word spells, in either language.
            #[must_use]
            pub fn parse(word: &str) -> Option<Keyword> {
                match word {
                    $($($zh | $en => Some(Keyword::$variant),)*)*
                    _ => None,
                }
            }
        }
    };
}

keywords! {
    /// Reserved everywhere: never a name without brackets.
    Reserved {
        If "如" "if",
        Then "则" "then",
        Else "否则" "else",
        And "且" "and",
        Or "或" "or",
        Not "非" "not",
        OrNone "无则" "or_none",
        OrMissing "缺则" "or_missing",
        Where "其中" "where",
        In "属于" "in",
        To "至" "to",
        Pending "待定" "pending",
    }
    /// First word of a statement in a rules fence.
    Head {
        Policy "制度" "policy",
        Scope "适用" "scope",
        Adopt "沿用" "adopt",
        Amend "修改" "amend",
        Repeal "废止" "repeal",
        WorkCalendar "工历" "work_calendar",
        Enumeration "名目" "enumeration",
        Kind "资料" "kind",
        Form "表单" "form",
        Parameter "参数" "parameter",
        Reading "读法" "reading",
        Table "表" "table",
        Formula "公式" "formula",
        Total "汇总" "total",
        For "对" "for",
        Ranking "排序" "ranking",
        Quota "名额" "quota",
        Split "分摊" "split",
        Duty "任务" "duty",
        Workflow "流程" "workflow",
        Clock "时限" "clock",
        Check "检查" "check",
        Body "机构" "body",
    }
    /// First word of a statement in an examples fence.
    ExampleHead {
        Given "设" "given",
        Expect "得" "expect",
    }
    /// First word of an item below a head.
    Item {
        Exception "例外" "exception",
        Initial "首期" "initial",
        Next "下期" "next",
        First "先" "first",
        ThenBy "再" "then_by",
        Ties "并列" "ties",
        EachGrade "各档" "each_grade",
        Rest "其余" "rest",
        Fill "填" "fill",
        Columns "栏目" "columns",
        Sign "签" "sign",
        Step "步" "step",
        Finish "终" "finish",
        Meeting "议事" "meeting",
    }
    /// Clauses of definitions.
    Definition {
        Inverse "反称" "inverse",
        When "当" "when",
        Over "优先于" "over",
        Into "计入" "into",
        Weight "权重" "weight",
    }
    /// Clauses of declarations.
    Declaration {
        Version "版本" "version",
        Effective "起" "effective",
        Fingerprint "指纹" "fingerprint",
        Counter "量词" "counter",
        Tree "树" "tree",
        PrimaryKey "主键" "primary_key",
        Dated "随日期" "dated",
        By "由" "by",
        KeyedBy "按" "keyed_by",
        Take "取" "take",
        On "于" "on",
        Because "据" "because",
        Key "键" "key",
        Across "横" "across",
        Cell "值" "cell",
        Sum "合计" "sum",
        GroupedBy "按组" "grouped_by",
        WeightsSum "权重合计" "weights_sum",
        Posts "入账" "posts",
        AtMost "最高" "at_most",
        AtLeast "最低" "at_least",
        FullMark "满分" "full_mark",
        Per "逐" "per",
        As "为" "as",
    }
    /// How often.
    Cadence {
        Daily "每日" "daily",
        Weekly "每周" "weekly",
        Monthly "每月" "monthly",
        Quarterly "每季" "quarterly",
        HalfYearly "每半年" "half_yearly",
        Yearly "每年" "yearly",
        Mondays "每周一" "mondays",
        Tuesdays "每周二" "tuesdays",
        Wednesdays "每周三" "wednesdays",
        Thursdays "每周四" "thursdays",
        Fridays "每周五" "fridays",
        Saturdays "每周六" "saturdays",
        Sundays "每周日" "sundays",
        LastWorkdayWeekly "每周最后工作日" "last_workday_weekly",
        LastWorkdayMonthly "每月最后工作日" "last_workday_monthly",
        LastWorkdayQuarterly "每季最后工作日" "last_workday_quarterly",
        LastWorkdayHalfYearly "每半年最后工作日" "last_workday_half_yearly",
        LastWorkdayYearly "每年最后工作日" "last_workday_yearly",
    }
    /// Rounding modes and the word before the quantum.
    Rounding {
        HalfUp "四舍五入" "half_up",
        RoundDown "向下" "down",
        RoundUp "向上" "up",
        TowardZero "向零" "toward_zero",
        HalfEven "银行家" "half_even",
        LargestRemainder "最大余额法" "largest_remainder",
        ToNearest "到" "to_nearest",
    }
    /// Clauses of 排序, 名额 and 分摊.
    Population {
        HighToLow "从高到低" "descending",
        LowToHigh "从低到高" "ascending",
        EarlyToLate "从早到晚" "earliest_first",
        NoneLast "无者居后" "none_last",
        Shared "同名次" "shared",
        Dense "紧排" "dense",
        Along "依" "along",
        Bottom "末" "bottom",
        Limit "限" "limit",
        Tied "跨线" "tied",
        AllIn "全进" "all_in",
        NoneIn "全不取" "none_in",
        Decision "人定" "decision",
        FillFrom "递补" "fill_from",
        Amount "将" "amount",
        GivenTo "给" "given_to",
        Shares "比重" "shares",
        InTurn "依次" "in_turn",
        Cap "上限" "cap",
        Remainder "余数" "remainder",
        GoesTo "归" "goes_to",
    }
    /// Clauses of 任务, 流程, 时限, 检查 and 机构.
    Procedure {
        Deliver "交" "deliver",
        Start "开始" "start",
        End "结束" "end",
        Before "前" "before",
        After "后" "after",
        Late "逾期" "late",
        Record "记" "record",
        Report "报" "report",
        Starts "起于" "starts",
        AllSign "全签" "all_sign",
        Majority "过半" "majority",
        From "自" "from",
        Only "仅" "only",
        Outcome "结果" "outcome",
        Within "不超过" "within",
        AroundTheClock "全天候" "around_the_clock",
        WorkHours "工时" "work_hours",
        Refuse "拒绝" "refuse",
        List "列入" "list",
        Hint "提示" "hint",
        Evidence "取证" "evidence",
        Members "人数" "members",
        Chair "主席" "chair",
        Required "必有" "required",
        Present "到会" "present",
        Pass "通过" "pass",
    }
    /// Clauses of examples.
    Example {
        RatingOf "评" "rating_of",
        Under "因" "under",
    }
}

impl Keyword {
    /// The spelling in a language.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        lang.pick(self.zh(), self.en())
    }

    /// Whether the word is never a name without brackets.
    #[must_use]
    pub fn is_reserved(self) -> bool {
        self.position() == Position::Reserved
    }

    /// Whether the word stands between or before operands, so that a line which begins or ends with it goes on.
    #[must_use]
    pub fn continues_line(self) -> bool {
        self.is_reserved() && self != Keyword::Pending
    }
}

/// The pair of a table that a word belongs to, in either spelling.
#[must_use]
pub fn find(table: &'static [Pair], word: &str) -> Option<Pair> {
    table.iter().copied().find(|(zh, en)| *zh == word || *en == word)
}

/// The word in the wanted language, when the table knows it.
#[must_use]
pub fn translate(table: &'static [Pair], word: &str, lang: Lang) -> Option<&'static str> {
    find(table, word).map(|(zh, en)| lang.pick(zh, en))
}

/// Puts spaces around keywords inside a name that was typed without them: `客户其中余额` → `客户 其中 余额`.
///
/// For proposals only: real names may contain such words (`如意贷`). `None` when no keyword is inside.
#[must_use]
pub fn split_keywords(name: &str) -> Option<String> {
    let mut parts: Vec<String> = vec![String::new()];
    let mut rest = name;
    let mut found = false;
    while let Some(first) = rest.chars().next() {
        if let Some(word) = keyword_prefix(rest) {
            found = true;
            parts.push(word.to_owned());
            parts.push(String::new());
            rest = rest.get(word.len()..).unwrap_or_default();
        } else {
            if let Some(last) = parts.last_mut() {
                last.push(first);
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    parts.retain(|part| !part.is_empty());
    (found && parts.len() > 1).then(|| parts.join(" "))
}

/// The longest Chinese word at the start of `text` that separates operands.
fn keyword_prefix(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 20] = [
        "无则",
        "缺则",
        "否则",
        "其中",
        "属于",
        "待定",
        "每半年",
        "每日",
        "每周",
        "每月",
        "每季",
        "每年",
        "从高到低",
        "从低到高",
        "如",
        "则",
        "且",
        "或",
        "非",
        "至",
    ];
    WORDS.into_iter().find(|word| text.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hengjie_calendar::Grain;
    use hengjie_quantity::{Rounding, parse_unit};
    use std::collections::BTreeSet;

    /// Words that stand twice in one column.
    fn repeated<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut seen = BTreeSet::new();
        words.filter(|word| !seen.insert(*word)).collect()
    }

    #[test]
    fn spellings_are_unique_within_a_table() {
        for lang in [Lang::Zh, Lang::En] {
            assert_eq!(repeated(Keyword::ALL.iter().map(|word| word.text(lang))), [""; 0]);
            for table in [FUNCTIONS, TYPES, VALUES] {
                assert_eq!(repeated(table.iter().map(|(zh, en)| lang.pick(*zh, *en))), [""; 0]);
            }
        }
    }

    #[test]
    fn spellings_are_names() {
        let keywords = Keyword::ALL.iter().map(|word| (word.zh(), word.en()));
        for (zh, en) in keywords.chain([FUNCTIONS, TYPES, VALUES].concat()) {
            assert!(zh.chars().all(|c| c.is_alphabetic() && !c.is_ascii()), "{zh}");
            assert!(en.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{en}");
        }
    }

    /// A number may stand before a keyword: the keyword must not read as its unit.
    #[test]
    fn no_keyword_is_a_unit() {
        let units = Keyword::ALL.iter().flat_map(|word| [word.zh(), word.en()]);
        assert_eq!(units.filter(|word| parse_unit(word).is_some()).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn shared_words_are_spelled_alike() {
        for grain in Grain::ALL {
            assert_eq!(Keyword::parse(grain.zh()).map(Keyword::en), Some(grain.en()));
        }
        for mode in Rounding::ALL {
            assert_eq!(Keyword::parse(mode.zh()).map(Keyword::en), Some(mode.en()));
            assert_eq!(translate(FUNCTIONS, mode.zh(), Lang::En), Some(mode.en()));
        }
    }

    #[test]
    fn keywords_inside_names_are_split() {
        let split = |name| split_keywords(name).unwrap_or_default();
        assert_eq!(split("客户其中余额"), "客户 其中 余额");
        assert_eq!(split("人员每半年"), "人员 每半年");
        assert_eq!(split("如甲则乙否则丙"), "如 甲 则 乙 否则 丙");
        assert_eq!(split("余额"), "");
        assert_eq!(split("其中"), "");
    }
}
