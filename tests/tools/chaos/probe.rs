//! Requests, and what comes back.

use crate::findings::Findings;
use crate::scheme::Scheme;
use annotation_statistics_tests::RawResponse;
use std::io;
use std::time::{Duration, Instant};

/// A request, and the response it has when all is well.
#[derive(Clone)]
pub(crate) struct Probe {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: String,
    /// What it is signed by, in turn.
    schemes: [Scheme; 2],
    /// All of the right body but what differs from response to response; `None` where any body will do.
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

/// The response to one request.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    /// When it was sent.
    pub(crate) sent: Instant,
    /// How long the response took, to its last byte.
    pub(crate) took: Duration,
    /// How it was signed.
    pub(crate) scheme: Scheme,
    /// What it was.
    pub(crate) outcome: Outcome,
}

impl Probe {
    /// A read, signed by each scheme in turn.
    pub(crate) fn reading(target: &str) -> Self {
        Self { schemes: [Scheme::V1, Scheme::V2], ..Self::of_status(target) }
    }

    /// The same, whose right response is this one.
    pub(crate) fn expecting(self, response: &RawResponse) -> Self {
        Self { right: Some(essence(response).to_owned()), ..self }
    }

    /// One that is open to everybody, and only checked for the status of its response.
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

    /// What a response to it is.
    pub(crate) fn outcome(&self, response: &io::Result<RawResponse>) -> Outcome {
        let response = match response {
            Ok(response) => response,
            Err(error) => return Outcome::Wrong(error.to_string()),
        };
        match response.status {
            200 if self.right.as_deref().is_none_or(|right| right == essence(response)) => Outcome::Right,
            503 if response.header("retry-after").is_some() => Outcome::Unavailable,
            status => Outcome::Wrong(format!("{status}: {}", String::from_utf8_lossy(&response.body))),
        }
    }
}

/// All of a body before the date and the id, which differ from response to response.
fn essence(response: &RawResponse) -> &str {
    let text = std::str::from_utf8(&response.body).unwrap_or_default();
    text.rfind("\"date\":").and_then(|end| text.get(..end)).unwrap_or(text)
}

impl Response {
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
    pub(crate) fn error(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Wrong(what) => Some(what),
            Outcome::Right | Outcome::Unavailable => None,
        }
    }
}

/// How many responses are like this.
pub(crate) fn count(responses: &[Response], is_so: impl Fn(&Response) -> bool) -> usize {
    responses.iter().filter(|response| is_so(response)).count()
}

/// The longest that a response took.
pub(crate) fn slowest(responses: &[Response]) -> Option<Duration> {
    responses.iter().map(|response| response.took).max()
}

/// The time within which so many of a hundred responses came.
pub(crate) fn percentile(responses: &[Response], percent: usize) -> Option<Duration> {
    let mut times: Vec<Duration> = responses.iter().map(|response| response.took).collect();
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied()
}

impl Findings {
    /// That all responses were right or 503 with `Retry-After`, and came within a time. `of` says whose they are.
    pub(crate) fn right_or_unavailable(&mut self, of: &str, responses: &[Response], limit: Duration) {
        let unavailable = count(responses, Response::is_unavailable);
        self.note(&format!("{of}: responses, of which 503"), format!("{}, {unavailable}", responses.len()));
        self.within(&format!("{of}: slowest response"), slowest(responses), limit);
        let wrong: Vec<&str> = responses.iter().filter_map(Response::error).collect();
        self.exactly(&format!("{of}: responses but a right one or a 503 with Retry-After"), wrong.len(), 0);
        if let Some(first) = wrong.first() {
            self.note(&format!("{of}: the first of those"), (*first).to_owned());
        }
    }

    /// That all responses were right.
    pub(crate) fn all_right(&mut self, of: &str, responses: &[Response]) {
        self.at_least(&format!("{of}: responses"), responses.len(), 1);
        self.exactly(
            &format!("{of}: responses that are not right"),
            count(responses, |response| !response.is_right()),
            0,
        );
    }

    /// That none was right, all were 503 with `Retry-After`, and came within a time.
    pub(crate) fn all_unavailable(&mut self, of: &str, responses: &[Response], limit: Duration) {
        self.right_or_unavailable(of, responses, limit);
        self.at_least(&format!("{of}: 503"), count(responses, Response::is_unavailable), 1);
        self.exactly(&format!("{of}: right responses"), count(responses, Response::is_right), 0);
    }
}
