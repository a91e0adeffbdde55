//! The process that reads files of others: told one task as a line of JSON, it answers with lines of JSON and asks before it writes.

use super::ending::{Ending, broken, exceeded, of_failure, of_import};
use super::prepare::Prepared;
use crate::confined::{Budget, VARIABLE, wait};
use crate::console::answer::{Progress, Taking};
use crate::console::facts::is_changes;
use crate::console::job::Job;
use crate::console::{lock, reading};
use crate::document::Policy;
use crate::failure::Outcome;
use crate::import::{Order, import_while};
use crate::ownership::{Kinds, record_while};
use crate::run::Stage;
use hengjie_calendar::Date;
use hengjie_facts::{Acceptance, Action, Import};
use hengjie_quantity::Lang;
use hengjie_store::rows::Part;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// Says that the worker may write.
const GO: &str = "go";

/// An import, as one process tells it to another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Task {
    policy: String,
    store: PathBuf,
    data: PathBuf,
    mapping: Option<PathBuf>,
    control: Option<PathBuf>,
    recorded_on: String,
    by: String,
    taking: Taking,
    is_withdrawal: bool,
    is_english: bool,
    table: Option<String>,
    objects: String,
    owners: String,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
enum Word {
    /// So far it is.
    At(Progress),
    /// It has read and judged everything and waits for [`GO`]; anything else stops it.
    Ready,
    /// How it ended, and how many bytes of a workbook follow behind this line.
    Ended(Box<Ending>, Option<(String, usize)>),
}

impl Task {
    pub(super) fn new(policy: &Policy, prepared: &Prepared, taking: Taking, lang: Lang) -> Self {
        let Prepared { order, table, kinds, .. } = prepared;
        Self {
            policy: policy.text.clone(),
            store: order.store.clone(),
            data: order.data.clone(),
            mapping: order.mapping.clone(),
            control: order.control.clone(),
            recorded_on: order.recorded_on.to_string(),
            by: order.by.clone(),
            taking,
            is_withdrawal: order.action == Action::Withdraw,
            is_english: lang == Lang::En,
            table: table.clone(),
            objects: kinds.objects.clone(),
            owners: kinds.owners.clone(),
        }
    }

    fn lang(&self) -> Lang {
        if self.is_english { Lang::En } else { Lang::Zh }
    }

    fn order(&self) -> Order {
        Order {
            store: self.store.clone(),
            data: self.data.clone(),
            mapping: self.mapping.clone(),
            control: self.control.clone(),
            recorded_on: Date::parse(&self.recorded_on).unwrap_or(Date::MIN),
            by: self.by.clone(),
            acceptance: match self.taking {
                Taking::Check => Acceptance::CheckOnly,
                Taking::GoodRows => Acceptance::GoodRows,
                Taking::AllOrNothing => Acceptance::AllOrNothing,
            },
            action: if self.is_withdrawal { Action::Withdraw } else { Action::Record },
            lang: self.lang(),
        }
    }
}

/// Reads, judges and writes. Whoever watches hears how far it is and is asked before anything is written.
pub(super) fn work(policy: &Policy, task: &Task, job: &Job) -> (Ending, Option<Part>) {
    let progress = |stage| {
        job.at(stage, task.lang());
    };
    ended(imported(policy, task, &progress, &|| job.begin_writing()), task)
}

fn ended(found: Outcome<Import>, task: &Task) -> (Ending, Option<Part>) {
    match found {
        Ok(found) => of_import(&found, task.taking, task.lang()),
        Err(failure) => (of_failure(failure, task.lang()), None),
    }
}

fn imported(
    policy: &Policy,
    task: &Task,
    progress: &(dyn Fn(Stage) + Sync),
    goes_on: &dyn Fn() -> bool,
) -> Outcome<Import> {
    let (order, progress) = (task.order(), |read| progress(Stage::Reading(read)));
    match &task.table {
        Some(table) if is_changes(table) => {
            let kinds = Kinds { objects: task.objects.clone(), owners: task.owners.clone() };
            record_while(policy, &kinds, &order, &progress, goes_on)
        }
        table => import_while(policy, table.as_deref(), &order, &progress, goes_on),
    }
}

/// The worker: one task from `input`, words to `output`.
///
/// # Errors
/// Whoever gave the task has gone.
pub fn run_worker(mut input: impl BufRead, output: impl Write + Send) -> io::Result<()> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let task: Task = serde_json::from_str(&line).map_err(io::Error::other)?;
    let (output, input) = (Mutex::new(output), Mutex::new(input));
    let say = |word: &Word| -> io::Result<()> {
        let mut output = lock(&output);
        serde_json::to_writer(&mut *output, word).map_err(io::Error::other)?;
        output.write_all(b"\n")?;
        output.flush()
    };
    let job = Job::default();
    let progress = |stage| {
        job.at(stage, task.lang());
        // Whoever does not hear this ends the process.
        let _ = job.progress().map(|progress| say(&Word::At(progress)));
    };
    let goes_on = || {
        let mut answer = String::new();
        say(&Word::Ready).is_ok() && lock(&input).read_line(&mut answer).is_ok() && answer.trim() == GO
    };
    let policy = reading::read(&task.policy).into_policy();
    let found = policy.and_then(|policy| imported(&policy, &task, &progress, &goes_on));
    let (ending, rejects) = ended(found, &task);
    let workbook = rejects.as_ref().map(|part| (part.name.clone(), part.content.len()));
    say(&Word::Ended(Box::new(ending), workbook))?;
    let mut output = lock(&output);
    output.write_all(&rejects.map_or_else(Vec::new, |part| part.content))?;
    output.flush()
}

/// Has a task done by a worker, and ends it when it takes too much or somebody has stopped the job.
pub(super) fn supervise(program: &Path, task: &Task, job: &Job) -> (Ending, Option<Part>) {
    let lang = task.lang();
    let budget = Budget::of(&[&task.data, &task.store]);
    let spawned = Command::new(program)
        .arg("import-worker")
        .env(VARIABLE, budget.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else { return (broken(lang), None) };
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return (broken(lang), None);
    };
    let child = Mutex::new(child);
    let heard = std::thread::scope(|scope| {
        // Also the end of a worker that says nothing any more is seen here: its output closes.
        scope.spawn(|| wait(&child, budget, &|| job.goes_on()));
        listen(task, job, input, BufReader::new(output))
    });
    heard.unwrap_or_else(|_| (exceeded(&budget, lang), None))
}

/// Gives the task and hears what the worker says.
fn listen(
    task: &Task,
    job: &Job,
    mut input: ChildStdin,
    mut output: BufReader<ChildStdout>,
) -> io::Result<(Ending, Option<Part>)> {
    serde_json::to_writer(&mut input, task).map_err(io::Error::other)?;
    input.write_all(b"\n")?;
    input.flush()?;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match serde_json::from_str(&line).map_err(io::Error::other)? {
            Word::At(Progress { stage, done, all }) => {
                job.note(stage, done, all);
            }
            Word::Ready => {
                let answer = if job.begin_writing() { GO } else { "stop" };
                writeln!(input, "{answer}")?;
                input.flush()?;
            }
            Word::Ended(ending, workbook) => {
                return Ok((*ending, workbook.map(|one| part(one, &mut output)).transpose()?));
            }
        }
    }
}

/// The workbook behind the last word.
fn part((name, bytes): (String, usize), output: &mut impl io::Read) -> io::Result<Part> {
    let mut content = vec![0; bytes];
    output.read_exact(&mut content)?;
    Ok(Part { position: 0, name, content })
}
