//! ASAM OpenLABEL, and VCD, of which it was made: one scene a file, under `openlabel` or `vcd`.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | the file |
//! | instance | an object; key = its `type`; where that is empty, the kind of its first shape, or `object` |
//! | attribute | an entry of `attributes` of its shapes, and a `num`, `text`, `boolean` or `vec` of its own `object_data`; key `type/name` |
//! | frames | the entries of `frames`, or the file's own `frame_intervals` where these are more; at least 1 |
//!
//! # Counting rules
//!
//! | rule | instances | attributes |
//! | --- | --- | --- |
//! | `objects` | each object once | each name that an object has, once |
//! | `appearances` | each object once a frame that lists it; one that no frame lists, once a frame of its `frame_intervals`, of which there are no more than frames | each name that an object has in a frame, once a frame |
//! | `keyframes` | each shape: a box, a cuboid, a polygon, in each sensor and frame | each entry, at each shape |
//!
//! # Traps
//!
//! * Frames may be before the objects that they mention. Until the end of the file an object takes about 200 bytes
//!   and each name that it has about 50; shapes are never kept.
//! * What is in `object_data` of an object itself, and not in a frame, holds for the whole object: it counts once.
//! * A `vec` with a `coordinate_system` and `attributes` is a shape (points of a lidar); any other `vec` is an attribute.
//! * An entry is an attribute whatever its `val`: an empty list says "none". `NaN` is no value, but an error; in the `val` of
//!   a shape it does no harm.
//! * `object_data_pointers` repeat what is elsewhere and are passed over. Actions, events, contexts, tags and relations
//!   are not objects: each is reported, once, wherever the file mentions it, and takes about 30 bytes until the
//!   end of the file. What is said of them is not counted either.
//! * Intervals may overlap: a frame in several is one frame.
//! * `occluded`, `truncated` and the like are attributes: annotators set them here.
//! * A file has no number: the id of the task is the [`stable_id`](crate::stable_id()) of the file's name as the
//!   caller gives it.

mod objects;

use crate::input::{Bytes, HasValue, JsonInput, Name, NonNumber, is_no_number};
use crate::openlabel::objects::Objects;
use crate::stable_id::hash;
use crate::task_reader::TaskReader;
use crate::{CountingRule, ReadError, Remark, Report, TaskCounts};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, HashSet};
use struson::reader::ValueType;

/// The types of object data that are attributes instead of shapes.
const ATTRIBUTES: [&str; 4] = ["boolean", "num", "text", "vec"];

pub(crate) struct OpenLabel<'input> {
    unread: Option<JsonInput<'input>>,
    scene: Scene,
    name: Option<String>,
}

/// What is known of a file while it is read.
struct Scene {
    objects: Objects,
    frames: u64,
    interval_frames: u64,
    /// The elements that are no objects, so that each is reported once.
    others: HashSet<(Remark, u64)>,
    is_found: bool,
}

#[derive(Deserialize)]
struct Interval {
    frame_start: u64,
    frame_end: u64,
}

#[derive(Deserialize)]
struct Data<Val> {
    #[serde(default)]
    name: Name,
    #[serde(default)]
    coordinate_system: HasValue,
    attributes: Option<BTreeMap<String, Vec<Attribute>>>,
    #[serde(default)]
    val: Val,
}

#[derive(Deserialize)]
struct Attribute {
    name: Name,
    /// Any value counts, unless it is `NaN`.
    #[serde(default, rename = "val")]
    _val: HasValue,
}

impl<Val> Data<Val> {
    fn is_shape(&self, kind: &str) -> bool {
        let is_points = kind == "vec" && self.coordinate_system.0 && self.attributes.is_some();
        is_points || !ATTRIBUTES.contains(&kind)
    }
}

impl<'input> OpenLabel<'input> {
    pub(crate) fn new(input: Bytes<'input>, rule: CountingRule, name: Option<&str>) -> Self {
        let objects = Objects::new(rule);
        let scene = Scene { objects, frames: 0, interval_frames: 0, others: HashSet::new(), is_found: false };
        Self { unread: Some(JsonInput::new(input)), scene, name: name.map(str::to_owned) }
    }
}

impl TaskReader for OpenLabel<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        let Some(mut json) = self.unread.take() else { return Ok(None) };
        json.object(|json, name| match name {
            "openlabel" | "vcd" => {
                self.scene.is_found = true;
                json.object(|json, name| self.scene.member(json, name))
            }
            _ => json.skip(),
        })?;
        json.finish()?;
        if !self.scene.is_found {
            return Err(json.error("`openlabel` is missing"));
        }
        let name = self.name.as_deref().ok_or_else(ReadError::name_needed)?;
        let mut task = TaskCounts::named(name).map_err(|reason| json.error(reason))?;
        let frames = self.scene.frames.max(self.scene.interval_frames).max(1);
        task.frames = crate::task_counts::count_of(frames).map_err(|reason| json.error(reason))?;
        self.scene.objects.count(&mut task, frames, report)?;
        self.scene.others.iter().for_each(|(remark, _)| report.add(*remark, 1));
        Ok(Some(task))
    }
}

