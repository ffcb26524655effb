//! The values of a sheet.

use annotation_statistics_domain::wire;

/// What was counted. In this order: operation items by the bytes of their keys, then the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure<'a> {
    /// Of an operation item, by its key.
    Item(&'a str),
    /// All instances.
    Instances,
    /// All attributes.
    Attributes,
    /// Frames.
    Frames,
}

impl<'a> Measure<'a> {
    /// The key of an operation item.
    pub const fn key(self) -> Option<&'a str> {
        match self {
            Self::Item(key) => Some(key),
            Self::Instances | Self::Attributes | Self::Frames => None,
        }
    }

    /// The name of the member or column that has such numbers: `count`, `instanceNum`, `attributeNum` or `frameNum`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item(_) => "count",
            Self::Instances => wire::INSTANCE_NUM,
            Self::Attributes => wire::ATTRIBUTE_NUM,
            Self::Frames => wire::FRAME_NUM,
        }
    }
}

/// What was counted, in few bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StatedMeasure {
    /// The place of the key in the sheet's items.
    Item(u16),
    Instances,
    Attributes,
    Frames,
}

/// One value of a sheet, in 24 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stated {
    /// See `SheetTasks`.
    pub(crate) task: i64,
    pub(crate) count: i64,
    /// From 1.
    pub(crate) line: u32,
    pub(crate) measure: StatedMeasure,
}
