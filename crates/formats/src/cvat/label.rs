//! Under which key a shape, a tag or a track of CVAT counts.

use crate::cvat::shapes::Shape;
use crate::{Remark, Report, TaskCounts};

/// What a shape, a tag or a track counts as.
#[derive(Debug)]
pub(super) struct Label<'name> {
    name: &'name str,
    is_tag: bool,
}

impl<'name> Label<'name> {
    /// The label that an element of a kind has; without a name it is called by its kind.
    pub(super) fn new(name: &'name str, kind: &'name str, report: &mut Report) -> Self {
        report.add(Remark::WithoutLabel, u64::from(name.is_empty()));
        let name = if name.is_empty() { kind } else { name };
        Self { name, is_tag: kind == "tag" }
    }

    /// Counts it: a tag says something of the image, which is an attribute of the task; anything else is an instance.
    pub(super) fn add(&self, counts: &mut TaskCounts, times: u64) -> Result<(), String> {
        if self.is_tag { counts.add_attributes("", self.name, times) } else { counts.add_instances(self.name, times) }
    }

    /// Counts it once, as a shape without a track.
    pub(super) fn add_shape(&self, counts: &mut TaskCounts, shape: &Shape) -> Result<(), String> {
        self.add(counts, 1)?;
        shape.attributes.iter().try_for_each(|attribute| self.add_attribute(counts, attribute, 1))
    }

    /// Counts an attribute of it.
    pub(super) fn add_attribute(&self, counts: &mut TaskCounts, attribute: &str, times: u64) -> Result<(), String> {
        counts.add_attributes(self.name, attribute, times)
    }
}
