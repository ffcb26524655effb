//! What only the sheet has, and what it has again.

use crate::comparison::marks::Marks;
use crate::comparison::sorted_sheet::SortedSheet;
use crate::comparison::tally::Tally;
use crate::sheet::Stated;
use crate::{Class, ComparedLine, ComparedLines, ItemNames, TaskName};
use annotation_statistics_domain::BoxError;
use std::num::TryFromIntError;

/// The values that were not compared, in the order of their lines.
pub(super) struct OnlyStated<'a> {
    sheet: &'a SortedSheet,
    places: Vec<u32>,
}

impl<'a> OnlyStated<'a> {
    pub(super) fn new(sheet: &'a SortedSheet, marks: &Marks) -> Result<Self, TryFromIntError> {
        let places = (0..sheet.stated().len()).filter(|place| !marks.is_set(*place)).map(u32::try_from);
        Ok(Self { sheet, places: places.collect::<Result<_, _>>()? })
    }

    /// The tasks that end as numbers of a spreadsheet do, which has 15 digits and writes zeros for the rest.
    pub(super) fn rounded_ids(&self) -> u64 {
        let firsts = self.places.iter().filter_map(|place| self.value(*place)).filter(|(before, stated)| {
            before.is_none_or(|before| before.task != stated.task) && is_rounded(self.sheet.task_name(stated))
        });
        firsts.fold(0, |sum, _| sum + 1)
    }

    /// Gives them all.
    pub(super) fn give<L: ComparedLines>(mut self, names: &ItemNames, tally: &mut Tally<L>) -> Result<(), BoxError> {
        let mut places = std::mem::take(&mut self.places);
        places.sort_unstable_by_key(|place| self.value(*place).map(|(_, stated)| (stated.line, *place)));
        for (before, stated) in places.into_iter().filter_map(|place| self.value(place)) {
            let is_again = before.is_some_and(|before| (before.task, before.measure) == (stated.task, stated.measure));
            let (task, measure) = (self.sheet.task_name(stated), self.sheet.measure(stated.measure));
            tally.take(&ComparedLine {
                class: if is_again { Class::Duplicate } else { Class::Extra },
                line: Some(u64::from(stated.line)),
                task,
                source_name: if let TaskName::SourceName(name) = task { Some(name) } else { None },
                measure,
                label: measure.key().and_then(|key| names.label(key)),
                ours: 0,
                theirs: i128::from(stated.count),
            })?;
        }
        Ok(())
    }

    /// A value, and the one before it in the order of tasks and measures.
    fn value(&self, place: u32) -> Option<(Option<&'a Stated>, &'a Stated)> {
        let (stated, place) = (self.sheet.stated(), usize::try_from(place).ok()?);
        Some((place.checked_sub(1).and_then(|before| stated.get(before)), stated.get(place)?))
    }
}

fn is_rounded(task: TaskName<'_>) -> bool {
    let TaskName::Id(id) = task else { return false };
    let (id, digits_kept) = (id.get().unsigned_abs(), 15);
    let further = id.checked_ilog10().map_or(0, |log| (log + 1).saturating_sub(digits_kept));
    further > 0 && id % 10_u64.pow(further) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::TaskId;

    #[test]
    fn an_id_is_rounded_if_zeros_follow_its_first_15_digits() {
        for (id, expected, reason) in [
            (304_500_000_000_000_000, true, "18 digits, of which the last 3 are zeros"),
            (-304_500_000_000_000_000, true, "the sign is no digit"),
            (304_500_000_000_001_000, true, "the 15th digit is kept"),
            (304_500_000_000_000_707, false, "other digits behind the 15th"),
            (304_500_000_000_000_100, false, "16 digits are kept by no spreadsheet"),
            (1_000_000_000_000_000, true, "16 digits"),
            (100_000_000_000_000, false, "15 digits are kept"),
            (0, false, "no digits"),
            (i64::MIN, false, "the least number"),
        ] {
            assert_eq!(is_rounded(TaskName::Id(TaskId::from(id))), expected, "{id}: {reason}");
        }
        assert!(!is_rounded(TaskName::SourceName("1000000000000000")), "a name is no number");
    }
}
