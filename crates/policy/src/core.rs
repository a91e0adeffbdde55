//! The typed core: a document after checking. Everything is resolved: names are ids, units are base units, every
//! expression has a type. Both evaluators read this and nothing else. A core may only be made by [`crate::check`].
//!
//! Spans are kept for messages and are not part of the content hash.

use hengjie_calendar::{Date, Grain, Period};
use hengjie_quantity::{Rational, Rounding, Unit};
use hengjie_syntax::Span;
use serde::Serialize;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in its list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(/** An article (section) of the document. */ ArticleId);
id!(/** A 名目. */ EnumId);
id!(/** A kind of subject or record (资料, 表单). */ KindId);
id!(/** A 参数. */ ParameterId);
id!(/** A 读法. */ ReadingId);
id!(/** A 表. */ TableId);
id!(/** An attribute: a definition, total, ranking, quota or split. */ AttributeId);
id!(/** A place where a person decides. */ DecisionId);
id!(
    /** An element bound by 行 or by a collection. Numbered from the outside inwards inside one attribute: the row of an
    attribute with 逐 is 0, the element of the outermost collection is the next number, and so on. */
    VariableId
);

/// A field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct FieldRef {
    /// The kind.
    pub kind: KindId,
    /// Position in [`Kind::fields`].
    pub field: u32,
}

/// A checked document.
#[derive(Debug, Clone, Serialize)]
pub struct Program {
    /// Name in 制度.
    pub name: String,
    /// Level-1 heading.
    pub title: String,
    /// First day the version is in force.
    pub from: Date,
    /// The articles in document order, one per section of the document.
    pub articles: Vec<Article>,
    pub enums: Vec<Enumeration>,
    pub kinds: Vec<Kind>,
    pub parameters: Vec<Parameter>,
    pub readings: Vec<Reading>,
    pub tables: Vec<Table>,
    /// In document order.
    pub attributes: Vec<Attribute>,
    /// The attributes in an order in which each comes after all it needs in the same period.
    pub order: Vec<AttributeId>,
    pub decisions: Vec<Decision>,
    /// 适用: the population of one kind. Contexts and `AllOf` of this kind are limited to it.
    pub scope: Option<Scope>,
    pub procedures: Vec<Procedure>,
    pub examples: Vec<Example>,
}

/// An article.
#[derive(Debug, Clone, Serialize)]
pub struct Article {
    /// Citation: `第五条`.
    pub cite: String,
    /// Whole heading: `第五条 存款指标`.
    pub heading: String,
    /// 1 to 6, 0 before the first heading.
    pub level: u8,
    /// Source articles: `第七条（二）1`, `S02-R05`.
    pub sources: Vec<String>,
    /// The prose of the article.
    pub prose: String,
    #[serde(skip)]
    pub span: Span,
}

/// `适用 kind 其中 filter`.
#[derive(Debug, Clone, Serialize)]
pub struct Scope {
    pub kind: KindId,
    /// Over the subject; 是否. Missing or 无 facts leave the subject out.
    pub filter: Option<Expr>,
}

/// A 名目.
#[derive(Debug, Clone, Serialize)]
pub struct Enumeration {
    pub name: String,
    /// Ordered: lowest first, so that a larger ordinal is the higher item. Unordered: as written.
    /// A ladder has base items × steps, `ordinal = base_ordinal × steps + (step − 1)`, item names `初级2档`.
    pub items: Vec<String>,
    pub ordered: bool,
    pub ladder: Option<Ladder>,
    /// Made by the checker for a quota whose lines name no declared 名目.
    pub implicit: bool,
    #[serde(skip)]
    pub span: Span,
}

/// Every item of `base` times `steps`.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Ladder {
    pub base: EnumId,
    pub steps: u32,
}

/// A kind of subject or record.
#[derive(Debug, Clone, Serialize)]
pub struct Kind {
    pub name: String,
    /// Counter word of its counts: `户`; canonical (人 for 名).
    pub counter: String,
    /// The grains of its records' periods; empty for subjects and undated records; `Day` for dated events.
    /// Records of a day are seen by every period that contains the day, other records by contexts of the same period only.
    pub grains: Vec<Grain>,
    /// The field that makes it a tree.
    pub tree: Option<u32>,
    pub fields: Vec<Field>,
    /// Made from a 表单.
    pub form: Option<Form>,
    #[serde(skip)]
    pub span: Span,
}

/// A field.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    pub name: String,
    pub ty: Type,
    pub time: FieldTime,
    /// Name of the inverse collection on the kind that `ty` refers to.
    pub inverse: Option<String>,
    /// Allowed values, in base units, both inclusive.
    pub range: Option<(Rational, Rational)>,
    pub is_key: bool,
    #[serde(skip)]
    pub span: Span,
}

