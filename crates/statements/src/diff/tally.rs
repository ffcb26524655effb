//! What the tasks of a comparison add up to.

use super::changed_task::{Change, ChangedTask, Delivery};
use super::task_counts::TaskCounts;
use annotation_statistics_domain::{OperationItemKey, PoolType, Statistics, Totals};
use std::collections::BTreeMap;

/// How many tasks there are of each kind, and the sums of each side over the tasks that were added.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) tasks: TaskCounts,
    pub(super) from: Sums,
    pub(super) to: Sums,
}

/// The sums over tasks of one side. No sum of counts below 2^63 reaches 2^127.
#[derive(Debug, Default)]
pub(super) struct Sums {
    pub(super) total: Totals,
    pub(super) delivered: Totals,
    pub(super) items: BTreeMap<Box<str>, u128>,
}

impl Tally {
    pub(super) fn add(&mut self, task: &ChangedTask<'_>) {
        let tasks = &mut self.tasks;
        *match task.change {
            Change::Added => &mut tasks.added,
            Change::Removed => &mut tasks.removed,
            Change::Changed => &mut tasks.changed,
        } += 1;
        match task.delivery {
            Some(Delivery::Delivered) => tasks.delivered += 1,
            Some(Delivery::Reopened) => tasks.reopened += 1,
            Some(Delivery::Reworked) => tasks.reworked += 1,
            None => {}
        }
        task.from.into_iter().for_each(|task| self.from.add(task));
        task.to.into_iter().for_each(|task| self.to.add(task));
    }

    /// A task that is the same on both sides, and counts in the sums of both.
    pub(super) fn add_unchanged(&mut self, task: &Statistics) {
        self.tasks.unchanged += 1;
        self.from.add(task);
        self.to.add(task);
    }
}

impl Sums {
    fn add(&mut self, task: &Statistics) {
        add_totals(&mut self.total, task);
        if task.pool_type() == PoolType::Complete {
            add_totals(&mut self.delivered, task);
        }
        for (key, count) in task.instance_info().iter() {
            let count = u128::from(u64::from(count));
            match self.items.get_mut(key) {
                Some(sum) => *sum += count,
                None => drop(self.items.insert(key.into(), count)),
            }
        }
    }

    /// Of an item.
    pub(super) fn item(&self, key: &OperationItemKey) -> u128 {
        self.items.get(key.as_str()).copied().unwrap_or_default()
    }
}

fn add_totals(sums: &mut Totals, task: &Statistics) {
    sums.tasks += 1;
    sums.instances += u128::from(u64::from(task.instance_num()));
    sums.attributes += u128::from(u64::from(task.attribute_num()));
    sums.frames += u128::from(u64::from(task.frame_num()));
}
