//! Typed expressions and collections.

use super::{
    AttributeId, DecisionId, EnumId, FieldRef, KindId, Literal, ParameterId, ReadingId, TableId, Type,
    ValueType, VariableId,
};
use hengjie_calendar::Grain;
use hengjie_quantity::Rounding;
use hengjie_syntax::Span;
use serde::Serialize;
use std::cmp::Ordering;

/// A typed expression.
#[derive(Debug, Clone, Serialize)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: ValueType,
    #[serde(skip)]
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, Serialize)]
pub enum ExprKind {
    Literal(Literal),
    Parameter(ParameterId, Vec<Expr>),
    /// `A25 = 整笔`: is this alternative taken?
    ReadingIs(ReadingId, u32),
    /// 本人, 本项
    Subject,
    /// 行, 其, or a name given with 为.
    Variable(VariableId),
    /// 本期
    CurrentPeriod,
    /// A field of an object, read in the current period.
    Field(Box<Expr>, FieldRef),
    /// A cell of a table row.
    Cell(Box<Expr>, TableId, u32),
    /// An attribute in the current period. `subject` is `None` for 全体 attributes.
    Attribute {
        attribute: AttributeId,
        subject: Option<Box<Expr>>,
        row: Option<Box<Expr>>,
    },
    /// 上期(x), 于(p, x): the value of `value` in another period; 无 when that period lies before the first one.
    At {
        period: Box<Expr>,
        value: Box<Expr>,
    },
    If {
        arms: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    /// 无则: the default answers 无 only.
    OrNone(Box<Expr>, Box<Expr>),
    /// 缺则: the default answers 待补 only.
    OrMissing(Box<Expr>, Box<Expr>),
    /// 有(x)
    IsSome(Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// 且; 免 operands are dropped.
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// 至少(k, …); 免 operands are dropped.
    AtLeast(Box<Expr>, Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// 属于 (a, b, c)
    IsIn(Box<Expr>, Vec<Expr>),
    /// 属于 an interval cell: `x 属于 行.区间`.
    InInterval(Box<Expr>, Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    Call(Function, Vec<Expr>),
    Aggregate(Box<Aggregate>),
    /// 查表(t, keys…).column; 无 without a matching row.
    Lookup {
        table: TableId,
        keys: Vec<Expr>,
        column: u32,
    },
    /// 查表(t, keys…): the row itself.
    LookupRow {
        table: TableId,
        keys: Vec<Expr>,
    },
    /// 累进(t, x): each slice of x at its own rate. The first key column is an interval, `rate` the rate column.
    Marginal {
        table: TableId,
        rate: u32,
        value: Box<Expr>,
    },
    /// 插值(t, x): linear between the rows of the first key column.
    Interpolate {
        table: TableId,
        column: u32,
        value: Box<Expr>,
    },
    /// 人定
    Decide(DecisionId),
    /// A collection as a value.
    Collection(Box<Collection>),
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    /// Does it hold when the left side stands to the right one in this order?
    #[must_use]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }

    /// As it is written: `≥`.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::Less => "<",
            Self::LessEqual => "≤",
            Self::Greater => ">",
            Self::GreaterEqual => "≥",
        }
    }

    /// The comparison that holds exactly when this one does not.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterEqual,
            Self::LessEqual => Self::Greater,
            Self::Greater => Self::LessEqual,
            Self::GreaterEqual => Self::Less,
        }
    }

    /// The same comparison with its sides exchanged: `a < b` as `b > a`.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }
}

/// Arithmetic. Division by zero is 无.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// Date ± duration, by family of the duration.
    AddToDate,
    SubtractFromDate,
    /// Date − date in days.
    DaysBetween,
}

