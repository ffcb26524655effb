//! How many log lines may be written in a second.

use std::collections::VecDeque;
use std::time::Duration;

/// The window in which at most so many lines are written.
pub(super) const PERIOD: Duration = Duration::from_secs(1);

/// Admits a number of lines in any second (a sliding window, so that no second has more), and counts those that it holds
/// back. Once some were held back, the last place in a second is kept for the line with their number.
#[derive(Debug)]
pub(super) struct LineBudget {
    most: usize,
    /// When the latest lines were written, the oldest first.
    written: VecDeque<Duration>,
    held_back: u64,
}

impl LineBudget {
    pub(super) fn new(most: usize) -> Self {
        Self { most, written: VecDeque::with_capacity(most), held_back: 0 }
    }

    /// Whether a line may be written now; one that may not is counted.
    pub(super) fn admit(&mut self, now: Duration) -> bool {
        let kept = usize::from(self.held_back > 0);
        let admitted = self.recent(now) + kept < self.most;
        if admitted {
            self.written.push_back(now);
        } else {
            self.held_back += 1;
        }
        admitted
    }

    /// How many lines were held back since the last call, where a line with it may be written now.
    pub(super) fn take_held_back(&mut self, now: Duration) -> Option<u64> {
        if self.held_back == 0 || self.recent(now) >= self.most {
            return None;
        }
        self.written.push_back(now);
        Some(std::mem::take(&mut self.held_back))
    }

    /// Whether lines were held back that are not reported.
    pub(super) fn holds_back(&self) -> bool {
        self.held_back > 0
    }

    fn recent(&mut self, now: Duration) -> usize {
        while self.written.front().is_some_and(|written| now.saturating_sub(*written) >= PERIOD) {
            self.written.pop_front();
        }
        self.written.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn what_stays_within_the_budget_is_written_and_nothing_is_held_back() {
        let mut budget = LineBudget::new(2);
        assert!([0, 0, 1000, 1001, 2000].map(|time| budget.admit(at(time))).iter().all(|admitted| *admitted));
        assert_eq!(budget.take_held_back(at(9000)), None);
    }

    #[test]
    fn what_is_over_the_budget_is_held_back_and_its_number_written_within_the_budget() {
        let mut budget = LineBudget::new(2);
        assert_eq!([0, 10, 20, 30].map(|time| budget.admit(at(time))), [true, true, false, false]);
        assert_eq!(budget.take_held_back(at(999)), None, "two lines were written in this second");
        assert_eq!([1000, 1011].map(|time| budget.admit(at(time))), [false, true], "one place is kept for the number");
        assert!(!budget.admit(at(1012)));
        assert_eq!(budget.take_held_back(at(1013)), Some(4));
        assert_eq!((budget.holds_back(), budget.take_held_back(at(5000))), (false, None));
    }

    proptest::proptest! {
        #[test]
        fn no_second_has_more_lines_than_the_budget_and_every_line_is_accounted_for(
            steps in proptest::collection::vec((0_u64..400, proptest::bool::ANY), 1..300),
            most in 1_usize..5,
        ) {
            let mut budget = LineBudget::new(most);
            let (mut now, mut written, mut offered, mut admitted, mut reported) = (0, Vec::new(), 0, 0, 0);
            for (step, reports) in steps {
                now += step;
                if reports {
                    if let Some(number) = budget.take_held_back(at(now)) {
                        reported += number;
                        written.push(now);
                    }
                } else {
                    offered += 1;
                    if budget.admit(at(now)) {
                        admitted += 1;
                        written.push(now);
                    }
                }
            }
            for (index, first) in written.iter().enumerate() {
                let in_a_second = written[index..].iter().take_while(|time| *time - first < 1000).count();
                proptest::prop_assert!(in_a_second <= most);
            }
            reported += budget.take_held_back(at(now + 1000)).unwrap_or_default();
            proptest::prop_assert_eq!(offered, admitted + reported);
        }
    }
}
