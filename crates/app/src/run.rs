//! Running a policy: facts and parameters in, result tables out.

mod compute;
mod gaps;
mod known;
mod nobody;
mod notes;
mod population;
mod select;
mod tables;

use crate::cone::Cone;
use crate::dataset::Facts;
use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::faults::TableFaults;
use crate::load::{self, Need, Source};
use crate::parameters;
use crate::schema::Schema;
pub(crate) use compute::len as computed_len;
pub use gaps::{GapSummary, Waiting};
use hengjie_calendar::Period;
use hengjie_evaluate::dataset::Dataset;
use hengjie_facts::{FaultReport, ProgressFn, ResultTable, Severity};
use hengjie_policy::core::{AttributeId, Program};
use hengjie_quantity::Lang;
pub(crate) use known::Columns;
pub use select::parse_periods;
pub(crate) use select::{attributes_named, in_periods as attributes_in, periods_asked, take_readings};
use std::path::PathBuf;

/// What to run.
#[derive(Debug, Clone)]
pub struct Request {
    /// Facts.
    pub source: Source,
    /// Parameter files.
    pub parameters: Vec<PathBuf>,
    /// Periods; empty: the last one of each grain that the facts reach.
    pub periods: Vec<Period>,
    /// Names of attributes; empty: all of the document.
    pub only: Vec<String>,
    /// Readings taken instead of those of the document: name and alternative.
    pub readings: Vec<(String, String)>,
    /// Language of words in the results.
    pub lang: Lang,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Reading a table.
    Reading(hengjie_facts::Progress),
    /// Computing: columns done, columns in all.
    Computing(usize, usize),
    /// Finding out what results wait for.
    Looking,
}

/// What came out.
#[derive(Debug)]
pub struct Report {
    /// The result tables, then the tables of gaps and open decisions.
    pub tables: Vec<ResultTable>,
    /// The sheet 口径与版本: what was run on what.
    pub notes: Vec<(String, String)>,
    /// Periods that were computed.
    pub periods: Vec<Period>,
    /// Number of subjects in the result tables.
    pub subjects: usize,
    /// Results with a value, 无 and 免 included.
    pub complete: u64,
    /// Results that wait for facts or parameters (待补) and for decisions (待定).
    pub waiting: Waiting,
    /// What they wait for, the most wanted first.
    pub gaps: Vec<GapSummary>,
    /// More results wait than were looked into, so that counts of gaps are lower bounds.
    pub gaps_are_partial: bool,
    /// Attributes that were computed row by row, with the reason.
    pub row_by_row: Vec<(String, Option<Period>, &'static str)>,
    /// Values that were computed by columns, those in between included.
    pub values: u64,
    /// How many of them needed exact fractions, or were computed row by row.
    pub exactly: u64,
    /// Warnings about the files.
    pub warnings: FaultReport,
}

/// Facts that are ready to be evaluated.
pub(crate) struct Prepared {
    pub(crate) facts: Facts,
    pub(crate) warnings: FaultReport,
}

/// Runs a policy.
///
/// # Errors
/// [`Failure::Facts`] with every fault of every file, or when there is nobody to compute for; [`Failure::Usage`] for unknown attributes, readings and periods.
pub fn run(policy: &Policy, request: &Request, progress: &(dyn Fn(Stage) + Sync)) -> Outcome<Report> {
    let report = run_while(policy, request, &|stage| {
        progress(stage);
        true
    })?;
    report.ok_or_else(stopped)
}

/// Somebody has stopped a computation.
#[must_use]
pub fn stopped() -> Failure {
    Failure::usage("计算停在半路", "the run was stopped")
}

/// Runs a policy as long as `progress` says so; `None` when it said stop.
///
/// # Errors
/// As [`run`].
pub fn run_while(
    policy: &Policy,
    request: &Request,
    progress: &(dyn Fn(Stage) -> bool + Sync),
) -> Outcome<Option<Report>> {
    let program = &policy.program;
    let wanted = attributes_named(program, &request.only)?;
    let cone = Cone::of(program, wanted.iter().copied());
    let Prepared { mut facts, mut warnings } = prepare(program, &cone, request, &|read| {
        // A table is read to its end; whether to stop is asked again before computing.
        progress(Stage::Reading(read));
    })?;
    let periods = periods_asked(program, &request.periods, &wanted, &facts.data);
    reach(&mut facts.data, &periods);
    let asked = select::in_periods(program, &wanted, &periods)?;
    let go_on = |done, all| progress(Stage::Computing(done, all));
    let Some(computed) = compute::compute(program, &facts.data, &asked, &periods, &go_on) else {
        return Ok(None);
    };
    if let Some(fault) = nobody::fault(policy, &facts, &asked, &periods, &computed) {
        TableFaults::of_file(&mut warnings, "", String::new()).push(fault);
        warnings.faults.sort_by_key(|fault| fault.severity == Severity::Warning);
        return Err(Failure::Facts(Box::new(warnings)));
    }
    if !progress(Stage::Looking) {
        return Ok(None);
    }
    let gaps = gaps::find(program, &facts, &computed);
    let summaries = gaps.summaries(program, &facts);
    let notes = notes::notes(policy, request, &facts, &cone, &periods, &computed);
    let (complete, waiting, row_by_row) =
        (computed.complete(), computed.waiting(), computed.row_by_row.clone());
    let (values, exactly) = (computed.values, computed.exactly);
    let mut tables = tables::tables(program, &facts, computed, request.lang);
    let subjects = tables::subjects(&tables);
    tables.extend(gaps.tables(program, &facts, request.lang));
    Ok(Some(Report {
        tables,
        notes,
        periods,
        subjects,
        complete,
        waiting,
        gaps: summaries,
        gaps_are_partial: gaps.is_partial,
        row_by_row,
        values,
        exactly,
        warnings,
    }))
}

/// Reads facts, parameters and readings for a cone.
pub(crate) fn prepare(
    program: &Program,
    cone: &Cone,
    request: &Request,
    progress: &ProgressFn<'_>,
) -> Outcome<Prepared> {
    let schema = Schema::of(program, cone);
    let history = cone.reads_other_periods || request.periods.is_empty();
    let need = Need { schema: &schema, history };
    let (mut facts, mut report) = load::load(program, need, &request.source, progress);
    let of_parameters = parameters::read(program, &request.parameters, &mut facts.data);
    report.faults.extend(of_parameters.faults);
    report.totals.extend(of_parameters.totals);
    if report.has_errors() {
        return Err(Failure::Facts(Box::new(report)));
    }
    take_readings(program, &request.readings, &mut facts.data)?;
    Ok(Prepared { facts, warnings: report })
}

/// The history reaches to the periods that are computed.
pub(crate) fn reach(data: &mut Dataset, periods: &[Period]) {
    let first = periods.iter().map(Period::first_day).min();
    let last = periods.iter().map(Period::last_day).max();
    if let (Some(first), Some(last)) = (first, last) {
        data.horizon = Some(data.horizon.map_or((first, last), |(start, _)| (start.min(first), last)));
    }
}

/// The name of an attribute.
pub(crate) fn name_of(program: &Program, attribute: AttributeId) -> &str {
    &program.attributes[attribute.index()].name
}