/// Functions of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Function {
    /// 限于(x, low 至 high): arguments x, low, high.
    Clamp,
    /// 最大值(a, b, …): 免 dropped.
    Max,
    /// 最小值(a, b, …)
    Min,
    /// 四舍五入(x, quantum) and its sisters.
    Round(Rounding),
    /// 绝对值(x)
    Abs,
    /// 满年(from, to): complete years, as a duration in months (× 12).
    FullYears,
    /// 满月(from, to): complete months.
    FullMonths,
    /// 周岁(birth, day): complete years as 岁.
    Age,
    /// 升(x, n): n items higher, 无 above the top. Arguments: item, plain count.
    Promote,
    /// 降(x, n)
    Demote,
    /// 档位(grade, n): the ladder item; 无 outside.
    LadderItem(EnumId),
    /// ladder.基级: the item of the base 名目.
    LadderBase,
    /// ladder.档次: the step as a plain count 档.
    LadderStep,
    /// period.始
    PeriodStart,
    /// period.末
    PeriodEnd,
    /// period.天数
    PeriodDays,
    /// 期间(每年, day): the period of a grain that contains a day.
    PeriodOf(Grain),
    /// The period so many steps later (earlier when negative) of the same grain: 上期 is `PeriodShift(-1)` of 本期, 上年
    /// is `PeriodShift(-1)` of the year that contains the end of 本期. 无 outside the calendar.
    PeriodShift(i32),
    /// 年份(date)… as plain number
    YearOf,
    /// 数(x): the number without its unit.
    Strip,
    /// 折算(x, currency, day)
    Convert,
}

/// An aggregate over a collection. The element is bound to `variable`; the body is evaluated for each element (for
/// collections of periods: in that period). Elements whose body is 无 or 免 are skipped; a 待补 element makes the result 待补.
#[derive(Debug, Clone, Serialize)]
pub struct Aggregate {
    pub operation: AggregateOperation,
    pub over: Collection,
    pub variable: VariableId,
    /// `None` for 计数, 首个, 末个, 第 and the elements themselves.
    pub body: Option<Expr>,
    /// 加权平均: the weight; 第, 前: the number.
    pub argument: Option<Expr>,
}

/// The aggregates. Empty: 0 for 合计 and 计数, 否 for 存在, 是 for 每个, otherwise 无.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AggregateOperation {
    /// 合计
    Sum,
    /// 计数
    Count,
    /// 平均
    Mean,
    /// 加权平均 = Σ value × weight ÷ Σ weight over elements that have a value
    WeightedMean,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 中位数: the mean of the two middle values for an even count
    Median,
    /// 存在
    Exists,
    /// 每个
    Every,
    /// 首个: the first element (body absent) or the body of the first element
    First,
    /// 末个
    Last,
    /// 第(n, coll)
    Nth,
    /// 连续(coll 其中 …, cond): length of the leading run on which the body holds
    LeadingRun,
}

/// A collection.
#[derive(Debug, Clone, Serialize)]
pub struct Collection {
    pub source: Source,
    /// Filters, each over its own element variable, all must hold.
    pub filters: Vec<Filter>,
    /// 前(n, coll): only the first n after the filters.
    pub take: Option<Box<Expr>>,
    /// `Object`, `Row` or `Period`.
    pub element: Type,
}

/// A filter: the element is bound to `variable` while `condition` is evaluated.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    pub variable: VariableId,
    pub condition: Expr,
}

/// Where the elements come from, and their order.
#[derive(Debug, Clone, Serialize)]
pub enum Source {
    /// All subjects of a kind (within 适用), in key order of the data.
    AllOf(KindId),
    /// The records or subjects whose `field` is `of`, in data order; of a kind with periods: those the context sees.
    Related { of: Box<Expr>, field: FieldRef },
    /// The subjects for which a derived relation (an attribute of type Object) is `of`.
    RelatedByAttribute { of: Box<Expr>, attribute: AttributeId },
    /// The rows of a table in force in the period, in table order.
    Rows(TableId),
    /// A collection-valued attribute, with its row where it has 逐.
    Attribute {
        attribute: AttributeId,
        subject: Option<Box<Expr>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        row: Option<Box<Expr>>,
    },
    /// 上溯(field): ancestors of `of`, nearest first, itself excluded.
    Ancestors { of: Box<Expr>, field: FieldRef },
    /// 下属(field): all below `of`, parents before children.
    Descendants { of: Box<Expr>, field: FieldRef },
    /// 各月(period): the periods of `grain` inside `within`, earliest first.
    PeriodsIn { grain: Grain, within: Box<Expr> },
    /// 历期 / 往期: periods of the context's grain from the current one (or the one before) back to the first, newest first.
    History { include_current: bool },
    /// 近(k, 各月): the k newest periods of `grain` up to the current one, newest first.
    Recent { count: Box<Expr>, grain: Grain },
    /// 如 … 则 coll … 否则 coll, or several lists
    If { arms: Vec<(Expr, Collection)>, otherwise: Option<Box<Collection>> },
    /// 任职者(post): people whose field of that 名目 has the item.
    Holders { field: FieldRef, item: u32 },
    /// A fixed list of objects: (a, b).
    List(Vec<Expr>),
}
