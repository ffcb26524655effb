//! The sums of what is recorded, for a sheet of sums.

use crate::{Measure, Sums};
use annotation_statistics_domain::{Statistics, Summary, SumsDisagree};
use std::collections::BTreeMap;

/// Sums over all tasks.
#[derive(Debug, Default)]
pub(super) struct RecordedSums {
    items: BTreeMap<String, i128>,
    instances: i128,
    attributes: i128,
    frames: i128,
}

impl RecordedSums {
    pub(super) fn add_task(&mut self, task: &Statistics) -> Result<(), SumsDisagree> {
        for (key, count) in task.instance_info().iter() {
            self.add_item(key, i128::from(count.get()))?;
        }
        let totals = [task.instance_num(), task.attribute_num(), task.frame_num()];
        self.add_totals(totals.map(|count| i128::from(count.get())))
    }

    pub(super) fn add_summary(&mut self, summary: &Summary) -> Result<(), SumsDisagree> {
        for item in summary.items() {
            self.add_item(item.key.as_str(), signed(item.count)?)?;
        }
        let totals = summary.totals();
        self.add_totals([signed(totals.instances)?, signed(totals.attributes)?, signed(totals.frames)?])
    }

    /// By measure, in the order of measures.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Measure<'_>, i128)> {
        let totals = [
            (Measure::Instances, self.instances),
            (Measure::Attributes, self.attributes),
            (Measure::Frames, self.frames),
        ];
        self.items.iter().map(|(key, count)| (Measure::Item(key), *count)).chain(totals)
    }

    /// Adds all to what is measured.
    pub(super) fn add_to(&self, sums: &mut Sums) -> Result<(), SumsDisagree> {
        let items = self.items.values().try_fold(0, |sum: i128, count| sum.checked_add(*count));
        sums.add(Measure::Item(""), items.ok_or(SumsDisagree::TooLarge)?);
        sums.add(Measure::Instances, self.instances);
        sums.add(Measure::Attributes, self.attributes);
        sums.add(Measure::Frames, self.frames);
        Ok(())
    }

    fn add_item(&mut self, key: &str, count: i128) -> Result<(), SumsDisagree> {
        if let Some(sum) = self.items.get_mut(key) {
            return add(sum, count);
        }
        self.items.insert(key.to_owned(), count);
        Ok(())
    }

    fn add_totals(&mut self, [instances, attributes, frames]: [i128; 3]) -> Result<(), SumsDisagree> {
        add(&mut self.instances, instances)?;
        add(&mut self.attributes, attributes)?;
        add(&mut self.frames, frames)
    }
}

fn add(sum: &mut i128, count: i128) -> Result<(), SumsDisagree> {
    *sum = sum.checked_add(count).ok_or(SumsDisagree::TooLarge)?;
    Ok(())
}

fn signed(sum: u128) -> Result<i128, SumsDisagree> {
    i128::try_from(sum).map_err(|_| SumsDisagree::TooLarge)
}
