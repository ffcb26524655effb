//! When a region of a Label Studio video is there.

use crate::counting::Visibility;
use std::collections::{BTreeMap, BTreeSet};

/// When a region of a video is there: its keyframes by frame, and its ranges of frames.
///
/// Frames are numbered from 1, by some programs from 0.
#[derive(Debug, Default)]
pub(super) struct Motion {
    keyframes: BTreeMap<u64, Keyframe>,
    ranges: BTreeSet<(u64, u64)>,
}

#[derive(Debug)]
struct Keyframe {
    is_enabled: bool,
    is_drawn: bool,
}

/// How often a region is there in a video.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// In how many frames it is visible.
    pub(super) visible: u64,
    /// How many of its keyframes and ranges a person drew.
    pub(super) drawn: u64,
    /// How many of its keyframes the tool computed.
    pub(super) computed: u64,
    /// Whether it is said to be there after the last frame.
    pub(super) is_beyond: bool,
}

impl Motion {
    /// A keyframe; one of a frame that has one already is the same.
    pub(super) fn add_keyframe(&mut self, frame: u64, is_enabled: bool, is_drawn: bool) {
        let known = self.keyframes.entry(frame).or_insert(Keyframe { is_enabled, is_drawn });
        known.is_enabled |= is_enabled;
        known.is_drawn |= is_drawn;
    }

    /// A range, from its first frame to its last; a range that is there already is the same.
    pub(super) fn add_range(&mut self, first: u64, last: u64) {
        self.ranges.insert((first, last.max(first)));
    }

    /// What another entry says of the same region.
    pub(super) fn merge(&mut self, other: Self) {
        for (frame, Keyframe { is_enabled, is_drawn }) in other.keyframes {
            self.add_keyframe(frame, is_enabled, is_drawn);
        }
        self.ranges.extend(other.ranges);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keyframes.is_empty() && self.ranges.is_empty()
    }

    /// How many frames a video has, at least, in which this can be annotated.
    pub(super) fn least_frames(&self) -> u64 {
        let firsts = [self.keyframes.keys().next().copied(), self.ranges.first().map(|(first, _)| *first)];
        let counts_from_0 = firsts.contains(&Some(0));
        self.last_frame().saturating_add(u64::from(counts_from_0))
    }

    fn last_frame(&self) -> u64 {
        let of_ranges = self.ranges.iter().map(|(_, last)| *last).max();
        self.keyframes.keys().next_back().copied().max(of_ranges).unwrap_or_default()
    }

    /// How often it is there in a video of so many frames.
    pub(super) fn times(&self, frames: u64) -> Times {
        let mut visibility = Visibility::default();
        let (mut drawn, mut computed) = (0_u64, 0);
        for (frame, keyframe) in self.keyframes.range(..=frames) {
            visibility.appear(*frame);
            if !keyframe.is_enabled {
                // The frame of a disabled keyframe still shows the region.
                visibility.disappear(frame.saturating_add(1));
            }
            drawn += u64::from(keyframe.is_drawn);
            computed += u64::from(!keyframe.is_drawn);
        }
        let ranges = self.ranges.iter().copied().filter(|(first, _)| *first <= frames);
        drawn += ranges.clone().map(|_| 1).sum::<u64>();
        let visible = visibility.with_spans(ranges).visible(frames.saturating_add(1), &[]);
        let is_beyond = self.last_frame() > frames;
        Times { visible: visible.min(frames), drawn: drawn.min(frames), computed, is_beyond }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn motion(keyframes: &[(u64, bool, bool)], ranges: &[(u64, u64)]) -> Motion {
        let mut motion = Motion::default();
        for (frame, is_enabled, is_drawn) in keyframes {
            motion.add_keyframe(*frame, *is_enabled, *is_drawn);
        }
        for (first, last) in ranges {
            motion.add_range(*first, *last);
        }
        motion
    }

    #[test]
    fn what_is_said_twice_is_there_once() {
        let [on, off] = [true, false];
        for (keyframes, ranges, expected, reason) in [
            (&[(1, on, on), (5, off, on)][..], &[][..], (5, 2, 0, false), "the disabled keyframe shows it"),
            (&[(1, on, on), (1, on, on), (5, off, on), (5, off, on)], &[], (5, 2, 0, false), "each keyframe twice"),
            (&[(5, off, on), (1, on, on)], &[], (5, 2, 0, false), "in another order"),
            (&[(1, on, on), (2, on, off), (5, off, on)], &[], (5, 2, 1, false), "one is computed"),
            (&[(2, on, off), (2, on, on)], &[], (19, 1, 0, false), "computed and drawn is drawn"),
            (&[], &[(3, 6), (3, 6)], (4, 1, 0, false), "equal ranges"),
            (&[], &[(3, 6), (5, 8)], (6, 2, 0, false), "overlapping ranges"),
            (&[], &[(3, 3), (4, 4)], (2, 2, 0, false), "ranges that touch"),
            (&[(1, on, on), (5, off, on)], &[(4, 8)], (8, 3, 0, false), "a range over the end of a span"),
            (&[(18, on, on), (25, off, on)], &[], (3, 1, 0, true), "a keyframe beyond the video"),
            (&[], &[(18, 25)], (3, 1, 0, true), "a range that goes beyond the video"),
            (&[(21, on, on)], &[(22, 23)], (0, 0, 0, true), "all of it is beyond the video"),
            (&[(0, on, on)], &[], (20, 1, 0, false), "frames from 0 on"),
            (&[], &[], (0, 0, 0, false), "nothing"),
        ] {
            let Times { visible, drawn, computed, is_beyond } = motion(keyframes, ranges).times(20);
            assert_eq!((visible, drawn, computed, is_beyond), expected, "{reason}");
        }
    }

    proptest! {
        #[test]
        fn a_region_is_in_no_more_frames_than_there_are_and_another_entry_that_says_the_same_changes_nothing(
            keyframes in proptest::collection::vec((0_u64..40, any::<bool>(), any::<bool>()), 0..8),
            ranges in proptest::collection::vec((0_u64..40, 0_u64..40), 0..5),
            frames in 1_u64..30,
        ) {
            let mut once = motion(&keyframes, &ranges);
            let times = once.times(frames);
            prop_assert!(times.visible <= frames && times.drawn <= frames);
            let unclipped = once.times(once.least_frames().max(1));
            prop_assert!(!unclipped.is_beyond);
            once.merge(motion(&keyframes, &ranges));
            prop_assert_eq!(once.times(frames), times);
        }
    }
}
