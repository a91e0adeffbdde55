//! One thing that is changed on the way from one run to the other.

use hengjie_quantity::Lang;

/// What kind of thing. The order is the order in which things are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// 资料
    Facts,
    /// 归属: a relation, such as whose a customer is or to which unit a person belongs.
    Ownership,
    /// 人定
    Decision,
    /// 参数
    Parameter,
    /// 读法
    Reading,
    /// 条款
    Article,
    /// Several that only make sense together.
    Together,
}

impl Sort {
    /// In words.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Facts => lang.pick("资料", "facts"),
            Self::Ownership => lang.pick("归属", "ownership"),
            Self::Decision => lang.pick("人定", "decision"),
            Self::Parameter => lang.pick("参数", "parameter"),
            Self::Reading => lang.pick("读法", "reading"),
            Self::Article => lang.pick("条款", "article"),
            Self::Together => lang.pick("几项一起", "together"),
        }
    }
}

/// A fact that a step changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Touched {
    /// Name of the kind and key of everybody whose fact it is.
    pub(super) whose: Vec<(String, String)>,
    /// As people read it.
    pub(super) text: String,
}

/// One thing that is changed.
#[derive(Debug, Clone)]
pub struct Step {
    /// What kind of thing.
    pub sort: Sort,
    /// What: `人员的存款日均`, `参数 及格线 60分 → 65分`, `第三条 罚款`.
    pub what: String,
    /// Which delivery of a fact store brought it; empty otherwise.
    pub delivery: String,
    /// Facts, decisions or articles in it.
    pub count: usize,
    /// People with any other result by this step alone.
    pub people: usize,
    /// What it does to all amounts together, in 元; empty when it changes none.
    pub sum: String,
    pub(super) touched: Vec<Touched>,
}

impl Step {
    pub(super) fn new(sort: Sort, what: String) -> Self {
        Self {
            sort,
            what,
            delivery: String::new(),
            count: 1,
            people: 0,
            sum: String::new(),
            touched: Vec::new(),
        }
    }

    /// `资料 人员的存款日均（第 2 次导入）`
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let delivery = match (self.delivery.as_str(), lang) {
            ("", _) => String::new(),
            (delivery, Lang::Zh) => format!("（{delivery}）"),
            (delivery, Lang::En) => format!(" ({delivery})"),
        };
        format!("{} {}{delivery}", self.sort.word(lang), self.what)
    }
}
