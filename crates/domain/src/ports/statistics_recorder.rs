//! The port that records what was annotated.

use crate::{
    AnnotationRequestId, BoxError, CampaignId, CountingRuleConflict, CountingRuleName, ItemKind, ItemKinds,
    OperationItemKey, Precondition, PreconditionFailed, Revision, SourceName, Statistics, TaskId,
};
use async_trait::async_trait;
use std::fmt;

/// Records what was annotated in tasks.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `record` MUST record all of the tasks or none of them.
/// 2. A task that its request does not have yet MUST be appended to the request, in the order of the stream.
/// 3. A task that its request has MUST be updated in its place.
/// 4. A task that is already as given MUST be left alone and counted as unchanged.
/// 5. A request's campaign MUST be the one it was first recorded or registered with; a task with another campaign MUST
///    fail with `CampaignConflict`.
/// 6. A request's counting rule MUST be the first that a task states while the request has no tasks; a task that states
///    another MUST fail with `CountingRuleConflict`.
/// 7. A task's source name MUST be the first that it is given; another MUST fail with `SourceNameConflict`, and none MUST
///    leave it as it is.
/// 8. The kind of an operation item MUST be the first that is stated for its request; another MUST fail with
///    `ItemKindConflict`.
/// 9. A task that comes twice in one stream MUST fail with `DuplicateTask`.
/// 10. An error of the stream itself MUST be given back as `Input`, with nothing recorded.
/// 11. Where the precondition does not hold of each request of the stream it MUST fail with `PreconditionFailed`.
/// 12. The revision MUST be returned where all tasks were of one request.
/// 13. Writers to one request at the same time MUST NOT lose, double or reorder a task, and MUST NOT deadlock.
/// 14. The stream MUST be read once, in order, with memory that does not grow with its length.
/// 15. A task whose id is made of its source name MUST NOT be recorded beside another task of that name whose id is not,
///     nor the other way round: it MUST fail with `SourceNameTaken`.
/// 16. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
/// 17. `check_ready` MUST succeed exactly when tasks can be recorded.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StatisticsRecorder: Send + Sync {
    /// Records a stream of tasks, where the precondition holds of their requests.
    ///
    /// # Errors
    /// [`RecordError`]; nothing is recorded then, except perhaps all of it for [`OutcomeUnknown`](RecordError::OutcomeUnknown).
    async fn record(&self, tasks: TaskStream, precondition: Precondition) -> Result<Recorded, RecordError>;

    /// Whether tasks can be recorded now.
    ///
    /// # Errors
    /// [`RecordError::Unavailable`] when they cannot.
    async fn check_ready(&self) -> Result<(), RecordError>;
}

/// Tasks to record, or the error that ends them.
pub type TaskStream = Box<dyn Iterator<Item = Result<RecordedTask, BoxError>> + Send>;

/// One task to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTask {
    /// The place in the input, for error messages: the line of a file, or the index of an element.
    pub place: Place,
    /// The request that the task belongs to.
    pub annotation_request_id: AnnotationRequestId,
    /// The rule by which it was counted; `None` to take that of its request.
    pub counting_rule: Option<CountingRuleName>,
    /// What operation items of its request make, as far as it is stated here; it holds for all tasks of the request, so
    /// one of them is enough to state it.
    pub item_kinds: ItemKinds,
    /// What was annotated in it.
    pub statistics: Statistics,
}

/// A place in an input: the number of a line, from 1, or the index of an element, from 0. Only its reader knows which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u64);

impl Place {
    /// The number itself.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl From<u64> for Place {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The outcome of a recording.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Tasks that are new.
    pub inserted: u64,
    /// Tasks that were known and have changed.
    pub updated: u64,
    /// Tasks that were already as given.
    pub unchanged: u64,
    /// The revision afterwards of the request that all tasks were of; `None` when they were of several, or none.
    pub revision: Option<Revision>,
}

impl Recorded {
    /// All tasks of the stream.
    pub fn total(self) -> u64 {
        self.inserted + self.updated + self.unchanged
    }
}

/// Why nothing was recorded, or perhaps not.
///
/// Exhaustive on purpose: a new variant must be given a meaning by everyone who maps it.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The stream ended with an error of its own, given back as it was.
    #[error("the input is wrong")]
    Input(#[source] BoxError),
    /// A task names another campaign than its request was first recorded with.
    #[error("annotation request `{annotation_request_id}` belongs to campaign `{recorded}`, not `{given}`")]
    CampaignConflict {
        /// The place of the task in the input.
        place: Place,
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The campaign that it was first recorded with, earlier or earlier in the same stream.
        recorded: CampaignId,
        /// The campaign that the task names.
        given: CampaignId,
    },
    /// A task was counted by another rule than the others of its request.
    #[error("{conflict}")]
    CountingRuleConflict {
        /// The place of the task in the input.
        place: Place,
        /// The rules.
        conflict: CountingRuleConflict,
    },
    /// A task was made of something else when it was first recorded: it is another task with the same id.
    #[error("task {task} of annotation request `{annotation_request_id}` is `{recorded}`, not `{given}`")]
    SourceNameConflict {
        /// The place of the task in the input.
        place: Place,
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The task.
        task: TaskId,
        /// The source name that it was first recorded with.
        recorded: SourceName,
        /// The source name that it comes with.
        given: SourceName,
    },
    /// Of two tasks that were made of one thing, one has an id made of the name and the other one a number: they are one
    /// task, delivered with two ids.
    #[error(
        "task {given} of annotation request `{annotation_request_id}` is made of `{source_name}`, as task {recorded} is"
    )]
    SourceNameTaken {
        /// The place of the task in the input.
        place: Place,
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The source name of both.
        source_name: SourceName,
        /// The task that is recorded.
        recorded: TaskId,
        /// The task that is given.
        given: TaskId,
    },
    /// An operation item was stated to be of another kind.
    #[error("operation item `{item}` of annotation request `{annotation_request_id}` is {recorded}, not {given}")]
    ItemKindConflict {
        /// Where in the input the other kind is stated.
        place: Place,
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The operation item.
        item: OperationItemKey,
        /// The kind that was stated first.
        recorded: ItemKind,
        /// The kind that is stated now.
        given: ItemKind,
    },
    /// A request is not in the state that the change is meant for.
    #[error(transparent)]
    PreconditionFailed(#[from] PreconditionFailed),
    /// A task comes twice in the stream.
    #[error("task {task} of annotation request `{annotation_request_id}` was already given at {first}")]
    DuplicateTask {
        /// Where in the input it comes again.
        place: Place,
        /// Where it came first.
        first: Place,
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The task.
        task: TaskId,
    },
    /// The data cannot be reached now; a retry may succeed.
    #[error("the statistics cannot be reached")]
    Unavailable(#[source] BoxError),
    /// The data went out of reach while the tasks were being committed: all of them are recorded, or none. A retry is
    /// safe, since tasks that are as given are unchanged.
    #[error("whether the tasks are recorded is unknown")]
    OutcomeUnknown(#[source] BoxError),
    /// What is stored breaks a rule of the domain; only an operator can repair it.
    #[error("the stored statistics are corrupt: {what}")]
    Corrupt {
        /// The table, the column and the key of the broken value, and the error.
        what: String,
    },
}
