//! How long work took lately, to estimate how long more of it would wait (ADR 38).

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many pieces of work are remembered: enough that one slow piece changes nothing, and few enough that a change is
/// soon seen.
const REMEMBERED: usize = 16;

/// How long each of the last pieces of work took.
#[derive(Debug, Default)]
pub(super) struct RecentWork(Mutex<VecDeque<Duration>>);

impl RecentWork {
    /// Work has taken so long.
    pub(super) fn note(&self, took: Duration) {
        let mut recent = self.lock();
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back(took);
    }

    /// How long work is likely to wait for one of the `connections`, all of which are taken, when so much waits before it.
    pub(super) fn wait_behind(&self, waiting: usize, connections: u32) -> Duration {
        let mut recent: Vec<Duration> = self.lock().iter().copied().collect();
        recent.sort_unstable();
        // The median, where missing samples count as quick: the first work, which also opens connections, is slow.
        let middle = recent.len().checked_sub(REMEMBERED / 2);
        let usual = middle.and_then(|middle| recent.get(middle)).copied().unwrap_or_default();
        let turns = u32::try_from(waiting).unwrap_or(u32::MAX).saturating_add(1);
        usual.saturating_mul(turns).checked_div(connections).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(milliseconds: impl IntoIterator<Item = u64>) -> RecentWork {
        let recent = RecentWork::default();
        milliseconds.into_iter().for_each(|took| recent.note(Duration::from_millis(took)));
        recent
    }

    #[test]
    fn the_wait_grows_with_what_waits_and_shrinks_with_the_sessions() {
        let recent = after([20; 16]);
        for (waiting, connections, milliseconds) in [(0, 1, 20), (7, 8, 20), (39, 8, 100), (3, 4, 20), (0, 4, 5)] {
            let wait = recent.wait_behind(waiting, connections);
            assert_eq!(wait, Duration::from_millis(milliseconds), "{waiting} before it, {connections} sessions");
        }
    }

    #[test]
    fn before_half_of_what_is_remembered_was_measured_nothing_is_expected_to_wait() {
        assert_eq!(after([]).wait_behind(1000, 1), Duration::ZERO);
        assert_eq!(after([2_000; 7]).wait_behind(1000, 1), Duration::ZERO);
        assert_eq!(after([2_000; 8]).wait_behind(0, 1), Duration::from_secs(2));
    }

    #[test]
    fn one_slow_piece_says_nothing_and_a_change_is_seen_after_half_of_what_is_remembered() {
        let quick = [1; 16].into_iter();
        assert_eq!(after(quick.clone().chain([2_000])).wait_behind(0, 1), Duration::from_millis(1));
        assert_eq!(after(quick.clone().chain([2_000; 7])).wait_behind(0, 1), Duration::from_millis(1));
        assert_eq!(after(quick.chain([2_000; 8])).wait_behind(0, 1), Duration::from_secs(2));
        assert_eq!(after([2_000; 16].into_iter().chain([1; 9])).wait_behind(0, 1), Duration::from_millis(1));
    }
}
