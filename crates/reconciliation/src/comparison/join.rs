//! Joins the counts of a task with the values of the sheet for it.

use crate::comparison::marks::Marks;
use crate::comparison::sorted_sheet::SortedSheet;
use crate::comparison::tally::Tally;
use crate::sheet::Stated;
use crate::{Class, ComparedLine, ComparedLines, ItemNames, Measure, TaskName};
use annotation_statistics_domain::BoxError;
use std::ops::Range;

/// What the counts are of: a task, or all of them together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recorded<'a> {
    pub(super) task: TaskName<'a>,
    pub(super) source_name: Option<&'a str>,
    /// Whether the sheet has values of it.
    pub(super) is_stated: bool,
}

/// A join of two sequences in the order of their measures.
pub(super) struct Join<'a, L> {
    pub(super) sheet: &'a SortedSheet,
    pub(super) names: &'a ItemNames,
    pub(super) marks: &'a mut Marks,
    pub(super) tally: &'a mut Tally<L>,
}

impl<L: ComparedLines> Join<'_, L> {
    /// Compares the values at these places with these counts, each measure once and in the order of measures.
    pub(super) fn all<'r>(
        mut self,
        recorded: Recorded<'r>,
        values: Range<usize>,
        counts: impl Iterator<Item = (Measure<'r>, i128)>,
    ) -> Result<(), BoxError> {
        let sheet = self.sheet;
        let mut stated = sheet.first_values(values).peekable();
        for (measure, ours) in counts.filter(|(measure, _)| sheet.measures(*measure)) {
            while let Some((place, only, value)) = stated.next_if(|(_, stated, _)| *stated < measure) {
                self.not_recorded(recorded, place, only, value)?;
            }
            if let Some((place, _, value)) = stated.next_if(|(_, stated, _)| *stated == measure) {
                self.both(recorded, place, measure, value, ours)?;
            } else if is_missing(recorded, measure, ours) {
                self.give(Class::Missing, recorded, measure, ours, None)?;
            }
        }
        stated.try_for_each(|(place, only, value)| self.not_recorded(recorded, place, only, value))
    }

    /// Of a task that has no such item the count is 0. That of an item in no task is left for the end.
    fn not_recorded(
        &mut self,
        recorded: Recorded<'_>,
        place: usize,
        measure: Measure<'_>,
        stated: &Stated,
    ) -> Result<(), BoxError> {
        let is_extra = recorded.task == TaskName::None && stated.count != 0;
        if is_extra { Ok(()) } else { self.both(recorded, place, measure, stated, 0) }
    }

    fn both(
        &mut self,
        recorded: Recorded<'_>,
        place: usize,
        measure: Measure<'_>,
        stated: &Stated,
        ours: i128,
    ) -> Result<(), BoxError> {
        self.marks.set(place);
        let class = if ours == i128::from(stated.count) { Class::Matched } else { Class::Differing };
        self.give(class, recorded, measure, ours, Some(stated))
    }

    fn give(
        &mut self,
        class: Class,
        recorded: Recorded<'_>,
        measure: Measure<'_>,
        ours: i128,
        stated: Option<&Stated>,
    ) -> Result<(), BoxError> {
        self.tally.take(&ComparedLine {
            class,
            line: stated.map(|stated| u64::from(stated.line)),
            task: recorded.task,
            source_name: recorded.source_name,
            measure,
            label: measure.key().and_then(|key| self.names.label(key)),
            ours,
            theirs: stated.map_or(0, |stated| i128::from(stated.count)),
        })
    }
}

/// Whether what the sheet does not have is listed: a zero is only as a total of a task that is not in the sheet at all, as
/// that task had no line otherwise.
fn is_missing(recorded: Recorded<'_>, measure: Measure<'_>, ours: i128) -> bool {
    ours != 0 || !recorded.is_stated && measure.key().is_none()
}
