//! The health check of a document, with the parameters that have been supplied.

use crate::document::Policy;
use crate::failure::{Failure, Outcome};
use crate::parameters;
use hengjie_evaluate::dataset::Dataset;
pub use hengjie_health::{Assurance, Check, Finding, Proof, Report, Severity, Verdict};
use hengjie_quantity::Lang;
use std::path::PathBuf;

/// Examines a policy. `only` names checks by code or name; empty: all.
///
/// # Errors
/// [`Failure::Facts`] with every fault of the parameter files; [`Failure::Usage`] for unknown checks.
pub fn examine(policy: &Policy, parameter_files: &[PathBuf], only: &[String]) -> Outcome<Report> {
    let only = only.iter().map(|name| check(name)).collect::<Outcome<Vec<Check>>>()?;
    let mut data = Dataset::default();
    let faults = parameters::read(&policy.program, parameter_files, &mut data);
    if faults.has_errors() {
        return Err(Failure::Facts(Box::new(faults)));
    }
    Ok(hengjie_health::examine(&hengjie_health::Subject {
        text: &policy.text,
        program: &policy.program,
        diagnostics: &policy.diagnostics,
        supplied: &data.parameters,
        only: &only,
    }))
}

fn check(name: &str) -> Outcome<Check> {
    let known = |lang| Check::ALL.iter().map(|check| check.name(lang)).collect::<Vec<_>>();
    Check::named(name).ok_or_else(|| {
        let (zh, en) = (known(Lang::Zh).join("、"), known(Lang::En).join(", "));
        Failure::usage(
            format!("没有“{name}”这一项检查，有：{zh}"),
            format!("there is no check `{name}`; known: {en}"),
        )
    })
}
