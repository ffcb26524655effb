//! The objects of an OpenLABEL file, and what was counted of each.

use crate::distinct::Numbers;
use crate::{CountingRule, FilePlace, ReadFault, Remark, Report, TaskCounts};
use std::collections::HashMap;

pub(crate) struct Objects {
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
    attributes: HashMap<Box<str>, Attribute>,
}

#[derive(Default)]
struct Attribute {
    times: u64,
    /// Where it was last seen: in a frame, numbered from 1, or at the object itself, which is 0.
    last: Option<u64>,
}

impl Objects {
    pub(crate) fn new(rule: CountingRule) -> Self {
        Self { rule, numbers: Numbers::default(), all: Vec::new() }
    }

    /// The number of the object with an id, which is mentioned at a byte of the file.
    pub(crate) fn number(&mut self, id: &str, byte: u64) -> usize {
        let number = self.numbers.of(id);
        if number >= self.all.len() {
            self.all.push(Object {
                kind: None,
                first_byte: byte,
                listed_frames: 0,
                interval_frames: 0,
                shapes: 0,
                attributes: HashMap::new(),
            });
        }
        number
    }

    /// A frame lists the object; without a frame the object itself is told of.
    pub(crate) fn appears(&mut self, object: usize, frame: Option<u64>) {
        if let Some(object) = self.all.get_mut(object).filter(|_| frame.is_some()) {
            object.listed_frames += 1;
        }
    }

    /// The type of the object; the error is the reason why it cannot be.
    pub(crate) fn set_type(&mut self, object: usize, kind: String) -> Result<(), String> {
        let Some(object) = self.all.get_mut(object) else { return Ok(()) };
        match &object.kind {
            Some(known) if *known != kind => Err(format!("the object is of type `{known}`, and here of type `{kind}`")),
            _ => {
                object.kind = Some(kind);
                Ok(())
            }
        }
    }

    pub(crate) fn set_interval_frames(&mut self, object: usize, frames: u64) {
        if let Some(object) = self.all.get_mut(object) {
            object.interval_frames = frames;
        }
    }

    /// A shape of the object was drawn.
    pub(crate) fn shape(&mut self, object: usize) {
        if let Some(object) = self.all.get_mut(object) {
            object.shapes += 1;
        }
    }

    /// The object has an attribute in a frame, or by itself.
    pub(crate) fn attribute(&mut self, object: usize, frame: Option<u64>, name: &str) {
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

    pub(crate) fn count(&self, task: &mut TaskCounts, report: &mut Report) -> Result<(), ReadFault> {
        for object in &self.all {
            let wrong = |reason: String| ReadFault::wrong(FilePlace::at_byte(object.first_byte), reason);
            let kind = object.kind.as_ref().ok_or_else(|| {
                wrong("an object that is mentioned here is not in `objects`, or has no `type` there".to_owned())
            })?;
            let times = object.times(self.rule);
            report.add(Remark::ObjectWithoutShape, u64::from(times == 0));
            task.add_instances(kind, times).map_err(wrong)?;
            for (name, attribute) in &object.attributes {
                task.add_attributes(kind, name, attribute.times).map_err(wrong)?;
            }
        }
        Ok(())
    }
}

impl Object {
    fn times(&self, rule: CountingRule) -> u64 {
        match rule {
            CountingRule::Objects => 1,
            CountingRule::Appearances if self.listed_frames > 0 => self.listed_frames,
            CountingRule::Appearances => self.interval_frames.max(1),
            CountingRule::Keyframes => self.shapes,
        }
    }
}
