//! Why a statement could not be made.

use annotation_statistics_domain::TaskId;
use std::io;

/// Why a statement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The facts are not of one request.
    #[error("a statement is of one annotation request")]
    NotOneRequest,
    /// A task is not behind the one before.
    #[error("task {task} is not behind the one before")]
    Order {
        /// The task.
        task: TaskId,
    },
    /// A task is not of the request, its campaign and its counting rule.
    #[error("task {task} is of another annotation request, campaign or counting rule than the statement")]
    Foreign {
        /// The task.
        task: TaskId,
    },
    /// The rows do not add up to the sums that are kept.
    #[error("the tasks do not add up to the kept sums; `annotation-statistics verify` shows where")]
    SumsDisagree,
    /// The rows could not be compressed.
    #[error("the rows could not be written")]
    Rows(#[from] io::Error),
    /// The document could not be written.
    #[error("the document could not be written")]
    Json(#[from] serde_json::Error),
}
