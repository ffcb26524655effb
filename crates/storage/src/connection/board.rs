//! The watchdog's board: which connections wait for a response, and since when.

use crate::Congestion;
use crate::connection::socket::SocketMark;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::thread::Thread;
use std::time::{Duration, Instant};

/// Pause before the socket of a connection is looked for again. It may never be found: Unix sockets have no mark.
const NEXT_TRY: Duration = Duration::from_secs(1);

/// A server process that serves a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Backend {
    /// When its server was started, which identifies the server.
    pub(super) server: String,
    /// Whether that is a replica.
    pub(super) is_replica: bool,
    /// Its process id there.
    pub(super) pid: i32,
    /// When it was started: process ids are reused.
    pub(super) started: String,
}

/// For how long a connection may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct WaitLimits {
    /// Until it is open.
    pub(super) opening: Duration,
    /// For one response; `None` where a statement has no limit.
    pub(super) response: Option<Duration>,
}

/// A connection that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) id: u64,
    pub(super) since: Instant,
    /// `None` before it is open.
    pub(super) backend: Option<Backend>,
}

/// All connections of one owner that are open or being opened.
#[derive(Debug, Default)]
pub(super) struct ConnectionBoard {
    connections: BTreeMap<u64, Entry>,
    entered: u64,
    cut: u64,
    no_response_since: Option<Instant>,
    /// Why the last attempt to open a connection failed; `None` after one that succeeded.
    unreachable: Option<&'static str>,
    /// How often a connection began to wait so far, and how often when the watchdog looked last.
    begun: u64,
    seen: u64,
    /// The watchdog, which sleeps until a connection begins to wait.
    parked: Option<Thread>,
}

#[derive(Debug)]
struct Entry {
    mark: SocketMark,
    generation: u64,
    limits: WaitLimits,
    /// Whether it is the watchdog's own, which only checks the others.
    is_probe: bool,
    backend: Option<Backend>,
    waits: Option<Wait>,
    /// The host that has accepted it and did not respond for a while.
    slow_host: Option<SocketAddr>,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    since: Instant,
    /// It could not be cut, and is not tried again before this.
    not_before: Option<Instant>,
    /// Its host has accepted it, as far as is known, and it waits for Postgres.
    is_accepted: bool,
}

/// A connection that was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// One that was open: those of its generation are not used again.
    Open { generation: u64 },
    /// One that was being opened, which says nothing of those that are open: they may have another host.
    Opening,
    /// The watchdog's own, which says nothing of others either.
    Probe,
}

impl Entry {
    /// For how long it may wait now.
    fn limit(&self) -> Option<Duration> {
        if self.backend.is_some() { self.limits.response } else { Some(self.limits.opening) }
    }
}

impl Wait {
    fn since(since: Instant) -> Self {
        Self { since, not_before: None, is_accepted: false }
    }
}

impl ConnectionBoard {
    /// A connection is being opened. Returns its id on the board.
    pub(super) fn enter(
        &mut self,
        mark: SocketMark,
        generation: u64,
        limits: WaitLimits,
        is_probe: bool,
        now: Instant,
    ) -> u64 {
        self.entered += 1;
        let entry = Entry { mark, generation, limits, is_probe, backend: None, waits: None, slow_host: None };
        self.connections.insert(self.entered, entry);
        self.begin(self.entered, now);
        self.entered
    }

    /// It is open, and served by this server process.
    pub(super) fn opened(&mut self, id: u64, backend: Backend, now: Instant) {
        if let Some(entry) = self.connections.get_mut(&id) {
            entry.backend = Some(backend);
            self.unreachable = None;
        }
        self.end(id, true, now);
    }

    /// It begins to wait for a response.
    pub(super) fn begin(&mut self, id: u64, now: Instant) {
        let Some(entry) = self.connections.get_mut(&id) else { return };
        entry.waits = Some(Wait::since(now));
        if !entry.is_probe {
            self.no_response_since.get_or_insert(now);
        }
        self.begun += 1;
        self.wake();
    }

    /// It no longer waits: it got a response, or was lost.
    pub(super) fn end(&mut self, id: u64, responded: bool, now: Instant) {
        let Some(entry) = self.connections.get_mut(&id) else { return };
        entry.waits = None;
        if responded && !entry.is_probe {
            let still_waiting = self.waiting().next().is_some();
            self.no_response_since = still_waiting.then_some(now);
        }
    }

    /// It is closed.
    pub(super) fn leave(&mut self, id: u64) {
        self.connections.remove(&id);
    }

    /// For how long the watchdog may sleep after it looked: until a wait may be overdue, for at least a `pause`. `None`:
    /// until one begins, as none has begun since it looked before. So connections in use do not wake it.
    pub(super) fn rest(&mut self, overdue_after: Duration, pause: Duration, now: Instant) -> Option<Duration> {
        let is_used = std::mem::replace(&mut self.seen, self.begun) != self.begun;
        let waits = self.connections.values().filter_map(|entry| Some((entry, entry.waits?)));
        let due =
            |(entry, wait): (&Entry, Wait)| wait.since + overdue_after.min(entry.limit().unwrap_or(overdue_after));
        match waits.map(due).min() {
            Some(due) => Some(due.saturating_duration_since(now).max(pause)),
            None if is_used => Some(overdue_after.max(pause)),
            None => None,
        }
    }

    /// Wakes the watchdog if it is parked.
    pub(super) fn wake(&mut self) {
        if let Some(watchdog) = self.parked.take() {
            watchdog.unpark();
        }
    }

    /// The watchdog sleeps until it is woken.
    pub(super) fn park(&mut self, watchdog: Thread) {
        self.parked = Some(watchdog);
    }

