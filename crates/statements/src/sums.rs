//! The sums over the rows of a statement, by pool type and status and by operation item.

use annotation_statistics_domain::{PoolType, Statistics, Summary, TaskStatus, Totals};
use std::collections::BTreeMap;

/// The sums over tasks that were added one at a time.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) groups: BTreeMap<(PoolType, TaskStatus), Totals>,
    pub(crate) items: BTreeMap<Box<str>, ItemCounts>,
}

/// How many there are of an operation item.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ItemCounts {
    pub(crate) count: u128,
    /// Of these, in tasks of the complete pool.
    pub(crate) delivered: u128,
    /// Tasks that have any.
    pub(crate) tasks: u64,
}

impl ItemCounts {
    /// Adds those of a task.
    pub(crate) fn add(&mut self, count: u64, is_delivered: bool) {
        self.count += u128::from(count);
        self.delivered += u128::from(if is_delivered { count } else { 0 });
        self.tasks += u64::from(count > 0);
    }
}

impl Sums {
    /// Adds a task. No sum of counts below 2^63 reaches 2^128.
    pub(crate) fn add(&mut self, task: &Statistics) {
        let group = self.groups.entry((task.pool_type(), task.status())).or_default();
        group.tasks += 1;
        group.instances += u128::from(u64::from(task.instance_num()));
        group.attributes += u128::from(u64::from(task.attribute_num()));
        group.frames += u128::from(u64::from(task.frame_num()));
        let is_delivered = task.pool_type() == PoolType::Complete;
        for (key, count) in task.instance_info().iter().filter(|(_, count)| count.get() > 0) {
            match self.items.get_mut(key) {
                Some(item) => item.add(count.into(), is_delivered),
                None => self.items.entry(key.into()).or_default().add(count.into(), is_delivered),
            }
        }
    }

    /// Of all tasks, or of those of one pool type.
    pub(crate) fn totals(&self, of: Option<PoolType>) -> Totals {
        let covered = self.groups.iter().filter(|((pool_type, _), _)| of.is_none_or(|of| of == *pool_type));
        covered.fold(Totals::default(), |sum, (_, group)| Totals {
            tasks: sum.tasks + group.tasks,
            instances: sum.instances + group.instances,
            attributes: sum.attributes + group.attributes,
            frames: sum.frames + group.frames,
        })
    }

    /// Whether these are the sums that are kept.
    pub(crate) fn agree_with(&self, summary: &Summary) -> bool {
        let kept: BTreeMap<_, _> = summary
            .requests()
            .iter()
            .flat_map(|(request, _)| &request.groups)
            .filter(|(_, _, totals)| totals.tasks > 0)
            .map(|(pool_type, status, totals)| ((*pool_type, *status), *totals))
            .collect();
        let items = summary.items().iter().filter(|item| item.count > 0);
        let items: Vec<_> = items.map(|item| (item.key.as_str(), item.count, item.tasks)).collect();
        let own: Vec<_> = self.items.iter().map(|(key, item)| (key.as_ref(), item.count, item.tasks)).collect();
        self.groups == kept && own == items
    }
}
