//! Reads the tasks of a file, whatever its format.

use crate::counting::IdSet;
use crate::error::shortened;
use crate::task_reader::TaskReader;
use crate::{
    Format, FoundOperators, ReadError, ReadErrorKind, ReadOptions, Report, TaskCounts, TaskIds, coco, cvat, datumaro,
    detection, label_studio, openlabel, platform, scalabel,
};
use annotation_statistics_domain::SourceName;
use std::io::BufRead;

/// The tasks of a file, one after the other; after an error there are no more.
///
/// Made by [`read`].
pub struct Tasks<'input> {
    format: Format,
    /// Whether the caller gave the format.
    is_given: bool,
    reader: Box<dyn TaskReader + Send + 'input>,
    task_ids: TaskIds,
    report: Report,
    ids: IdSet,
    ended: bool,
}

/// Reads the tasks of a file.
///
/// # Errors
/// When the format cannot be recognised by the content, or is none that is read, or the content is in no encoding that can be
/// read.
pub fn read<'input>(input: impl BufRead + Send + 'input, options: &ReadOptions) -> Result<Tasks<'input>, ReadError> {
    let (found, input) = detection::detect(Box::new(input), options.format)?;
    let rule = options.rule;
    let name = options.source_name.as_deref();
    let reader: Box<dyn TaskReader + Send + 'input> = match found {
        Format::Coco => Box::new(coco::Coco::new(input)),
        Format::LabelStudio => Box::new(label_studio::LabelStudio::new(input, options)),
        Format::Cvat => Box::new(cvat::Cvat::new(input, rule, name)),
        Format::OpenLabel => Box::new(openlabel::OpenLabel::new(input, rule, name)),
        Format::Scalabel => Box::new(scalabel::Scalabel::new(input, rule)),
        Format::Datumaro => Box::new(datumaro::Datumaro::new(input)),
        Format::Platform => Box::new(platform::Platform::new(input, rule)),
    };
    let (report, ids) = (Report::default(), IdSet::default());
    let is_given = options.format.is_some();
    Ok(Tasks { format: found, is_given, reader, task_ids: options.task_ids, report, ids, ended: false })
}

impl Tasks<'_> {
    /// The format that is read.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What was not counted, and what was counted with a doubt, so far; complete at the end.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What the file lists of what may be drawn and filled in, so far; complete at the end.
    pub fn found_operators(&self) -> FoundOperators {
        self.reader.found_operators().cloned().unwrap_or_default()
    }

    fn next_task(&mut self) -> Result<Option<TaskCounts>, ReadError> {
        let next = self.reader.next_task(&mut self.report).map_err(|error| self.with_format(error));
        let Some(mut task) = next? else { return Ok(None) };
        if self.task_ids == TaskIds::OfSourceName {
            let name = task.source_name.as_ref().ok_or_else(|| self.without_name(&task))?;
            task.id = crate::stable_id(name.as_str());
        }
        if self.ids.insert(task.id.get()) {
            return Ok(Some(task));
        }
        Err(ReadError::invalid(self.reader.place(), comes_twice(&task)))
    }

    /// An error of a file whose format was recognised names the format: it may be of another one.
    fn with_format(&self, mut error: ReadError) -> ReadError {
        if !self.is_given && error.kind == ReadErrorKind::Invalid {
            error.reason = format!("{} (read as {}, which the content looks like)", error.reason, self.format);
        }
        error
    }

    fn without_name(&self, task: &TaskCounts) -> ReadError {
        let reason = format!(
            "task {} has no source name of 1 to {} bytes to make its id of: for ids that are the numbers of the file, \
             leave `--task-id source-name` out",
            task.id,
            SourceName::MAX_BYTES
        );
        ReadError::invalid(self.reader.place(), reason)
    }
}

/// The error of a task that is there twice, with how to distinguish two with one number.
fn comes_twice(task: &TaskCounts) -> String {
    let Some(name) = &task.source_name else { return format!("task {} comes twice", task.id) };
    let shown = shortened(name.as_str());
    let is_made_of_name = task.id == crate::stable_id(name.as_str());
    let hint = if is_made_of_name { "" } else { ": `--task-id source-name` distinguishes tasks of different names" };
    format!("task {} (`{shown}`) comes twice{hint}", task.id)
}

impl Iterator for Tasks<'_> {
    type Item = Result<TaskCounts, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_task().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl std::fmt::Debug for Tasks<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Tasks")
            .field("format", &self.format)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
