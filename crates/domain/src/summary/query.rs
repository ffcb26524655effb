//! Which tasks are summed up, and how far apart their operation items are kept.

use crate::{CampaignId, PoolType, TaskStatus};
use std::collections::BTreeSet;

/// The tasks that are meant: those of one of these campaigns, pool types and statuses. An empty set leaves out none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Campaigns of annotation requests.
    pub campaigns: BTreeSet<CampaignId>,
    /// Types of the pools that tasks are in.
    pub pool_types: BTreeSet<PoolType>,
    /// Statuses of tasks.
    pub statuses: BTreeSet<TaskStatus>,
}

impl TaskFilter {
    /// Whether all tasks are meant.
    pub fn is_empty(&self) -> bool {
        self.campaigns.is_empty() && self.pool_types.is_empty() && self.statuses.is_empty()
    }

    /// Whether tasks of requests of this campaign may be meant.
    pub fn covers_campaign(&self, campaign: &CampaignId) -> bool {
        self.campaigns.is_empty() || self.campaigns.contains(campaign)
    }

    /// Whether tasks of this pool type and status may be meant.
    pub fn covers_group(&self, pool_type: PoolType, status: TaskStatus) -> bool {
        (self.pool_types.is_empty() || self.pool_types.contains(&pool_type))
            && (self.statuses.is_empty() || self.statuses.contains(&status))
    }
}

/// By what the sums of each operation item are kept apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ItemsBy {
    /// By annotation request.
    pub request: bool,
    /// By the type of the pool that a task is in.
    pub pool_type: bool,
    /// By the status of a task.
    pub status: bool,
}

/// What a summary is of. By default, of all tasks, with one sum for each operation item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SummaryQuery {
    /// The tasks.
    pub filter: TaskFilter,
    /// By what the sums of operation items are kept apart, beside those over all.
    pub items_by: ItemsBy,
}

impl SummaryQuery {
    /// Of the tasks of a filter, with one sum for each operation item.
    pub fn of(filter: TaskFilter) -> Self {
        Self { filter, items_by: ItemsBy::default() }
    }

    /// Whether the sums by operation item alone are enough for it.
    pub fn is_by_item(&self) -> bool {
        self.filter.is_empty() && self.items_by == ItemsBy::default()
    }
}
