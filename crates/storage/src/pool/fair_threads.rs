//! The threads that wait for the database, so that no other thread does, and whose work is next on them.

use crate::Caller;
use crate::pool::fair_queue::{Before, Blocked, Entry, FairQueue, QueueLimits, Ticket};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// As many threads as there are connections, started when needed. The next work is taken by the thread that gets free, without
/// anyone being woken: under load that saves a tenth of a read.
pub(super) struct FairThreads {
    runtime: Option<Runtime>,
    queue: Mutex<FairQueue<Caller, Work>>,
}

/// Does the work, or does not; what it returns tells whoever waits for it.
type Work = Box<dyn FnOnce(Turn) -> Tell + Send>;
type Tell = Box<dyn FnOnce() + Send>;

/// Whether work has its turn, or never will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Come,
    Lost,
}

/// What became of work: what it gave, or how it panicked.
type Done<T> = Result<thread::Result<T>, Blocked>;

/// Why work was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Blocked(Blocked),
    /// The threads have been stopped.
    Stopping,
}

impl FairThreads {
    pub(super) fn new(limits: QueueLimits) -> io::Result<Self> {
        let threads = limits.connections.max(1);
        let runtime = Builder::new_current_thread().max_blocking_threads(threads).thread_name("session").build()?;
        Ok(Self { runtime: Some(runtime), queue: Mutex::new(FairQueue::new(limits)) })
    }

    /// Puts work in line for a caller, as long as what waits before it lets it come in time.
    ///
    /// # Errors
    /// When it finds no place, or would come too late.
    pub(super) fn enter<T: Send + 'static>(
        self: &Arc<Self>,
        caller: Caller,
        is_in_time: impl FnOnce(Before) -> bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<InLine<T>, Blocked> {
        let (tell, told) = oneshot::channel::<Done<T>>();
        let work: Work = Box::new(move |turn| {
            let done = match turn {
                // Whoever waits for it panics in the place of this thread, which others need.
                Turn::Come => Ok(catch_unwind(AssertUnwindSafe(work))),
                Turn::Lost => Err(Blocked::AllTaken),
            };
            Box::new(move || drop(tell.send(done)))
        });
        let entry = {
            let mut queue = self.queue();
            if let Err(why) = queue.may_begin(&caller)
                && !is_in_time(queue.before(&caller))
            {
                return Err(why);
            }
            queue.enter(caller.clone(), work)?
        };
        let ticket = match entry {
            Entry::Begins(work) => {
                self.begin(caller, work);
                None
            }
            Entry::Waits { ticket, displaced } => {
                if let Some(work) = displaced {
                    work(Turn::Lost)();
                }
                Some(ticket)
            }
        };
        Ok(InLine { threads: Arc::clone(self), ticket, told })
    }

    /// Work under way, and work that waits.
    pub(super) fn admitted(&self) -> usize {
        self.queue().admitted()
    }

    fn begin(self: &Arc<Self>, caller: Caller, work: Work) {
        let threads = Arc::clone(self);
        if let Some(runtime) = &self.runtime {
            drop(runtime.spawn_blocking(move || threads.work_on(caller, work)));
        }
    }

    fn work_on(&self, mut caller: Caller, mut work: Work) {
        loop {
            let tell = work(Turn::Come);
            // Whoever is told may ask for more at once, and shall find the connection free.
            let next = self.queue().end(&caller);
            tell();
            let Some(next) = next else { return };
            (caller, work) = next;
        }
    }

    fn queue(&self) -> MutexGuard<'_, FairQueue<Caller, Work>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FairThreads {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Work under way ends on its own limits; nobody waits for it here.
            runtime.shutdown_background();
        }
    }
}

/// Work in line; when this is dropped before its turn, it never has one.
pub(super) struct InLine<T> {
    threads: Arc<FairThreads>,
    ticket: Option<Ticket>,
    told: oneshot::Receiver<Done<T>>,
}

impl<T> InLine<T> {
    /// What the work gave.
    ///
    /// # Errors
    /// When it had no turn.
    pub(super) async fn done(&mut self) -> Result<T, Refusal> {
        let told = (&mut self.told).await;
        self.ticket = None;
        match told {
            Ok(Ok(Ok(given))) => Ok(given),
            Ok(Ok(Err(panic))) => resume_unwind(panic),
            Ok(Err(why)) => Err(Refusal::Blocked(why)),
            Err(_) => Err(Refusal::Stopping),
        }
    }

    /// Takes the work back and says why it had no turn; `None` when it had one.
    pub(super) fn take_back(&mut self) -> Option<Blocked> {
        self.threads.queue().leave(self.ticket.take()?)
    }
}

impl<T> Drop for InLine<T> {
    fn drop(&mut self) {
        let _ = self.take_back();
    }
}
