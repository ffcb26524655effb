//! The deadlines of a client on its connection: to send a request, and to read the response (ADR 40).

use super::http_version::HttpVersion;
use crate::settings::ServerSettings;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// The timeouts of a client.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConnectionLimits {
    /// From the first byte of a head to its last.
    head: Duration,
    /// Without a request and without a byte. The server usually closes an idle connection sooner (`server.keep_alive`).
    idle: Duration,
    /// To read what is sent of a response, until there is room for more.
    response: Duration,
}

impl ConnectionLimits {
    pub(super) fn of(settings: &ServerSettings) -> Self {
        let (head, keep_alive) = (settings.head_timeout.get(), settings.keep_alive.get());
        Self { head, idle: keep_alive.saturating_add(head), response: settings.write_timeout.get() }
    }

    /// How long a client may take to read a part of its response.
    pub(super) fn response(&self) -> Duration {
        self.response
    }
}

/// The state of a connection from which the deadline of its client follows; its stream, requests and responses update it.
#[derive(Debug)]
pub(super) struct ConnectionDeadlines {
    limits: ConnectionLimits,
    http_version: HttpVersion,
    /// Requests whose responses are not sent.
    in_flight: Cell<u32>,
    /// Requests so far.
    begun: Cell<u64>,
    idle_since: Cell<Instant>,
    /// Since when a head is incomplete.
    head_since: Cell<Option<Instant>>,
    /// Since when the client does not read bytes that are ready to be sent.
    blocked_since: Cell<Option<Instant>>,
    /// Since when a piece of a response is being sent, by request.
    pieces: RefCell<BTreeMap<u64, Instant>>,
}

impl ConnectionDeadlines {
    pub(super) fn new(limits: ConnectionLimits, http_version: HttpVersion) -> Self {
        Self {
            limits,
            http_version,
            in_flight: Cell::new(0),
            begun: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            head_since: Cell::new(None),
            blocked_since: Cell::new(None),
            pieces: RefCell::default(),
        }
    }

    /// Bytes were received from the client.
    pub(super) fn received(&self) {
        if self.http_version == HttpVersion::Http1 && self.in_flight.get() == 0 && self.head_since.get().is_none() {
            self.head_since.set(Some(Instant::now()));
        }
    }

    /// Bytes are ready to be sent that the client does not read.
    pub(super) fn blocked(&self) {
        if self.blocked_since.get().is_none() {
            self.blocked_since.set(Some(Instant::now()));
        }
    }

    /// All that was ready has been sent.
    pub(super) fn flushed(&self) {
        self.blocked_since.set(None);
    }

    /// Whether bytes wait for the client to read.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.get().is_some()
    }

    /// A request has started; returns its number on this connection.
    pub(super) fn begin(&self) -> u64 {
        let number = self.begun.get();
        self.begun.set(number.wrapping_add(1));
        self.in_flight.set(self.in_flight.get().saturating_add(1));
        self.head_since.set(None);
        number
    }

    /// A piece of the response to a request is passed on to be sent.
    pub(super) fn piece(&self, request: u64) {
        self.pieces.borrow_mut().insert(request, Instant::now());
    }

    /// There is room for the next piece of the response to a request.
    pub(super) fn next_piece(&self, request: u64) {
        self.pieces.borrow_mut().remove(&request);
    }

    /// The response to a request is sent, or the request is cancelled.
    pub(super) fn end(&self, request: u64) {
        self.next_piece(request);
        self.in_flight.set(self.in_flight.get().saturating_sub(1));
        self.idle_since.set(Instant::now());
    }

    /// Whether the client has no request in flight, and has started none.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.get() == 0 && self.head_since.get().is_none()
    }

    /// The deadline of the client; `None` while the service works.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let piece = self.pieces.borrow().values().min().copied();
        let responses =
            [self.blocked_since.get(), piece].into_iter().flatten().map(|since| since + self.limits.response);
        responses.chain(self.request_deadline()).min()
    }

    /// The deadline for the next request, or the rest of its head.
    fn request_deadline(&self) -> Option<Instant> {
        let next = match self.head_since.get() {
            Some(since) => since + self.limits.head,
            None => self.idle_since.get() + self.limits.idle,
        };
        (self.in_flight.get() == 0).then_some(next)
    }
}

#[cfg(test)]
#[path = "deadlines_tests.rs"]
mod tests;
