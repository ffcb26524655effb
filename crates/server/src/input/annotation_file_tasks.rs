//! The tasks of an annotation file, read one at a time.

use super::earlier_tasks::EarlierTasks;
use super::error::InputError;
use super::source::{InputSource, MaybeCompressed};
use annotation_statistics_formats::{Format, FoundOperators, ReadOptions, Report, TaskCounts, Tasks, read};
use std::sync::{Arc, OnceLock};

/// The detected format of an annotation file, what of it was not counted, and what it lists; known once all of its tasks are
/// read.
#[derive(Debug, Clone, Default)]
pub(crate) struct AnnotationFileRemarks(Arc<OnceLock<(Format, Report, FoundOperators)>>);

/// The tasks of an annotation file, none of which is in an earlier one.
pub(crate) struct AnnotationFileTasks {
    tasks: Tasks<'static>,
    remarks: AnnotationFileRemarks,
    earlier: EarlierTasks,
    input: Arc<InputSource>,
}

impl AnnotationFileRemarks {
    pub(crate) fn format(&self) -> Option<Format> {
        self.0.get().map(|(format, ..)| *format)
    }

    /// What the file lists of what may be drawn and filled in.
    pub(crate) fn found_operators(&self) -> Option<&FoundOperators> {
        self.0.get().map(|(.., found)| found)
    }

    /// One line a remark, each with the name of the input.
    pub(crate) fn lines(&self, input: &InputSource) -> Vec<String> {
        let report = self.0.get().map(|(_, report, _)| report.to_string()).unwrap_or_default();
        report.lines().map(|line| format!("{}: {line}", input.name())).collect()
    }
}

impl AnnotationFileTasks {
    pub(crate) fn begin(
        compressed: MaybeCompressed,
        options: &ReadOptions,
        remarks: AnnotationFileRemarks,
        earlier: EarlierTasks,
        input: Arc<InputSource>,
    ) -> Result<Self, InputError> {
        let tasks = read(compressed.decompress()?, options).map_err(InputError::AnnotationFile)?;
        Ok(Self { tasks, remarks, earlier, input })
    }
}

impl Iterator for AnnotationFileTasks {
    type Item = Result<TaskCounts, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.tasks.next();
        if next.is_none() {
            // A second end says the same.
            let _ =
                self.remarks.0.set((self.tasks.format(), self.tasks.report().clone(), self.tasks.found_operators()));
        }
        let task = match next?.map_err(InputError::AnnotationFile) {
            Ok(task) => task,
            Err(error) => return Some(Err(error)),
        };
        Some(self.earlier.check(&task, &self.input).map(|()| task))
    }
}
