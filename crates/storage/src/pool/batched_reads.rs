//! Reads that wait are done together, by one statement for many (ADR 63).

use crate::pool::fair_queue::Blocked;
use crate::pool::wait_budget::WaitBudget;
use crate::pool::work::{Done, Report, Work};
use crate::{Database, DatabaseError};
use diesel::pg::PgConnection;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Instant;
use tokio::sync::oneshot;

/// A read that can be done together with others.
pub(crate) trait BatchedRead: Send + Sync + Sized + 'static {
    type Outcome: Send + 'static;

    /// About how many rows it looks at.
    fn rows(&self) -> u64;

    /// Whether one statement can do both.
    fn joins(&self, other: &Self) -> bool;

    fn read(&self, connection: &mut PgConnection) -> Result<Self::Outcome, DatabaseError>;

    /// The outcome of each, in their order. The outer error leaves open whose it is.
    fn read_all(
        reads: &[&Self],
        connection: &mut PgConnection,
    ) -> Result<Vec<Result<Self::Outcome, DatabaseError>>, DatabaseError>;
}

/// What a read returned.
type Returned<R> = Result<<R as BatchedRead>::Outcome, DatabaseError>;

/// The same, or how it panicked.
type Outcome<R> = thread::Result<Returned<R>>;

/// A read that waits, or is being done.
struct Pending<R: BatchedRead> {
    read: R,
    database: Database,
    span: tracing::Span,
    entered: Instant,
    sender: oneshot::Sender<Done<Returned<R>>>,
}

impl<R: BatchedRead> Pending<R> {
    /// Whether its caller still waits, which has given up once its deadline is over.
    fn is_awaited(&self) -> bool {
        !self.sender.is_closed()
    }
}

impl<R: BatchedRead> Work for Pending<R> {
    fn rows(&self) -> Option<u64> {
        Some(self.read.rows())
    }

    fn joins(&self, first: &dyn Work) -> bool {
        let first: &dyn Any = first;
        let first = first.downcast_ref::<Self>();
        self.is_awaited() && first.is_some_and(|first| self.read.joins(&first.read))
    }

    fn run(self: Box<Self>, joined: Vec<Box<dyn Work>>) -> Report {
        let of_its_type = |work: Box<dyn Work>| {
            let work: Box<dyn Any> = work;
            work.downcast::<Self>().ok().map(|pending| *pending)
        };
        self.database.clone().run_batch(*self, joined.into_iter().filter_map(of_its_type).collect())
    }

    fn displace(self: Box<Self>) {
        drop(self.sender.send(Err(Blocked::AllTaken)));
    }
}

impl Database {
    /// Runs a read, together with those that wait when its turn comes. For each of them it is as if it had been done alone:
    /// it has its own place in the queue, deadline and error, and is retried once if its connection turns out lost or stale.
    pub(crate) async fn read_batched<R: BatchedRead>(&self, read: R) -> Result<R::Outcome, DatabaseError> {
        let (sender, outcome) = oneshot::channel();
        let (database, span) = (self.clone(), tracing::Span::current());
        let work = Box::new(Pending { read, database, span, entered: Instant::now(), sender });
        let queued = self.threads.enter(self.callers.now(), |before| self.is_in_time(before), (work, outcome));
        let done = self.outcome(queued, self.read_deadline()).await;
        done.flatten().map_err(|error| self.tally.refuse(error))
    }

    /// Does the read, and those that join it.
    fn run_batch<R: BatchedRead>(&self, first: Pending<R>, joined: Vec<Pending<R>>) -> Report {
        let waited = first.entered.elapsed();
        let _in_flight = self.tally.start(waited);
        for pending in &joined {
            self.tally.join(pending.entered.elapsed());
        }
        let batch: Vec<Pending<R>> = std::iter::once(first).chain(joined).collect();
        let (started, number) = (Instant::now(), u32::try_from(batch.len()).unwrap_or(u32::MAX));
        let done = self.read_together(batch, &mut self.wait_after(waited));
        let each = started.elapsed() / number;
        for (pending, outcome) in &done {
            // As in `admit`: what failed or came too late is no estimate. A batch ends as much work as it has reads.
            if matches!(outcome, Ok(Ok(_))) && pending.entered.elapsed() <= self.read_deadline() {
                self.recent.note(each);
            }
        }
        Box::new(move || done.into_iter().for_each(|(pending, outcome)| drop(pending.sender.send(Ok(outcome)))))
    }

    /// Where all fail together, each is read again alone: one of them may have broken the others.
    fn read_together<R: BatchedRead>(
        &self,
        mut batch: Vec<Pending<R>>,
        wait: &mut WaitBudget,
    ) -> Vec<(Pending<R>, Outcome<R>)> {
        let mut done = self.attempt(&batch, wait);
        if let Ok(Err(error)) = &done
            && error.is_retryable()
        {
            batch.retain(Pending::is_awaited);
            tracing::debug!(fault = %error, reads = batch.len(), "reading once more on a new connection");
            for _ in &batch {
                self.tally.retry();
            }
            done = self.attempt(&batch, wait);
        }
        match done {
            Ok(Ok(outcomes)) => batch.into_iter().zip(outcomes.into_iter().map(Ok)).collect(),
            Ok(Err(error)) if batch.len() == 1 || is_of_all(&error) => {
                batch.into_iter().map(|pending| (pending, Ok(Err(error.clone())))).collect()
            }
            Err(panic) if batch.len() == 1 => batch.into_iter().zip([Err(panic)]).collect(),
            Ok(Err(_)) | Err(_) => {
                let alone = batch.into_iter().filter(Pending::is_awaited);
                alone.flat_map(|pending| self.read_together(vec![pending], wait)).collect()
            }
        }
    }

    /// Reads all on one connection.
    fn attempt<R: BatchedRead>(
        &self,
        batch: &[Pending<R>],
        wait: &mut WaitBudget,
    ) -> thread::Result<Result<Vec<Returned<R>>, DatabaseError>> {
        let Some(first) = batch.first() else { return Ok(Ok(Vec::new())) };
        let reads: Vec<&R> = batch.iter().map(|pending| &pending.read).collect();
        let read = |connection: &mut PgConnection| match reads.as_slice() {
            [read] => Ok(vec![Ok(read.read(connection)?)]),
            reads => R::read_all(reads, connection),
        };
        // Resumed where the caller waits: a panic must not cost the thread, which other work needs.
        catch_unwind(AssertUnwindSafe(|| first.span.in_scope(|| self.on_connection(&read, wait))))
    }
}

/// Whether the error is of the connection, and so of whatever is done on it.
fn is_of_all(error: &DatabaseError) -> bool {
    error.is_retryable()
        || matches!(
            error,
            DatabaseError::NoConnection(_) | DatabaseError::LockTimeout(_) | DatabaseError::StatementTimeout(_)
        )
}
