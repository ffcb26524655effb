//! How long a request waits for the database.

use crate::Stopwatch;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// The time that one request has spent in the ports; handlers measure each call of a port with it.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseTime {
    stopwatch: Stopwatch,
    spent: Rc<Cell<Duration>>,
}

impl DatabaseTime {
    pub(crate) fn new(stopwatch: Stopwatch) -> Self {
        Self { stopwatch, spent: Rc::default() }
    }

    /// Awaits a call of a port, and adds the time that it takes.
    pub(crate) async fn measure<T>(&self, call: impl Future<Output = T>) -> T {
        let start = self.stopwatch.elapsed();
        let done = call.await;
        let took = self.stopwatch.elapsed().saturating_sub(start);
        self.spent.set(self.spent.get().saturating_add(took));
        done
    }

    /// The total so far.
    pub(crate) fn spent(&self) -> Duration {
        self.spent.get()
    }
}
