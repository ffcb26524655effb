//! The port that keeps annotation requests.

use crate::{
    AnnotationRequestId, BoxError, CampaignId, CampaignScope, CountingRuleName, Precondition, Revision, SourceName,
    Statistics, TaskId,
};
use async_trait::async_trait;
use std::time::SystemTime;

/// Keeps annotation requests: registers and finds them, and deletes them or tasks of them.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `register` of an unknown request MUST make it known, in the given campaign and without tasks.
/// 2. `register` of a known request MUST return it as it is and change nothing, where the campaign and the counting
///    rule agree or no rule is given.
/// 3. `register` with another campaign MUST fail with `CampaignConflict`, whatever the precondition.
/// 4. A counting rule MUST be set by `register` where a request has neither a rule nor tasks, and fail with
///    `CountingRuleConflict` where the request has another rule, or tasks without one.
/// 5. `find` MUST return a request as the last finished change left it.
/// 6. `find_task` MUST return a task of the request as the last finished change left it, its source name included.
/// 7. `delete` MUST remove the request and all of its tasks, and return how many those were, and a revision that is later
///    than any that the request had.
/// 8. `delete_task` MUST remove one task and nothing else, and those behind it MUST move up in their order.
/// 9. A task that was deleted and is recorded again MUST be appended to its request.
/// 10. A request that was deleted and is known again MUST have a later revision than it had before and than its deletion.
/// 11. What is not there, or is of a campaign outside the scope, MUST fail with `UnknownAnnotationRequest` or
///     `UnknownTask`.
/// 12. Where a precondition does not hold, the change MUST fail with `PreconditionFailed`.
/// 13. A change that fails MUST leave everything as it was.
/// 14. Tasks deleted while others record into the same request MUST leave the order of the rest without gap or double,
///     and MUST NOT deadlock.
/// 15. `find_named` MUST return the tasks of the request that were made of a source, in their order, at most as many as
///     requested, and how many there are.
/// 16. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
/// 17. Where `find_named` finds several tasks that need more memory than the implementation's limit it MUST fail with
///     `TooLarge`; a single task MUST be returned whatever its size.
/// 18. `delete` of a request that has statements MUST fail with `HasStatements`.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AnnotationRequestRegistry: Send + Sync {
    /// Registers a request, or confirms that it is as given.
    ///
    /// # Errors
    /// [`RegistryError`]; never an unknown request or task. Nothing is changed then, except perhaps for
    /// [`OutcomeUnknown`](RegistryError::OutcomeUnknown); the same holds for each change.
    async fn register(
        &self,
        request: NewAnnotationRequest,
        precondition: Precondition,
    ) -> Result<AnnotationRequest, RegistryError>;

    /// A request as it is now.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict.
    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<AnnotationRequest, RegistryError>;

    /// A task of a request as it is now.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict.
    async fn find_task(
        &self,
        id: &AnnotationRequestId,
        task: TaskId,
        scope: &CampaignScope,
    ) -> Result<FoundTask, RegistryError>;

    /// The tasks of a request that were made of something with this name, at most so many.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict or an unknown task.
    async fn find_named(
        &self,
        id: &AnnotationRequestId,
        name: &SourceName,
        most: u32,
        scope: &CampaignScope,
    ) -> Result<NamedTasks, RegistryError>;

    /// Removes a request and its tasks.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict.
    async fn delete(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<DeletedRequest, RegistryError>;

    /// Removes one task; returns the request without it.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict.
    async fn delete_task(
        &self,
        id: &AnnotationRequestId,
        task: TaskId,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<AnnotationRequest, RegistryError>;
}

/// A request to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnnotationRequest {
    /// Its id.
    pub id: AnnotationRequestId,
    /// The campaign that it belongs to.
    pub campaign_id: CampaignId,
    /// The rule by which its instances are counted, where that is stated.
    pub counting_rule: Option<CountingRuleName>,
}

/// A request and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationRequest {
    /// Its id.
    pub id: AnnotationRequestId,
    /// The campaign that it belongs to.
    pub campaign_id: CampaignId,
    /// The rule by which its instances were counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
    /// How many tasks it has.
    pub task_count: u64,
    /// Its state.
    pub revision: Revision,
    /// When it was registered.
    pub created_at: SystemTime,
    /// When it was last changed.
    pub updated_at: SystemTime,
}

