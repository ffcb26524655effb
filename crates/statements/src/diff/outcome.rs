//! What a comparison comes to.

use super::known_sums::{KnownItem, KnownSums};
use super::tally::{Sums, Tally};
use super::task_counts::TaskCounts;
use crate::envelope::SumsEnvelope;
use annotation_statistics_domain::{OperationItemKey, Totals};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a comparison comes to. All numbers are exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// How many tasks there are of each kind.
    pub tasks: TaskCounts,
    /// The sums of the earlier state.
    pub from: SideSums,
    /// The sums of the later state.
    pub to: SideSums,
    /// Later - earlier, over all tasks.
    pub delta: SumsDelta,
    /// By operation item, in the byte order of the keys: all that either state has.
    pub operation_items: Vec<ItemDelta>,
}

/// The sums of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SideSums {
    /// Over all tasks.
    pub total: SumsEnvelope,
    /// Over those in the complete pool.
    pub delivered: SumsEnvelope,
}

/// By how much sums have grown.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SumsDelta {
    /// Tasks.
    pub task_num: i128,
    /// Instances in them.
    pub instance_num: i128,
    /// Attributes in them.
    pub attribute_num: i128,
    /// Frames of them.
    pub frame_num: i128,
}

/// The counts of an operation item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemDelta {
    /// Its key.
    pub key: OperationItemKey,
    /// The name for people, where it has one: that of the later state, where that has one.
    pub label: Option<String>,
    /// `slot` or `input`, where that is known.
    pub kind: Option<String>,
    /// How many there were.
    pub from: u128,
    /// How many there are.
    pub to: u128,
    /// `to` - `from`.
    pub delta: i128,
}

impl Diff {
    /// Whether nothing differs.
    pub const fn is_empty(&self) -> bool {
        self.tasks.added + self.tasks.removed + self.tasks.changed == 0
    }

    /// Of tasks that were all added to the tally.
    pub(super) fn of_counted(tally: Tally) -> Self {
        let Tally { tasks, from, to } = tally;
        Self::new(tasks, &known(from), &known(to))
    }

    /// Of sides whose sums are known; `None` where those are not what the tasks come to.
    pub(super) fn of_known(tally: &Tally, from: &KnownSums, to: &KnownSums) -> Option<Self> {
        let TaskCounts { added, removed, changed, unchanged, .. } = tally.tasks;
        let diff = Self::new(tally.tasks, from, to);
        let counted = |of: fn(&Sums) -> Totals| delta(of(&tally.from), of(&tally.to));
        let is_right = from.total.tasks == removed + changed + unchanged
            && to.total.tasks == added + changed + unchanged
            && diff.delta == counted(|sums| sums.total)
            && delta(from.delivered, to.delivered) == counted(|sums| sums.delivered)
            && diff
                .operation_items
                .iter()
                .all(|item| item.delta == minus(tally.to.item(&item.key), tally.from.item(&item.key)));
        is_right.then_some(diff)
    }

    fn new(tasks: TaskCounts, from: &KnownSums, to: &KnownSums) -> Self {
        let keys: BTreeSet<_> = from.items.keys().chain(to.items.keys()).collect();
        let item = |key: &OperationItemKey| {
            let [earlier, later] = [from, to].map(|side| side.items.get(key));
            let named =
                |name: fn(&KnownItem) -> Option<&String>| later.and_then(name).or(earlier.and_then(name)).cloned();
            let [from, to] = [earlier, later].map(|item| item.map_or(0, |item| item.count));
            let (label, kind) = (named(|item| item.label.as_ref()), named(|item| item.kind.as_ref()));
            ItemDelta { key: key.clone(), label, kind, from, to, delta: minus(to, from) }
        };
        let operation_items = keys.into_iter().map(item).collect();
        let sums = |side: &KnownSums| SideSums { total: side.total.into(), delivered: side.delivered.into() };
        Self { tasks, from: sums(from), to: sums(to), delta: delta(from.total, to.total), operation_items }
    }
}

fn known(sums: Sums) -> KnownSums {
    let item = |(key, count): (Box<str>, u128)| {
        // It was the key of a task.
        let key = OperationItemKey::new(&*key).ok()?;
        Some((key, KnownItem { count, ..KnownItem::default() }))
    };
    let items = sums.items.into_iter().filter_map(item).collect();
    KnownSums { total: sums.total, delivered: sums.delivered, items }
}

fn delta(from: Totals, to: Totals) -> SumsDelta {
    SumsDelta {
        task_num: i128::from(to.tasks) - i128::from(from.tasks),
        instance_num: minus(to.instances, from.instances),
        attribute_num: minus(to.attributes, from.attributes),
        frame_num: minus(to.frames, from.frames),
    }
}

/// Sums are below 2^127.
fn minus(to: u128, from: u128) -> i128 {
    i128::try_from(to).unwrap_or(i128::MAX) - i128::try_from(from).unwrap_or(i128::MAX)
}
