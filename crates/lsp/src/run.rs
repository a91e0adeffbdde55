//! The server on two streams of bytes: a thread reads, a thread computes live values, this one answers.

use crate::frame::{self, FrameError};
use crate::live::{Job, Worker};
use crate::protocol::{Code, Refusal};
use crate::server::{Server, failed};
use hengjie_quantity::Lang;
use serde_json::Value;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long after the last change the faults are told: while somebody types, half a word is no mistake.
const PAUSE: Duration = Duration::from_millis(120);

/// Something that has happened.
enum Event {
    Message(Value),
    Bad(FrameError),
    /// The input has ended.
    End,
    /// A live value is ready.
    Answer(Value),
}

/// Answers a client until it says `exit` or its input ends.
///
/// `complain` gets what must be told beside the conversation, in the language of the user. Returns whether the conversation ended
/// properly: with `shutdown` and `exit`.
pub fn run(
    input: impl BufRead + Send + 'static,
    mut output: impl Write,
    lang: Lang,
    complain: &dyn Fn(&str),
) -> bool {
    let (sender, events) = channel();
    let (jobs, wanted) = channel();
    let answers = sender.clone();
    // Both threads end with the process: one waits for bytes that may never come.
    drop(thread::spawn(move || listen(input, &sender)));
    drop(thread::spawn(move || compute(&wanted, &answers)));
    let mut server = Server::new(lang);
    loop {
        let event = if server.has_news() {
            match events.recv_timeout(PAUSE) {
                Ok(event) => event,
                Err(RecvTimeoutError::Timeout) => {
                    server.tell_diagnostics();
                    if flush(&mut server, &mut output, &jobs).is_err() {
                        return false;
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => Event::End,
            }
        } else {
            events.recv().unwrap_or(Event::End)
        };
        match event {
            Event::Message(message) => receive(&mut server, message, lang),
            Event::Answer(message) => server.send(message),
            Event::Bad(FrameError::Json(reason)) => server.unreadable(&reason),
            Event::Bad(FrameError::Lost(zh, en)) => {
                complain(lang.pick(zh, en));
                return false;
            }
            Event::End => return false,
        }
        if flush(&mut server, &mut output, &jobs).is_err() {
            return false;
        }
        if let Some(properly) = server.ended() {
            return properly;
        }
    }
}

/// One message; a fault of the server costs the answer, not the conversation.
fn receive(server: &mut Server, message: Value, lang: Lang) {
    let id = message.get("id").cloned();
    let done = catch_unwind(AssertUnwindSafe(|| server.receive(message)));
    if let (Err(_), Some(id)) = (done, id) {
        let refusal = Refusal::new(
            Code::Internal,
            "语言服务器出错，请报告",
            "the language server has a fault, please report it",
        );
        server.send(failed(&id, &refusal, lang));
    }
}

/// Writes the messages and hands on the jobs.
fn flush(server: &mut Server, output: &mut impl Write, jobs: &Sender<Job>) -> std::io::Result<()> {
    for message in server.take_messages() {
        frame::write(output, &message)?;
    }
    for job in server.take_jobs() {
        if let Err(lost) = jobs.send(job) {
            frame::write(output, &Worker::skip(lost.0))?;
        }
    }
    Ok(())
}

fn listen(mut input: impl BufRead, events: &Sender<Event>) {
    loop {
        let event = match frame::read(&mut input) {
            Some(Ok(message)) => Event::Message(message),
            Some(Err(bad)) => Event::Bad(bad),
            None => Event::End,
        };
        let last = matches!(event, Event::End | Event::Bad(FrameError::Lost(..)));
        if events.send(event).is_err() || last {
            return;
        }
    }
}

/// Computes the newest job; older ones nobody looks at any more.
fn compute(wanted: &Receiver<Job>, answers: &Sender<Event>) {
    let mut worker = Worker::default();
    while let Ok(mut job) = wanted.recv() {
        while let Ok(newer) = wanted.try_recv() {
            if answers.send(Event::Answer(Worker::skip(std::mem::replace(&mut job, newer)))).is_err() {
                return;
            }
        }
        if answers.send(Event::Answer(worker.work(job))).is_err() {
            return;
        }
    }
}
