//! Exponential backoff with jitter: a database that comes back is not overrun by those who wait for it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Lets every attempt through while connections can be opened. After a failure, one attempt after each pause; pauses
/// double from the first to the longest, each shortened at random so that servers do not try at the same time.
#[derive(Debug)]
pub(crate) struct Reconnection {
    first_pause: Duration,
    longest_pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The pause after the last failed attempt; `None` while connections can be opened.
    pause: Option<Duration>,
    /// When the next attempt may be made.
    next: Option<Instant>,
    /// How often an attempt ended, well or not.
    ended: u64,
}

/// An attempt to open a connection, and how many had ended when it began: of attempts that fail together one counts, as
/// they learned the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempt(u64);

impl Reconnection {
    pub(super) fn new(first_pause: Duration, longest_pause: Duration) -> Self {
        Self { first_pause, longest_pause, state: Mutex::default() }
    }

    /// An attempt, if one may be made now; the caller reports how it ended.
    pub(crate) fn attempt(&self, now: Instant) -> Option<Attempt> {
        let mut state = self.state();
        if let Some(next) = state.next {
            if now < next {
                return None;
            }
            // An attempt that hangs must not keep the others from trying (ADR 35).
            state.next = Some(now + self.longest_pause);
        }
        Some(Attempt(state.ended))
    }

    /// Connections can be opened.
    pub(crate) fn succeeded(&self) {
        let mut state = self.state();
        *state = State { ended: state.ended.wrapping_add(1), ..State::default() };
    }

    /// This one could not; `chance` is from 0 to 1.
    pub(crate) fn failed(&self, attempt: Attempt, now: Instant, chance: f64) {
        let mut state = self.state();
        if attempt != Attempt(state.ended) {
            return;
        }
        let pause = state.pause.map_or(self.first_pause, |last| last.saturating_mul(2)).min(self.longest_pause);
        let shortened = pause.mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0);
        *state = State { pause: Some(pause), next: Some(now + shortened), ended: state.ended.wrapping_add(1) };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_again_after_a_success() {
        let reconnection = Reconnection::new(ms(100), ms(500));
        let mut now = Instant::now();
        for pause in [100, 200, 400, 500, 500, 0, 100] {
            let attempt = reconnection.attempt(now).unwrap();
            if pause == 0 {
                reconnection.succeeded();
                assert!(reconnection.attempt(now).is_some(), "it does not wait");
                continue;
            }
            reconnection.failed(attempt, now, 0.0);
            assert_eq!(reconnection.attempt(now + ms(pause - 1)), None, "{pause}");
            now += ms(pause);
        }
    }

    #[test]
    fn of_attempts_that_fail_together_one_counts_and_then_there_is_one_after_each_pause() {
        let reconnection = Reconnection::new(ms(100), ms(500));
        let now = Instant::now();
        let together: Vec<Attempt> = (0..8).filter_map(|_| reconnection.attempt(now)).collect();
        assert_eq!(together.len(), 8, "all may try while sessions can be opened");
        for attempt in together {
            reconnection.failed(attempt, now, 0.0);
        }
        assert!(reconnection.attempt(now + ms(100)).is_some());
        assert_eq!(reconnection.attempt(now + ms(100)), None, "one is under way");
        assert!(reconnection.attempt(now + ms(600)).is_some(), "it hangs");
    }

    #[test]
    fn chance_shortens_a_pause_by_half_at_most() {
        let now = Instant::now();
        for (chance, pause) in [(0.0, 100), (0.5, 75), (1.0, 50)] {
            let reconnection = Reconnection::new(ms(100), ms(500));
            reconnection.failed(reconnection.attempt(now).unwrap(), now, chance);
            assert_eq!(reconnection.attempt(now + ms(pause - 1)), None, "{chance}");
            assert!(reconnection.attempt(now + ms(pause)).is_some(), "{chance}");
        }
    }
}
