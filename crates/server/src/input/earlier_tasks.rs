//! The tasks of earlier inputs of one command.

use super::error::InputError;
use super::source::InputSource;
use annotation_statistics_domain::TaskId;
use annotation_statistics_formats::TaskCounts;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The tasks of earlier annotation files, with the input of each; kept only where there are several inputs.
#[derive(Clone, Default)]
pub(crate) struct EarlierTasks(Option<Arc<Mutex<InputOfTask>>>);

type InputOfTask = HashMap<TaskId, Arc<InputSource>>;

impl EarlierTasks {
    /// None, before the first of these inputs.
    pub(crate) fn none_of(inputs: &[InputSource]) -> Self {
        Self((inputs.len() > 1).then(Arc::default))
    }

    /// Refuses a task of another input, which it would replace. The same input again does no harm.
    pub(super) fn check(&self, counts: &TaskCounts, input: &Arc<InputSource>) -> Result<(), InputError> {
        let task = counts.id;
        let Some(earlier) = &self.0 else { return Ok(()) };
        let mut earlier = earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if earlier.entry(task).or_insert_with(|| Arc::clone(input)) == input {
            return Ok(());
        }
        Err(match &counts.source_name {
            Some(name) if TaskId::of_name(name.as_str()) == task => {
                InputError::NameInAnotherFile { task, name: name.clone() }
            }
            _ => InputError::InAnotherFile { task },
        })
    }
}
