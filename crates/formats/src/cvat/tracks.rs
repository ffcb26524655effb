//! Tracks of CVAT: an object in the frames of a video.

use crate::cvat::frames::TaskFrames;
use crate::cvat::shapes::{Shape, is_shape};
use crate::input::{Element, XmlInput, trimmed};
use crate::{CountingRule, ReadError, Remark, Report};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The shapes of a tracked object.
#[derive(Debug, Default)]
pub(super) struct Track {
    shapes: BTreeMap<u64, Shape>,
    /// The element that its shapes are.
    pub(super) kind: Option<String>,
}

/// How often a track, and each of its attributes, counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TrackCounts<'track> {
    pub(super) times: u64,
    pub(super) attributes: BTreeMap<&'track str, u64>,
    /// Whether it is said to be in more frames than the task has, or in others.
    pub(super) is_beyond: bool,
}

/// How long a shape holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In its own frame: the file lists each frame that a track is in.
    OneFrame,
    /// Until the next one of its track: the file lists keyframes only.
    UntilNext,
}

impl Track {
    /// Reads what is in a track.
    pub(super) fn read(xml: &mut XmlInput<'_>, report: &mut Report) -> Result<Self, ReadError> {
        let mut track = Self::default();
        while let Some(element) = xml.next_child()? {
            if is_shape(&element) {
                track.read_shape(&element, xml, report)?;
            } else {
                // Of a skeleton some files write the elements as tracks within its track.
                let is_part = element.name() == "track";
                report.add(if is_part { Remark::SkeletonElement } else { Remark::UnknownElement }, 1);
                xml.skip()?;
            }
        }
        Ok(track)
    }

    fn read_shape(&mut self, element: &Element, xml: &mut XmlInput<'_>, report: &mut Report) -> Result<(), ReadError> {
        let kind = self.kind.get_or_insert_with(|| element.name().to_owned());
        if (kind == "tag") != (element.name() == "tag") {
            return Err(xml.error("a tag and a shape in one track: it has one or the other"));
        }
        let frame = element.get("frame").ok_or_else(|| xml.error("the shape has no `frame`"))?;
        let frame = trimmed(frame).parse().map_err(|_| xml.error(format!("`{frame}` is not a frame number")))?;
        match self.shapes.entry(frame) {
            Entry::Vacant(entry) => drop(entry.insert(Shape::read(element, xml, report)?)),
            Entry::Occupied(other) => {
                let mark = xml.mark();
                if *other.get() != Shape::read(element, xml, report)? {
                    let reason = format!("frame {frame} of the track is given twice, with shapes that differ");
                    return Err(xml.error_at(mark, reason));
                }
                report.add(Remark::RepeatedShape, 1);
            }
        }
        Ok(())
    }

    /// The last frame that the track mentions.
    pub(super) fn last_frame(&self) -> Option<u64> {
        self.shapes.last_key_value().map(|(frame, _)| *frame)
    }

    /// Whether it has a shape that was computed: then its file lists each frame that a track is in.
    pub(super) fn has_computed(&self) -> bool {
        self.shapes.values().any(|shape| !shape.is_keyframe)
    }

    /// Whether any frame shows it.
    pub(super) fn is_visible(&self) -> bool {
        self.shapes.values().any(|shape| !shape.is_outside)
    }

    /// How many visible shapes of it were computed.
    pub(super) fn visible_computed(&self) -> usize {
        self.shapes.values().filter(|shape| !shape.is_outside && !shape.is_keyframe).count()
    }

    /// Counts the track.
    pub(super) fn count(&self, rule: CountingRule, standing: Standing, frames: &TaskFrames) -> TrackCounts<'_> {
        let mut counts = TrackCounts::default();
        let mut in_frames = 0_u64;
        for (shape, shown) in self.visible(standing, frames) {
            in_frames = in_frames.saturating_add(shown);
            counts.is_beyond |= shown == 0;
            match rule {
                CountingRule::Objects | CountingRule::Appearances => counts.add(shape, shown),
                CountingRule::Keyframes if shape.is_keyframe => counts.add(shape, 1),
                CountingRule::Keyframes => {}
            }
        }
        let number = frames.number().unwrap_or(u64::MAX);
        counts.is_beyond |= in_frames > number;
        match rule {
            CountingRule::Objects => counts.limit(1, 1),
            CountingRule::Appearances => counts.limit(1, number),
            CountingRule::Keyframes => counts.limit(0, number),
        }
        counts
    }

    /// The visible shapes, each with the number of frames that show it.
    fn visible(&self, standing: Standing, frames: &TaskFrames) -> impl Iterator<Item = (&Shape, u64)> {
        let after_last = self.last_frame().map_or(0, |frame| frame.saturating_add(1));
        let end = frames.end().unwrap_or(after_last).max(after_last);
        let next = self.shapes.keys().skip(1).copied().chain([end]);
        let visible = self.shapes.iter().zip(next).filter(|((_, shape), _)| !shape.is_outside);
        visible.map(move |((frame, shape), next)| {
            let until = if standing == Standing::OneFrame { frame.saturating_add(1) } else { next };
            (shape, frames.shown(*frame, until))
        })
    }
}

impl TrackCounts<'_> {
    fn limit(&mut self, least: u64, most: u64) {
        self.times = self.times.max(least).min(most);
        self.attributes.values_mut().for_each(|times| *times = (*times).max(least).min(most));
    }
}

impl<'track> TrackCounts<'track> {
    fn add(&mut self, shape: &'track Shape, times: u64) {
        self.times = self.times.saturating_add(times);
        for name in &shape.attributes {
            let sum = self.attributes.entry(name.as_str()).or_default();
            *sum = sum.saturating_add(times);
        }
    }
}
