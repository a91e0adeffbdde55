//! The typed core: a document after checking. Everything is resolved: names are ids, units are base units, every
//! expression has a type. Both evaluators read this and nothing else. A core may only be made by [`crate::check`].
//!
//! Spans are kept for messages and are not part of the content hash.
//!
//! Reading order: [`Program`] here, [`declaration`], [`attribute`], [`expression`], [`procedure`], [`example`]. Everything is
//! re-exported here.

pub mod attribute;
pub mod declaration;
pub mod example;
pub mod expression;
pub mod procedure;

pub use attribute::*;
pub use declaration::*;
pub use example::*;
pub use expression::*;
pub use procedure::*;

use hengjie_calendar::Date;
use hengjie_quantity::Rational;
use hengjie_syntax::Span;
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// Numbers of formulas as the document writes them, by place: digits and unit. No part of the content.
    #[serde(skip)]
    pub spelled: BTreeMap<Span, (Rational, String)>,
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
