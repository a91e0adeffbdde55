//! The typed syntax of a policy document, lowered from the lossless tree.
//!
//! One value per construct, in document order, with spans into the original text. Nothing is resolved here: names are
//! as written (without the brackets 「…」), units are unit runs. The parser always returns a [`Document`]; what it could
//! not read is left out here, kept in the tree, and reported as a diagnostic.

use crate::span::Span;
use hengjie_calendar::{Date, Grain, Period};
use hengjie_quantity::{Rational, Rounding};

/// A name as written, without its brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The characters, half-width forms normalised.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A whole document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// Text of the first level-1 heading, or empty.
    pub title: String,
    /// The document from top to bottom; text before the first heading is a section with an empty heading.
    pub sections: Vec<Section>,
}

/// A heading and what stands under it up to the next heading of any level.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// 1 to 6, 0 for text before the first heading.
    pub level: u8,
    /// The whole heading text: `第五条 存款指标`.
    pub heading: Name,
    /// The citation of this place: the first word of the heading (up to the first space), brackets half-width: `第五条`.
    pub cite: String,
    /// The source articles named by a quote line `> 来源：…；…` below the heading, one entry per item.
    pub sources: Vec<Name>,
    /// Prose paragraphs (joined lines, tables that belong to no statement left out), for the reading view.
    pub prose: Vec<Name>,
    /// Rules and examples in order.
    pub blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// ```` ```规则 ```` / ```` ```rules ````
    Rules(Vec<Statement>),
    /// ```` ```示例 ```` / ```` ```examples ````: one fence is one small world.
    Examples(ExampleBlock),
}

/// One statement: a head line with the items below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The whole statement with its items.
    pub span: Span,
    /// What it is.
    pub kind: StatementKind,
}

/// The heads of the language.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `制度 NAME 版本 DATE 起`
    Policy { name: Name, from: Date },
    /// `适用 人员 其中 …`: who the document is about.
    Scope(Expr),
    /// `沿用 NAME 版本 DATE [指纹 “…”]`: a parent document, pinned by its version and the first digits of its content hash.
    Adopt { name: Name, version: Date, hash: Option<Name> },
    /// `修改 CITE` / `废止 CITE`: the parent's article is replaced by the section this stands in / removed.
    Amend { cite: Name, repeal: bool },
    /// `工历 NAME`
    WorkCalendar(Name),
    /// `名目 …`
    Enumeration(Enumeration),
    /// `资料 …`
    Kind(KindDecl),
    /// `表单 …`
    Form(FormDecl),
    /// `参数 …`
    Parameter(ParameterDecl),
    /// `读法 …`
    Reading(ReadingDecl),
    /// `表 …`
    Table(TableDecl),
    /// `公式 NAME(params) = expr`
    Formula { name: Name, params: Vec<(Name, TypeExpr)>, body: Expr },
    /// `汇总 …`
    Total(TotalDecl),
    /// `对 …` with its definitions.
    Rules(RuleGroup),
    /// `排序 …`
    Ranking(RankingDecl),
    /// `名额 …`
    Quota(QuotaDecl),
    /// `分摊 …`
    Split(SplitDecl),
    /// `任务 …`
    Duty(DutyDecl),
    /// `流程 …`
    Workflow(WorkflowDecl),
    /// `时限 …`
    Clock(ClockDecl),
    /// `检查 …`
    Check(CheckDecl),
    /// `机构 …`
    Body(BodyDecl),
}

/// `名目 等级: 高级 > 中级 > 初级` (ordered), `名目 序列: 公司, 零售` (unordered), `名目 岗档: 等级 逐 6档` (ladder).
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    pub name: Name,
    pub form: EnumerationForm,
}

/// The three forms of a 名目.
#[derive(Debug, Clone, PartialEq)]
pub enum EnumerationForm {
    /// Highest first.
    Ordered(Vec<Name>),
    Unordered(Vec<Name>),
    /// Every item of an ordered 名目 times `steps` steps.
    Ladder {
        base: Name,
        steps: NumberLit,
    },
}