/// When a field has its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum FieldTime {
    Static,
    Every(Grain),
    /// Read on the last day of the period.
    Dated,
}

/// What a 表单 adds to its kind. The subject of the form is the field named by `subject`; 总分 of the points columns is
/// a field `总分` of the kind, given or else the sum of the columns.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    /// The field that holds the subject of the form.
    pub subject: u32,
    pub subject_filter: Option<Expr>,
    /// Columns with points: (field, maximum); their sum is the full mark.
    pub points: Vec<(u32, Rational)>,
    /// The field 总分, when there are points columns.
    pub total: Option<u32>,
    /// Who fills it: a collection of people, over the subject, and how often.
    pub fills: Vec<(Expr, Grain)>,
    pub signatures: Vec<String>,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum Type {
    /// A number with its unit; the plain number (比例) has no unit.
    Number(Unit),
    Bool,
    Text,
    Date,
    Period(Grain),
    Enum(EnumId),
    Object(KindId),
    /// A row of a table.
    Row(TableId),
    /// Elements are `Object`, `Row` or `Period`.
    Collection(Box<Type>),
}

/// A type that may have no value (无).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ValueType {
    pub base: Type,
    /// May be 无.
    pub optional: bool,
}

/// A parameter.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    pub name: String,
    pub ty: Type,
    /// Key types: `Enum` or `Text`. Empty for a single value.
    pub keys: Vec<Type>,
    pub range: Option<(Rational, Rational)>,
    /// A constant expression, or the office that must supply it.
    pub value: ParameterValue,
    pub article: ArticleId,
    #[serde(skip)]
    pub span: Span,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, Serialize)]
pub enum ParameterValue {
    /// Constant; a parameter file may replace it from a date on.
    Given(Literal),
    /// Required from this office.
    Required(String),
}

/// A contested passage.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    pub name: String,
    pub title: String,
    pub alternatives: Vec<String>,
    /// Position in `alternatives`.
    pub chosen: u32,
    pub by: String,
    pub on: Date,
    pub because: Option<String>,
    pub article: ArticleId,
    #[serde(skip)]
    pub span: Span,
}

/// A table in long form: one row per line of the printed table (per cell, for 横 tables).
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The first `keys` columns are the keys.
    pub keys: u32,
    /// Column 生效: the row counts from this day on, replacing earlier rows with the same keys.
    pub effective: Option<u32>,
    pub rows: Vec<TableRow>,
    pub article: ArticleId,
    #[serde(skip)]
    pub span: Span,
}

/// A column of a table.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub name: String,
    pub ty: Type,
    /// The cells are intervals of `ty`.
    pub interval: bool,
}

/// A row.
#[derive(Debug, Clone, Serialize)]
pub struct TableRow {
    pub cells: Vec<Cell>,
    #[serde(skip)]
    pub span: Span,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Cell {
    Value(Literal),
    /// From a border to a border; an open side is `None`.
    Interval { low: Option<Bound>, high: Option<Bound> },
    /// `—`: not assessed.
    Exempt,
    /// `待定`
    Undecided,
}

/// A border of an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bound {
    pub value: Rational,
    pub inclusive: bool,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub enum Literal {
    /// In base units.
    Number(Rational),
    Bool(bool),
    Text(String),
    Date(Date),
    Period(Period),
    /// Ordinal in its 名目.
    Enum(EnumId, u32),
    /// 无
    None,
    /// 免
    Exempt,
}

/// An attribute `a(subject, [row], period) → value`.
#[derive(Debug, Clone, Serialize)]
pub struct Attribute {
    pub name: String,
    pub article: ArticleId,
    pub context: Context,
    pub ty: ValueType,
    pub body: Body,
    /// Totals this attribute is added to.
    pub contributes_to: Vec<AttributeId>,
    /// Name of the inverse collection, for a derived relation.
    pub inverse: Option<String>,
    #[serde(skip)]
    pub span: Span,
}

/// For whom and when an attribute exists.
#[derive(Debug, Clone, Serialize)]
pub struct Context {
    /// `None` is 全体: one value for the population.
    pub kind: Option<KindId>,
    /// Over the subject; where it is not true the attribute is 无.
    pub filter: Option<Expr>,
    /// 逐: one value per element, bound to variable 0. A filter inside is over subject and element; elements left out are 无.
    pub rows: Option<Collection>,
    /// `None` only for attributes that depend on no period.
    pub grain: Option<Grain>,
}

/// How an attribute gets its value.
#[derive(Debug, Clone, Serialize)]
pub enum Body {
    /// The first exception (strongest first) whose guard holds, else the general case. General cases exclude each other;
    /// an unguarded general case stands alone.
    Defined { exceptions: Vec<Case>, general: Vec<Case> },
    /// `first` in the first period of the subject in the population, afterwards `next` evaluated in the previous period.
    State { first: Expr, next: Vec<Case> },
    /// Sum of the contributions, then the limits, then the rounding.
    Total(Total),
    Rank(Rank),
    Quota(Quota),
    Split(Split),
}

/// A guarded value.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    pub guard: Option<Expr>,
    pub value: Expr,
    pub article: ArticleId,
    #[serde(skip)]
    pub span: Span,
}

