//! Slots of the platform's export, and the frames they live in.

use crate::CountingRule;
use crate::json_values::{Flag, HasValue};
use crate::lifeline::Lifeline;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct Slot {
    #[serde(rename = "timeSeries")]
    time_series: Option<TimeSeries>,
    #[serde(rename = "isProjection", default)]
    pub(crate) is_projection: Flag,
}

#[derive(serde::Deserialize)]
pub(crate) struct Input {
    #[serde(default)]
    pub(crate) value: HasValue,
}

/// Frames, in order, and whether the shape appears or disappears there.
#[derive(Debug)]
struct TimeSeries(Vec<(u64, bool)>);

#[derive(serde::Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
}

impl<'de> Deserialize<'de> for TimeSeries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TimeSeriesVisitor)
    }
}

struct TimeSeriesVisitor;

impl<'de> Visitor<'de> for TimeSeriesVisitor {
    type Value = TimeSeries;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of frame numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<TimeSeries, A::Error> {
        let mut events = Vec::new();
        while let Some((frame, event)) = members.next_entry::<String, Event>()? {
            let number = frame.parse().map_err(|_| A::Error::custom(format!("`{frame}` is not a frame number")))?;
            let appears = match event.kind.as_str() {
                "appear" => true,
                "disappear" => false,
                other => return Err(A::Error::custom(format!("`{other}` is neither appear nor disappear"))),
            };
            events.push((number, appears));
        }
        events.sort_unstable();
        if events.iter().zip(events.iter().skip(1)).any(|((frame, _), (next, _))| frame == next) {
            return Err(A::Error::custom("a frame of `timeSeries` is given twice"));
        }
        Ok(TimeSeries(events))
    }
}

/// The instances of one key.
#[derive(Debug, Default)]
pub(crate) struct Lives {
    /// Instances without a `timeSeries`.
    still: u64,
    moving: Vec<Lifeline>,
    keyframes: u64,
}

impl Lives {
    pub(crate) fn push(&mut self, slot: Slot) {
        let Some(TimeSeries(events)) = slot.time_series.filter(|series| !series.0.is_empty()) else {
            self.still += 1;
            return;
        };
        let mut lifeline = Lifeline::default();
        for (frame, appears) in events {
            if appears {
                self.keyframes += 1;
                lifeline.appear(frame);
            } else {
                lifeline.disappear(frame);
            }
        }
        self.moving.push(lifeline);
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.still += other.still;
        self.keyframes += other.keyframes;
        self.moving.append(&mut other.moving);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.still == 0 && self.moving.is_empty()
    }

    pub(crate) fn count(&self, rule: CountingRule, frames: u64, invalid_frames: &[u64]) -> u64 {
        let moving = match rule {
            CountingRule::Objects => u64::try_from(self.moving.len()).unwrap_or(u64::MAX),
            CountingRule::Appearances => {
                let visible = self.moving.iter().map(|lifeline| lifeline.visible(frames, invalid_frames));
                visible.fold(0, u64::saturating_add)
            }
            CountingRule::Keyframes => self.keyframes,
        };
        self.still.saturating_add(moving)
    }
}

/// What a task is about: its length and whether it is a list of lists or of URLs.
#[derive(Debug, Default)]
pub(crate) struct Attachment {
    length: u64,
    is_by_frame: bool,
}

impl Attachment {
    pub(crate) fn frames(&self, attachment_type: &str) -> u64 {
        let is_sequence = attachment_type.ends_with("_SEQUENCE") && self.is_by_frame;
        if is_sequence { self.length } else { 1 }
    }
}

impl<'de> Deserialize<'de> for Attachment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttachmentVisitor)
    }
}

/// Whether an element stands for a frame: a list or a URL does.
struct StandsForFrame(bool);

struct AttachmentVisitor;
struct ElementVisitor;

impl<'de> Visitor<'de> for AttachmentVisitor {
    type Value = Attachment;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, an object or a URL")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Attachment, A::Error> {
        let mut attachment = Attachment::default();
        if let Some(StandsForFrame(first)) = elements.next_element()? {
            attachment = Attachment { length: 1, is_by_frame: first };
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {
            attachment.length += 1;
        }
        Ok(attachment)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Attachment, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Attachment::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Attachment, E> {
        Ok(Attachment::default())
    }

    fn visit_unit<E>(self) -> Result<Attachment, E> {
        Ok(Attachment::default())
    }
}

impl<'de> Deserialize<'de> for StandsForFrame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ElementVisitor)
    }
}

impl<'de> Visitor<'de> for ElementVisitor {
    type Value = StandsForFrame;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, an object or a URL")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<StandsForFrame, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(StandsForFrame(true))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<StandsForFrame, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(StandsForFrame(false))
    }

    fn visit_str<E>(self, _: &str) -> Result<StandsForFrame, E> {
        Ok(StandsForFrame(true))
    }
}
