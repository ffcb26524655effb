//! What is wrong with an input, in words for people.

use annotation_statistics_domain::{BoxError, SourceName, TaskId};
use annotation_statistics_formats::{Format, LineFault, LineFaultKind, ReadFault, ReadFaultKind};
use std::io;

/// Arguments that do not go together, or one that is invalid; the text has the next step.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InvalidArguments(pub(crate) String);

/// What is wrong with an input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// A line of JSON Lines.
    #[error("{0}")]
    Line(LineFault),
    /// Something in an export.
    #[error("{0}")]
    Export(ReadFault),
    /// A task of an export that cannot be a row.
    #[error("task {task}: {reason}")]
    Task { task: TaskId, reason: BoxError },
    /// Exports that number their tasks anew each, so that one would replace the tasks of another.
    #[error(
        "task {task} is in another of these files too: where each of them numbers its tasks anew, take each into a request \
         of its own, or all of them with --task-id source-name, which makes ids of the names of images, items and files"
    )]
    InAnotherFile { task: TaskId },
    /// Exports that call different tasks, or parts of one, by the same name.
    #[error("task {task} (`{name}`) is in another of these files too: take each of them into a request of its own")]
    NameInAnotherFile { task: TaskId, name: SourceName },
    /// An export where JSON Lines are read.
    #[error(
        "a {0} export, not JSON Lines: name the request of its tasks with --annotation-request-id and --campaign-id"
    )]
    IsExport(Format),
    /// It cannot be read at all.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

impl InputError {
    /// The fault with the name of the input, and where it is a line as compilers write it, so that editors find the
    /// place: `tasks.jsonl:17: poolType: 9 is not a pool type`.
    pub(crate) fn of(&self, name: &str) -> String {
        match self {
            Self::Line(fault) if fault.kind == LineFaultKind::Io => format!("{name}: {}", fault.reason),
            Self::Line(fault) => match &fault.field {
                Some(field) => format!("{name}:{}: {field}: {}", fault.line, fault.reason),
                None => format!("{name}:{}: {}", fault.line, fault.reason),
            },
            Self::Export(fault) if fault.kind == ReadFaultKind::AlreadyCounted => {
                format!("{name}: {fault}: import them without --annotation-request-id and --campaign-id")
            }
            Self::Export(fault) if fault.kind == ReadFaultKind::NameNeeded => {
                format!("{name}: {fault}: say what it is called with --source-name")
            }
            Self::Export(_)
            | Self::Task { .. }
            | Self::InAnotherFile { .. }
            | Self::NameInAnotherFile { .. }
            | Self::IsExport(_)
            | Self::Unreadable(_) => {
                format!("{name}: {self}")
            }
        }
    }
}