/// `资料 NAME [量词 NAME] [每年] [树 NAME]` and its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct KindDecl {
    pub name: Name,
    /// Counter word: `量词 户`.
    pub counter: Option<Name>,
    /// The records belong to periods of this grain; `每日` means each record has a day.
    pub grain: Option<Grain>,
    /// The field that makes the kind a tree.
    pub tree: Option<Name>,
    pub fields: Vec<FieldDecl>,
}

/// `names: type [反称 NAME] [主键]` in 资料, 表单 and 表.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDecl {
    pub names: Vec<Name>,
    pub ty: TypeExpr,
    /// Name of the inverse collection.
    pub inverse: Option<Name>,
    pub is_key: bool,
    pub span: Span,
}

/// `金额`, `计数(户)`, `分 0分 至 50分`, `岗位 随日期`, `比例 每年`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeExpr {
    pub name: Name,
    /// `计数(户)`, `金额(美元)`, `期间(每月)`.
    pub argument: Option<Name>,
    pub range: Option<(Expr, Expr)>,
    pub time: FieldTime,
    pub span: Span,
}

/// When a field has its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldTime {
    /// Nothing written: the value belongs to the subject or record itself.
    Static,
    /// `每年`, `每月` …
    Every(Grain),
    /// `随日期`: valid from a day until the next entry.
    Dated,
}

/// `coll [逐 coll [为 NAME]] [每季[, 每月]]`
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// A kind with an optional filter, or `全体`.
    pub subject: Expr,
    /// `逐 …`: one value per row (table, periods, collection), with the filter inside the expression.
    pub rows: Option<Expr>,
    /// `为 NAME`: a name for the row beside 行.
    pub row_name: Option<Name>,
    pub grains: Vec<Grain>,
    pub span: Span,
}

/// `表单 NAME 对 ctx [反称 NAME]`
#[derive(Debug, Clone, PartialEq)]
pub struct FormDecl {
    pub name: Name,
    pub context: Context,
    pub inverse: Option<Name>,
    pub fields: Vec<FieldDecl>,
    /// `填 people[, people] 每月`
    pub fills: Vec<Fill>,
    /// `栏目 满分 100分` with the table of points below.
    pub points: Option<PointsColumns>,
    /// `签 names`
    pub signatures: Vec<Name>,
}

/// Who is expected to fill a form, and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    pub people: Vec<Expr>,
    pub grain: Grain,
    pub span: Span,
}

/// `栏目 满分 100分` and the Markdown table of one row with the maximum of each column.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsColumns {
    pub full: NumberLit,
    pub table: Option<MarkdownTable>,
    pub span: Span,
}

/// `参数 NAME: type [按 names] (= expr | 待定 由 NAME)`
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterDecl {
    pub name: Name,
    pub ty: TypeExpr,
    /// 名目 names (or 文字 for free keys such as a city) that key the parameter.
    pub keys: Vec<Name>,
    pub value: ParameterValue,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterValue {
    Given(Expr),
    /// `待定 由 NAME`: required, supplied by somebody.
    Required {
        by: Name,
    },
}

/// `读法 A25 分档: 整笔 | 分段 取 整笔 由 评审小组 于 2016-01-05 [据 “…”]`
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingDecl {
    /// `A25`: the name used in rules.
    pub name: Name,
    /// `分档`: what the question is.
    pub title: Name,
    pub alternatives: Vec<Name>,
    pub chosen: Name,
    pub by: Name,
    pub on: Date,
    pub because: Option<String>,
}

/// `表 NAME 键 names [横 NAME 值 NAME] [合计 [NAME] NUM [按组 NAME]]`
#[derive(Debug, Clone, PartialEq)]
pub struct TableDecl {
    pub name: Name,
    pub keys: Vec<Name>,
    /// `横 评分组 值 权重`: the header row holds the keys of one more dimension.
    pub across: Option<(Name, Name)>,
    /// `合计 [column] total [按组 column]`: a check on a column.
    pub sum: Option<TableSum>,
    /// Declared column types.
    pub columns: Vec<FieldDecl>,
    pub table: Option<MarkdownTable>,
}

/// The check `合计 [column] total [按组 column]` of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSum {
    pub column: Option<Name>,
    pub total: NumberLit,
    pub by: Option<Name>,
}

