//! Input of `import` and `count`: JSON Lines and annotation files, opened, decompressed and read as tasks.

mod annotation_file_arguments;
mod annotation_file_tasks;
mod earlier_tasks;
mod error;
mod progress;
mod source;
mod task_source;

pub use annotation_file_arguments::AnnotationFileArguments;
pub(crate) use annotation_file_tasks::{AnnotationFileRemarks, AnnotationFileTasks};
pub(crate) use earlier_tasks::EarlierTasks;
pub(crate) use error::{InputError, InvalidArguments};
pub(crate) use progress::InputProgress;
pub(crate) use source::InputSource;
pub(crate) use task_source::{OpenTasks, TaskSource};
