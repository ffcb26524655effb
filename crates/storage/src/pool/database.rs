//! Where blocking work meets async: a bounded queue (backpressure), a connection pool, and a deadline.

use crate::connection::{Generation, Watchdog};
use crate::pool::connection_manager::{ConnectionManager, ManagedConnection};
use crate::pool::fair_queue::{Before, Blocked};
use crate::pool::fair_threads::{FairThreads, Queued, Refusal};
use crate::pool::recent_work::RecentWork;
use crate::pool::status::{DatabaseStatus, DatabaseTally};
use crate::pool::wait_budget::WaitBudget;
use crate::pool::work::alone;
use crate::{Callers, Congestion, ConnectionSettings, DatabaseError, DatabaseLimits};
use diesel::pg::PgConnection;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// The least pause between two attempts to open a connection.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// The share of `queue_wait` that admitted work may be expected to wait (ADR 38). The rest is for estimates that are
/// too low: work that waits and is then refused is a waste.
const LIKELY_IN_TIME: f64 = 0.5;

/// A connection pool of one database, with a bounded queue in front of it.
///
/// Cloning is cheap and shares the pool. Work blocks at most as many threads as there are connections.
#[derive(Clone)]
pub struct Database {
    pool: r2d2::Pool<ConnectionManager>,
    watchdog: Watchdog,
    pub(super) generation: Generation,
    pub(super) tally: Arc<DatabaseTally>,
    pub(super) recent: Arc<RecentWork>,
    pub(super) threads: Arc<FairThreads>,
    pub(super) callers: Callers,
    pub(super) limits: DatabaseLimits,
    connect_timeout: Duration,
}

