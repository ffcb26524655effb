//! Slots of the platform's annotation files, and the frames in which they are visible.

use crate::CountingRule;
use crate::counting::Visibility;
use crate::input::{Flag, HasValue};
use crate::{Remark, Report};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Slot {
    #[serde(rename = "timeSeries")]
    time_series: Option<TimeSeries>,
    #[serde(rename = "isProjection", default)]
    pub(super) is_projection: Flag,
}

#[derive(serde::Deserialize)]
pub(super) struct Input {
    #[serde(default)]
    pub(super) value: HasValue,
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
pub(super) struct Instances {
    /// Instances without a `timeSeries`.
    still: u64,
    moving: Vec<MovingInstance>,
}

/// An instance with a `timeSeries`.
#[derive(Debug, Default)]
struct MovingInstance {
    visibility: Visibility,
    keyframes: u64,
    /// How many frames there must be for the last event to be of one of them.
    needed_frames: u64,
}

impl Instances {
    pub(super) fn push(&mut self, slot: Slot) {
        match slot.time_series.filter(|series| !series.0.is_empty()) {
            Some(series) => self.moving.push(MovingInstance::of(&series)),
            None => self.still += 1,
        }
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.still += other.still;
        self.moving.append(&mut other.moving);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.still == 0 && self.moving.is_empty()
    }

    pub(super) fn count(&self, rule: CountingRule, frames: u64, invalid_frames: &[u64], report: &mut Report) -> u64 {
        self.moving.iter().fold(self.still, |sum, instance| {
            if instance.visibility.visible(u64::MAX, invalid_frames) == 0 {
                report.add(Remark::InvisibleObject, 1);
                return sum;
            }
            report.add(Remark::BeyondFrames, u64::from(instance.needed_frames > frames));
            sum.saturating_add(match rule {
                CountingRule::Objects => 1,
                // Where the length of a video is not known, an object may be shown past its only frame.
                CountingRule::Appearances => instance.visibility.visible(frames, invalid_frames).max(1),
                CountingRule::Keyframes => instance.keyframes.min(frames),
            })
        })
    }
}

impl MovingInstance {
    fn of(TimeSeries(events): &TimeSeries) -> Self {
        let mut instance = Self::default();
        let mut is_visible = false;
        for (frame, appears) in events {
            if *appears {
                instance.keyframes += 1;
                instance.visibility.appear(*frame);
                instance.needed_frames = frame.saturating_add(1);
            } else {
                instance.visibility.disappear(*frame);
                // The frame of a disappearance shows nothing, so that it need not be there.
                instance.needed_frames = if is_visible { *frame } else { instance.needed_frames };
            }
            is_visible = *appears;
        }
        instance
    }
}
