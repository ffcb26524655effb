//! Waiting until something is so, within a bound.

use std::thread;
use std::time::{Duration, Instant};

/// What has not ended by then hangs.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// Between two looks.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Looks until something is so.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < DEADLINE, "still not: {what}");
        thread::park_timeout(PAUSE);
    }
}
