//! The tasks of an input: JSON Lines, or an annotation file that is counted.

use super::annotation_file_arguments::{AnnotationFileArguments, RecordingTarget};
use super::annotation_file_tasks::{AnnotationFileRemarks, AnnotationFileTasks};
use super::earlier_tasks::EarlierTasks;
use super::error::{InputError, InvalidArguments};
use super::progress::InputProgress;
use super::source::{InputSource, MaybeCompressed};
use annotation_statistics_domain::{
    CountingRuleName, ItemKind, ItemKinds, NewAnnotationRequest, OperationItemKey, Place, RecordedTask,
};
use annotation_statistics_formats::{Format, JsonLines, TaskCounts};
use std::collections::HashMap;
use std::sync::Arc;

/// The kind of the inputs of a command.
pub(crate) enum TaskSource {
    /// Statistics, one task a line.
    JsonLines,
    /// Annotation files, whose tasks all belong to one request.
    AnnotationFiles { arguments: AnnotationFileArguments, target: RecordingTarget, earlier: EarlierTasks },
}

/// The tasks of an input, to be read once.
pub(crate) struct OpenTasks {
    pub(crate) progress: InputProgress,
    pub(crate) tasks: Box<dyn Iterator<Item = Result<RecordedTask, InputError>> + Send>,
    pub(crate) remarks: AnnotationFileRemarks,
}

impl TaskSource {
    /// The kind that the arguments name.
    pub(crate) fn new(arguments: &AnnotationFileArguments, inputs: &[InputSource]) -> Result<Self, InvalidArguments> {
        arguments.check_source_name(inputs)?;
        let Some(target) = arguments.target()? else { return Ok(Self::JsonLines) };
        let (arguments, earlier) = (arguments.clone(), EarlierTasks::none_of(inputs));
        Ok(Self::AnnotationFiles { arguments, target, earlier })
    }

    /// The rule by which the tasks are counted; `None` where each names its own.
    pub(crate) fn rule(&self) -> Option<CountingRuleName> {
        match self {
            Self::JsonLines => None,
            Self::AnnotationFiles { arguments, .. } => Some(arguments.rule()),
        }
    }

    /// The annotation request of the tasks, to be registered where there are no tasks.
    pub(crate) fn request(&self) -> Option<NewAnnotationRequest> {
        match self {
            Self::JsonLines => None,
            Self::AnnotationFiles { target, .. } => Some(target.request()),
        }
    }

    pub(crate) fn open(&self, input: &InputSource) -> Result<OpenTasks, InputError> {
        let (progress, compressed) = input.open()?;
        let remarks = AnnotationFileRemarks::default();
        let tasks: Box<dyn Iterator<Item = _> + Send> = match self {
            Self::JsonLines => Box::new(when_polled(move || json_lines(compressed))),
            Self::AnnotationFiles { arguments, target, earlier } => {
                let options = arguments.read_options(input);
                let (target, earlier, input) = (target.clone(), earlier.clone(), Arc::new(input.clone()));
                let remarks = remarks.clone();
                Box::new(when_polled(move || {
                    let tasks = AnnotationFileTasks::begin(compressed, &options, remarks, earlier, input)?;
                    Ok(recorded(tasks, target))
                }))
            }
        };
        Ok(OpenTasks { tasks: Box::new(progress.count_tasks(tasks)), progress, remarks })
    }
}

/// Starts to read when the first task is polled, on a thread that may block: the first bytes of a pipe can take a while.
fn when_polled<T, I>(
    begin: impl FnOnce() -> Result<I, InputError> + Send,
) -> impl Iterator<Item = Result<T, InputError>> + Send
where
    I: Iterator<Item = Result<T, InputError>> + Send,
{
    let (mut begin, mut tasks) = (Some(begin), None);
    std::iter::from_fn(move || {
        if let Some(begin) = begin.take() {
            match begin() {
                Ok(first) => tasks = Some(first),
                Err(error) => return Some(Err(error)),
            }
        }
        tasks.as_mut()?.next()
    })
}

fn json_lines(
    compressed: MaybeCompressed,
) -> Result<impl Iterator<Item = Result<RecordedTask, InputError>>, InputError> {
    let mut input = compressed.decompress()?;
    match Format::recognised_by(input.fill_buf()?) {
        Some(format) => Err(InputError::IsAnnotationFile(format)),
        None => Ok(JsonLines::new(input).map(|line| line.map_err(InputError::Line))),
    }
}

fn recorded(
    tasks: AnnotationFileTasks,
    target: RecordingTarget,
) -> impl Iterator<Item = Result<RecordedTask, InputError>> {
    let mut stated = HashMap::new();
    (1..).zip(tasks).map(move |(place, task)| {
        let task = task?;
        let id = task.id;
        let kinds = new_kinds(&task, &mut stated);
        let recorded = target.recorded(Place::from(place), task, kinds);
        recorded.map_err(|reason| InputError::Task { task: id, reason: reason.into() })
    })
}

/// The kinds that no earlier task has stated: one statement is enough for a request. An item of two kinds is stated with
/// both, so that it is refused.
fn new_kinds(task: &TaskCounts, stated: &mut HashMap<OperationItemKey, ItemKind>) -> ItemKinds {
    let new = task.item_kinds().filter(|(key, kind)| stated.get(*key) != Some(kind));
    let kinds: ItemKinds = new.map(|(key, kind)| (key.clone(), kind)).collect();
    stated.extend(kinds.iter().map(|(key, kind)| (key.clone(), kind)));
    kinds
}
