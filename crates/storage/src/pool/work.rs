//! Work that a thread does with a connection, alone or as a batch.

use crate::pool::fair_queue::{Blocked, Joining};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use tokio::sync::oneshot;

/// Work that is queued.
pub(super) trait Work: Any + Send {
    /// About how many rows it looks at, if it may be done together with other work.
    fn rows(&self) -> Option<u64> {
        None
    }

    /// Whether it is to be done together with this work.
    fn joins(&self, _first: &dyn Work) -> bool {
        false
    }

    /// Does it, together with what has joined it.
    fn run(self: Box<Self>, joined: Vec<Box<dyn Work>>) -> Report;

    /// Refuses it, as other work has its place.
    fn displace(self: Box<Self>);
}

/// Reports the outcome to the callers that wait.
pub(super) type Report = Box<dyn FnOnce() + Send>;

/// The outcome of work: what it returned, or how it panicked.
pub(super) type Done<T> = Result<thread::Result<T>, Blocked>;

impl Joining for Box<dyn Work> {
    fn rows(&self) -> Option<u64> {
        (**self).rows()
    }

    fn joins(&self, first: &Self) -> bool {
        (**self).joins(&**first)
    }
}

/// Work that is done alone, and its outcome.
pub(super) fn alone<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> (Box<dyn Work>, oneshot::Receiver<Done<T>>) {
    let (sender, outcome) = oneshot::channel();
    (Box::new(Alone { work, sender }), outcome)
}

struct Alone<F, T> {
    work: F,
    sender: oneshot::Sender<Done<T>>,
}

impl<F: FnOnce() -> T + Send + 'static, T: Send + 'static> Work for Alone<F, T> {
    fn run(self: Box<Self>, _: Vec<Box<dyn Work>>) -> Report {
        let Self { work, sender } = *self;
        // Resumed where the caller waits: a panic must not cost the thread, which other work needs.
        let done = catch_unwind(AssertUnwindSafe(work));
        Box::new(move || drop(sender.send(Ok(done))))
    }

    fn displace(self: Box<Self>) {
        drop(self.sender.send(Err(Blocked::AllTaken)));
    }
}
