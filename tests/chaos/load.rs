//! Clients that ask all the time, and write down what they get.

use annotation_statistics_tests::{RawAnswer, RawConnection};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A request without a body, and the answer it has when all is well.
#[derive(Clone)]
pub(crate) struct Question {
    target: String,
    /// All of the right body but what differs from answer to answer; `None` where any body will do.
    right: Option<String>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 200 with the whole of the right body.
    Right,
    /// 503 that says when to come back.
    Unavailable,
    /// Anything else: another status, a wrong body, a connection that was cut.
    Wrong(String),
}

/// One question that was asked.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// When it was asked.
    pub(crate) sent: Instant,
    /// How long the answer took, to its last byte.
    pub(crate) took: Duration,
    /// What it was.
    pub(crate) outcome: Outcome,
}

/// Clients at work, each of which asks again as soon as it has its answer and a pause is over.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Answer>>>,
}

impl Question {
    /// One whose right answer is the one of now.
    pub(crate) fn answered_now(address: SocketAddr, target: &str) -> Self {
        let answer = RawConnection::open(address).ask("GET", target, "");
        assert_eq!(answer.status, 200, "{answer:?}");
        Self { target: target.to_owned(), right: Some(essence(&answer).to_owned()) }
    }

    /// One that is only asked for the status of its answer.
    pub(crate) fn of_status(target: &str) -> Self {
        Self { target: target.to_owned(), right: None }
    }

    /// Asks it, on this connection where that is still open.
    pub(crate) fn ask(&self, connection: &mut Option<RawConnection>, address: SocketAddr) -> Answer {
        let sent = Instant::now();
        let outcome = match self.try_ask(connection, address) {
            Ok(answer) => self.outcome(&answer),
            Err(fault) => {
                *connection = None;
                Outcome::Wrong(fault.to_string())
            }
        };
        Answer { sent, took: sent.elapsed(), outcome }
    }

    fn try_ask(&self, connection: &mut Option<RawConnection>, address: SocketAddr) -> io::Result<RawAnswer> {
        let mut open = match connection.take() {
            Some(open) => open,
            None => RawConnection::try_open(address)?,
        };
        let answer = open.try_ask("GET", &self.target, "")?;
        *connection = (answer.header("connection") != Some("close")).then_some(open);
        Ok(answer)
    }

    fn outcome(&self, answer: &RawAnswer) -> Outcome {
        match answer.status {
            200 if self.right.as_deref().is_none_or(|right| right == essence(answer)) => Outcome::Right,
            503 if answer.header("retry-after").is_some() => Outcome::Unavailable,
            status => Outcome::Wrong(format!("{status}: {}", String::from_utf8_lossy(&answer.body))),
        }
    }
}

/// All of a body before the date and the id, which differ from answer to answer.
fn essence(answer: &RawAnswer) -> &str {
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    text.rfind("\"date\":").and_then(|end| text.get(..end)).unwrap_or(text)
}

impl Load {
    /// Starts clients, each with a connection of its own. A client asks at most once in a `pace`.
    pub(crate) fn start(address: SocketAddr, clients: usize, pace: Duration, questions: &[Question]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let client = |number: usize| {
            let (stop, mut questions) = (Arc::clone(&stop), questions.to_vec());
            let length = questions.len();
            questions.rotate_left(number % length);
            thread::spawn(move || ask_until(&stop, address, pace, &questions))
        };
        let clients = (0..clients).map(client).collect();
        Self { stop, clients }
    }

    /// Lets the clients have their last answers, and gives all of them in the order in which they were asked.
    pub(crate) fn stop(self) -> Vec<Answer> {
        self.stop.store(true, Ordering::Release);
        let mut answers: Vec<Answer> = self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        answers.sort_by_key(|answer| answer.sent);
        answers
    }
}

fn ask_until(stop: &AtomicBool, address: SocketAddr, pace: Duration, questions: &[Question]) -> Vec<Answer> {
    let (mut connection, mut answers) = (None, Vec::new());
    for question in questions.iter().cycle() {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let answer = question.ask(&mut connection, address);
        thread::sleep(pace.saturating_sub(answer.took));
        answers.push(answer);
    }
    answers
}

impl Answer {
    /// When it was there.
    pub(crate) fn came(&self) -> Instant {
        self.sent + self.took
    }
}

/// How many answers are like this.
pub(crate) fn count(answers: &[Answer], is_so: impl Fn(&Answer) -> bool) -> usize {
    answers.iter().filter(|answer| is_so(answer)).count()
}

/// The longest that an answer took.
pub(crate) fn slowest(answers: &[Answer]) -> Option<Duration> {
    answers.iter().map(|answer| answer.took).max()
}

/// The first wrong answers, for people.
pub(crate) fn wrong_ones(answers: &[Answer]) -> String {
    let wrong = answers.iter().filter_map(|answer| match &answer.outcome {
        Outcome::Wrong(what) => Some(what.as_str()),
        Outcome::Right | Outcome::Unavailable => None,
    });
    wrong.take(3).collect::<Vec<_>>().join(" | ")
}
