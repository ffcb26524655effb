//! What is asked, and what comes back.

use crate::client::{Client, Scheme};
use crate::findings::Findings;
use annotation_statistics_tests::RawAnswer;
use std::io;
use std::time::{Duration, Instant};

/// A request, and the answer it has when all is well.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: String,
    /// What it is signed by, in turn.
    schemes: [Scheme; 2],
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
    /// How it was signed.
    pub(crate) scheme: Scheme,
    /// What it was.
    pub(crate) outcome: Outcome,
}

impl Question {
    /// A read whose right answer is the one of now.
    pub(crate) fn answered_now(client: &mut Client, target: &str) -> Self {
        let question = Self { schemes: [Scheme::V1, Scheme::V2], ..Self::of_status(target) };
        let right = Some(essence(&client.answer_to(&question)).to_owned());
        Self { right, ..question }
    }

    /// One that is open to everybody, and only asked for the status of its answer.
    pub(crate) fn of_status(target: &str) -> Self {
        Self { method: "GET", target: target.to_owned(), body: String::new(), schemes: [Scheme::Open; 2], right: None }
    }

    /// A write of these rows into a request.
    pub(crate) fn writing(request: &str, rows: &str) -> Self {
        let target = format!("/annotation-requests/{request}/statistics");
        Self { method: "PUT", body: rows.to_owned(), schemes: [Scheme::V2; 2], ..Self::of_status(&target) }
    }

    /// What it is signed by, in turn.
    pub(crate) fn schemes(&self) -> [Scheme; 2] {
        self.schemes
    }

    /// What an answer to it is.
    pub(crate) fn outcome(&self, answer: &io::Result<RawAnswer>) -> Outcome {
        let answer = match answer {
            Ok(answer) => answer,
            Err(fault) => return Outcome::Wrong(fault.to_string()),
        };
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

impl Answer {
    /// When it was there.
    pub(crate) fn came(&self) -> Instant {
        self.sent + self.took
    }

    /// Whether it was 200 with the whole of the right body.
    pub(crate) fn is_right(&self) -> bool {
        self.outcome == Outcome::Right
    }

    /// Whether it was 503 with `Retry-After`.
    pub(crate) fn is_unavailable(&self) -> bool {
        self.outcome == Outcome::Unavailable
    }

    /// What was wrong with it, where it was neither.
    pub(crate) fn fault(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Wrong(what) => Some(what),
            Outcome::Right | Outcome::Unavailable => None,
        }
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

/// The time within which so many of a hundred answers came.
pub(crate) fn percentile(answers: &[Answer], percent: usize) -> Option<Duration> {
    let mut times: Vec<Duration> = answers.iter().map(|answer| answer.took).collect();
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied()
}

impl Findings {
    /// That all answers were right or 503 with `Retry-After`, and came within a time. `of` says whose they are.
    pub(crate) fn right_or_unavailable(&mut self, of: &str, answers: &[Answer], limit: Duration) {
        let unavailable = count(answers, Answer::is_unavailable);
        self.told(&format!("{of}: answers, of which 503"), format!("{}, {unavailable}", answers.len()));
        self.within(&format!("{of}: slowest answer"), slowest(answers), limit);
        let wrong: Vec<&str> = answers.iter().filter_map(Answer::fault).collect();
        self.exactly(&format!("{of}: answers but a right one or a 503 with Retry-After"), wrong.len(), 0);
        if let Some(first) = wrong.first() {
            self.told(&format!("{of}: the first of those"), (*first).to_owned());
        }
    }

    /// That all answers were right.
    pub(crate) fn all_right(&mut self, of: &str, answers: &[Answer]) {
        self.at_least(&format!("{of}: answers"), answers.len(), 1);
        self.exactly(&format!("{of}: answers that are not right"), count(answers, |answer| !answer.is_right()), 0);
    }

    /// That none was right, all were 503 with `Retry-After`, and came within a time.
    pub(crate) fn all_unavailable(&mut self, of: &str, answers: &[Answer], limit: Duration) {
        self.right_or_unavailable(of, answers, limit);
        self.at_least(&format!("{of}: 503"), count(answers, Answer::is_unavailable), 1);
        self.exactly(&format!("{of}: right answers"), count(answers, Answer::is_right), 0);
    }
}