impl Database {
    /// Opens the pool. It does not wait for the database: while that is down, work fails as unavailable.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new(settings: ConnectionSettings, limits: DatabaseLimits) -> io::Result<Self> {
        Self::shared(settings, limits, Callers::default())
    }

    /// The same, shared fairly between callers.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn shared(settings: ConnectionSettings, limits: DatabaseLimits, callers: Callers) -> io::Result<Self> {
        let generation = Generation::default();
        let tally = Arc::new(DatabaseTally::default());
        let (connect_timeout, reconnect_interval) = (settings.connect_timeout, settings.reconnect_interval);
        let watchdog = Watchdog::start(settings, generation.clone())?;
        let pool = r2d2::Pool::builder()
            .max_size(limits.pool_size)
            // Only its effect on r2d2's own backoff matters, which is capped at half of it; waits have their own limit
            // (ADR 35).
            .connection_timeout(2 * reconnect_interval.max(SHORTEST_PAUSE))
            // Checked by our connection manager, without a query.
            .test_on_check_out(true)
            .error_handler(Box::new(ConnectErrors(Arc::clone(&tally))))
            .build_unchecked(ConnectionManager::new(watchdog.clone(), generation.clone()));
        Ok(Self {
            pool,
            watchdog,
            generation,
            tally,
            recent: Arc::default(),
            threads: Arc::new(FairThreads::new(limits.queue(&callers))?),
            callers,
            limits,
            connect_timeout,
        })
    }

    /// Its status now.
    pub fn status(&self) -> DatabaseStatus {
        let (pool_size, queue) = (self.limits.pool_size, self.limits.queue_per_session);
        let max_waiting = u64::from(pool_size) * u64::from(queue);
        let admitted = u64::try_from(self.threads.admitted()).unwrap_or(u64::MAX);
        let connections_cut = self.watchdog.number_cut();
        DatabaseStatus { connections_cut, ..self.tally.status(&self.pool.state(), pool_size, max_waiting, admitted) }
    }

    /// Runs a read. If its connection turns out lost or stale, it is retried once on a new one.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut PgConnection) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let done = self.admit(self.read_deadline(), move |database, mut wait| {
            match database.on_connection(&work, &mut wait) {
                Err(error) if error.is_retryable() => {
                    tracing::debug!(fault = %error, "reading once more on a new connection");
                    database.tally.retry();
                    database.on_connection(&work, &mut wait)
                }
                done => done,
            }
        });
        done.await.flatten().map_err(|error| self.tally.refuse(error))
    }

    /// The longest time for a read, the wait in the queue included.
    pub(super) fn read_deadline(&self) -> Duration {
        self.limits.deadline.min(self.limits.start_timeout)
    }

    /// Queues work and runs it. The outer error is of the wait, the inner result is that of the work.
    pub(super) async fn admit<T: Send + 'static, E: Send + 'static>(
        &self,
        deadline: Duration,
        work: impl FnOnce(&Self, WaitBudget) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, DatabaseError> {
        let (database, span) = (self.clone(), tracing::Span::current());
        let entered = Instant::now();
        let work = alone(move || {
            let waited = entered.elapsed();
            let _in_flight = database.tally.start(waited);
            let started = Instant::now();
            let done = span.in_scope(|| work(&database, database.wait_after(waited)));
            // Work that failed, or came too late, is no estimate of how long other work will take (ADR 38).
            if done.is_ok() && entered.elapsed() <= deadline {
                database.recent.note(started.elapsed());
            }
            done
        });
        let queued = self.threads.enter(self.callers.now(), |before| self.is_in_time(before), work);
        self.outcome(queued, deadline).await
    }

    /// Waits for work that was queued, within the limits of the queue and of the work.
    pub(super) async fn outcome<T>(
        &self,
        queued: Result<Queued<T>, Blocked>,
        deadline: Duration,
    ) -> Result<T, DatabaseError> {
        let mut queued = queued.map_err(|why| self.refusal(Refusal::Blocked(why)))?;
        let queue_wait = self.limits.queue_wait.min(deadline);
        let batch_wait = self.limits.batch.wait.min(queue_wait);
        if let Ok(done) = timeout(batch_wait, queued.done()).await {
            return done.map_err(|why| self.refusal(why));
        }
        queued.hurry();
        if let Ok(done) = timeout(queue_wait.saturating_sub(batch_wait), queued.done()).await {
            return done.map_err(|why| self.refusal(why));
        }
        if let Some(why) = queued.withdraw() {
            return Err(self.queue_timeout(why, queue_wait));
        }
        match timeout(deadline.saturating_sub(queue_wait), queued.done()).await {
            Ok(done) => done.map_err(|why| self.refusal(why)),
            Err(_) => Err(DatabaseError::DeadlineMissed(deadline, self.limits.names.deadline)),
        }
    }

    pub(super) fn wait_after(&self, waited: Duration) -> WaitBudget {
        let mut wait = WaitBudget::new(self.limits.queue_wait, self.connect_timeout);
        wait.spend(waited);
        wait
    }

    /// Whether work behind so much other work is likely to begin in time. Otherwise it would wait and then be refused:
    /// places in the queue are only as good as the work before them is quick (ADR 38).
    pub(super) fn is_in_time(&self, before: Before) -> bool {
        let connections = self.limits.pool_size;
        let of_all = self.recent.wait_behind(before.of_all, connections);
        let of_caller = self.recent.wait_behind(before.of_caller, self.callers.share_of(connections));
        of_all.max(of_caller) <= self.limits.queue_wait.mul_f64(LIKELY_IN_TIME)
    }

    fn refusal(&self, why: Refusal) -> DatabaseError {
        match (why, self.congestion()) {
            (Refusal::Stopping, _) => DatabaseError::Stopping,
            (Refusal::Blocked(Blocked::ShareTaken), Congestion::Busy { .. }) => self.share_taken(),
            (Refusal::Blocked(_), congestion) => DatabaseError::QueueFull(congestion),
        }
    }

    fn queue_timeout(&self, why: Blocked, limit: Duration) -> DatabaseError {
        match (why, self.congestion()) {
            (Blocked::ShareTaken, Congestion::Busy { .. }) => self.share_taken(),
            (_, congestion) => DatabaseError::QueueTimeout { limit, setting: self.limits.names.queue_wait, congestion },
        }
    }

    fn share_taken(&self) -> DatabaseError {
        DatabaseError::ShareTaken(self.callers.setting())
    }

    fn congestion(&self) -> Congestion {
        self.watchdog.congestion().unwrap_or(Congestion::Busy { pool_size: self.limits.names.pool_size })
    }

    pub(super) fn connection(
        &self,
        wait: &mut WaitBudget,
    ) -> Result<r2d2::PooledConnection<ConnectionManager>, DatabaseError> {
        let began = Instant::now();
        let connection = self.pool.get_timeout(wait.for_connection());
        wait.spend(began.elapsed());
        connection.map_err(|_| DatabaseError::NoConnection(self.connect_timeout))
    }

    pub(super) fn on_connection<T>(
        &self,
        work: &impl Fn(&mut PgConnection) -> Result<T, DatabaseError>,
        wait: &mut WaitBudget,
    ) -> Result<T, DatabaseError> {
        let seen = self.generation.current();
        let mut connection = self.connection(wait)?;
        let done = ManagedConnection::run(&mut connection, work);
        match &done {
            Err(DatabaseError::NodeLost) => connection.keep(),
            Err(error) if error.is_retryable() => self.generation.outdate(seen),
            Ok(_) | Err(_) => {}
        }
        done
    }
}

/// Logs why connections cannot be opened, and counts it.
#[derive(Debug)]
struct ConnectErrors(Arc<DatabaseTally>);

impl r2d2::HandleError<DatabaseError> for ConnectErrors {
    fn handle_error(&self, error: DatabaseError) {
        if !matches!(error, DatabaseError::Outdated | DatabaseError::TooEarly) {
            self.0.fail_to_connect();
            tracing::warn!(fault = %error, "the database cannot be reached");
        }
    }
}
