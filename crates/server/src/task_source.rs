//! Turns inputs into tasks to record: the one place that does.

use crate::export_arguments::ExportTarget;
use crate::export_tasks::{ExportRemarks, ExportTasks};
use crate::import_input::{ImportInput, Packed};
use crate::import_progress::ImportProgress;
use crate::input_fault::InputFault;
use crate::{ExportArguments, Failure};
use annotation_statistics_domain::{Place, RecordedTask, TaskId};
use annotation_statistics_formats::{CountingRule, Format, JsonLines};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the inputs of a command are.
pub(crate) enum TaskSource {
    /// Statistics, one task a line.
    JsonLines,
    /// Annotation exports, whose tasks all go to one request.
    Exports { arguments: ExportArguments, target: ExportTarget, earlier: EarlierTasks },
}

/// The tasks of an input, to be read once.
pub(crate) struct OpenTasks {
    pub(crate) progress: ImportProgress,
    pub(crate) tasks: Box<dyn Iterator<Item = Result<RecordedTask, InputFault>> + Send>,
    pub(crate) remarks: ExportRemarks,
}

/// The tasks of the exports before, with the input that each was in; kept only where there are several inputs.
#[derive(Clone, Default)]
pub(crate) struct EarlierTasks(Option<Arc<Mutex<InputOfTask>>>);

type InputOfTask = HashMap<TaskId, Arc<ImportInput>>;

impl TaskSource {
    /// What the arguments say of these inputs.
    pub(crate) fn new(arguments: &ExportArguments, inputs: &[ImportInput]) -> Result<Self, Failure> {
        let Some(target) = arguments.target()? else { return Ok(Self::JsonLines) };
        let earlier = EarlierTasks((inputs.len() > 1).then(Arc::default));
        Ok(Self::Exports { arguments: arguments.clone(), target, earlier })
    }

    /// The rule by which the tasks are counted, unless each says so itself.
    pub(crate) fn rule(&self) -> Option<CountingRule> {
        match self {
            Self::JsonLines => None,
            Self::Exports { arguments, .. } => Some(arguments.rule()),
        }
    }

    pub(crate) fn open(&self, input: &ImportInput) -> Result<OpenTasks, InputFault> {
        let (progress, packed) = input.open()?;
        let remarks = ExportRemarks::default();
        let tasks: Box<dyn Iterator<Item = _> + Send> = match self {
            Self::JsonLines => Box::new(when_asked(move || json_lines(packed))),
            Self::Exports { arguments, target, earlier } => {
                let options = arguments.read_options(input.file_name());
                let (target, earlier, input) = (target.clone(), earlier.clone(), Arc::new(input.clone()));
                let remarks = remarks.clone();
                Box::new(when_asked(move || {
                    let tasks = ExportTasks::begin(packed, &options, remarks)?;
                    Ok(recorded(tasks, target, earlier, input))
                }))
            }
        };
        Ok(OpenTasks { tasks: Box::new(progress.count_tasks(tasks)), progress, remarks })
    }
}

/// Begins to read where the first task is asked for, on a thread that may wait: the first bytes of a pipe can take
/// their time.
fn when_asked<T, I>(
    begin: impl FnOnce() -> Result<I, InputFault> + Send,
) -> impl Iterator<Item = Result<T, InputFault>> + Send
where
    I: Iterator<Item = Result<T, InputFault>> + Send,
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

fn json_lines(packed: Packed) -> Result<impl Iterator<Item = Result<RecordedTask, InputFault>>, InputFault> {
    let mut input = packed.unpack()?;
    match Format::told_by(input.fill_buf()?) {
        Some(format) => Err(InputFault::IsExport(format)),
        None => Ok(JsonLines::new(input).map(|line| line.map_err(InputFault::Line))),
    }
}

fn recorded(
    tasks: ExportTasks,
    target: ExportTarget,
    earlier: EarlierTasks,
    input: Arc<ImportInput>,
) -> impl Iterator<Item = Result<RecordedTask, InputFault>> {
    (1..).zip(tasks).map(move |(place, task)| {
        let task = task?;
        let id = task.id;
        earlier.check(id, &input)?;
        target.recorded(Place::from(place), task).map_err(|reason| InputFault::Task { task: id, reason: reason.into() })
    })
}

impl EarlierTasks {
    /// Refuses a task of another input, which it would replace. The same input again is no harm.
    fn check(&self, task: TaskId, input: &Arc<ImportInput>) -> Result<(), InputFault> {
        let Some(earlier) = &self.0 else { return Ok(()) };
        let mut earlier = earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if earlier.entry(task).or_insert_with(|| Arc::clone(input)) == input {
            return Ok(());
        }
        Err(InputFault::InAnotherFile { task })
    }
}
