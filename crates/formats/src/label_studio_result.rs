//! The `result` of a Label Studio annotation: entries that belong together by their ids.

use crate::distinct::Numbers;
use crate::json_values::{HasValue, Name};
use crate::lifeline::Lifeline;
use crate::{CountingRule, Remark, Report, TaskCounts};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// The types of entries that answer a question, and the member of their value that has the answer.
const ANSWERS: [(&str, &str); 9] = [
    ("choices", "choices"),
    ("textarea", "text"),
    ("number", "number"),
    ("rating", "rating"),
    ("taxonomy", "taxonomy"),
    ("datetime", "datetime"),
    ("pairwise", "selected"),
    ("ranker", "ranker"),
    ("chatmessage", "chatmessage"),
];

#[derive(serde::Deserialize)]
pub(crate) struct Entry {
    #[serde(default)]
    id: Name,
    #[serde(rename = "type", default)]
    kind: Name,
    #[serde(default)]
    from_name: Name,
    #[serde(default)]
    value: Value,
}

/// What counts of an entry's value.
#[derive(Debug, Default)]
struct Value {
    label: Option<String>,
    further_labels: u64,
    answered: Vec<&'static str>,
    sequence: Vec<Keyframe>,
    ranges: Vec<Range>,
    frames: u64,
}

#[derive(Debug, Clone, Copy, serde::Deserialize)]
struct Keyframe {
    frame: u64,
    #[serde(default = "yes")]
    enabled: bool,
}

#[derive(Debug, Clone, Copy, serde::Deserialize)]
struct Range {
    start: u64,
    end: u64,
}

fn yes() -> bool {
    true
}

/// A number of frames, which the browser may have computed as a fraction.
struct Frames(u64);

impl<'de> Deserialize<'de> for Frames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let text = format!("{:.0}", number.ceil());
        text.parse().map(Self).map_err(|_| D::Error::custom("expected a number of frames"))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut value = Value::default();
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "sequence" => value.sequence = members.next_value::<Option<_>>()?.unwrap_or_default(),
                "ranges" => value.ranges = members.next_value::<Option<_>>()?.unwrap_or_default(),
                "framesCount" => value.frames = members.next_value::<Option<Frames>>()?.map_or(0, |frames| frames.0),
                name if name.ends_with("labels") => {
                    let labels: Option<Vec<Name>> = members.next_value()?;
                    value.add_labels(labels.unwrap_or_default());
                }
                name => match ANSWERS.iter().find(|(_, member)| *member == name) {
                    Some((_, member)) if members.next_value::<HasValue>()?.0 => value.answered.push(member),
                    Some(_) => {}
                    None => {
                        members.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(value)
    }
}

impl Value {
    fn add_labels(&mut self, labels: Vec<Name>) {
        for Name(label) in labels.into_iter().filter(|label| !label.0.is_empty()) {
            if self.label.is_none() {
                self.label = Some(label);
            } else {
                self.further_labels += 1;
            }
        }
    }

    /// In how many frames of a video of `frames` it is visible.
    fn visible_frames(&self, frames: u64) -> u64 {
        if self.sequence.is_empty() {
            let lengths = self.ranges.iter().map(|range| range.end.saturating_sub(range.start).saturating_add(1));
            return lengths.fold(0, u64::saturating_add);
        }
        let mut keyframes = self.sequence.clone();
        keyframes.sort_by_key(|keyframe| keyframe.frame);
        let mut lifeline = Lifeline::default();
        for keyframe in &keyframes {
            lifeline.appear(keyframe.frame);
            if !keyframe.enabled {
                lifeline.disappear(keyframe.frame.saturating_add(1));
            }
        }
        // Frames are numbered from 1.
        let last = keyframes.last().map_or(0, |keyframe| keyframe.frame);
        lifeline.visible(frames.max(last).saturating_add(1), &[])
    }
}

/// The entries of one result.
#[derive(Debug, Default)]
pub(crate) struct ResultCounts {
    numbers: Numbers,
    regions: Vec<Region>,
    answers: Vec<String>,
    relations: u64,
    frames: u64,
}

#[derive(Debug)]
struct Region {
    kind: String,
    value: Value,
}

impl ResultCounts {
    pub(crate) fn add(&mut self, entry: Entry) {
        let kind = entry.kind.0;
        self.frames = self.frames.max(entry.value.frames);
        if kind == "relation" {
            self.relations += 1;
        } else if let Some((_, member)) = ANSWERS.iter().find(|(answer, _)| *answer == kind) {
            if entry.value.answered.contains(member) {
                self.answers.push(if entry.from_name.0.is_empty() { kind } else { entry.from_name.0 });
            }
        } else {
            self.add_region(&entry.id.0, kind, entry.value);
        }
    }

    fn add_region(&mut self, id: &str, kind: String, value: Value) {
        // An entry without an id is a region of its own.
        let alone = format!("\0{}", self.regions.len());
        let number = self.numbers.of(if id.is_empty() { &alone } else { id });
        let Some(region) = self.regions.get_mut(number) else {
            self.regions.push(Region { kind, value });
            return;
        };
        let known = &mut region.value;
        known.further_labels += value.further_labels + u64::from(known.label.is_some() && value.label.is_some());
        known.label = known.label.take().or(value.label);
        known.sequence.extend(value.sequence);
        known.ranges.extend(value.ranges);
    }

    /// The frames of the video, 0 where it is none.
    pub(crate) fn frames(&self) -> u64 {
        self.frames
    }

    pub(crate) fn count(self, rule: CountingRule, task: &mut TaskCounts, report: &mut Report) -> Result<(), String> {
        report.add(Remark::Relation, self.relations);
        for Region { kind, value } in self.regions {
            let drawn = value.sequence.len().saturating_add(value.ranges.len());
            let is_timed = drawn > 0;
            let times = match rule {
                CountingRule::Appearances if is_timed => value.visible_frames(self.frames),
                CountingRule::Keyframes if is_timed => u64::try_from(drawn).unwrap_or(u64::MAX),
                CountingRule::Objects | CountingRule::Appearances | CountingRule::Keyframes => 1,
            };
            report.add(Remark::FurtherLabel, value.further_labels);
            if value.label.is_none() {
                report.add(Remark::WithoutLabel, 1);
            }
            report.add(Remark::UnknownLength, u64::from(is_timed && self.frames == 0));
            let key = value.label.unwrap_or(kind);
            task.add_instances(&key, times)?;
        }
        self.answers.iter().try_for_each(|key| task.add_attributes("", key, 1))
    }
}
