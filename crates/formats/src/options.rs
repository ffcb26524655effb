//! How to read a file: its format, what counts as one, whose work counts, and what the ids of tasks are.

mod annotation_choice;
mod counting_rule;
mod task_ids;

pub use annotation_choice::{AnnotationChoice, UnknownAnnotationChoice};
pub use counting_rule::{CountingRule, UnknownCountingRule};
pub use task_ids::{TaskIds, UnknownTaskIds};

use crate::Format;

/// How to read a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The format; `None` to recognise it by the content.
    pub format: Option<Format>,
    /// What counts as one.
    pub rule: CountingRule,
    /// Whose work counts where several people annotated one task.
    pub annotations: AnnotationChoice,
    /// What the ids of tasks are.
    pub task_ids: TaskIds,
    /// The name of the file, without folders and without a compression suffix; `None` where it has none, as a pipe. A task
    /// that is a whole file is called so, and its id made of it where the file gives it no number.
    pub source_name: Option<String>,
}
