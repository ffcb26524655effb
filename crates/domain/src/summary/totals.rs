//! Sums over tasks, and sums that contradict each other.

use crate::{
    AnnotationRequestId, CampaignId, CountingRuleName, ItemKind, OperationItemKey, PoolType, Revision, TaskStatus,
};

/// Sums over tasks. Wider than the [`Count`](crate::Count) of a task, so that no delivery is too large to be added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Totals {
    /// Tasks.
    pub tasks: u64,
    /// Instances in them.
    pub instances: u128,
    /// Attributes in them.
    pub attributes: u128,
    /// Frames of them.
    pub frames: u128,
}

impl Totals {
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            tasks: self.tasks.checked_add(other.tasks)?,
            instances: self.instances.checked_add(other.instances)?,
            attributes: self.attributes.checked_add(other.attributes)?,
            frames: self.frames.checked_add(other.frames)?,
        })
    }

    /// Instances and attributes together, as the counts by operation item add up to.
    pub fn annotated(self) -> Option<u128> {
        self.instances.checked_add(self.attributes)
    }
}

/// The total of an operation item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTotal {
    /// Its key.
    pub key: OperationItemKey,
    /// What it makes: as it was stated, or derived from its tasks: one that has instances and no attributes has slots only.
    pub kind: Option<ItemKind>,
    /// How many there are.
    pub count: u128,
    /// How many tasks have any.
    pub tasks: u64,
}

/// What is stored of an operation item: its total, and what its kind can be derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemSums {
    /// Its key.
    pub key: OperationItemKey,
    /// How many there are.
    pub count: u128,
    /// How many tasks have any.
    pub tasks: u64,
    /// Of these, tasks that have instances and no attributes.
    pub tasks_of_slots: u64,
    /// Of these, tasks that have attributes and no instances.
    pub tasks_of_inputs: u64,
    /// What it makes, where that is stated for all of the requests that have it.
    pub stated_kind: Option<ItemKind>,
}

/// What a request adds to a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestTotals {
    /// The request.
    pub id: AnnotationRequestId,
    /// The campaign that it belongs to.
    pub campaign_id: CampaignId,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
    /// The state that the sums are of.
    pub revision: Revision,
    /// How many tasks its pages show.
    pub task_count: u64,
    /// The sums over its tasks, for each kind of pool and status that any is in. In a summary, those that its filter covers.
    pub groups: Vec<(PoolType, TaskStatus, Totals)>,
}

/// Sums that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SumsDisagree {
    /// The sums of a request are not of the tasks that it has.
    #[error("the sums of `{id}` are of {summed} tasks, it has {tasks}")]
    Tasks {
        /// The request.
        id: AnnotationRequestId,
        /// How many tasks were summed up.
        summed: u64,
        /// How many it has.
        tasks: u64,
    },
    /// The counts by operation item do not add up to the instances and attributes.
    #[error("the operation items add up to {items}, instances and attributes to {annotated}")]
    Items {
        /// The sum over the operation items.
        items: u128,
        /// Instances and attributes.
        annotated: u128,
    },
    /// A sum is larger than any number of tasks can have.
    #[error("a sum is too large")]
    TooLarge,
}