/// An open sum.
#[derive(Debug, Clone, Serialize)]
pub struct Total {
    pub contributions: Vec<Contribution>,
    pub max: Option<Rational>,
    pub min: Option<Rational>,
    pub rounding: Option<(Rounding, Rational)>,
}

/// An addend of a total. 免 and 无 add nothing.
#[derive(Debug, Clone, Serialize)]
pub struct Contribution {
    pub attribute: AttributeId,
    /// A plain number.
    pub weight: Option<Expr>,
    pub article: ArticleId,
}

/// Ranks within groups; the population is the attribute's context. 1 is first. Unit: the counter of the kind.
#[derive(Debug, Clone, Serialize)]
pub struct Rank {
    pub group_by: Option<Expr>,
    pub keys: Vec<RankKey>,
    /// 紧排: 1, 2, 2, 3; otherwise shared: 1, 2, 2, 4.
    pub dense: bool,
}

/// One key of a ranking.
#[derive(Debug, Clone, Serialize)]
pub struct RankKey {
    pub value: Expr,
    /// Larger (later, higher) first.
    pub descending: bool,
    /// Subjects with 无 come last; otherwise 无 is refused by the checker.
    pub none_last: bool,
}

/// Seats filled from a ranking, group by group. N is the number of ranked subjects of the group.
#[derive(Debug, Clone, Serialize)]
pub struct Quota {
    pub ranking: AttributeId,
    pub of: EnumId,
    pub form: QuotaForm,
    /// What the others get; 无 if not given.
    pub rest: Option<u32>,
}

/// Lines or shares of all grades.
#[derive(Debug, Clone, Serialize)]
pub enum QuotaForm {
    /// Filled one after the other from the subjects that are left; each from the top of the ranking, or from the bottom.
    Lines(Vec<QuotaLine>),
    /// Seats of all items by the largest remainder method, highest item first from the top; equal remainders go to the lower item.
    Each { shares: Vec<(u32, Expr)>, cut: Cut },
}

/// One line.
#[derive(Debug, Clone, Serialize)]
pub struct QuotaLine {
    /// Ordinal in [`Quota::of`].
    pub item: u32,
    pub from_bottom: bool,
    /// A share (plain number) of N, or a count of subjects.
    pub take: Expr,
    /// `take` is a share.
    pub is_share: bool,
    pub rounding: Rounding,
    pub eligible: Option<Expr>,
    pub cut: Cut,
    /// 递补: unfilled seats go to this line.
    pub unfilled_to: Option<u32>,
}

/// What happens when a seat border cuts a tie.
#[derive(Debug, Clone, Serialize)]
pub enum Cut {
    All,
    None,
    /// The tied subjects at the border are 待定 until this office decides.
    Decide(DecisionId),
}

/// A sharing-out. The attribute lives on the elements: its context kind is the element kind, and `parent` leads from an
/// element back to the subject whose amount is shared out.
#[derive(Debug, Clone, Serialize)]
pub struct Split {
    /// Field of the element that holds the subject; `None` when the subject is the population.
    pub parent: Option<FieldRef>,
    /// Over the subject (the parent).
    pub amount: Expr,
    /// Over the subject: the elements that take part.
    pub to: Collection,
    pub method: SplitMethod,
    /// Over the element (variable 0).
    pub cap: Option<Expr>,
    pub rounding: (Rounding, Rational),
    /// Order in which the remainder is given, one quantum each; over the element (variable 0).
    pub remainder: Option<(Expr, bool)>,
}

/// By shares or one after the other; expressions over the element (variable 0).
#[derive(Debug, Clone, Serialize)]
pub enum SplitMethod {
    Shares(Expr),
    /// Sort key and whether descending.
    InTurn(Expr, bool),
}

