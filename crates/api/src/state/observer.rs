//! Who is told what happens at the interface.

use crate::{ParentSpan, ReadyChecks, RequestId, ResponseCode};
use jiff::Timestamp;
use std::time::Duration;

/// What asking for access can come to.
pub const ACCESS_OUTCOMES: [&str; 10] = [
    "let_in",
    "malformed",
    "no_key",
    "wrong_signature",
    "replayed",
    "not_allowed",
    "outside_window",
    "too_many",
    "unavailable",
    "unreadable_body",
];

/// Is told what happens at the interface, to count or export it. It must be quick and must not block: requests wait.
pub trait Observer: Send + Sync {
    /// A request has arrived; [`ended`](Self::ended) follows once for each.
    fn arrived(&self) {}

    /// Somebody was let in, or not; the outcome is one of [`ACCESS_OUTCOMES`].
    fn asked_for_access(&self, _outcome: &'static str) {}

    /// Somebody was let in by the old scheme v1.
    fn let_in_by_v1(&self) {}

    /// It was looked whether requests would be answered.
    fn checked_ready(&self, _checks: &ReadyChecks) {}

    /// A request has its answer, or was given up.
    fn ended(&self, _request: &EndedRequest<'_>) {}
}

/// Nobody.
impl Observer for () {}

/// A request that has come to its end. Nothing in it is from the client but the ids of its trace, which are numbers.
#[derive(Debug, Clone, Copy)]
pub struct EndedRequest<'a> {
    /// Its name, which is the id of its trace.
    pub id: RequestId,
    /// The caller's span that it belongs to.
    pub parent: Option<ParentSpan>,
    /// When it arrived.
    pub arrived: Timestamp,
    /// The method; `other` for one that no route knows.
    pub method: &'static str,
    /// The pattern of the path that it was for; `unmatched` when there is none.
    pub route: &'a str,
    /// The HTTP status of the answer; `None` when nobody waited for it any more.
    pub status: Option<u16>,
    /// Why it was refused, if it was.
    pub refusal: Option<ResponseCode>,
    /// The size of the body, as it is sent.
    pub bytes: u64,
    /// From the arrival of the head to the answer, without the time that it takes to send it.
    pub duration: Duration,
    /// How much of that was spent in the database, queueing for it included.
    pub database: Duration,
}
