//! What a small write changes: which tasks, and by how much the sums of their requests.

use crate::DatabaseError;
use crate::recording::merge::known_tasks::KnownTask;
use crate::recording::merge::totals::{changed_groups, changed_items};
use crate::recording::stage::instance_info;
use crate::recording::statement::{ArrayRelation, Values};
use annotation_statistics_domain::{RecordError, RecordedTask, SourceName, TextError};
use std::collections::HashMap;

/// The same relations as the temporary tables of a large write, of the same names.
const CHANGED_SUMS: &str = concat!(
    "
WITH changes AS (
    SELECT sign, annotation_request_id COLLATE \"C\" AS annotation_request_id, pool_type, status, instance_num,
           attribute_num, frame_num, instance_info::jsonb AS instance_info
    FROM unnest((SELECT $1), $2, $3, $4, $5, $6, $7, $8)
        AS given (sign, annotation_request_id, pool_type, status, instance_num, attribute_num, frame_num, instance_info)
), changed_groups AS (",
    changed_groups!(FROM "changes"),
    "), changed_items AS (",
    changed_items!(FROM "changes"),
    ")\n"
);

/// The tasks of a small write that are not recorded as given.
pub(super) struct Changes<'a> {
    /// Tasks that their requests do not have.
    pub(super) new: Vec<&'a RecordedTask>,
    /// Tasks that differ, and as they are recorded.
    pub(super) updated: Vec<(&'a RecordedTask, KnownTask)>,
}

impl<'a> Changes<'a> {
    /// Of these tasks, each of which is given once, those are known.
    pub(super) fn new(tasks: &'a [RecordedTask], known: Vec<KnownTask>) -> Self {
        let mut known: HashMap<(String, i64), KnownTask> =
            known.into_iter().map(|task| ((task.annotation_request_id.clone(), task.task_id), task)).collect();
        let mut changes = Self { new: Vec::new(), updated: Vec::new() };
        for task in tasks {
            match known.remove(&(task.annotation_request_id.to_string(), task.statistics.id().get())) {
                Some(before) if before.differs => changes.updated.push((task, before)),
                Some(_) => {}
                None => changes.new.push(task),
            }
        }
        changes
    }

    /// The first task that is recorded with another source name than the one it is given.
    pub(super) fn first_source_name_conflict(&self) -> Result<Option<RecordError>, DatabaseError> {
        let conflicts = self.updated.iter().filter_map(|(task, before)| {
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

    /// Whether sums by operation item change.
    pub(super) fn change_items(&self) -> bool {
        let of_new = |task: &&RecordedTask| task.statistics.instance_info().iter().len() > 0;
        self.new.iter().any(of_new) || self.updated.iter().any(|(_, before)| before.instance_info.is_some())
    }

    /// What they add to the sums of their requests, and no longer add.
    pub(super) fn sums(&self) -> ArrayRelation {
        let mut rows = Vec::with_capacity(self.new.len() + 2 * self.updated.len());
        for task in &self.new {
            rows.push(Addend::of(task, instance_info(task)));
        }
        for (task, before) in &self.updated {
            // What has the same items before and after changes nothing about them.
            let (info_before, info_now) = match &before.instance_info {
                Some(info) => (info.clone(), instance_info(task)),
                None => ("{}".into(), "{}".into()),
            };
            rows.push(Addend::before(before, info_before));
            rows.push(Addend::of(task, info_now));
        }
        relation(&mut rows)
    }
}

/// What one task adds, or no longer adds.
struct Addend<'a> {
    sign: i32,
    annotation_request_id: &'a str,
    pool_type: i16,
    status: i32,
    instance_num: i64,
    attribute_num: i64,
    frame_num: i64,
    instance_info: String,
}

impl<'a> Addend<'a> {
    fn of(task: &'a RecordedTask, instance_info: String) -> Self {
        let statistics = &task.statistics;
        Self {
            sign: 1,
            annotation_request_id: task.annotation_request_id.as_str(),
            pool_type: statistics.pool_type().number(),
            status: statistics.status().code(),
            instance_num: statistics.instance_num().get(),
            attribute_num: statistics.attribute_num().get(),
            frame_num: statistics.frame_num().get(),
            instance_info,
        }
    }

    fn before(task: &'a KnownTask, instance_info: String) -> Self {
        Self {
            sign: -1,
            annotation_request_id: &task.annotation_request_id,
            pool_type: task.pool_type,
            status: task.status,
            instance_num: task.instance_num,
            attribute_num: task.attribute_num,
            frame_num: task.frame_num,
            instance_info,
        }
    }
}

fn relation(rows: &mut [Addend<'_>]) -> ArrayRelation {
    let bigints = |of: fn(&Addend<'_>) -> i64| Values::BigInts(rows.iter().map(of).collect());
    let integers = |of: fn(&Addend<'_>) -> i32| Values::Integers(rows.iter().map(of).collect());
    let columns = vec![
        integers(|row| row.sign),
        Values::Texts(rows.iter().map(|row| row.annotation_request_id.to_owned()).collect()),
        Values::SmallInts(rows.iter().map(|row| row.pool_type).collect()),
        integers(|row| row.status),
        bigints(|row| row.instance_num),
        bigints(|row| row.attribute_num),
        bigints(|row| row.frame_num),
        Values::Texts(rows.iter_mut().map(|row| std::mem::take(&mut row.instance_info)).collect()),
    ];
    ArrayRelation { with: CHANGED_SUMS, columns }
}