impl Scene {
    fn member(&mut self, json: &mut JsonInput<'_>, name: &str) -> Result<(), ReadError> {
        match name {
            "objects" => members(json, |json, id| self.object(json, id, None)),
            "frames" => members(json, |json, number| {
                number.parse::<u64>().map_err(|_| json.error(format!("`{number}` is not a frame number")))?;
                self.frames += 1;
                let frame = self.frames;
                members(json, |json, name| match name {
                    "objects" => members(json, |json, id| self.object(json, id, Some(frame))),
                    other => self.other(json, other),
                })
            }),
            "frame_intervals" => {
                self.interval_frames = intervals(json)?;
                Ok(())
            }
            other => self.other(json, other),
        }
    }

    /// Elements that are no objects, at the scene or in one of its frames.
    fn other(&mut self, json: &mut JsonInput<'_>, name: &str) -> Result<(), ReadError> {
        let remark = match name {
            "relations" => Remark::Relation,
            "actions" => Remark::Action,
            "events" => Remark::Event,
            "contexts" => Remark::Context,
            "tags" => Remark::SceneTag,
            _ => return json.skip(),
        };
        members(json, |json, id| {
            self.others.insert((remark, hash(id)));
            json.skip()
        })
    }

    fn object(&mut self, json: &mut JsonInput<'_>, id: &str, frame: Option<u64>) -> Result<(), ReadError> {
        let number = self.objects.number(id, json.byte());
        self.objects.appears(number, frame);
        members(json, |json, name| match name {
            "type" => {
                let Name(kind) = json.element()?;
                self.objects.set_type(number, kind).map_err(|reason| json.error(reason))
            }
            "frame_intervals" if frame.is_none() => {
                let frames = intervals(json)?;
                self.objects.set_interval_frames(number, frames);
                Ok(())
            }
            "object_data" => members(json, |json, kind| {
                json.array(|json| {
                    if !ATTRIBUTES.contains(&kind) {
                        self.data(number, frame, kind, json.element::<Data<IgnoredAny>>()?);
                        return Ok(());
                    }
                    let data: Data<NonNumber> = json.element()?;
                    if let Some(word) = data.val.0.filter(|_| !data.is_shape(kind)) {
                        return Err(json.error_of_member("val", is_no_number(word)));
                    }
                    self.data(number, frame, kind, data);
                    Ok(())
                })
            }),
            _ => json.skip(),
        })
    }

    fn data<Val>(&mut self, object: usize, frame: Option<u64>, kind: &str, data: Data<Val>) {
        if data.is_shape(kind) {
            self.objects.shape(object, kind);
        } else {
            let name = if data.name.0.is_empty() { kind } else { &data.name.0 };
            self.objects.attribute(object, frame, name);
        }
        for attribute in data.attributes.into_iter().flatten().flat_map(|(_, attributes)| attributes) {
            self.objects.attribute(object, frame, &attribute.name.0);
        }
    }
}

/// The members of an object; `null` is an object without members.
fn members(
    json: &mut JsonInput<'_>,
    each: impl FnMut(&mut JsonInput<'_>, &str) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    if json.peek()? == ValueType::Null { json.skip() } else { json.object(each) }
}

/// The number of frames that are in any of a list of intervals, both ends included.
fn intervals(json: &mut JsonInput<'_>) -> Result<u64, ReadError> {
    let mut intervals = Vec::new();
    json.array(|json| {
        let Interval { frame_start, frame_end } = json.element()?;
        if frame_end < frame_start {
            return Err(json.error("an interval ends before it starts"));
        }
        intervals.push((frame_start, frame_end));
        Ok(())
    })?;
    Ok(frames_of(intervals))
}

fn frames_of(mut intervals: Vec<(u64, u64)>) -> u64 {
    intervals.sort_unstable();
    let mut frames = 0_u64;
    let mut next = 0_u64;
    for (start, end) in intervals {
        let behind = end.saturating_add(1);
        frames = frames.saturating_add(behind.saturating_sub(start.max(next)));
        next = next.max(behind);
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_frame_in_several_intervals_is_one_frame(starts in proptest::collection::vec((0_u64..40, 0_u64..9), 0..9)) {
            let intervals: Vec<_> = starts.into_iter().map(|(start, length)| (start, start + length)).collect();
            let frames: BTreeSet<_> = intervals.iter().flat_map(|(start, end)| *start..=*end).collect();
            prop_assert_eq!(frames_of(intervals), u64::try_from(frames.len()).unwrap());
        }
    }
}
