//! Attributes and how they get their values.

use super::{
    ArticleId, AttributeId, Collection, DecisionId, EnumId, Expr, FieldRef, KindId, Type, ValueType,
};
use hengjie_calendar::Grain;
use hengjie_quantity::{Rational, Rounding};
use hengjie_syntax::Span;
use serde::Serialize;

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
#[expect(clippy::large_enum_variant, reason = "one per attribute, and boxes would only hide the parts")]
pub enum Body {
    /// The first exception (strongest first) whose guard holds, else the general case. General cases exclude each other;
    /// an unguarded general case stands alone.
    Defined {
        exceptions: Vec<Case>,
        general: Vec<Case>,
    },
    /// `first` in the first period of the subject in the population, afterwards `next` evaluated in the previous period.
    State {
        first: Expr,
        next: Vec<Case>,
    },
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
    /// 入账: money whose contributions, unweighted and each in whole fen, become entries of the pay ledger.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_posted: bool,
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
