//! The objects of an OpenLABEL file, and what was counted of each.

use crate::counting::Numbers;
use crate::{CountingRule, FilePlace, ReadError, Remark, Report, TaskCounts};
use std::collections::HashMap;

pub(super) struct Objects {
    rule: CountingRule,
    numbers: Numbers,
    all: Vec<Object>,
}

struct Object {
    kind: Option<String>,
    first_byte: u64,
    listed_frames: u64,
    interval_frames: u64,
    shapes: u64,
    /// The kind of its first shape.
    shape_kind: Option<Box<str>>,
    attributes: HashMap<Box<str>, Attribute>,
}

#[derive(Default)]
struct Attribute {
    times: u64,
    /// Where it was last seen: in a frame, numbered from 1, or at the object itself, which is 0.
    last: Option<u64>,
}

impl Objects {
    pub(super) fn new(rule: CountingRule) -> Self {
        Self { rule, numbers: Numbers::default(), all: Vec::new() }
    }

    /// The number of the object with an id, which is mentioned at a byte of the file.
    pub(super) fn number(&mut self, id: &str, byte: u64) -> usize {
        let number = self.numbers.of(id);
        if number >= self.all.len() {
            self.all.push(Object {
                kind: None,
                first_byte: byte,
                listed_frames: 0,
                interval_frames: 0,
                shapes: 0,
                shape_kind: None,
                attributes: HashMap::new(),
            });
        }
        number
    }

    /// A frame lists the object; without a frame the object itself is mentioned.
    pub(super) fn appears(&mut self, object: usize, frame: Option<u64>) {
        if let Some(object) = self.all.get_mut(object).filter(|_| frame.is_some()) {
            object.listed_frames += 1;
        }
    }

    /// The type of the object, which may be empty; the error is the reason why it cannot be.
    pub(super) fn set_type(&mut self, object: usize, kind: String) -> Result<(), String> {
        let Some(object) = self.all.get_mut(object) else { return Ok(()) };
        match &object.kind {
            Some(known) if !known.is_empty() && kind.is_empty() => Ok(()),
            Some(known) if !known.is_empty() && *known != kind => {
                Err(format!("the object is of type `{known}`, and here of type `{kind}`"))
            }
            _ => {
                object.kind = Some(kind);
                Ok(())
            }
        }
    }

    pub(super) fn set_interval_frames(&mut self, object: usize, frames: u64) {
        if let Some(object) = self.all.get_mut(object) {
            object.interval_frames = frames;
        }
    }

    /// A shape of the object was drawn.
    pub(super) fn shape(&mut self, object: usize, kind: &str) {
        if let Some(object) = self.all.get_mut(object) {
            object.shapes += 1;
            object.shape_kind.get_or_insert_with(|| kind.into());
        }
    }

    /// The object has an attribute in a frame, or by itself.
    pub(super) fn attribute(&mut self, object: usize, frame: Option<u64>, name: &str) {
        let Some(object) = self.all.get_mut(object) else { return };
        if !object.attributes.contains_key(name) {
            object.attributes.insert(name.into(), Attribute::default());
        }
        let Some(attribute) = object.attributes.get_mut(name) else { return };
        let place = frame.unwrap_or_default();
        let is_new = match self.rule {
            CountingRule::Objects => attribute.times == 0,
            CountingRule::Appearances => attribute.last != Some(place),
            CountingRule::Keyframes => true,
        };
        attribute.times += u64::from(is_new);
        attribute.last = Some(place);
    }

    /// Counts the objects of a task that has so many frames.
    pub(super) fn count(&self, task: &mut TaskCounts, frames: u64, report: &mut Report) -> Result<(), ReadError> {
        for object in &self.all {
            let invalid = |reason: String| ReadError::invalid(FilePlace::at_byte(object.first_byte), reason);
            let kind = object.kind.as_ref().ok_or_else(|| {
                invalid("an object that is mentioned here is not in `objects`, or has no `type` there".to_owned())
            })?;
            let times = object.times(self.rule, frames);
            report.add(Remark::ObjectWithoutShape, u64::from(times == 0));
            report.add(Remark::WithoutLabel, u64::from(times > 0 && kind.is_empty()));
            report.add(Remark::BeyondFrames, u64::from(object.interval_frames > frames));
            let kind = if kind.is_empty() { object.shape_kind.as_deref().unwrap_or("object") } else { kind };
            task.add_instances(kind, times).map_err(invalid)?;
            for (name, attribute) in &object.attributes {
                // One that is said of the object itself and in every frame has one frame too many.
                let most = if self.rule == CountingRule::Appearances { frames } else { u64::MAX };
                task.add_attributes(kind, name, attribute.times.min(most)).map_err(invalid)?;
            }
        }
        Ok(())
    }
}

impl Object {
    fn times(&self, rule: CountingRule, frames: u64) -> u64 {
        match rule {
            CountingRule::Objects => 1,
            CountingRule::Appearances if self.listed_frames > 0 => self.listed_frames,
            CountingRule::Appearances => self.interval_frames.min(frames).max(1),
            CountingRule::Keyframes => self.shapes,
        }
    }
}
