//! Shapes of CVAT: alone on an image, or in the frames of a track.

use crate::cvat_meta::TaskMeta;
use crate::xml_input::{Element, XmlInput};
use crate::{CountingRule, ReadFault, Remark, Report};
use std::collections::{BTreeMap, BTreeSet};

/// A shape, a tag or a skeleton, of which only what it counts for is kept.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// The names of its attributes that have text.
    pub(crate) attributes: Vec<String>,
    /// Whether it has elements, and all of them are outside.
    all_elements_outside: Option<bool>,
}

impl Shape {
    /// Reads what is in a shape.
    pub(crate) fn read(xml: &mut XmlInput<'_>, report: &mut Report) -> Result<Self, ReadFault> {
        let mut shape = Self::default();
        while let Some(element) = xml.next_child()? {
            if element.name != "attribute" {
                report.add(Remark::SkeletonElement, 1);
                let is_outside = element.get("outside") == Some("1");
                shape.all_elements_outside = Some(is_outside && shape.all_elements_outside.unwrap_or(true));
                xml.skip()?;
                continue;
            }
            let name = element.get("name").ok_or_else(|| xml.fault("the attribute has no `name`"))?.to_owned();
            if !xml.text()?.is_empty() {
                shape.attributes.push(name);
            }
        }
        Ok(shape)
    }
}

/// The shapes of a tracked object.
#[derive(Debug, Default)]
pub(crate) struct Track {
    rows: BTreeMap<u64, Row>,
}

#[derive(Debug)]
struct Row {
    is_outside: bool,
    is_keyframe: bool,
    attributes: Vec<String>,
}

/// How often a track, and each of its attributes, counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TrackCounts {
    pub(crate) instances: u64,
    pub(crate) attributes: BTreeMap<String, u64>,
}

impl Track {
    /// Reads what is in a track.
    pub(crate) fn read(xml: &mut XmlInput<'_>, report: &mut Report) -> Result<Self, ReadFault> {
        let mut track = Self::default();
        while let Some(element) = xml.next_child()? {
            let frame = frame_of(&element, xml)?;
            let shape = Shape::read(xml, report)?;
            let is_outside = element.get("outside").map(|outside| outside == "1");
            let row = Row {
                is_outside: is_outside.or(shape.all_elements_outside).unwrap_or(false),
                is_keyframe: element.get("keyframe") != Some("0"),
                attributes: shape.attributes,
            };
            if track.rows.insert(frame, row).is_some() {
                return Err(xml.fault(format!("frame {frame} of the track is given twice")));
            }
        }
        Ok(track)
    }

    /// The last frame that the track tells of.
    pub(crate) fn last_frame(&self) -> Option<u64> {
        self.rows.last_key_value().map(|(frame, _)| *frame)
    }

    /// Counts the track: a shape stands until the next one, and the last until the end of the task.
    pub(crate) fn count(&self, rule: CountingRule, task: &TaskMeta, report: &mut Report) -> TrackCounts {
        match rule {
            CountingRule::Objects => self.count_object(),
            CountingRule::Appearances => self.count_appearances(task),
            CountingRule::Keyframes => self.count_keyframes(report),
        }
    }

    fn visible(&self) -> impl Iterator<Item = (&u64, &Row)> {
        self.rows.iter().filter(|(_, row)| !row.is_outside)
    }

    fn count_object(&self) -> TrackCounts {
        let names: BTreeSet<_> = self.visible().flat_map(|(_, row)| row.attributes.iter().cloned()).collect();
        TrackCounts { instances: 1, attributes: names.into_iter().map(|name| (name, 1)).collect() }
    }

    fn count_appearances(&self, task: &TaskMeta) -> TrackCounts {
        let mut counts = TrackCounts::default();
        let after_last = self.last_frame().map_or(0, |frame| frame.saturating_add(1));
        let end = task.end().unwrap_or(after_last);
        for (frame, row) in self.visible() {
            let next = self.rows.range(frame.saturating_add(1)..).next().map_or(end, |(next, _)| *next);
            let frames = next.saturating_sub(*frame).div_ceil(task.step()).max(1);
            counts.add(row, frames);
        }
        counts
    }

    fn count_keyframes(&self, report: &mut Report) -> TrackCounts {
        let mut counts = TrackCounts::default();
        for (_, row) in self.visible() {
            if row.is_keyframe {
                counts.add(row, 1);
            } else {
                report.add(Remark::ComputedShape, 1);
            }
        }
        counts
    }
}

impl TrackCounts {
    fn add(&mut self, row: &Row, times: u64) {
        self.instances = self.instances.saturating_add(times);
        for name in &row.attributes {
            let sum = self.attributes.entry(name.clone()).or_default();
            *sum = sum.saturating_add(times);
        }
    }
}

fn frame_of(element: &Element, xml: &XmlInput<'_>) -> Result<u64, ReadFault> {
    let frame = element.get("frame").ok_or_else(|| xml.fault("the shape has no `frame`"))?;
    frame.parse().map_err(|_| xml.fault(format!("`{frame}` is not a frame number")))
}
