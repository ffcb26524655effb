//! Cuts connections that get no response, so that the threads which wait for them are free (ADR 51).

use crate::connection::board::{ConnectionBoard, Cut, WaitLimits, Waiting};
use crate::connection::generation::Generation;
use crate::connection::probe::{Probe, backend_of};
use crate::connection::reconnection::Reconnection;
use crate::connection::silent_hosts::SilentHosts;
use crate::connection::socket::{MarkedSockets, SocketMark};
use crate::{Congestion, ConnectionSettings, DatabaseError};
use diesel::Connection;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::pg::PgConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// Opens connections, and watches them as long as they are open. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Watchdog(Arc<Shared>);

struct Shared {
    settings: ConnectionSettings,
    generation: Generation,
    reconnection: Reconnection,
    board: Mutex<ConnectionBoard>,
    is_probing: AtomicBool,
    silent: SilentHosts,
}

impl Watchdog {
    /// Watches connections of these settings; when one is cut, those of its generation are not used again.
    pub(crate) fn start(settings: ConnectionSettings, generation: Generation) -> io::Result<Self> {
        let reconnection = Reconnection::new(settings.reconnect_interval, settings.reconnect_max_interval);
        let pause = (settings.overdue_after / 5).clamp(Duration::from_millis(10), Duration::from_millis(100));
        let (board, is_probing) = (Mutex::default(), AtomicBool::default());
        let silent = SilentHosts::new(settings.silent_host_pause);
        let shared = Arc::new(Shared { settings, generation, reconnection, board, is_probing, silent });
        let watched = Arc::downgrade(&shared);
        thread::Builder::new().name("watchdog".into()).spawn(move || watch(&watched, pause))?;
        Ok(Self(shared))
    }

    /// Opens a connection of this generation.
    pub(crate) fn open(&self, generation: u64) -> Result<PgConnection, DatabaseError> {
        let settings = &self.0.settings;
        let response = settings.statement_timeout + settings.overdue_after;
        // Zero is no limit to Postgres: only the probe can find that such a connection is lost.
        let response = (!settings.statement_timeout.is_zero()).then_some(response);
        let limits = WaitLimits { opening: settings.longest_opening() + settings.overdue_after, response };
        let opened = self.0.open(settings, generation, limits, false);
        if let Err(DatabaseError::Connecting(why)) = &opened {
            self.0.board().unreachable(why);
        }
        opened
    }

    /// How connections are opened.
    pub(crate) fn settings(&self) -> &ConnectionSettings {
        &self.0.settings
    }

    /// When connections may be opened again.
    pub(crate) fn reconnection(&self) -> &Reconnection {
        &self.0.reconnection
    }

    /// Why work waits, other than for busy connections. Reported well before the probe checks, as a queue fills sooner
    /// than that.
    pub(crate) fn congestion(&self) -> Option<Congestion> {
        self.0.board().congestion(self.0.settings.overdue_after / 4, Instant::now())
    }

    /// How many connections were cut so far.
    pub(crate) fn number_cut(&self) -> u64 {
        self.0.board().number_cut()
    }
}

impl ConnectionSettings {
    /// Opens a connection that belongs to no pool.
    pub(crate) fn open(&self) -> Result<PgConnection, DatabaseError> {
        let watchdog = Watchdog::start(self.clone(), Generation::default());
        watchdog.map_err(|_| DatabaseError::Connecting("the system gives no thread"))?.open(0)
    }
}