/// A Markdown table; cells are raw, trimmed text.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkdownTable {
    pub header: Vec<Name>,
    pub rows: Vec<Vec<Name>>,
    pub span: Span,
}

/// `汇总 NAME {权重合计 NUM | 最高 NUM | 最低 NUM | 四舍五入 到 NUM | 入账}`
#[derive(Debug, Clone, PartialEq)]
pub struct TotalDecl {
    pub name: Name,
    /// `入账`: what goes into it becomes entries of the pay ledger.
    pub posts: bool,
    pub weights_sum: Option<NumberLit>,
    pub max: Option<NumberLit>,
    pub min: Option<NumberLit>,
    pub rounding: Option<RoundSpec>,
}

/// `四舍五入 到 0.01分`; the quantum may be left out where a whole unit is meant (seats).
#[derive(Debug, Clone, PartialEq)]
pub struct RoundSpec {
    pub mode: RoundMode,
    pub quantum: Option<NumberLit>,
    pub span: Span,
}

/// A rounding, or the largest remainder method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundMode {
    Round(Rounding),
    /// 最大余额法
    LargestRemainder,
}

/// `对 ctx` and the definitions up to the next head.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleGroup {
    pub context: Context,
    pub definitions: Vec<Definition>,
}

/// `[例外|首期|下期] NAME = expr [反称 NAME] [当 expr] [优先于 CITE] [计入 NAME [权重 expr]]`
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub role: DefinitionRole,
    pub name: Name,
    pub value: Expr,
    pub inverse: Option<Name>,
    pub guard: Option<Expr>,
    pub over: Option<Name>,
    pub contributes: Option<Contribution>,
    pub span: Span,
}

/// What a definition is to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinitionRole {
    /// The rule.
    General,
    /// 例外: beats the general rule when its guard holds.
    Exception,
    /// 首期: the value of the first period.
    First,
    /// 下期: the value of the next period.
    Next,
}

/// `计入 NAME [权重 expr]`
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    pub total: Name,
    pub weight: Option<Expr>,
}

/// `排序 NAME 对 ctx [按组 expr]`, `先/再 expr 从高到低 [无者居后]`, `并列 同名次|紧排`
#[derive(Debug, Clone, PartialEq)]
pub struct RankingDecl {
    pub name: Name,
    pub context: Context,
    pub group_by: Option<Expr>,
    pub keys: Vec<RankKey>,
    pub ties: Option<Ties>,
}

/// One key of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct RankKey {
    pub value: Expr,
    pub direction: Direction,
    /// 无者居后: subjects without a value come last.
    pub none_last: bool,
}

/// 从高到低, 从低到高, 从早到晚.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    HighToLow,
    LowToHigh,
    EarlyToLate,
}

/// What equal subjects get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// 同名次: 1, 2, 2, 4.
    Shared,
    /// 紧排: 1, 2, 2, 3.
    Dense,
}

/// `名额 NAME 依 RANKING` and its lines.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotaDecl {
    pub name: Name,
    pub ranking: Name,
    pub lines: Vec<QuotaLine>,
    /// `各档 PARAM 最大余额法`: shares of all grades from one keyed parameter or table column.
    pub each: Option<(Expr, RoundSpec)>,
    /// `跨线 …` for all lines.
    pub cut: Option<Cut>,
    /// `其余 NAME`
    pub rest: Option<Name>,
}

/// `NAME 取 [末] expr [round] [限 expr] [跨线 cut] [递补 NAME]`
#[derive(Debug, Clone, PartialEq)]
pub struct QuotaLine {
    pub grade: Name,
    pub from_bottom: bool,
    pub take: Expr,
    pub rounding: Option<RoundSpec>,
    pub eligible: Option<Expr>,
    pub cut: Option<Cut>,
    pub fill_from: Option<Name>,
    pub span: Span,
}

