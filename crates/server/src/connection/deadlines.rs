//! By when a client must have done its part of a connection: send a request, or make room for a response.

use super::http_version::HttpVersion;
use crate::settings::ServerSettings;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConnectionLimits {
    /// From the first byte of a head to its last.
    head: Duration,
    /// Without a request and without a byte. The server closes an idle connection sooner, if it still counts the time.
    idle: Duration,
    /// To take what is handed to it of an answer, until there is room for more.
    answer: Duration,
}

impl ConnectionLimits {
    pub(super) fn of(settings: &ServerSettings) -> Self {
        let (head, keep_alive) = (settings.head_timeout.get(), settings.keep_alive.get());
        Self { head, idle: keep_alive.saturating_add(head), answer: settings.write_timeout.get() }
    }

    /// How long a client may take to make room for more of its answer.
    pub(super) fn answer(&self) -> Duration {
        self.answer
    }
}

/// A connection as its stream, its requests and their answers see it.
#[derive(Debug)]
pub(super) struct ConnectionDeadlines {
    limits: ConnectionLimits,
    http_version: HttpVersion,
    /// Requests whose answers are not handed over.
    under_way: Cell<u32>,
    /// Requests so far.
    begun: Cell<u64>,
    idle_since: Cell<Instant>,
    /// Since when there is a part of a head.
    head_since: Cell<Option<Instant>>,
    /// Since when the client makes no room for bytes that are ready.
    blocked_since: Cell<Option<Instant>>,
    /// The pieces of answers that are handed over, by request, until the next one is asked for.
    pieces: RefCell<BTreeMap<u64, Instant>>,
}

impl ConnectionDeadlines {
    pub(super) fn new(limits: ConnectionLimits, http_version: HttpVersion) -> Self {
        Self {
            limits,
            http_version,
            under_way: Cell::new(0),
            begun: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            head_since: Cell::new(None),
            blocked_since: Cell::new(None),
            pieces: RefCell::default(),
        }
    }

    /// Bytes came from the client.
    pub(super) fn received(&self) {
        if self.http_version == HttpVersion::Http1 && self.under_way.get() == 0 && self.head_since.get().is_none() {
            self.head_since.set(Some(Instant::now()));
        }
    }

    /// Bytes are ready that the client makes no room for.
    pub(super) fn blocked(&self) {
        if self.blocked_since.get().is_none() {
            self.blocked_since.set(Some(Instant::now()));
        }
    }

    /// There was room for all that was ready.
    pub(super) fn flushed(&self) {
        self.blocked_since.set(None);
    }

    /// Whether there is room for all that was ready.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.get().is_some()
    }

    /// A request has begun; returns its number on this connection.
    pub(super) fn begin(&self) -> u64 {
        let number = self.begun.get();
        self.begun.set(number.wrapping_add(1));
        self.under_way.set(self.under_way.get().saturating_add(1));
        self.head_since.set(None);
        number
    }

    /// A piece of the answer to a request is handed over.
    pub(super) fn piece(&self, request: u64) {
        self.pieces.borrow_mut().insert(request, Instant::now());
    }

    /// There is room for the next piece of the answer to a request.
    pub(super) fn next_piece(&self, request: u64) {
        self.pieces.borrow_mut().remove(&request);
    }

    /// The answer to a request is handed over, or given up.
    pub(super) fn end(&self, request: u64) {
        self.next_piece(request);
        self.under_way.set(self.under_way.get().saturating_sub(1));
        self.idle_since.set(Instant::now());
    }

    /// Whether the client has no request under way, and has begun none.
    pub(super) fn is_idle(&self) -> bool {
        self.under_way.get() == 0 && self.head_since.get().is_none()
    }

    /// By when the client must have done its part; `None` while there is nothing that it must do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let piece = self.pieces.borrow().values().min().copied();
        let answer = [self.blocked_since.get(), piece].into_iter().flatten().map(|since| since + self.limits.answer);
        answer.chain(self.request_deadline()).min()
    }

    /// By when the next request must be there, or a part of it.
    fn request_deadline(&self) -> Option<Instant> {
        let next = match self.head_since.get() {
            Some(since) => since + self.limits.head,
            None => self.idle_since.get() + self.limits.idle,
        };
        (self.under_way.get() == 0).then_some(next)
    }
}

#[cfg(test)]
#[path = "deadlines_tests.rs"]
mod tests;
