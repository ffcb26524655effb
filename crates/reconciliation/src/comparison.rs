//! Holds recorded tasks against a sheet.

mod join;
mod marks;
mod name_index;
mod only_stated;
mod recorded_sums;
mod sorted_sheet;
mod sums;
mod tally;

use crate::{ComparedLines, ItemNames, Measure, Reconciliation, Sheet, Sums, TaskName};
use annotation_statistics_domain::{BoxError, ItemLabel, SourceName, Statistics, Summary};
use join::{Join, Recorded};
use marks::Marks;
use only_stated::OnlyStated;
use recorded_sums::RecordedSums;
use sorted_sheet::SortedSheet;
use tally::Tally;

/// A comparison that has begun.
///
/// It holds the values of the sheet, 24 bytes and a bit each, of a sheet by source name 8 to 16 bytes more for each name, and
/// at the end 4 bytes for each value that only the sheet has. Tasks are not held, and of a sheet of sums, the sums by
/// operation item.
#[derive(Debug)]
pub struct Comparison<L> {
    sheet: SortedSheet,
    names: ItemNames,
    tally: Tally<L>,
    /// Which values were compared.
    marks: Marks,
    ours: Sums,
    /// Of a sheet of sums, what was taken.
    sums: Option<RecordedSums>,
}

/// Sums were given where the sheet is of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sheet is of tasks, and sums have none")]
struct SheetOfTasks;

impl<L: ComparedLines> Comparison<L> {
    /// Of this sheet, with the labels of these names; each compared value goes to `lines`.
    pub fn new(sheet: Sheet, names: ItemNames, lines: L) -> Self {
        let sums = (!sheet.is_of_tasks()).then(RecordedSums::default);
        let (marks, ours) = (Marks::new(sheet.stated.len()), Sums::zero(sheet.measures));
        Self { sheet: SortedSheet::new(sheet), names, tally: Tally::new(lines), marks, ours, sums }
    }

    /// The next recorded task. One that comes again, by its id or of a sheet by source name by that, is missing in the sheet:
    /// the sheet's values are compared once.
    ///
    /// # Errors
    /// That of [`ComparedLines`], and of sums that are too large.
    pub fn take(&mut self, task: &Statistics) -> Result<(), BoxError> {
        if let Some(sums) = &mut self.sums {
            return Ok(sums.add_task(task)?);
        }
        self.ours.add_task(task);
        let found = self.sheet.find(task).filter(|values| !self.marks.is_set(values.start));
        let source_name = task.source_name().map(SourceName::as_str);
        let recorded = Recorded { task: TaskName::Id(task.id()), source_name, is_stated: found.is_some() };
        let items = task.instance_info().iter().map(|(key, count)| (Measure::Item(key), i128::from(count.get())));
        let totals = [
            (Measure::Instances, task.instance_num()),
            (Measure::Attributes, task.attribute_num()),
            (Measure::Frames, task.frame_num()),
        ];
        let totals = totals.map(|(measure, count)| (measure, i128::from(count.get())));
        self.join().all(recorded, found.unwrap_or_default(), items.chain(totals))
    }

    /// The sums of all recorded tasks, in place of the tasks: for a sheet of sums. An item that is ordered, and in no task, is
    /// known, and not missing.
    ///
    /// # Errors
    /// That of [`ComparedLines`], of sums that are too large, and of a sheet of tasks.
    pub fn take_sums(&mut self, summary: &Summary) -> Result<(), BoxError> {
        let sums = self.sums.as_mut().ok_or(SheetOfTasks)?;
        sums.add_summary(summary)?;
        for item in summary.items() {
            let (key, label) = (item.key.as_str(), summary.label_of(&item.key).map(ItemLabel::as_str));
            if label.is_some() && self.names.label(key).is_none() {
                self.names.add(key, label);
            }
        }
        Ok(())
    }

    /// All was taken: what it comes to, and what took the lines.
    ///
    /// # Errors
    /// That of [`ComparedLines`].
    pub fn finish(mut self) -> Result<(Reconciliation, L), BoxError> {
        if let Some(sums) = self.sums.take() {
            sums.add_to(&mut self.ours)?;
            let recorded = Recorded { task: TaskName::None, source_name: None, is_stated: true };
            let values = 0..self.sheet.stated().len();
            self.join().all(recorded, values, sums.iter())?;
        }
        let only_stated = OnlyStated::new(&self.sheet, &self.marks)?;
        let rounded_ids = only_stated.rounded_ids();
        only_stated.give(&self.names, &mut self.tally)?;
        let theirs = self.sheet.sums();
        let (sheet, classes) = (self.sheet.into_sheet(), self.tally.classes);
        let reconciliation = Reconciliation {
            sheet_lines: sheet.sheet_lines,
            lines: classes.matched + classes.differing + classes.extra + classes.duplicate,
            matched: classes.matched,
            differing: classes.differing,
            missing: classes.missing,
            extra: classes.extra,
            duplicate: classes.duplicate,
            ours: self.ours,
            theirs,
            delta: self.ours.minus(theirs),
            control_total: sheet.control_total,
            ignored_columns: sheet.ignored_columns,
            rounded_ids,
        };
        Ok((reconciliation, self.tally.lines))
    }

    fn join(&mut self) -> Join<'_, L> {
        Join { sheet: &self.sheet, names: &self.names, marks: &mut self.marks, tally: &mut self.tally }
    }
}

#[cfg(test)]
mod tests;
