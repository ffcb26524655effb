//! The values of a sheet, in the order in which they are found.

use crate::comparison::name_index::NameIndex;
use crate::sheet::{SheetTasks, Stated, StatedMeasure};
use crate::{Measure, Sheet, Sums, TaskName};
use annotation_statistics_domain::{Statistics, TaskId};
use std::ops::Range;

/// A sheet whose values are sorted where they are, by task, measure and line. The measures are in the order of [`Measure`],
/// as are the counts of a task.
#[derive(Debug)]
pub(super) struct SortedSheet {
    sheet: Sheet,
    /// Of a sheet by source name.
    names: Option<NameIndex>,
}

impl SortedSheet {
    pub(super) fn new(mut sheet: Sheet) -> Self {
        sort_items(&mut sheet);
        sheet.stated.sort_unstable_by_key(|stated| (stated.task, stated.measure, stated.line));
        let names = match &sheet.tasks {
            SheetTasks::SourceNames(names) => Some(NameIndex::new(names)),
            SheetTasks::Ids | SheetTasks::None => None,
        };
        Self { sheet, names }
    }

    pub(super) fn stated(&self) -> &[Stated] {
        &self.sheet.stated
    }

    pub(super) fn into_sheet(self) -> Sheet {
        self.sheet
    }

    /// Whether it states numbers of this kind.
    pub(super) fn measures(&self, measure: Measure<'_>) -> bool {
        let measures = self.sheet.measures;
        match measure {
            Measure::Item(_) => measures.items,
            Measure::Instances => measures.instances,
            Measure::Attributes => measures.attributes,
            Measure::Frames => measures.frames,
        }
    }

    /// The sums of all its values.
    pub(super) fn sums(&self) -> Sums {
        let mut sums = Sums::zero(self.sheet.measures);
        for stated in &self.sheet.stated {
            sums.add(self.measure(stated.measure), i128::from(stated.count));
        }
        sums
    }

    /// The places of the values of a recorded task, where there are any.
    pub(super) fn find(&self, task: &Statistics) -> Option<Range<usize>> {
        let task = match &self.sheet.tasks {
            SheetTasks::None => return None,
            SheetTasks::Ids => task.id().get(),
            SheetTasks::SourceNames(names) => {
                let name = task.source_name()?.as_str();
                i64::from(self.names.as_ref()?.find(name, names)?)
            }
        };
        let stated = self.stated();
        let start = stated.partition_point(|stated| stated.task < task);
        let values = stated.iter().skip(start).take_while(|stated| stated.task == task).count();
        (values > 0).then(|| start..start + values)
    }

    /// The first value of each measure of a task, with its place, in the order of the measures.
    pub(super) fn first_values(&self, task: Range<usize>) -> impl Iterator<Item = (usize, Measure<'_>, &Stated)> {
        let values = self.stated().get(task.clone()).unwrap_or_default();
        let mut last = None;
        let firsts = task.zip(values).filter(move |(_, stated)| last.replace(stated.measure) != Some(stated.measure));
        firsts.map(|(place, stated)| (place, self.measure(stated.measure), stated))
    }

    pub(super) fn measure(&self, measure: StatedMeasure) -> Measure<'_> {
        match measure {
            StatedMeasure::Item(place) => {
                Measure::Item(self.sheet.items.get(usize::from(place)).map_or("", String::as_str))
            }
            StatedMeasure::Instances => Measure::Instances,
            StatedMeasure::Attributes => Measure::Attributes,
            StatedMeasure::Frames => Measure::Frames,
        }
    }

    /// How the sheet names the task of a value.
    pub(super) fn task_name(&self, stated: &Stated) -> TaskName<'_> {
        match &self.sheet.tasks {
            SheetTasks::None => TaskName::None,
            SheetTasks::Ids => TaskName::Id(TaskId::from(stated.task)),
            SheetTasks::SourceNames(names) => {
                let name = usize::try_from(stated.task).ok().and_then(|place| names.get(place));
                TaskName::SourceName(name.map_or("", |name| name))
            }
        }
    }
}

/// Puts the keys of the items into byte order, and numbers the values accordingly.
fn sort_items(sheet: &mut Sheet) {
    let mut sorted: Vec<(String, u16)> = std::mem::take(&mut sheet.items).into_iter().zip(0..=u16::MAX).collect();
    sorted.sort_unstable();
    let mut numbers = vec![0; sorted.len()];
    for ((_, old), new) in sorted.iter().zip(0..=u16::MAX) {
        if let Some(number) = numbers.get_mut(usize::from(*old)) {
            *number = new;
        }
    }
    for stated in &mut sheet.stated {
        if let StatedMeasure::Item(place) = &mut stated.measure {
            *place = numbers.get(usize::from(*place)).copied().unwrap_or(*place);
        }
    }
    sheet.items = sorted.into_iter().map(|(key, _)| key).collect();
}