/// What happens when a seat border cuts a tie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// 全进
    All,
    /// 全不取
    None,
    /// 人定 ROLE
    Decide(Name),
}

/// `分摊 NAME 将 expr 给 coll (比重 expr | 依次 expr dir) [上限 expr] round [余数 归 expr dir]`
#[derive(Debug, Clone, PartialEq)]
pub struct SplitDecl {
    pub name: Name,
    pub amount: Expr,
    pub to: Expr,
    pub method: SplitMethod,
    pub cap: Option<Expr>,
    pub rounding: Option<RoundSpec>,
    pub remainder: Option<(Expr, Direction)>,
}

/// By shares or one after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum SplitMethod {
    Shares(Expr),
    InTurn(Expr, Direction),
}

/// `任务 NAME 由 post due 交 names [给 NAME] [逾期 记 NAME [报 NAME]]`
#[derive(Debug, Clone, PartialEq)]
pub struct DutyDecl {
    pub name: Name,
    pub by: Expr,
    pub due: Due,
    pub deliver: Vec<Name>,
    pub to: Option<Name>,
    pub late: Option<Late>,
}

/// `每月 结束 后 5个工作日 [08:30]`, `每周六 08:30`, `每月最后工作日`
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    pub cadence: Cadence,
    pub time: Option<ClockTime>,
    pub span: Span,
}

/// How often and on which day.
#[derive(Debug, Clone, PartialEq)]
pub enum Cadence {
    /// `每月`, `每季 结束 前 0天`
    Every { grain: Grain, offset: Option<DueOffset> },
    /// `每周六`: 1 = Monday … 7 = Sunday.
    Weekday(u8),
    /// `每月最后工作日`, `每季最后工作日` …
    LastWorkday(Grain),
}

/// `开始|结束 前|后 value`
#[derive(Debug, Clone, PartialEq)]
pub struct DueOffset {
    pub at_end: bool,
    pub after: bool,
    pub by: Expr,
}

/// `08:30`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime {
    /// Minutes after midnight, 0 to 1,439.
    pub minutes: u16,
}

/// `逾期 记 NAME [报 NAME]`
#[derive(Debug, Clone, PartialEq)]
pub struct Late {
    pub record: Name,
    pub report_to: Option<Name>,
}

/// `流程 NAME 对 ctx 起于 expr` with steps and ends.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowDecl {
    pub name: Name,
    pub context: Context,
    pub starts: Expr,
    pub steps: Vec<StepDecl>,
    pub ends: Vec<EndDecl>,
}

/// `步 NAME {由 names | 全签 | 过半 | 交 names | 限 expr [自 expr] | 仅 NUM | 结果 A | B}`
#[derive(Debug, Clone, PartialEq)]
pub struct StepDecl {
    pub name: Name,
    pub by: Vec<Name>,
    pub all_sign: bool,
    pub majority: bool,
    pub deliver: Vec<Name>,
    pub limit: Option<(Expr, Option<Expr>)>,
    pub times: Option<NumberLit>,
    pub outcomes: Vec<Name>,
    pub span: Span,
}

/// `终 NAME [记 path = value [自 expr]]`
#[derive(Debug, Clone, PartialEq)]
pub struct EndDecl {
    pub name: Name,
    pub record: Option<(Expr, Expr, Option<Expr>)>,
    pub span: Span,
}

/// `时限 NAME 对 ctx 自 expr 至 expr 不超过 NUM [全天候|工时] [逾期 …]`
#[derive(Debug, Clone, PartialEq)]
pub struct ClockDecl {
    pub name: Name,
    pub context: Context,
    pub from: Expr,
    pub to: Expr,
    pub limit: NumberLit,
    pub around_the_clock: bool,
    pub late: Option<Late>,
}

