//! Where blocking work meets async: a bounded queue, a pool, and a deadline.

use crate::session::{Session, SessionManager};
use crate::session_threads::SessionThreads;
use crate::{SessionError, SessionSettings};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How much work may be under way, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseLimits {
    /// Sessions, and so the most work done at the same time.
    pub pool_size: u32,
    /// The most work that may wait for a session, for each session.
    pub queue_per_session: u32,
    /// The longest wait for a session that others use.
    pub queue_wait: Duration,
    /// The longest time for all of the work, the wait in the queue included.
    pub deadline: Duration,
}

/// A pool of sessions to one database, with a bounded queue in front of it.
///
/// Cloning is cheap and shares the pool. Threads that the work blocks are never more than there are sessions.
#[derive(Clone)]
pub struct Database {
    pool: r2d2::Pool<SessionManager>,
    generation: Arc<AtomicU64>,
    admitted: Arc<Semaphore>,
    threads: Arc<SessionThreads>,
    limits: DatabaseLimits,
    connect_timeout: Duration,
}

impl Database {
    /// Opens the pool. It does not wait for the database: while that is down, work fails as unavailable.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(settings: SessionSettings, limits: DatabaseLimits) -> io::Result<Self> {
        let generation = Arc::new(AtomicU64::new(0));
        let connect_timeout = settings.connect_timeout;
        let pool = r2d2::Pool::builder()
            .max_size(limits.pool_size)
            .connection_timeout(connect_timeout)
            // Asks our own manager, which does not ask the server.
            .test_on_check_out(true)
            .error_handler(Box::new(ConnectFaults))
            .build_unchecked(SessionManager::new(settings, Arc::clone(&generation)));
        let size =
            |number: u32| usize::try_from(number).map_or(Semaphore::MAX_PERMITS, |n| n.min(Semaphore::MAX_PERMITS));
        let admitted = size(limits.pool_size.saturating_mul(limits.queue_per_session.saturating_add(1)));
        Ok(Self {
            pool,
            generation,
            admitted: Arc::new(Semaphore::new(admitted)),
            threads: Arc::new(SessionThreads::new(size(limits.pool_size))?),
            limits,
            connect_timeout,
        })
    }

    /// Runs a read. One whose session turns out dead or stale is run once more on a new session.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut PgConnection) -> Result<T, SessionError> + Send + 'static,
    ) -> Result<T, SessionError> {
        self.admit(move |database| match database.on_a_session(&work) {
            Err(fault) if fault.is_of_the_session() => {
                tracing::debug!(%fault, "reading once more on a new session");
                database.on_a_session(&work)
            }
            done => done,
        })
        .await
    }

    /// Runs a write, once: what it reads cannot be read again. So its session is asked first whether it lives.
    pub(crate) async fn write<T: Send + 'static, E: From<SessionError> + Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.admit(move |database| {
            let mut session = database.living_session()?;
            session.run(work)
        })
        .await
    }

    async fn admit<T: Send + 'static, E: From<SessionError> + Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let held = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| SessionError::QueueFull)?;
        let turn = Turn::default();
        let (database, its_turn, span) = (self.clone(), turn.clone(), tracing::Span::current());
        let in_line = self.threads.run(move || {
            // Held until the work is done, even where nobody waits for it any more: only then is a session free.
            let _held: OwnedSemaphorePermit = held;
            if its_turn.take() { span.in_scope(|| work(&database)) } else { Err(SessionError::Stopping.into()) }
        });
        let mut in_line = in_line.ok_or(SessionError::Stopping)?;
        let deadline = self.limits.deadline;
        let queue_wait = self.limits.queue_wait.min(deadline);
        let done = match timeout(queue_wait, &mut in_line).await {
            Ok(done) => done,
            Err(_) if turn.take() => return Err(SessionError::QueueTimeout(queue_wait).into()),
            Err(_) => match timeout(deadline.saturating_sub(queue_wait), in_line).await {
                Ok(done) => done,
                Err(_) => return Err(SessionError::DeadlineMissed(deadline).into()),
            },
        };
        match done {
            Ok(done) => done,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(_) => Err(SessionError::Stopping.into()),
        }
    }

    fn session(&self) -> Result<r2d2::PooledConnection<SessionManager>, SessionError> {
        self.pool.get().map_err(|_| SessionError::NoSession(self.connect_timeout))
    }

    fn on_a_session<T>(&self, work: &impl Fn(&mut PgConnection) -> Result<T, SessionError>) -> Result<T, SessionError> {
        let seen = self.generation.load(Ordering::Acquire);
        let mut session = self.session()?;
        let done = Session::run(&mut session, work);
        if done.as_ref().is_err_and(SessionError::is_of_the_session) {
            self.outdate(seen);
        }
        done
    }

    fn living_session(&self) -> Result<r2d2::PooledConnection<SessionManager>, SessionError> {
        let seen = self.generation.load(Ordering::Acquire);
        let mut session = self.session()?;
        match session.run(|connection| connection.batch_execute("SELECT").map_err(SessionError::from)) {
            Ok(()) => return Ok(session),
            Err(fault) if fault.is_of_the_session() => self.outdate(seen),
            Err(fault) => return Err(fault),
        }
        drop(session);
        self.session()
    }

    /// Whatever ended a session, a restart or a migration, ended those as old as it too. Only the first to notice says
    /// so: the sessions opened since are good.
    fn outdate(&self, seen: u64) {
        let _ = self.generation.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Acquire);
    }
}

/// Taken once: by the thread that does the work, or by the one who no longer waits for it.
#[derive(Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// Logs why sessions cannot be opened.
#[derive(Debug)]
struct ConnectFaults;

impl r2d2::HandleError<SessionError> for ConnectFaults {
    fn handle_error(&self, fault: SessionError) {
        if !matches!(fault, SessionError::Outdated) {
            tracing::warn!(%fault, "the database cannot be reached");
        }
    }
}
