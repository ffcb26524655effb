//! A sheet in memory.

use super::{Stated, StatedMeasure};
use crate::ControlTotal;

/// The values of a sheet.
///
/// A sheet is of tasks, by id or source name, or of sums; of operation items, of totals (instances, attributes, frames), or
/// of both.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "its lines are not those of a file")]
pub struct Sheet {
    /// In the order of the lines.
    pub(crate) stated: Vec<Stated>,
    /// How its lines name their tasks.
    pub(crate) tasks: SheetTasks,
    /// The keys of operation items (resolved labels), each once; [`StatedMeasure::Item`] counts them from 0.
    pub(crate) items: Vec<String>,
    /// Which measures have a column, whether or not a line fills it.
    pub(crate) measures: Measures,
    pub(crate) sheet_lines: u64,
    pub(crate) control_total: Option<ControlTotal>,
    pub(crate) ignored_columns: Vec<String>,
}

/// How the lines of a sheet name their tasks.
#[derive(Debug)]
pub(crate) enum SheetTasks {
    /// They are sums: `Stated::task` is 0.
    None,
    /// By id: `Stated::task` is that.
    Ids,
    /// By source name: `Stated::task` is the place of the name here, from 0.
    SourceNames(Vec<Box<str>>),
}

/// What a sheet states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of four")]
pub(crate) struct Measures {
    pub(crate) items: bool,
    pub(crate) instances: bool,
    pub(crate) attributes: bool,
    pub(crate) frames: bool,
}

impl Measures {
    /// A column, or member, is of this.
    pub(super) fn have(&mut self, measure: StatedMeasure) {
        match measure {
            StatedMeasure::Item(_) => self.items = true,
            StatedMeasure::Instances => self.instances = true,
            StatedMeasure::Attributes => self.attributes = true,
            StatedMeasure::Frames => self.frames = true,
        }
    }
}

impl Sheet {
    /// Whether it is of tasks; else it is of sums over all tasks, for which the kept sums do.
    pub fn is_of_tasks(&self) -> bool {
        !matches!(self.tasks, SheetTasks::None)
    }
}
