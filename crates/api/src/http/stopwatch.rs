//! The monotonic clock for durations.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The time since a fixed start, which never goes back; injected, so that tests can compare whole responses.
#[derive(Clone)]
pub struct Stopwatch(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Stopwatch {
    /// The monotonic clock of the machine.
    pub fn monotonic() -> Self {
        let start = Instant::now();
        Self::new(move || start.elapsed())
    }

    /// A stopwatch of your own.
    pub fn new(elapsed: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(elapsed))
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        (self.0)()
    }
}

impl fmt::Debug for Stopwatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Stopwatch")
    }
}