/// Runs until the last connection and its owner are dropped. Sleeps as long as none of them waits for a response.
fn watch(watched: &Weak<Shared>, pause: Duration) {
    while let Some(shared) = watched.upgrade() {
        shared.look();
        let rest = shared.rest(pause);
        drop(shared);
        rest.map_or_else(thread::park, thread::park_timeout);
    }
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, ConnectionBoard> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(self: &Arc<Self>) {
        let late = self.board().late(Instant::now());
        let why_late = |connection: &Waiting| match connection.backend {
            Some(_) => "it waited for longer than a statement may take",
            None => "it was not open in time",
        };
        self.cut(late.into_iter().map(|connection| (why_late(&connection), connection)).collect());
        self.give_up_silent_hosts();
        if self.overdue().is_empty() || self.is_probing.swap(true, Ordering::AcqRel) {
            return;
        }
        let shared = Arc::clone(self);
        // Without a thread for it, the next look tries again.
        if thread::Builder::new().name("probe".into()).spawn(move || shared.probe()).is_err() {
            self.is_probing.store(false, Ordering::Release);
        }
    }

    /// For how long the watchdog sleeps; `None` until it is woken.
    fn rest(&self, pause: Duration) -> Option<Duration> {
        let mut board = self.board();
        let rest = board.rest(self.settings.overdue_after, pause, Instant::now());
        if rest.is_none() {
            board.park(thread::current());
        }
        rest
    }

    /// Of several hosts, one that accepts no connection is given up for the next one: libpq would wait for it for two
    /// seconds at least (ADR 69).
    fn give_up_silent_hosts(&self) {
        let ConnectionSettings { overdue_after, application_name, .. } = &self.settings;
        let is_one = !self.settings.names_several_hosts();
        let unaccepted = if is_one { Vec::new() } else { self.board().unaccepted(*overdue_after, Instant::now()) };
        if unaccepted.is_empty() {
            return;
        }
        let sockets = MarkedSockets::find();
        for connection in unaccepted {
            let cut = |mark| sockets.cut_unaccepted(mark);
            if self.board().give_up_host(&connection, Instant::now(), cut) {
                tracing::warn!(
                    session = application_name,
                    "a host of the database accepts no session: the next is tried"
                );
            } else {
                self.board().accepted(connection.id, |mark| sockets.accepted_by(mark));
            }
        }
    }

    fn overdue(&self) -> Vec<Waiting> {
        self.board().overdue(self.settings.overdue_after, Instant::now())
    }

    /// While responses are overdue: queries the database about them, on a connection of its own, kept as long as that
    /// responds. On a thread of its own, as opening that connection may hang like all others.
    fn probe(self: Arc<Self>) {
        let pauses = Reconnection::new(self.settings.reconnect_interval, self.settings.reconnect_max_interval);
        let (mut kept, between) = (None, self.settings.overdue_after / 2);
        loop {
            let overdue = self.overdue();
            if overdue.is_empty() {
                break;
            }
            let Some(attempt) = pauses.attempt(Instant::now()) else {
                thread::sleep(self.settings.reconnect_interval / 4);
                continue;
            };
            match self.cut_lost(kept.take(), overdue) {
                Ok(probe) => {
                    pauses.succeeded();
                    kept = Some(probe);
                    thread::sleep(between);
                }
                Err(error) => {
                    tracing::debug!(fault = %error, "whether connections that wait are still served is unknown");
                    pauses.failed(attempt, Instant::now(), rand::random());
                }
            }
        }
        self.is_probing.store(false, Ordering::Release);
    }

    fn cut_lost(self: &Arc<Self>, kept: Option<Probe>, overdue: Vec<Waiting>) -> Result<Probe, DatabaseError> {
        let mut probe = match kept {
            Some(probe) => probe,
            None => self.open_probe()?,
        };
        let lost = probe.lost(overdue, self.settings.overdue_after)?;
        self.cut(lost);
        Ok(probe)
    }

    fn open_probe(self: &Arc<Self>) -> Result<Probe, DatabaseError> {
        let limit = self.settings.connect_timeout;
        let settings = ConnectionSettings { statement_timeout: limit, ..self.settings.clone() };
        let began = Instant::now();
        // Cut while a host that has accepted it does not respond, libpq would not try the next one: that has two seconds.
        let opening = if settings.names_several_hosts() { settings.longest_opening() + limit } else { limit };
        let limits = WaitLimits { opening, response: Some(limit) };
        let mut connection = self.open(&settings, self.generation.current(), limits, true)?;
        let backend = backend_of(&mut connection)?;
        // The pool need not wait for its backoff: connections can be opened.
        self.reconnection.succeeded();
        Ok(Probe { connection, backend, began })
    }

    fn open(
        self: &Arc<Self>,
        settings: &ConnectionSettings,
        generation: u64,
        limits: WaitLimits,
        is_probe: bool,
    ) -> Result<PgConnection, DatabaseError> {
        let mark = SocketMark::after(settings.named_tcp_user_timeout());
        let milliseconds = mark.milliseconds();
        let id = self.board().enter(mark, generation, limits, is_probe, Instant::now());
        // Declared before the connection, so dropped after it where opening fails; then moved into the connection.
        let watch = ConnectionWatch { shared: Arc::clone(self), id };
        let slow_host = || self.board().slow_host(id);
        let mut connection = self.silent.connect(settings, milliseconds, slow_host)?;
        let backend = backend_of(&mut connection)?;
        self.board().opened(id, backend, Instant::now());
        connection.set_instrumentation(watch);
        Ok(connection)
    }

    /// Cuts those that still wait for the same response.
    fn cut(&self, connections: Vec<(&'static str, Waiting)>) {
        if connections.is_empty() {
            return;
        }
        let sockets = MarkedSockets::find();
        for (cause, connection) in connections {
            let waited = connection.since.elapsed();
            let cut = self.board().cut(&connection, Instant::now(), |mark| sockets.cut(mark));
            let pid = connection.backend.map(|backend| backend.pid);
            match cut {
                Some(Cut::Open { generation }) => self.generation.outdate(generation),
                Some(Cut::Opening) => {}
                Some(Cut::Probe) => {
                    tracing::debug!(cause, ?waited, "the connection that checks others was cut");
                    continue;
                }
                None => {
                    tracing::debug!(cause, pid, ?waited, "a connection has no socket to cut, or got its response");
                    continue;
                }
            }
            let name = &self.settings.application_name;
            tracing::warn!(cause, session = name, pid, ?waited, "a session was cut, as it got no response");
        }
    }
}

/// Nothing is left to watch, which the thread sees when it is woken.
impl Drop for Shared {
    fn drop(&mut self) {
        self.board.get_mut().unwrap_or_else(PoisonError::into_inner).wake();
    }
}

/// Reports to the board when a connection begins and ends to wait.
struct ConnectionWatch {
    shared: Arc<Shared>,
    id: u64,
}

impl Instrumentation for ConnectionWatch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { .. } = event {
            self.shared.board().begin(self.id, Instant::now());
        } else if let InstrumentationEvent::FinishQuery { error, .. } = event {
            self.shared.board().end(self.id, !error.is_some_and(is_lost), Instant::now());
        }
    }
}

fn is_lost(error: &DieselError) -> bool {
    let lost = DatabaseErrorKind::ClosedConnection;
    matches!(error, DieselError::DatabaseError(kind, _) if *kind == lost || *kind == DatabaseErrorKind::UnableToSendCommand)
}

impl Drop for ConnectionWatch {
    fn drop(&mut self) {
        self.shared.board().leave(self.id);
    }
}