    /// Those that have waited for longer than their limit, which the server would have enforced (ADR 51).
    pub(super) fn late(&self, now: Instant) -> Vec<Waiting> {
        let is_late = |entry: &Entry, wait: Wait| {
            entry.limit().is_some_and(|limit| now.saturating_duration_since(wait.since) >= limit)
        };
        let connections = self.connections.iter().filter_map(|(id, entry)| Some((id, entry, entry.waits?)));
        let late = connections.filter(|(_, entry, wait)| may_be_cut(*wait, now) && is_late(entry, *wait));
        late.map(|(id, entry, wait)| waiting(*id, entry, wait)).collect()
    }

    /// Those that have waited for so long, whatever their limit: the probe looks whether they are still served (ADR 51).
    pub(super) fn overdue(&self, after: Duration, now: Instant) -> Vec<Waiting> {
        let overdue = self.waiting().filter(|(_, _, wait)| now.saturating_duration_since(wait.since) >= after);
        overdue
            .filter(|(_, _, wait)| may_be_cut(*wait, now))
            .map(|(id, entry, wait)| waiting(id, entry, wait))
            .collect()
    }

    /// Those that are being opened for so long, and have not been accepted by the host that is tried (ADR 69).
    pub(super) fn unaccepted(&self, after: Duration, now: Instant) -> Vec<Waiting> {
        let opening = self.connections.iter().filter(|(_, entry)| entry.backend.is_none());
        let waits = opening.filter_map(|(id, entry)| Some((*id, entry, entry.waits?)));
        let is_unaccepted = |wait: &Wait| !wait.is_accepted && now.saturating_duration_since(wait.since) >= after;
        waits.filter(|(_, _, wait)| is_unaccepted(wait)).map(|(id, entry, wait)| waiting(id, entry, wait)).collect()
    }

    /// Gives up the host that has not accepted this connection, by the mark of its socket: libpq goes on with the next one.
    /// Where `cut` finds no such socket, the connection was accepted.
    pub(super) fn give_up_host(&mut self, connection: &Waiting, now: Instant, cut: impl FnOnce(u32) -> bool) -> bool {
        let Some(entry) = self.connections.get_mut(&connection.id) else { return false };
        let Some(wait) = entry.waits.as_mut().filter(|wait| wait.since == connection.since) else { return false };
        let is_given_up = cut(entry.mark.milliseconds());
        *wait = if is_given_up { Wait::since(now) } else { Wait { is_accepted: true, ..*wait } };
        is_given_up
    }

    /// It has been accepted by this host, which takes its time.
    pub(super) fn accepted(&mut self, id: u64, host: impl FnOnce(u32) -> Option<SocketAddr>) {
        if let Some(entry) = self.connections.get_mut(&id) {
            entry.slow_host = host(entry.mark.milliseconds());
        }
    }

    /// The host that did so while it was being opened.
    pub(super) fn slow_host(&self, id: u64) -> Option<SocketAddr> {
        self.connections.get(&id)?.slow_host
    }

    /// Cuts a connection that still waits as it did, by the mark of its socket.
    pub(super) fn cut(&mut self, connection: &Waiting, now: Instant, cut: impl FnOnce(u32) -> bool) -> Option<Cut> {
        let entry = self.connections.get_mut(&connection.id)?;
        let wait = entry.waits.as_mut().filter(|wait| wait.since == connection.since && may_be_cut(**wait, now))?;
        if !cut(entry.mark.milliseconds()) {
            wait.not_before = Some(now + NEXT_TRY);
            return None;
        }
        // The shut down socket wakes the thread that waits. One that is being opened may go on with another host.
        let is_open = entry.backend.is_some();
        entry.waits = (!is_open).then_some(Wait::since(now));
        if entry.is_probe {
            return Some(Cut::Probe);
        }
        self.cut += 1;
        Some(if is_open { Cut::Open { generation: entry.generation } } else { Cut::Opening })
    }

    /// How many were cut so far.
    pub(super) fn number_cut(&self) -> u64 {
        self.cut
    }

    /// A connection could not be opened.
    pub(super) fn unreachable(&mut self, why: &'static str) {
        self.unreachable = Some(why);
    }

    /// What more work would wait for, other than busy connections: no connection got a response for so long, though
    /// some wait for one or were lost waiting; or none can be opened.
    pub(super) fn congestion(&self, after: Duration, now: Instant) -> Option<Congestion> {
        let since = self.no_response_since.map(|since| now.saturating_duration_since(since));
        let standstill = |connections| {
            let since = since.filter(|since| *since >= after)?;
            Some(Congestion::Standstill { connections, since })
        };
        match self.waiting().filter(|(_, entry, _)| entry.backend.is_some()).count() {
            0 => self.unreachable.map(Congestion::Unreachable).or_else(|| standstill(self.waiting().count())),
            open => standstill(open).or(self.unreachable.map(Congestion::Unreachable)),
        }
    }

    fn waiting(&self) -> impl Iterator<Item = (u64, &Entry, Wait)> {
        let connections = self.connections.iter().filter(|(_, entry)| !entry.is_probe);
        connections.filter_map(|(id, entry)| Some((*id, entry, entry.waits?)))
    }
}

fn may_be_cut(wait: Wait, now: Instant) -> bool {
    wait.not_before.is_none_or(|not_before| not_before <= now)
}

fn waiting(id: u64, entry: &Entry, wait: Wait) -> Waiting {
    Waiting { id, since: wait.since, backend: entry.backend.clone() }
}

#[cfg(test)]
#[path = "board_tests.rs"]
mod tests;
