//! Procedures: 任务, 流程, 时限, 检查, 机构.

use super::{ArticleId, Context, Expr};
use hengjie_calendar::Grain;
use hengjie_quantity::{Rational, Unit};
use hengjie_syntax::Span;
use serde::Serialize;

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
    Workflow {
        context: Context,
        starts: Expr,
        steps: Vec<Step>,
        ends: Vec<End>,
    },
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
    Check {
        context: Context,
        condition: Expr,
        otherwise: String,
        evidence: Option<String>,
    },
    Body {
        members_min: Rational,
        chair: String,
        required: Vec<String>,
        quorum: Option<(Expr, String)>,
    },
}

/// How often.
#[derive(Debug, Clone, Serialize)]
pub enum Cadence {
    Every {
        grain: Grain,
        offset: Option<CadenceOffset>,
    },
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
