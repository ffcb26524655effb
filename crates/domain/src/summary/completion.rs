//! How much of annotation requests is delivered.

/// How many of the tasks are in the complete pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    complete: u64,
    tasks: u64,
}

impl Completion {
    pub(super) fn new(complete: u64, tasks: u64) -> Self {
        Self { complete, tasks }
    }

    /// Whether all tasks are complete. Where there are none, nothing is.
    pub fn is_all(self) -> bool {
        self.tasks > 0 && self.complete == self.tasks
    }

    /// The complete tasks in hundredths of a per cent, 0 to 10,000. Rounded down, so that 10,000 means all; 0 where there are no
    /// tasks.
    pub fn hundredths_of_a_per_cent(self) -> u16 {
        let scaled = u128::from(self.complete) * 10_000;
        scaled.checked_div(u128::from(self.tasks)).and_then(|share| u16::try_from(share).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_share_is_rounded_down_to_two_decimals_of_a_per_cent() {
        for (complete, tasks, share, is_all, reason) in [
            (0, 0, 0, false, "nothing is complete where there are no tasks"),
            (0, 3, 0, false, "none"),
            (1, 3, 3_333, false, "a third"),
            (2, 3, 6_666, false, "two thirds, not 66.67"),
            (999_999, 1_000_000, 9_999, false, "only all is 100"),
            (3, 3, 10_000, true, "all"),
            (u64::MAX, u64::MAX, 10_000, true, "the largest delivery"),
            (u64::MAX - 1, u64::MAX, 9_999, false, "all but one of the largest delivery"),
        ] {
            let completion = Completion { complete, tasks };
            assert_eq!((completion.hundredths_of_a_per_cent(), completion.is_all()), (share, is_all), "{reason}");
        }
    }

    proptest! {
        #[test]
        fn a_hundred_per_cent_is_all_and_no_more_tasks_make_it_less(tasks in 1_u64.., part in 0_u64..) {
            let complete = part % tasks;
            let share = |complete| Completion { complete, tasks }.hundredths_of_a_per_cent();
            prop_assert!(share(complete) < 10_000);
            prop_assert!(share(complete + 1) >= share(complete));
        }
    }
}
