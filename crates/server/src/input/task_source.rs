//! Turns inputs into tasks to record: the one place that does.

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

/// What the inputs of a command are.
pub(crate) enum TaskSource {
    /// Statistics, one task a line.
    JsonLines,
    /// Annotation exports, whose tasks all go to one request.
    Exports { arguments: AnnotationFileArguments, target: RecordingTarget, earlier: EarlierTasks },
}

/// The tasks of an input, to be read once.
pub(crate) struct OpenTasks {
    pub(crate) progress: InputProgress,
    pub(crate) tasks: Box<dyn Iterator<Item = Result<RecordedTask, InputError>> + Send>,
    pub(crate) remarks: AnnotationFileRemarks,
}

impl TaskSource {
    /// What the arguments say of these inputs.
    pub(crate) fn new(arguments: &AnnotationFileArguments, inputs: &[InputSource]) -> Result<Self, InvalidArguments> {
        arguments.check_source_name(inputs)?;
        let Some(target) = arguments.target()? else { return Ok(Self::JsonLines) };
        let (arguments, earlier) = (arguments.clone(), EarlierTasks::none_of(inputs));
        Ok(Self::Exports { arguments, target, earlier })
    }

    /// The rule by which the tasks are counted, unless each says so itself.
    pub(crate) fn rule(&self) -> Option<CountingRuleName> {
        match self {
            Self::JsonLines => None,
            Self::Exports { arguments, .. } => Some(arguments.rule()),
        }
    }

    /// What makes the request of the tasks known, which an export without tasks names, too.
    pub(crate) fn request(&self) -> Option<NewAnnotationRequest> {
        match self {
            Self::JsonLines => None,
            Self::Exports { target, .. } => Some(target.request()),
        }
    }

    pub(crate) fn open(&self, input: &InputSource) -> Result<OpenTasks, InputError> {
        let (progress, packed) = input.open()?;
        let remarks = AnnotationFileRemarks::default();
        let tasks: Box<dyn Iterator<Item = _> + Send> = match self {
            Self::JsonLines => Box::new(when_polled(move || json_lines(packed))),
            Self::Exports { arguments, target, earlier } => {
                let options = arguments.read_options(input);
                let (target, earlier, input) = (target.clone(), earlier.clone(), Arc::new(input.clone()));
                let remarks = remarks.clone();
                Box::new(when_polled(move || {
                    let tasks = AnnotationFileTasks::begin(packed, &options, remarks, earlier, input)?;
                    Ok(recorded(tasks, target))
                }))
            }
        };
        Ok(OpenTasks { tasks: Box::new(progress.count_tasks(tasks)), progress, remarks })
    }
}

/// Begins to read where the first task is asked for, on a thread that may wait: the first bytes of a pipe can take
/// their time.
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
                Err(fault) => return Some(Err(fault)),
            }
        }
        tasks.as_mut()?.next()
    })
}

fn json_lines(packed: MaybeCompressed) -> Result<impl Iterator<Item = Result<RecordedTask, InputError>>, InputError> {
    let mut input = packed.decompress()?;
    match Format::told_by(input.fill_buf()?) {
        Some(format) => Err(InputError::IsExport(format)),
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

/// The kinds that no task before stated: one that does is enough for all of the request. An item of two kinds is stated to
/// be both, so that it is refused.
fn new_kinds(task: &TaskCounts, stated: &mut HashMap<OperationItemKey, ItemKind>) -> ItemKinds {
    let new = task.item_kinds().filter(|(key, kind)| stated.get(*key) != Some(kind));
    let kinds: ItemKinds = new.map(|(key, kind)| (key.clone(), kind)).collect();
    stated.extend(kinds.iter().map(|(key, kind)| (key.clone(), kind)));
    kinds
}