/// A place where a person decides. Keyed by attribute, subject, row or record, period.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// `举报扣分` for the first of the attribute, `举报扣分#2` for the next.
    pub name: String,
    pub by: String,
    pub ty: Type,
    /// Allowed range, both inclusive.
    pub range: Option<(Rational, Rational)>,
    pub attribute: Option<AttributeId>,
    pub article: ArticleId,
}

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
    Attribute { attribute: AttributeId, subject: Option<Box<Expr>>, row: Option<Box<Expr>> },
    /// 上期(x), 于(p, x): the value of `value` in another period; 无 when that period lies before the first one.
    At { period: Box<Expr>, value: Box<Expr> },
    If { arms: Vec<(Expr, Expr)>, otherwise: Box<Expr> },
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
    Lookup { table: TableId, keys: Vec<Expr>, column: u32 },
    /// 查表(t, keys…): the row itself.
    LookupRow { table: TableId, keys: Vec<Expr> },
    /// 累进(t, x): each slice of x at its own rate. The first key column is an interval, `rate` the rate column.
    Marginal { table: TableId, rate: u32, value: Box<Expr> },
    /// 插值(t, x): linear between the rows of the first key column.
    Interpolate { table: TableId, column: u32, value: Box<Expr> },
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
    /// A collection-valued attribute.
    Attribute { attribute: AttributeId, subject: Option<Box<Expr>> },
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

/// A procedure: checked, kept in the artifact, run by the server.
#[derive(Debug, Clone, Serialize)]
pub struct Procedure {
    pub name: String,
    pub article: ArticleId,
    pub kind: ProcedureKind,
    #[serde(skip)]
    pub span: Span,
}

/// The kinds of procedure.
#[derive(Debug, Clone, Serialize)]
pub enum ProcedureKind {
    Duty {
        by: String,
        cadence: Cadence,
        /// Minutes after midnight.
        time: Option<u16>,
        deliver: Vec<String>,
        to: Option<String>,
        late: Option<(String, Option<String>)>,
    },
    Workflow { context: Context, starts: Expr, steps: Vec<Step>, ends: Vec<End> },
    Clock {
        context: Context,
        from: Expr,
        to: Expr,
        /// In base units of the duration.
        limit: Rational,
        unit: Unit,
        around_the_clock: bool,
        late: Option<(String, Option<String>)>,
    },
    Check { context: Context, condition: Expr, otherwise: String, evidence: Option<String> },
    Body { members_min: Rational, chair: String, required: Vec<String>, quorum: Option<(Expr, String)> },
}

/// How often.
#[derive(Debug, Clone, Serialize)]
pub enum Cadence {
    Every { grain: Grain, offset: Option<CadenceOffset> },
    /// 1 = Monday.
    Weekday(u8),
    LastWorkday(Grain),
}

/// Before or after the start or end of the period.
#[derive(Debug, Clone, Serialize)]
pub struct CadenceOffset {
    pub at_end: bool,
    pub after: bool,
    pub by: Expr,
}

/// A step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub name: String,
    pub by: Vec<String>,
    pub all_sign: bool,
    pub majority: bool,
    pub deliver: Vec<String>,
    /// Duration, and the event it runs from (`申请.收到`).
    pub limit: Option<(Expr, Option<String>)>,
    pub times: Option<Rational>,
    pub outcomes: Vec<String>,
}

/// An end.
#[derive(Debug, Clone, Serialize)]
pub struct End {
    pub name: String,
    /// Fact that is written, its value as text, the day it counts from.
    pub record: Option<(String, String, Option<String>)>,
}

/// An example fence: a small world and what must come out.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    pub article: ArticleId,
    pub givens: Vec<ExampleGiven>,
    pub expectations: Vec<ExampleExpectation>,
    #[serde(skip)]
    pub span: Span,
}

/// A value given.
#[derive(Debug, Clone, Serialize)]
pub enum ExampleGiven {
    /// A subject or record exists. Records of kinds with periods carry `period`.
    Subject { kind: KindId, key: String, period: Option<Period> },
    /// A fact. `period` for periodic fields; for dated fields the value counts from `from` (or always).
    Fact { field: FieldRef, key: String, period: Option<Period>, from: Option<Date>, value: ExampleValue },
    /// An assumed result that replaces the rules of an attribute.
    Assumed { attribute: AttributeId, key: String, period: Option<Period>, value: ExampleValue },
    Parameter { parameter: ParameterId, keys: Vec<Literal>, value: Literal },
    Reading { reading: ReadingId, alternative: u32 },
    Decision { decision: DecisionId, key: String, row: Option<String>, period: Option<Period>, value: ExampleValue },
}

/// A value in an example.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ExampleValue {
    Literal(Literal),
    /// Key of an object.
    Object(KindId, String),
    /// 待补
    Missing,
    /// 待定
    Undecided,
}

/// A value expected.
#[derive(Debug, Clone, Serialize)]
pub struct ExampleExpectation {
    pub attribute: AttributeId,
    /// `None` for 全体.
    pub key: Option<String>,
    /// Label of the row: the first key cell of the table row.
    pub row: Option<String>,
    pub period: Option<Period>,
    pub value: ExampleValue,
    /// Article that must be the one that gives the value.
    pub because: Option<ArticleId>,
    #[serde(skip)]
    pub span: Span,
}
