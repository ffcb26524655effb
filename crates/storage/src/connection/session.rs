//! One connection to Postgres, its limits, and the pool's view of it.

use crate::connection::generation::Generation;
use crate::connection::watchdog::Watchdog;
use crate::{Database, DatabaseTls, SessionError};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::{Connection, QueryResult, QueryableByName, RunQueryDsl};
use std::time::{Duration, Instant};

/// How sessions are opened, and for how long they may wait.
#[derive(Clone)]
pub struct SessionSettings {
    /// Where the database is: a libpq URI or key=value string. Holds a password: never printed.
    pub url: String,
    /// Whether sessions are encrypted, and who may vouch for the database.
    pub tls: DatabaseTls,
    /// What `pg_stat_activity` shows.
    pub application_name: String,
    /// The longest time that opening a session may take; libpq rounds it up to whole seconds, at least two.
    pub connect_timeout: Duration,
    /// The time after which a session that could not be opened is tried again. It doubles with each attempt that fails.
    pub reconnect_interval: Duration,
    /// The longest of these times.
    pub reconnect_max_interval: Duration,
    /// The longest time that one statement may take; zero for no limit.
    pub statement_timeout: Duration,
    /// The longest wait for a lock; zero for no limit.
    pub lock_timeout: Duration,
    /// The longest time that a transaction may wait for its client; zero for no limit.
    pub idle_in_transaction_timeout: Duration,
    /// The longest time that sent data may stay unacknowledged by the server's host.
    pub tcp_user_timeout: Duration,
    /// After how long without a word the server's host is asked whether it is there, and again; libpq rounds it up to whole
    /// seconds. Where it has not answered for `tcp_user_timeout`, the connection is lost.
    pub keepalive_interval: Duration,
    /// After how long without an answer it is looked whether a session is still served; one that is not is cut. One that is
    /// without an answer for so much longer than `statement_timeout` is cut in any case.
    pub overdue_after: Duration,
}

impl SessionSettings {
    /// Opens a session that belongs to no pool.
    pub(crate) fn open(&self) -> Result<PgConnection, SessionError> {
        let watchdog = Watchdog::start(self.clone(), Generation::default());
        watchdog.map_err(|_| SessionError::Connecting("the system gives no thread"))?.open(0)
    }

    pub(crate) fn connect(&self, conninfo: &str) -> Result<PgConnection, SessionError> {
        let mut connection = PgConnection::establish(conninfo).map_err(|fault| SessionError::connecting(&fault))?;
        connection.batch_execute(&self.limits()).map_err(SessionError::from)?;
        Ok(connection)
    }

    /// The limits, and two words to the planner. Reads ask for few rows by their keys, but for more than a few ids the
    /// planner rather reads a whole table, which takes ten times as long once it is large. And nothing is compiled: where
    /// a table has no index to walk, reading it seems to cost so much then that two rows take half a second of compiling.
    fn limits(&self) -> String {
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
             SET enable_seqscan = off; SET jit = off",
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.idle_in_transaction_timeout.as_millis(),
        )
    }
}

/// A connection, and whether it may be used again.
pub(crate) struct Session {
    pub(crate) connection: PgConnection,
    generation: u64,
    failed: bool,
}

impl Session {
    /// Runs work on the connection; whatever fails, the session is not used again.
    pub(crate) fn run<T, E>(&mut self, work: impl FnOnce(&mut PgConnection) -> Result<T, E>) -> Result<T, E> {
        // Set before, cleared after: a panic of the work counts as a failure too.
        self.failed = true;
        let done = work(&mut self.connection)?;
        self.failed = false;
        Ok(done)
    }
}

/// Opens sessions for the pool, and tells which are still good, without asking the server.
pub(crate) struct SessionManager {
    watchdog: Watchdog,
    /// Sessions of an earlier generation share the fate of one that was found dead or stale.
    generation: Generation,
}

impl SessionManager {
    pub(crate) fn new(watchdog: Watchdog, generation: Generation) -> Self {
        Self { watchdog, generation }
    }
}

impl r2d2::ManageConnection for SessionManager {
    type Connection = Session;
    type Error = SessionError;

    fn connect(&self) -> Result<Session, SessionError> {
        let (generation, reconnection) = (self.generation.current(), self.watchdog.reconnection());
        let attempt = reconnection.attempt(Instant::now()).ok_or(SessionError::TooEarly)?;
        match self.watchdog.open(generation) {
            Ok(connection) => {
                reconnection.succeeded();
                Ok(Session { connection, generation, failed: false })
            }
            Err(fault) => {
                reconnection.failed(attempt, Instant::now(), rand::random());
                Err(fault)
            }
        }
    }

    fn is_valid(&self, session: &mut Session) -> Result<(), SessionError> {
        if self.has_broken(session) { Err(SessionError::Outdated) } else { Ok(()) }
    }

    fn has_broken(&self, session: &mut Session) -> bool {
        session.failed || session.generation != self.generation.current()
    }
}

/// Runs a read-only transaction that sees one moment.
pub(crate) fn in_one_snapshot<T, E: From<diesel::result::Error>>(
    connection: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, E>,
) -> Result<T, E> {
    connection.build_transaction().read_only().repeatable_read().run(work)
}

/// Whether the database takes changes. That it does not is an answer, and no failure of it.
pub(crate) async fn check_writable(database: &Database) -> Result<(), SessionError> {
    let is_read_only = database.read(|connection| {
        let told: Told = diesel::sql_query(READ_ONLY).get_result(connection)?;
        Ok(told.read_only)
    });
    if is_read_only.await? { Err(SessionError::ReadOnly) } else { Ok(()) }
}

/// A replica says so, too.
const READ_ONLY: &str = "SELECT current_setting('transaction_read_only')::boolean AS read_only";

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    read_only: bool,
}

/// Sets a parameter until the end of the transaction.
pub(crate) fn set_local(connection: &mut PgConnection, name: &'static str, value: &str) -> QueryResult<()> {
    connection.batch_execute(&format!("SET LOCAL {name} = '{value}'"))
}
