//! How long single answers take with a population at hand: another fact, parameter or reading; one person explained.
//!
//! `cargo run --release -p hengjie-cli --example answers -- POLICY DATA PERIOD VALUES KIND.FIELD PARAMETER READING`
//!
//! VALUES (separated by commas) are computed for everybody and kept. Then a fact of one person grows by one unit, the first
//! supplied value of a parameter by a thousandth, a reading is taken the other way; each time the values are those of a
//! fresh run. Last, people are explained: one value from the top, and all values that it depends on, each derived once.
//! Prints one line of JSON; times in microseconds: the median and the largest.

use hengjie_app::document::{Policy, open};
use hengjie_app::explain::Explainer;
use hengjie_app::run::{Request, parse_periods};
use hengjie_app::{Cone, Source};
use hengjie_evaluate::columnar::{self, Session};
use hengjie_evaluate::dataset::FactPlace;
use hengjie_evaluate::explain::Derivation;
use hengjie_evaluate::row::Evaluator;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, FieldRef, KindId, Literal, ReadingId, Type};
use hengjie_quantity::{Lang, Rational};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Changes of each sort, and people explained.
const TRIES: u32 = 25;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [policy, data, period, values, field, parameter, reading] = &arguments[..] else {
        return Err("POLICY DATA PERIOD VALUES KIND.FIELD PARAMETER READING".to_owned());
    };
    let folder = Path::new(policy);
    let policy = open(folder).map_err(|failure| format!("{failure:?}"))?;
    let request = Request {
        source: Source::at(Path::new(data)),
        parameters: demonstration(folder),
        periods: parse_periods(std::slice::from_ref(period)).map_err(|failure| format!("{failure:?}"))?,
        only: values.split(',').map(str::to_owned).collect(),
        readings: Vec::new(),
        lang: Lang::Zh,
    };
    let people = Explainer::new(&policy, &request).map_err(|failure| format!("{failure:?}"))?;
    let mut bench = Bench::new(&policy, &people, &request)?;
    let answers = json!({
        "data": Path::new(data).file_name().map(|name| name.to_string_lossy().into_owned()),
        "first_us": bench.first,
        "fact_us": bench.facts(field)?,
        "parameter_us": bench.parameters(parameter)?,
        "reading_us": bench.readings(reading)?,
        "explained": explanations(&policy, &people, &request)?,
    });
    println!("{answers}");
    Ok(())
}

fn demonstration(folder: &Path) -> Vec<PathBuf> {
    let file = folder.join("parameters.demo.csv");
    if file.exists() { vec![file] } else { Vec::new() }
}

/// A population that stays computed.
struct Bench<'p> {
    policy: &'p Policy,
    session: Session<'p>,
    request: columnar::Request,
    /// Microseconds of the first computation.
    first: u64,
}

impl<'p> Bench<'p> {
    fn new(policy: &'p Policy, people: &Explainer<'_>, request: &Request) -> Result<Self, String> {
        let attributes = request.only.iter().map(|name| attribute(policy, name)).collect::<Result<_, _>>()?;
        let request = columnar::Request { attributes, periods: request.periods.clone(), places: 6 };
        let mut session = Session::new(&policy.program, people.facts().data.clone());
        let start = Instant::now();
        session.results(&request);
        Ok(Self { policy, session, request, first: micros(start) })
    }

