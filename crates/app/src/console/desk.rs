//! Where the figures of a run are explained: the facts stay read, and what everybody has in common stays worked out, so that
//! one question after another is answered at once.

use super::{Console, Refused, lock};
use crate::document::Policy;
use crate::explain::{Answer, Explainer, Question};
use crate::failure::{Failure, Outcome};
use crate::run::Request;
use hengjie_quantity::Lang;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// Desks at a time: each holds the facts of a run. As many as the documents that an organisation asks about on one day.
const DESKS: usize = 8;

/// How long a desk keeps its facts while nobody asks.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// A desk: a thread of its own, which ends with the last that can ask it or when nobody asks for long.
#[derive(Debug)]
pub(super) struct Desk {
    questions: Sender<Asked>,
}

/// Which facts a desk has read: the run, and their stamp, so that changed files are read again.
pub(super) type DeskKey = (i64, String);

#[derive(Debug)]
struct Asked {
    question: Question,
    lang: Lang,
    reply: oneshot::Sender<Outcome<Answer>>,
}

impl Console {
    /// Explains a figure at the desk of a run; the desk is set up when there is none.
    ///
    /// # Errors
    /// As [`Explainer::new`] and its answers.
    pub(super) async fn at_desk(
        &self,
        key: DeskKey,
        basis: (Arc<Policy>, Request),
        question: Question,
        lang: Lang,
    ) -> Refused<Answer> {
        let (reply, answer) = oneshot::channel();
        self.ask(key, basis, Asked { question, lang, reply });
        received(answer.await)
    }

    fn ask(&self, key: DeskKey, basis: (Arc<Policy>, Request), asked: Asked) {
        let mut desks = lock(&self.shared.desks);
        let held = desks.iter().position(|(held, _)| *held == key).map(|at| desks.remove(at));
        let asked = match held {
            None => asked,
            Some(desk) => match desk.1.questions.send(asked) {
                // The one that is asked comes last: the first is the next to go.
                Ok(()) => return desks.push(desk),
                // It ended, because nobody asked for long.
                Err(back) => back.0,
            },
        };
        // Facts that have changed are not asked about again.
        desks.retain(|(held, _)| held.0 != key.0);
        if desks.len() >= DESKS {
            desks.remove(0);
        }
        let desk = Desk::open(basis);
        if desk.questions.send(asked).is_ok() {
            desks.push((key, desk));
        }
    }
}

fn received(answer: Result<Outcome<Answer>, oneshot::error::RecvError>) -> Refused<Answer> {
    let stopped = |_| {
        let failure =
            Failure::usage("程序出了错误，没有解释出来", "a fault of the program: nothing was explained");
        Err(failure)
    };
    Ok(answer.unwrap_or_else(stopped)?)
}

impl Desk {
    fn open((policy, request): (Arc<Policy>, Request)) -> Self {
        let (questions, asked) = channel();
        thread::spawn(move || serve(&policy, &request, &asked));
        Self { questions }
    }
}

/// Reads the facts, then answers. Facts that cannot be read end the desk with that answer.
fn serve(policy: &Policy, request: &Request, asked: &Receiver<Asked>) {
    let explainer = match Explainer::new(policy, request) {
        Ok(explainer) => explainer,
        Err(failure) => {
            if let Ok(first) = asked.recv() {
                let _ = first.reply.send(Err(failure));
            }
            return;
        }
    };
    let mut answers = explainer.answers();
    while let Ok(Asked { question, lang, reply }) = asked.recv_timeout(IDLE) {
        // Who has gone away needs no answer.
        if !reply.is_closed() {
            let _ = reply.send(answers.answer(&question, lang));
        }
    }
}
