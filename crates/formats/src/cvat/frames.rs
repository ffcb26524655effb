//! The frames of a CVAT task.

/// The frames of a task, by their numbers in the video.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TaskFrames {
    pub(super) size: Option<u64>,
    pub(super) start: u64,
    pub(super) stop: Option<u64>,
    pub(super) step: Option<u64>,
}

impl TaskFrames {
    /// How many there are, where it is known.
    pub(super) fn number(&self) -> Option<u64> {
        self.size.or_else(|| self.in_range())
    }

    /// The first frame number after the task, where it is known: whatever says more, the size or the range.
    pub(super) fn end(&self) -> Option<u64> {
        let after_size = self.size.map(|size| self.start.saturating_add(size.saturating_mul(self.step())));
        let after_range = self.in_range().and(self.stop).map(|stop| stop.saturating_add(1));
        after_size.max(after_range)
    }

    /// How many of them a shape is in that holds from one frame number until another.
    ///
    /// A job of scattered frames does not say which they are: there each shape is taken to be in one at least.
    pub(super) fn shown(&self, from: u64, until: u64) -> u64 {
        match self.in_range() {
            Some(number) if self.size.is_none_or(|size| size == number) => {
                let before = |frame: u64| frame.saturating_sub(self.start).div_ceil(self.step()).min(number);
                before(until).saturating_sub(before(from))
            }
            _ => until.saturating_sub(from).div_ceil(self.step()).max(1),
        }
    }

    fn step(&self) -> u64 {
        self.step.unwrap_or(1)
    }

    fn in_range(&self) -> Option<u64> {
        Some((self.stop?.checked_sub(self.start)? / self.step()).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(size: Option<u64>, start: u64, stop: Option<u64>, every: Option<u64>) -> TaskFrames {
        TaskFrames { size, start, stop, step: every }
    }

    #[test]
    fn the_number_of_frames_is_the_size_or_follows_from_the_range() {
        for (task, number, end) in [
            (frames(None, 10, Some(19), Some(3)), Some(4), Some(20)),
            (frames(Some(5), 0, None, None), Some(5), Some(5)),
            (frames(Some(3), 0, Some(99), None), Some(3), Some(100)),
            (frames(Some(5), 10, Some(9), Some(2)), Some(5), Some(20)),
            (frames(None, 10, Some(9), None), None, None),
            (frames(None, 0, Some(u64::MAX), None), Some(u64::MAX), Some(u64::MAX)),
            (TaskFrames::default(), None, None),
        ] {
            assert_eq!((task.number(), task.end()), (number, end), "{task:?}");
        }
    }

    #[test]
    fn a_shape_is_in_the_frames_of_the_task_only() {
        let task = frames(Some(4), 10, Some(19), Some(3));
        for (from, until, shown, reason) in [
            (10, 11, 1, "one frame"),
            (10, 20, 4, "to the end"),
            (0, 10, 0, "before the start"),
            (0, 14, 2, "from before the start"),
            (11, 13, 0, "between two frames"),
            (11, 14, 1, "until a frame"),
            (19, 500, 1, "past the end"),
            (20, 500, 0, "after the end"),
        ] {
            assert_eq!(task.shown(from, until), shown, "{reason}");
        }
        let scattered = frames(Some(3), 0, Some(99), None);
        assert_eq!((scattered.shown(57, 58), scattered.shown(57, 57), scattered.shown(120, 121)), (1, 1, 1));
    }

    proptest! {
        #[test]
        fn frames_are_shown_that_can_be_listed(start in 0_u64..30, stop in 0_u64..60, step in 1_u64..5, from in 0_u64..70, stands in 0_u64..70) {
            prop_assume!(start <= stop);
            let listed: Vec<_> = (start..=stop).step_by(usize::try_from(step).unwrap()).collect();
            let task = frames(None, start, Some(stop), Some(step));
            let until = from + stands;
            prop_assert_eq!(task.number(), u64::try_from(listed.len()).ok());
            let shown = listed.iter().filter(|frame| (from..until).contains(*frame)).count();
            prop_assert_eq!(Some(task.shown(from, until)), u64::try_from(shown).ok());
        }
    }
}
