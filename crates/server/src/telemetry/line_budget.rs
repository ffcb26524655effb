//! How many diagnostic lines may be told.

use std::collections::VecDeque;
use std::time::Duration;

/// In which time at most so many lines are told.
pub(super) const PERIOD: Duration = Duration::from_secs(1);

/// Lets a number of lines through in any second, and counts those that it holds back. Once some were held back, the last
/// place in a second is kept for the line that says how many.
#[derive(Debug)]
pub(super) struct LineBudget {
    most: usize,
    /// When the latest lines were told, the oldest first.
    told: VecDeque<Duration>,
    held_back: u64,
}

impl LineBudget {
    pub(super) fn new(most: usize) -> Self {
        Self { most, told: VecDeque::with_capacity(most), held_back: 0 }
    }

    /// Whether a line may be told at this time; one that may not is counted.
    pub(super) fn admit(&mut self, now: Duration) -> bool {
        let kept = usize::from(self.held_back > 0);
        let admitted = self.recent(now) + kept < self.most;
        if admitted {
            self.told.push_back(now);
        } else {
            self.held_back += 1;
        }
        admitted
    }

    /// How many lines were held back since this was last asked, where it may be said now.
    pub(super) fn settle(&mut self, now: Duration) -> Option<u64> {
        if self.held_back == 0 || self.recent(now) >= self.most {
            return None;
        }
        self.told.push_back(now);
        Some(std::mem::take(&mut self.held_back))
    }

    /// Whether there is something to say.
    pub(super) fn owes(&self) -> bool {
        self.held_back > 0
    }

    fn recent(&mut self, now: Duration) -> usize {
        while self.told.front().is_some_and(|told| now.saturating_sub(*told) >= PERIOD) {
            self.told.pop_front();
        }
        self.told.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn what_stays_within_the_budget_is_told_and_nothing_is_owed() {
        let mut budget = LineBudget::new(2);
        assert!([0, 0, 1000, 1001, 2000].map(|time| budget.admit(at(time))).iter().all(|admitted| *admitted));
        assert_eq!(budget.settle(at(9000)), None);
    }

    #[test]
    fn what_is_over_the_budget_is_held_back_and_its_number_told_within_the_budget() {
        let mut budget = LineBudget::new(2);
        assert_eq!([0, 10, 20, 30].map(|time| budget.admit(at(time))), [true, true, false, false]);
        assert_eq!(budget.settle(at(999)), None, "two lines were told in this second");
        assert_eq!([1000, 1011].map(|time| budget.admit(at(time))), [false, true], "one place is kept for the number");
        assert!(!budget.admit(at(1012)));
        assert_eq!(budget.settle(at(1013)), Some(4));
        assert_eq!((budget.owes(), budget.settle(at(5000))), (false, None));
    }

    proptest::proptest! {
        #[test]
        fn no_second_has_more_lines_than_the_budget_and_every_line_is_accounted_for(
            steps in proptest::collection::vec((0_u64..400, proptest::bool::ANY), 1..300),
            most in 1_usize..5,
        ) {
            let mut budget = LineBudget::new(most);
            let (mut now, mut told, mut asked, mut admitted, mut settled) = (0, Vec::new(), 0, 0, 0);
            for (step, settles) in steps {
                now += step;
                if settles {
                    if let Some(number) = budget.settle(at(now)) {
                        settled += number;
                        told.push(now);
                    }
                } else {
                    asked += 1;
                    if budget.admit(at(now)) {
                        admitted += 1;
                        told.push(now);
                    }
                }
            }
            for (index, first) in told.iter().enumerate() {
                let in_a_second = told[index..].iter().take_while(|time| *time - first < 1000).count();
                proptest::prop_assert!(in_a_second <= most);
            }
            settled += budget.settle(at(now + 1000)).unwrap_or_default();
            proptest::prop_assert_eq!(asked, admitted + settled);
        }
    }
}
