//! What a small write changes: which tasks, as they were and as they are given.

use crate::DatabaseError;
use crate::recording::merge::known_tasks::KnownTask;
use crate::recording::sums::Addend;
use annotation_statistics_domain::{InstanceInfo, RecordError, RecordedTask, SourceName, TextError};
use std::collections::HashMap;

/// The tasks of a small write that are not recorded as given.
pub(super) struct Changes<'a> {
    /// Tasks that their requests do not have.
    pub(super) new: Vec<&'a RecordedTask>,
    /// Tasks that differ.
    pub(super) updated: Vec<UpdatedTask<'a>>,
}

/// A task that differs from what is recorded.
pub(super) struct UpdatedTask<'a> {
    pub(super) given: &'a RecordedTask,
    before: KnownTask,
    /// Its counts as they are recorded, if they are not as given.
    items_before: Option<InstanceInfo>,
}

impl<'a> Changes<'a> {
    /// Of these tasks, each of which is given once, those are known.
    pub(super) fn new(tasks: &'a [RecordedTask], known: Vec<KnownTask>) -> Result<Self, DatabaseError> {
        let mut known: HashMap<(String, i64), KnownTask> =
            known.into_iter().map(|task| ((task.annotation_request_id.clone(), task.task_id), task)).collect();
        let mut changes = Self { new: Vec::new(), updated: Vec::new() };
        for task in tasks {
            match known.remove(&(task.annotation_request_id.to_string(), task.statistics.id().get())) {
                Some(before) if before.differs => changes.updated.push(UpdatedTask::new(task, before)?),
                Some(_) => {}
                None => changes.new.push(task),
            }
        }
        Ok(changes)
    }

    /// The first task that is recorded with another source name than the one it is given.
    pub(super) fn first_source_name_conflict(&self) -> Result<Option<RecordError>, DatabaseError> {
        let conflicts = self.updated.iter().filter_map(|UpdatedTask { given: task, before, .. }| {
            let (recorded, given) = (before.source_name.as_deref()?, task.statistics.source_name()?);
            (recorded != given.as_str()).then_some((*task, recorded, given))
        });
        let first = conflicts.min_by_key(|(task, ..)| task.place);
        let conflict = first.map(|(task, recorded, given)| {
            Ok(RecordError::SourceNameConflict {
                place: task.place,
                annotation_request_id: task.annotation_request_id.clone(),
                task: task.statistics.id(),
                recorded: SourceName::new(recorded)?,
                given: given.clone(),
            })
        });
        conflict.transpose().map_err(|error: TextError| DatabaseError::Corrupt(format!("statistics: {error}")))
    }
}

impl<'a> UpdatedTask<'a> {
    fn new(given: &'a RecordedTask, before: KnownTask) -> Result<Self, DatabaseError> {
        let corrupt = |error| {
            let KnownTask { annotation_request_id: request, task_id, .. } = &before;
            DatabaseError::Corrupt(format!("statistics.instance_info of task {task_id} of `{request}`: {error}"))
        };
        let items = before.instance_info.as_deref();
        let items_before = items.map(serde_json::from_str).transpose().map_err(corrupt)?;
        Ok(Self { given, before, items_before })
    }

    /// What it adds to the sums of its request.
    pub(super) fn addend(&self) -> Addend<'_> {
        let now = Addend::from(self.given);
        Addend { items: self.items_before().and(now.items), ..now }
    }

    /// What it no longer adds.
    pub(super) fn addend_before(&self) -> Addend<'_> {
        Addend {
            pool_type: self.before.pool_type,
            status: self.before.status,
            instances: self.before.instance_num,
            attributes: self.before.attribute_num,
            frames: self.before.frame_num,
            items: self.items_before(),
        }
    }

    /// Its counts as they are recorded. `None` where nothing changes about the sums by item: neither they nor the group.
    fn items_before(&self) -> Option<&InstanceInfo> {
        let now = Addend::from(self.given);
        let is_moved = (now.pool_type, now.status) != (self.before.pool_type, self.before.status);
        self.items_before.as_ref().or(now.items.filter(|_| is_moved))
    }
}
