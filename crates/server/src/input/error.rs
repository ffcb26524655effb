//! Errors of inputs.

use annotation_statistics_domain::{BoxError, SourceName, TaskId};
use annotation_statistics_formats::{Format, LineError, LineErrorKind, ReadError, ReadErrorKind};
use std::io;

/// Arguments that do not go together, or one that is invalid; the text has the next step.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InvalidArguments(pub(crate) String);

/// Why an input is invalid.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// A line of JSON Lines.
    #[error("{0}")]
    Line(LineError),
    /// An element of an annotation file.
    #[error("{0}")]
    AnnotationFile(ReadError),
    /// A task of an annotation file with invalid statistics.
    #[error("task {task}: {reason}")]
    Task { task: TaskId, reason: BoxError },
    /// Annotation files that number their tasks from the start, each, so that one would replace the tasks of another.
    #[error(
        "task {task} is in another of these files too: where each of them numbers its tasks from the start, take each into a \
         request of its own, or all of them with --task-id source-name, which makes ids of the names of images, items and files"
    )]
    InAnotherFile { task: TaskId },
    /// Annotation files with the same name for different tasks, or parts of one.
    #[error("task {task} (`{name}`) is in another of these files too: take each of them into a request of its own")]
    NameInAnotherFile { task: TaskId, name: SourceName },
    /// An annotation file where JSON Lines are expected.
    #[error(
        "a {0} export, not JSON Lines: name the request of its tasks with --annotation-request-id and --campaign-id"
    )]
    IsAnnotationFile(Format),
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

impl InputError {
    /// The error with the name of the input; for a line, in the form of compilers, so that editors find the place:
    /// `tasks.jsonl:17: poolType: 9 is not a pool type`.
    pub(crate) fn of(&self, name: &str) -> String {
        match self {
            Self::Line(error) if error.kind == LineErrorKind::Io => format!("{name}: {}", error.reason),
            Self::Line(error) => match &error.field {
                Some(field) => format!("{name}:{}: {field}: {}", error.line, error.reason),
                None => format!("{name}:{}: {}", error.line, error.reason),
            },
            Self::AnnotationFile(error) if error.kind == ReadErrorKind::AlreadyCounted => {
                format!("{name}: {error}: import them without --annotation-request-id and --campaign-id")
            }
            Self::AnnotationFile(error) if error.kind == ReadErrorKind::NameNeeded => {
                format!("{name}: {error}: say what it is called with --source-name")
            }
            Self::AnnotationFile(_)
            | Self::Task { .. }
            | Self::InAnotherFile { .. }
            | Self::NameInAnotherFile { .. }
            | Self::IsAnnotationFile(_)
            | Self::Unreadable(_) => {
                format!("{name}: {self}")
            }
        }
    }
}
