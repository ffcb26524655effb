//! The only threads that block on the database, and whose work is next on them.

use crate::Caller;
use crate::pool::fair_queue::{Before, Begun, Blocked, FairQueue, QueueLimits, Ticket};
use crate::pool::work::{Done, Work};
use std::io;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// As many threads as there are connections, started when needed. A thread that gets free takes the next work itself:
/// no thread has to be woken, which under load saves a tenth of the time of a read.
pub(super) struct FairThreads {
    runtime: Option<Runtime>,
    queue: Mutex<FairQueue<Caller, Box<dyn Work>>>,
}

/// Why work was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Blocked(Blocked),
    /// The threads have been stopped.
    Stopping,
}

type BegunWork = Begun<Caller, Box<dyn Work>>;

impl FairThreads {
    pub(super) fn new(limits: QueueLimits) -> io::Result<Self> {
        let threads = limits.connections.max(1);
        let runtime = Builder::new_current_thread().max_blocking_threads(threads).thread_name("session").build()?;
        Ok(Self { runtime: Some(runtime), queue: Mutex::new(FairQueue::new(limits)) })
    }

    /// Queues work of a caller, as long as it is likely to begin in time behind what waits already. It reports its
    /// `outcome`.
    ///
    /// # Errors
    /// When there is no place for it, or it would begin too late.
    pub(super) fn enter<T>(
        self: &Arc<Self>,
        caller: Caller,
        is_in_time: impl FnOnce(Before) -> bool,
        (work, outcome): (Box<dyn Work>, oneshot::Receiver<Done<T>>),
    ) -> Result<Queued<T>, Blocked> {
        let entry = {
            let mut queue = self.queue();
            if let Err(why) = queue.has_connection(&caller)
                && !is_in_time(queue.before(&caller))
            {
                return Err(why);
            }
            queue.enter(caller, work)?
        };
        self.start(entry.begun);
        if let Some(work) = entry.displaced {
            work.displace();
        }
        Ok(Queued { threads: Arc::clone(self), ticket: Some(entry.ticket), outcome })
    }

    /// In-flight work, and work that waits.
    pub(super) fn admitted(&self) -> usize {
        self.queue().admitted()
    }

    /// Does what begins, on threads of its own.
    fn start(self: &Arc<Self>, begun: impl IntoIterator<Item = BegunWork>) {
        for work in begun {
            let threads = Arc::clone(self);
            if let Some(runtime) = &self.runtime {
                drop(runtime.spawn_blocking(move || threads.work_on(work)));
            }
        }
    }

    fn work_on(self: &Arc<Self>, mut begun: BegunWork) {
        loop {
            let slot = begun.slot;
            let report = begun.work.run(begun.joined);
            // Reported after the queue has moved on: a caller that sends its next work at once finds the connection free.
            let mut next = self.queue().end(slot).into_iter();
            report();
            let Some(first) = next.next() else { return };
            self.start(next);
            begun = first;
        }
    }

    fn queue(&self) -> MutexGuard<'_, FairQueue<Caller, Box<dyn Work>>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FairThreads {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // In-flight work ends by its own limits; graceful shutdown does not wait for it here.
            runtime.shutdown_background();
        }
    }
}

/// Work that is queued; when this is dropped before it begins, it never does.
pub(super) struct Queued<T> {
    threads: Arc<FairThreads>,
    ticket: Option<Ticket>,
    outcome: oneshot::Receiver<Done<T>>,
}

impl<T> Queued<T> {
    /// What the work returned.
    ///
    /// # Errors
    /// When it did not begin.
    pub(super) async fn done(&mut self) -> Result<T, Refusal> {
        let outcome = (&mut self.outcome).await;
        self.ticket = None;
        match outcome {
            Ok(Ok(Ok(given))) => Ok(given),
            Ok(Ok(Err(panic))) => resume_unwind(panic),
            Ok(Err(why)) => Err(Refusal::Blocked(why)),
            Err(_) => Err(Refusal::Stopping),
        }
    }

    /// Lets the work begin on a connection of its own, if one is free, and not wait for a batch any longer.
    pub(super) fn hurry(&self) {
        let begun = self.ticket.map(|ticket| self.threads.queue().hurry(ticket));
        self.threads.start(begun.unwrap_or_default());
    }

    /// Withdraws the work and returns why it did not begin; `None` when it did.
    pub(super) fn withdraw(&mut self) -> Option<Blocked> {
        let left = self.threads.queue().leave(self.ticket.take()?);
        let (why, begun) = left?;
        self.threads.start(begun);
        Some(why)
    }
}

impl<T> Drop for Queued<T> {
    fn drop(&mut self) {
        let _ = self.withdraw();
    }
}