/// `检查 NAME 对 ctx: expr 否则 (拒绝 | 列入 NAME | 提示 “…”) [取证 NAME]`
#[derive(Debug, Clone, PartialEq)]
pub struct CheckDecl {
    pub name: Name,
    pub context: Context,
    pub condition: Expr,
    pub otherwise: CheckOutcome,
    pub evidence: Option<Name>,
}

/// What a failed check does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckOutcome {
    Refuse,
    List(Name),
    Hint(String),
}

/// `机构 NAME 人数 ≥ NUM 主席 NAME 必有 names` and `议事 到会 ≥ expr 通过 NAME`
#[derive(Debug, Clone, PartialEq)]
pub struct BodyDecl {
    pub name: Name,
    pub members_min: NumberLit,
    pub chair: Name,
    pub required: Vec<Name>,
    pub quorum: Option<(Expr, Name)>,
}

/// One example fence.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleBlock {
    pub givens: Vec<Given>,
    pub expectations: Vec<Expectation>,
    pub span: Span,
}

/// `设 KIND SUBJECT [评 SUBJECT] [于 period]: NAME = expr, …`, or `设 KIND [于 period]` with a Markdown table whose first
/// column is the subject, or `设 参数 NAME[(key)] = expr`, or `设 读法 NAME = alternative`.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub kind: GivenKind,
    pub span: Span,
}

/// What a 设 line says.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenKind {
    /// Facts (or, for names of rules, assumed results) of one subject or record.
    Facts { kind: Name, subject: Name, of: Option<Name>, when: Option<Expr>, values: Vec<(Name, Expr)> },
    /// A small population.
    Table { kind: Name, when: Option<Expr>, table: MarkdownTable },
    /// A parameter's value in this world.
    Parameter { name: Name, keys: Vec<Expr>, value: Expr },
    /// The alternative taken in this world.
    Reading { name: Name, alternative: Name },
    /// A decision of a person: `设 人定 ATTRIBUTE[(row or record)] SUBJECT [于 period] = expr`.
    Decision { attribute: Name, row: Option<Name>, subject: Name, when: Option<Expr>, value: Expr },
}

/// `得 SUBJECT.NAME[(row)] [于 period] = expr [因 CITE]`, or `得 [于 period]` with a Markdown table.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    pub kind: ExpectationKind,
    pub span: Span,
}

/// What a 得 line expects.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectationKind {
    /// `subject` is `全体` for figures of the population. The value may be 无, 免, 待补 or 待定 (as a [`ExprKind::Name`]).
    Value {
        subject: Name,
        attribute: Name,
        row: Option<Name>,
        when: Option<Expr>,
        value: Expr,
        because: Option<Name>,
    },
    /// First column the subject, the other columns attributes.
    Table { when: Option<Expr>, table: MarkdownTable, because: Option<Name> },
}

/// A number with its unit run.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberLit {
    /// The digits alone: `2.5` in `2.5亿元`.
    pub value: Rational,
    /// The unit run as written: `亿元`; empty for none.
    pub unit: String,
    pub span: Span,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Number(NumberLit),
    Date(Date),
    Period(Period),
    Time(ClockTime),
    Text(String),
    /// Any name, also 本人, 其, 行, 本期, 是, 否, 无, 免.
    Name(Name),
    /// `base.name`
    Field(Box<Expr>, Name),
    /// `name(args)`
    Call(Name, Vec<Argument>),
    /// `base.name(args)`
    Method(Box<Expr>, Name, Vec<Argument>),
    /// `(a, b, c)`; a single parenthesised expression is not wrapped.
    List(Vec<Expr>),
    /// `如 c 则 v 如 … 否则 e`
    If {
        arms: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    /// `v 无则 d`
    OrNone(Box<Expr>, Box<Expr>),
    /// `v 缺则 d`
    OrMissing(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `coll 其中 cond`
    Where(Box<Expr>, Box<Expr>),
    /// A place the parser could not read; a diagnostic has been given.
    Error,
}

/// `expr [为 NAME] [其中 expr] [至 expr]`
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub value: Expr,
    pub alias: Option<Name>,
    /// `a 至 b`
    pub to: Option<Expr>,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// 属于
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
}