/// What a deleted request had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedRequest {
    /// How many tasks it had.
    pub tasks: u64,
    /// The state of being deleted, later than any that it had.
    pub revision: Revision,
}

/// A task, and the state of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTask {
    /// What was annotated in it.
    pub statistics: Statistics,
    /// The state of its request.
    pub revision: Revision,
}

/// Tasks that were made of something with one name, and the state of their request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTasks {
    /// How many there are.
    pub count: u64,
    /// The first of them, in the order of the request.
    pub tasks: Vec<Statistics>,
    /// The state of their request.
    pub revision: Revision,
}

/// Why a request was not found or changed.
///
/// Exhaustive on purpose: a new variant must be given a meaning by everyone who maps it.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There is no such request.
    #[error("unknown annotation request: {0}")]
    UnknownAnnotationRequest(AnnotationRequestId),
    /// The request has no such task.
    #[error("annotation request `{annotation_request_id}` has no task {task}")]
    UnknownTask {
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The task.
        task: TaskId,
    },
    /// The request belongs to another campaign.
    #[error("annotation request `{annotation_request_id}` belongs to campaign `{recorded}`, not `{given}`")]
    CampaignConflict {
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The campaign that it belongs to.
        recorded: CampaignId,
        /// The campaign that was given.
        given: CampaignId,
    },
    /// The request was counted by another rule.
    #[error(transparent)]
    CountingRuleConflict(#[from] CountingRuleConflict),
    /// The request is not in the state that the change is meant for.
    #[error(transparent)]
    PreconditionFailed(#[from] PreconditionFailed),
    /// The request has statements, which stay: it cannot be deleted.
    #[error("annotation request `{id}` has {}, and cannot be deleted", statements(*count))]
    HasStatements {
        /// The request.
        id: AnnotationRequestId,
        /// How many.
        count: u64,
    },
    /// The tasks are larger than the implementation loads at a time; fewer may fit.
    #[error("the tasks are too large: one of them has {largest} bytes")]
    TooLarge {
        /// About the size of the largest of them as far as they were looked at, in bytes of JSON, rounded up.
        largest: usize,
    },
    /// The data cannot be reached now; a retry may succeed.
    #[error("the annotation requests cannot be reached")]
    Unavailable(#[source] BoxError),
    /// The data went out of reach while the change was being committed: it is made, or not. A retry is safe; a deletion
    /// that was made then fails, as what it deletes is unknown.
    #[error("whether the change was made is unknown")]
    OutcomeUnknown(#[source] BoxError),
    /// What is stored breaks a rule of the domain; only an operator can repair it.
    #[error("the stored annotation requests are corrupt: {what}")]
    Corrupt {
        /// The table, the column and the key of the broken value, and the error.
        what: String,
    },
}

/// Numbers counted by different rules must not be mixed in one request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("annotation request `{annotation_request_id}` is counted by {}, not `{given}`", rule(recorded.as_ref()))]
pub struct CountingRuleConflict {
    /// The request.
    pub annotation_request_id: AnnotationRequestId,
    /// The rule by which its tasks were counted; `None` where none was stated when they were recorded.
    pub recorded: Option<CountingRuleName>,
    /// The rule that was given.
    pub given: CountingRuleName,
}

/// The request is not in the state that the change is meant for: another client changed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("annotation request `{annotation_request_id}` {}", state(*current))]
pub struct PreconditionFailed {
    /// The request.
    pub annotation_request_id: AnnotationRequestId,
    /// The state that it is in; `None` when it is unknown.
    pub current: Option<Revision>,
}

fn statements(count: u64) -> String {
    if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") }
}

fn rule(recorded: Option<&CountingRuleName>) -> String {
    recorded.map_or_else(|| "a rule that was not stated".to_owned(), |rule| format!("`{rule}`"))
}

fn state(current: Option<Revision>) -> String {
    current.map_or_else(
        || "is unknown".to_owned(),
        |revision| format!("has been changed: its revision is {}", revision.number()),
    )
}
