//! In which annotation requests a task is.

use crate::{AnnotationRequestId, CampaignId, PoolName, PoolType, SourceName, TaskId, TaskStatus};
use std::num::NonZeroU32;

/// By what a task is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskTerm {
    /// Its id.
    Id(TaskId),
    /// What it was made of.
    SourceName(SourceName),
}

/// Which tasks are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSearch {
    /// By what.
    pub term: TaskTerm,
    /// Those behind this one, in the order of the list.
    pub after: Option<TaskPosition>,
    /// At most so many.
    pub limit: NonZeroU32,
}

/// A place in the list of tasks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskPosition {
    /// The request.
    pub annotation_request_id: AnnotationRequestId,
    /// The position of the task in it.
    pub position: u64,
}

/// A task, and the annotation request that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPlace {
    /// The request.
    pub annotation_request_id: AnnotationRequestId,
    /// The campaign that the request belongs to.
    pub campaign_id: CampaignId,
    /// The task.
    pub task_id: TaskId,
    /// What it was made of, where that is stated.
    pub source_name: Option<SourceName>,
    /// Its status.
    pub status: TaskStatus,
    /// The pool that it is in.
    pub pool_name: PoolName,
    /// What kind of pool that is.
    pub pool_type: PoolType,
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundTaskPlaces {
    /// The tasks, in the order of the ids of their requests.
    pub tasks: Vec<TaskPlace>,
    /// Where the next page begins; `None` where there is no other.
    pub next: Option<TaskPosition>,
}
