//! A task that is not the same in both states.

use annotation_statistics_domain::{PoolType, Statistics, TaskId};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// Whether a task came, went or stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// Only the later state has it.
    Added,
    /// Only the earlier state has it.
    Removed,
    /// Both have it, and it is not the same.
    Changed,
}

/// What happened to a task that is or was in the complete pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Delivery {
    /// It is in the complete pool, and was not before.
    Delivered,
    /// It was in the complete pool, and is not any more, or was removed.
    Reopened,
    /// It is in the complete pool in both states, with other counts.
    Reworked,
}

/// A task that is not the same in both states; at least one has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedTask<'a> {
    /// The task.
    pub id: TaskId,
    /// Whether it came, went or stayed.
    pub change: Change,
    /// What happened to it where it is or was complete.
    pub delivery: Option<Delivery>,
    /// As it was.
    pub from: Option<&'a Statistics>,
    /// As it is.
    pub to: Option<&'a Statistics>,
}

/// What is compared of a task, as JSON: its row without its id and campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskState(pub Statistics);

impl Change {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

impl Delivery {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Reopened => "reopened",
            Self::Reworked => "reworked",
        }
    }

    fn of(from: Option<&Statistics>, to: Option<&Statistics>) -> Option<Self> {
        let is_complete = |task: Option<&Statistics>| task.is_some_and(|task| task.pool_type() == PoolType::Complete);
        match (is_complete(from), is_complete(to)) {
            (false, true) => Some(Self::Delivered),
            (true, false) => Some(Self::Reopened),
            (true, true) if from.map(counts) != to.map(counts) => Some(Self::Reworked),
            _ => None,
        }
    }
}

impl<'a> ChangedTask<'a> {
    /// Only the earlier state has it.
    pub(super) fn removed(from: &'a Statistics) -> Self {
        let delivery = Delivery::of(Some(from), None);
        Self { id: from.id(), change: Change::Removed, delivery, from: Some(from), to: None }
    }

    /// Only the later state has it.
    pub(super) fn added(to: &'a Statistics) -> Self {
        let delivery = Delivery::of(None, Some(to));
        Self { id: to.id(), change: Change::Added, delivery, from: None, to: Some(to) }
    }

    /// Both have it; `None` where it is the same.
    pub(super) fn changed(from: &'a Statistics, to: &'a Statistics) -> Option<Self> {
        let place = |task: &'a Statistics| (task.source_name(), task.status(), task.pool_type(), task.pool_name());
        let is_same = place(from) == place(to) && counts(from) == counts(to);
        let (change, delivery) = (Change::Changed, Delivery::of(Some(from), Some(to)));
        (!is_same).then_some(Self { id: to.id(), change, delivery, from: Some(from), to: Some(to) })
    }

    /// The names of what happened to it.
    pub fn flags(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.change.name()).chain(self.delivery.map(Delivery::name))
    }
}

/// What is paid for.
fn counts(task: &Statistics) -> impl PartialEq + use<'_> {
    (task.instance_info(), task.instance_num(), task.attribute_num(), task.frame_num())
}

impl Serialize for TaskState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(task) = self;
        let mut members = serializer.serialize_map(None)?;
        if let Some(name) = task.source_name() {
            members.serialize_entry("sourceName", name)?;
        }
        members.serialize_entry("status", &task.status())?;
        members.serialize_entry("poolName", task.pool_name())?;
        members.serialize_entry("poolType", &task.pool_type())?;
        members.serialize_entry("instanceInfo", task.instance_info())?;
        members.serialize_entry("instanceNum", &task.instance_num())?;
        members.serialize_entry("attributeNum", &task.attribute_num())?;
        members.serialize_entry("frameNum", &task.frame_num())?;
        members.end()
    }
}
