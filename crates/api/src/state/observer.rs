//! The observer of the interface, for metrics and traces.

use crate::{ParentSpan, ReadyChecks, RequestId, ResponseCode};
use jiff::Timestamp;
use std::time::Duration;

/// The outcome of an access check that admits.
pub(crate) const ADMITTED: &str = "let_in";

/// The outcomes of access checks.
pub const ACCESS_OUTCOMES: [&str; 11] = [
    ADMITTED,
    "malformed",
    "no_key",
    "not_signed_in",
    "wrong_signature",
    "replayed",
    "not_allowed",
    "outside_window",
    "too_many",
    "unavailable",
    "unreadable_body",
];

/// Is notified of the events of the interface, for metrics and traces. It must be fast and must not block: requests wait for it.
pub trait Observer: Send + Sync {
    /// A request has arrived; [`ended`](Self::ended) follows once for each.
    fn arrived(&self) {}

    /// The access of a request was checked; the outcome is one of [`ACCESS_OUTCOMES`].
    fn access_checked(&self, _outcome: &'static str) {}

    /// A request was admitted by the old scheme v1.
    fn admitted_by_v1(&self) {}

    /// The readiness was checked.
    fn checked_ready(&self, _checks: &ReadyChecks) {}

    /// The rows of a page were needed, and were in the cache or not.
    fn page_looked_up(&self, _is_cached: bool) {}

    /// Pages take so many bytes of the cache now.
    fn pages_cached(&self, _bytes: u64) {}

    /// A request has its response, or the client disconnected.
    fn ended(&self, _request: &EndedRequest<'_>) {}
}

/// No observer.
impl Observer for () {}

/// A request that has ended. Only the ids of its trace, which are numbers, are chosen by the client.
#[derive(Debug, Clone, Copy)]
pub struct EndedRequest<'a> {
    /// Its id, which is that of its trace.
    pub id: RequestId,
    /// The caller's span that it belongs to.
    pub parent: Option<ParentSpan>,
    /// When it arrived.
    pub arrived: Timestamp,
    /// The method; `other` for one that no route knows.
    pub method: &'static str,
    /// The path pattern of the resource; `unmatched` without one.
    pub route: &'a str,
    /// The HTTP status of the response; `None` when the client disconnected before.
    pub status: Option<u16>,
    /// The code of its error, if it failed.
    pub refusal: Option<ResponseCode>,
    /// The size of the body, as it is sent.
    pub bytes: u64,
    /// From the arrival of the head to the response, without the time to send it.
    pub duration: Duration,
    /// How much of that was spent in the database, including the wait for a connection.
    pub database: Duration,
}
