//! The tasks of an annotation export, read while they are asked for.

use crate::input::earlier_tasks::EarlierTasks;
use crate::input::error::InputFault;
use crate::input::reader::{ImportInput, Packed};
use annotation_statistics_formats::{Format, ReadOptions, Report, TaskCounts, Tasks, read};
use std::sync::{Arc, OnceLock};

/// What an export was found to be, and what of it was not counted; known once all of its tasks are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExportRemarks(Arc<OnceLock<(Format, Report)>>);

/// The tasks of an annotation export, each of which is in no export before.
pub(crate) struct ExportTasks {
    tasks: Tasks<'static>,
    remarks: ExportRemarks,
    earlier: EarlierTasks,
    input: Arc<ImportInput>,
}

impl ExportRemarks {
    pub(crate) fn format(&self) -> Option<Format> {
        self.0.get().map(|(format, _)| *format)
    }

    /// One line a remark, each with the name of the input.
    pub(crate) fn lines(&self, input: &ImportInput) -> Vec<String> {
        let report = self.0.get().map(|(_, report)| report.to_string()).unwrap_or_default();
        report.lines().map(|line| format!("{}: {line}", input.name())).collect()
    }
}

impl ExportTasks {
    pub(crate) fn begin(
        packed: Packed,
        options: &ReadOptions,
        remarks: ExportRemarks,
        earlier: EarlierTasks,
        input: Arc<ImportInput>,
    ) -> Result<Self, InputFault> {
        let tasks = read(packed.unpack()?, options).map_err(InputFault::Export)?;
        Ok(Self { tasks, remarks, earlier, input })
    }
}

impl Iterator for ExportTasks {
    type Item = Result<TaskCounts, InputFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.tasks.next();
        if next.is_none() {
            // A second end says the same.
            let _ = self.remarks.0.set((self.tasks.format(), self.tasks.report().clone()));
        }
        let task = match next?.map_err(InputFault::Export) {
            Ok(task) => task,
            Err(fault) => return Some(Err(fault)),
        };
        Some(self.earlier.check(&task, &self.input).map(|()| task))
    }
}
