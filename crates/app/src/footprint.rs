//! 落点: where the people of an organisation fall in its rules. Branches, table rows and grades that nobody reaches, limits
//! that hold somebody back, ties at the border of seats.
//!
//! A health check without facts says what can happen; this says what does, with the real parameters and facts. The rules
//! are walked once more with the row evaluator for every subject, over results that are computed already.

mod borders;
mod tally;
mod walk;

use crate::cone::{Cone, all_attributes};
use crate::document::Policy;
use crate::failure::Outcome;
use crate::limits;
use crate::run::{
    Columns, Prepared, Request, attributes_in, attributes_named, periods_asked, prepare, reach,
};
use crate::words::cite;
use hengjie_calendar::Period;
use hengjie_evaluate::columnar;
use hengjie_policy::core::{ArticleId, Program};
use hengjie_quantity::Lang;
use serde_json::{Value as Json, json};
use walk::Walk;

/// Where people fall.
#[derive(Debug)]
pub struct Footprint {
    /// The periods that were looked at.
    pub periods: Vec<Period>,
    /// Results that were walked, people, rows and periods together.
    pub walked: u64,
    /// Some kind has more subjects than are walked.
    pub is_partial: bool,
    /// By sort, then in the order of the document.
    pub traces: Vec<Trace>,
}

/// What somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A branch, table row or grade that nobody reaches though others of its kind are reached.
    Nobody,
    /// A limit that holds people back.
    Limit,
    /// Equal ranks at the last seat.
    Tie,
}

/// One place of the document with what happens there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// What it is.
    pub sort: Sort,
    /// Citation of the article.
    pub article: String,
    /// Name of the value, or of the table.
    pub value: String,
    /// The branch, row, item or limit, as the document writes it.
    pub place: String,
    /// How many results fall there.
    pub count: u64,
    /// Of how many that came to the place.
    pub of: u64,
}

/// Walks the rules of everybody. `request.only` names the values; empty: all.
///
/// # Errors
/// As a run.
pub fn footprint(policy: &Policy, request: &Request) -> Outcome<Footprint> {
    let program = &policy.program;
    let wanted = attributes_named(program, &request.only)?;
    let cone = Cone::of(program, wanted.iter().copied());
    let Prepared { mut facts, .. } = prepare(program, &cone, request, &|_| {})?;
    let periods = periods_asked(program, &request.periods, &wanted, &facts.data);
    reach(&mut facts.data, &periods);
    let asked = attributes_in(program, &wanted, &periods)?;
    let of_all =
        columnar::Request { attributes: asked.clone(), periods: periods.clone(), places: limits::PLACES };
    let columns = columnar::evaluate(program, &facts.data, &of_all, &|_, _| true).columns;
    let known = Columns::of(program, columns.as_slice());
    let mut walk = Walk::new(program, &facts, &known, request.lang);
    for attribute in all_attributes(program).filter(|attribute| asked.contains(attribute)) {
        walk.attribute(attribute, &periods);
    }
    let (walked, is_partial) = (walk.walked, walk.is_partial);
    let mut traces = tally::traces(program, walk.tallies);
    traces.extend(borders::ties(program, &facts, &known, &asked, &periods));
    traces.sort_by_key(|(article, trace)| (trace.sort, *article));
    let traces = traces.into_iter().map(|(_, trace)| trace).collect();
    Ok(Footprint { periods, walked, is_partial, traces })
}

/// A trace with its article, for the order.
type Placed = (ArticleId, Trace);

fn trace(
    program: &Program,
    sort: Sort,
    article: ArticleId,
    (value, place): (&str, String),
    (count, of): (u64, u64),
) -> Placed {
    let trace =
        Trace { sort, article: cite(program, article).to_owned(), value: value.to_owned(), place, count, of };
    (article, trace)
}

impl Sort {
    /// The heading over traces of this sort.
    #[must_use]
    pub fn heading(self, lang: Lang) -> &'static str {
        match self {
            Self::Nobody => {
                lang.pick("没有一个落到的分支、档次和等级", "branches, rows and grades that nobody reaches")
            }
            Self::Limit => lang.pick("挡住了人的上下限", "limits that hold somebody back"),
            Self::Tie => lang.pick("名额最后一名有并列", "equal ranks at the last seat"),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Limit => "limit",
            Self::Tie => "tie",
        }
    }
}

impl Trace {
    /// `第七条(一) 存款得分：上限 90分，598 个里 12 个`
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let Self { article, value, place, count, of, .. } = self;
        match (self.sort, lang) {
            (Sort::Nobody, Lang::Zh) => format!("{article} {value}：{place}（{of} 个里 0 个）"),
            (Sort::Nobody, Lang::En) => format!("{article} {value}: {place} (0 of {of})"),
            (_, Lang::Zh) => format!("{article} {value}：{place}，{of} 个里 {count} 个"),
            (_, Lang::En) => format!("{article} {value}: {place}, {count} of {of}"),
        }
    }
}

impl Footprint {
    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let trace = |trace: &Trace| {
            json!({
                "sort": trace.sort.code(), "article": trace.article, "value": trace.value,
                "place": trace.place, "count": trace.count, "of": trace.of,
            })
        };
        json!({
            "periods": self.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "walked": self.walked, "partial": self.is_partial,
            "traces": self.traces.iter().map(trace).collect::<Vec<_>>(),
        })
    }
}
