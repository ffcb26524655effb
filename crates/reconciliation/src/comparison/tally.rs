//! Counts the lines on their way out.

use crate::{Class, ComparedLine, ComparedLines};
use annotation_statistics_domain::BoxError;

/// How many lines there were of each class.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Classes {
    pub(super) matched: u64,
    pub(super) differing: u64,
    pub(super) missing: u64,
    pub(super) extra: u64,
    pub(super) duplicate: u64,
}

/// What takes the lines, and how many it took.
#[derive(Debug)]
pub(super) struct Tally<L> {
    pub(super) lines: L,
    pub(super) classes: Classes,
}

impl<L: ComparedLines> Tally<L> {
    pub(super) fn new(lines: L) -> Self {
        Self { lines, classes: Classes::default() }
    }

    pub(super) fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        let classes = &mut self.classes;
        *match line.class {
            Class::Matched => &mut classes.matched,
            Class::Differing => &mut classes.differing,
            Class::Missing => &mut classes.missing,
            Class::Extra => &mut classes.extra,
            Class::Duplicate => &mut classes.duplicate,
        } += 1;
        self.lines.take(line)
    }
}
