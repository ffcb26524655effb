//! In which frames an object is visible.

/// The frames in which an object is visible, made of events in order of their frames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Visibility {
    /// From a frame, included, to another, excluded; without another to the end.
    spans: Vec<(u64, Option<u64>)>,
}

impl Visibility {
    /// The object is visible from `frame` on.
    pub(crate) fn appear(&mut self, frame: u64) {
        if !self.spans.last().is_some_and(|(_, end)| end.is_none()) {
            self.spans.push((frame, None));
        }
    }

    /// The object is no longer visible in `frame`.
    pub(crate) fn disappear(&mut self, frame: u64) {
        if let Some((start, end @ None)) = self.spans.last_mut() {
            *end = Some(frame.max(*start));
        }
    }

    /// The frames of this one and those of spans, each from a frame to another, both included. A frame that several have
    /// is one frame.
    pub(crate) fn with_spans(self, spans: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let closed = spans.into_iter().map(|(first, last)| (first, Some(last.saturating_add(1))));
        let mut all: Vec<_> = self.spans.into_iter().chain(closed).collect();
        all.sort_unstable_by_key(|(start, _)| *start);
        let mut united: Vec<(u64, Option<u64>)> = Vec::new();
        for (start, end) in all {
            match united.last_mut() {
                Some((_, reached)) if reached.is_none_or(|reached| start <= reached) => {
                    *reached = reached.zip(end).map(|(reached, end)| reached.max(end));
                }
                _ => united.push((start, end)),
            }
        }
        Self { spans: united }
    }

    /// In how many frames below `end` it is visible, not counting those of `without`.
    pub(crate) fn visible(&self, end: u64, without: &[u64]) -> u64 {
        let spans = self.spans.iter().map(|(start, stop)| {
            let stop = stop.unwrap_or(end).min(end);
            let hidden = without.iter().filter(|frame| (*start..stop).contains(frame)).count();
            stop.saturating_sub(*start).saturating_sub(u64::try_from(hidden).unwrap_or(u64::MAX))
        });
        spans.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn visibility(events: &[(u64, bool)]) -> Visibility {
        let mut visibility = Visibility::default();
        for (frame, appears) in events {
            if *appears { visibility.appear(*frame) } else { visibility.disappear(*frame) }
        }
        visibility
    }

    #[test]
    fn an_object_persists_until_it_disappears_or_the_frames_end() {
        for (events, visible, reason) in [
            (&[][..], 0, "it never appears"),
            (&[(2, true)], 8, "it stays to the end"),
            (&[(2, true), (5, true)], 8, "a further keyframe changes nothing"),
            (&[(2, true), (5, false)], 3, "it is gone from 5 on"),
            (&[(2, true), (5, false), (8, true)], 5, "it comes back"),
            (&[(5, false), (8, true)], 2, "what is not there cannot go"),
            (&[(12, true)], 0, "it appears after the end"),
            (&[(2, true), (90, false)], 8, "nothing is visible after the end"),
        ] {
            assert_eq!(visibility(events).visible(10, &[]), visible, "{reason}");
        }
        assert_eq!(visibility(&[(2, true), (5, false)]).visible(10, &[0, 3, 7]), 2);
    }

    proptest! {
        #[test]
        fn a_frame_counts_once_however_many_spans_have_it(
            events in proptest::collection::vec((1_u64..8, any::<bool>()), 0..4),
            spans in proptest::collection::vec((0_u64..20, 0_u64..6), 0..6),
        ) {
            let mut frame = 0;
            let events = events.into_iter().map(|(step, appears)| {
                frame += step;
                (frame, appears)
            });
            let alone = visibility(&events.collect::<Vec<_>>());
            let spans: Vec<_> = spans.into_iter().map(|(first, more)| (first, first + more)).collect();
            let is_visible = |frame: &u64| {
                let is_alive = alone.visible(frame + 1, &[]) > alone.visible(*frame, &[]);
                is_alive || spans.iter().any(|(first, last)| (first..=last).contains(&frame))
            };
            let expected = (0..30).filter(is_visible).count();
            let united = alone.clone().with_spans(spans.clone());
            prop_assert_eq!(united.visible(30, &[]), u64::try_from(expected).unwrap());
        }
    }
}
