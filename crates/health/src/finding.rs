//! What a health check says: findings, and what it could show to be in order.

use hengjie_policy::core::ArticleId;
use hengjie_quantity::Lang;
use hengjie_syntax::{Message, Span};

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $zh:literal, $en:literal;)*) => {
        /// What is looked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check {
            $($(#[$doc])* $name,)*
        }

        impl Check {
            /// The check of a code or name in either language.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|check| {
                    check.code() == name || check.name(Lang::Zh) == name || check.name(Lang::En) == name
                })
            }

            /// All checks, in the order of their codes.
            pub const ALL: &'static [Check] = &[$(Check::$name,)*];

            /// Stable code: `TJ` and two digits.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The name, as written behind `> 体检：` to acknowledge a finding.
            #[must_use]
            pub fn name(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($zh, $en),)* }
            }
        }
    };
}

checks! {
    /// Weights that miss 100 %.
    Weights = "TJ01", "权重", "weights";
    /// Bands that leave something out.
    Gap = "TJ02", "空档", "gap";
    /// Bands of which two apply.
    Overlap = "TJ03", "重叠", "overlap";
    /// More of an input gives more, and then less.
    Cliff = "TJ04", "断崖", "cliff";
    /// Thresholds that do not follow the grade.
    Threshold = "TJ05", "门槛", "threshold";
    /// A grade, row or result that nobody can reach.
    Unreachable = "TJ06", "够不到", "unreachable";
    /// A condition that never, or always, holds.
    DeadBranch = "TJ07", "走不到", "dead branch";
    /// One unit or subject among others.
    Unit = "TJ08", "单位", "unit";
    /// A number of another size than its neighbours.
    Magnitude = "TJ09", "量级", "magnitude";
    /// Seats that miss the shares or the headcount.
    Quota = "TJ10", "名额", "quota";
    /// Somebody to whom no rule applies.
    NoRule = "TJ11", "没有规则", "no rule";
    /// An amount or total that is published unrounded.
    Rounding = "TJ12", "舍入", "rounding";
    /// One event that counts twice.
    DoubleCount = "TJ13", "重复计算", "double count";
    /// A denominator that may be zero.
    Divisor = "TJ14", "分母", "denominator";
    /// A field nobody reads.
    UnusedField = "TJ15", "资料未用", "unused field";
    /// A table, parameter, reading or formula nobody uses.
    Unused = "TJ16", "没有用到", "unused";
    /// An article with rules and no example.
    NoExample = "TJ17", "没有示例", "no example";
    /// An article with numbers and no rule.
    NoRuleHere = "TJ18", "条文无规则", "article without rules";
    /// A contested reading without a decision or its reason.
    Reading = "TJ19", "读法未定", "undecided reading";
    /// A required parameter without a value.
    Parameter = "TJ20", "参数未给", "missing parameter";
    /// An upper or lower limit that is never met.
    Limit = "TJ21", "上下限", "limit";
    /// An example that does not come out.
    Example = "TJ22", "示例不符", "example fails";
    /// An acknowledgement of a finding that is not there.
    Stale = "TJ23", "说明过时", "stale note";
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Money, grades or people are affected.
    Error,
    /// A person should decide.
    Warning,
    /// Good to know, or acknowledged in the document.
    Note,
}

impl Severity {
    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Error => lang.pick("错误", "error"),
            Self::Warning => lang.pick("提醒", "warning"),
            Self::Note => lang.pick("提示", "note"),
        }
    }

    /// The word for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.word(Lang::En)
    }
}

/// Why it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// 已证明: follows from the text for all facts.
    Proved,
    /// 反例: the engine was run on these numbers and gave this.
    CounterExample(Vec<Message>),
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub check: Check,
    pub severity: Severity,
    pub article: ArticleId,
    /// Where in the text.
    pub span: Span,
    /// What is wrong, with names and numbers.
    pub message: Message,
    pub proof: Proof,
    /// What to do.
    pub help: Message,
    /// What the document itself says about it, when it acknowledges it.
    pub acknowledged: Option<Message>,
}

/// A question without a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assurance {
    pub check: Check,
    pub article: ArticleId,
    pub message: Message,
    pub verdict: Verdict,
}

/// How sure it is that nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// 已证明
    Proved,
    /// 未发现: nothing in so many trials.
    NotFound(usize),
}

impl Finding {
    /// A proved finding.
    pub(crate) fn proved(
        check: Check,
        severity: Severity,
        (article, span): (ArticleId, Span),
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self {
            check,
            severity,
            article,
            span,
            message: Message::new(zh, en),
            proof: Proof::Proved,
            help: Message::new(String::new(), String::new()),
            acknowledged: None,
        }
    }

    /// What to do.
    #[must_use]
    pub(crate) fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Message::new(zh, en);
        self
    }

    /// The numbers that show it, confirmed by the engine.
    #[must_use]
    pub(crate) fn shown(mut self, lines: Vec<Message>) -> Self {
        self.proof = Proof::CounterExample(lines);
        self
    }
}