    /// Makes changes, each with the results after it, and compares the last with a fresh run.
    fn measured(
        &mut self,
        mut change: impl FnMut(&mut Session<'p>, u32) -> Result<(), String>,
    ) -> Result<Json, String> {
        let mut times = Vec::new();
        for step in 0..TRIES {
            let start = Instant::now();
            change(&mut self.session, step)?;
            self.session.results(&self.request);
            times.push(micros(start));
        }
        let kept = self.session.results(&self.request);
        let fresh =
            columnar::evaluate(&self.policy.program, self.session.data(), &self.request, &|_, _| true);
        let same = kept.columns.len() == fresh.columns.len()
            && kept.columns.iter().zip(&fresh.columns).all(|(a, b)| format!("{a:?}") == format!("{b:?}"));
        if same { Ok(summary(times)) } else { Err("a session and a fresh run differ".to_owned()) }
    }

    fn facts(&mut self, name: &str) -> Result<Json, String> {
        let (kind, field) = name.split_once('.').ok_or("KIND.FIELD")?;
        let kinds = &self.policy.program.kinds;
        let kind = kinds.iter().position(|own| own.name == kind).ok_or("no such kind")?;
        let fields = &kinds.get(kind).ok_or("no such kind")?.fields;
        let field = fields.iter().position(|own| own.name == field).ok_or("no such field")?;
        let field = FieldRef { kind: KindId(small(kind)), field: small(field) };
        let period = self.request.periods.first().copied();
        let program = &self.policy.program;
        self.measured(|session, step| {
            let len = session.data().kinds.get(kind).map_or(0, |kind| kind.len);
            let at = FactPlace { field, subject: step * (small(len) / TRIES), period };
            match Evaluator::new(program, session.data()).fact(field, at.subject, period) {
                Value::Number(old) => session
                    .change(at, &Value::Number(old + Rational::ONE))
                    .map_err(|refused| format!("{refused:?}")),
                other => Err(format!("{other:?} is no number")),
            }
        })
    }

    fn parameters(&mut self, name: &str) -> Result<Json, String> {
        let program = &self.policy.program;
        self.measured(|session, _| {
            let is_it = |name: &str, place: usize| {
                program.parameters.get(place).is_some_and(|parameter| parameter.name == name)
            };
            let supplied = session.data().parameters.iter().find(|own| is_it(name, own.parameter.index()));
            let mut supplied = supplied.ok_or("no value is supplied for the parameter")?.clone();
            let Literal::Number(old) = &supplied.value else { return Err("no number".to_owned()) };
            supplied.value = Literal::Number(old * &Rational::new(1001, 1000).ok_or("a thousandth")?);
            session.set_parameter(supplied);
            Ok(())
        })
    }

    fn readings(&mut self, name: &str) -> Result<Json, String> {
        let readings = &self.policy.program.readings;
        let place = readings.iter().position(|reading| reading.name == name).ok_or("no such reading")?;
        self.measured(|session, step| {
            session.take_reading(ReadingId(small(place)), Some(1 - step % 2));
            Ok(())
        })
    }
}

/// Explains people: the last of the values from the top, and everything of theirs that it depends on.
fn explanations(policy: &Policy, people: &Explainer<'_>, request: &Request) -> Result<Json, String> {
    let program = &policy.program;
    let top = attribute(policy, request.only.last().ok_or("no values")?)?;
    let kind = program.attributes.get(top.index()).and_then(|attribute| attribute.context.kind);
    let of_person = |id: &AttributeId| {
        let attribute = &program.attributes[id.index()];
        attribute.context.kind == kind
            && attribute.context.rows.is_none()
            && !matches!(attribute.ty.base, Type::Collection(_))
    };
    let cone = Cone::of(program, [top]).attributes;
    let mut all: Vec<AttributeId> = program.order.iter().copied().filter(|id| cone.contains(id)).collect();
    all.retain(of_person);
    all.reverse();
    let len = kind.and_then(|kind| people.facts().data.kinds.get(kind.index())).map_or(1, |kind| kind.len);
    let period = request.periods.first().copied();
    let mut answers = people.answers();
    let mut timed = |attributes: &[AttributeId]| -> (Json, usize) {
        let (mut times, mut nodes) = (Vec::new(), 0);
        for step in 0..TRIES {
            let start = Instant::now();
            let found = answers.together(attributes, step * (small(len) / TRIES), period, Lang::Zh);
            times.push(micros(start));
            nodes = found.iter().map(count).sum();
        }
        (summary(times), nodes)
    };
    let (one, one_nodes) = timed(&all[..1]);
    let (whole, whole_nodes) = timed(&all);
    Ok(json!({
        "values": all.len(), "whole_us": whole, "whole_nodes": whole_nodes, "top_us": one, "top_nodes": one_nodes,
    }))
}

fn count(derivation: &Derivation) -> usize {
    1 + derivation.children.iter().map(count).sum::<usize>()
}

fn attribute(policy: &Policy, name: &str) -> Result<AttributeId, String> {
    let found = policy.program.attributes.iter().position(|attribute| attribute.name == name);
    found.map(|place| AttributeId(small(place))).ok_or_else(|| format!("no value {name}"))
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn micros(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn summary(mut times: Vec<u64>) -> Json {
    times.sort_unstable();
    json!({ "median": times.get(times.len() / 2), "largest": times.last() })
}
