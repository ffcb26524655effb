//! The stage of a small write: arrays, which every statement brings along.

use crate::recording::stage::stage_error::StageError;
use crate::recording::stage::staged_requests::staged_requests;
use crate::recording::statement::{ArrayRelation, Values};
use annotation_statistics_domain::{RecordedTask, TaskId};

/// The same relations as the temporary tables of a large write, of the same names.
const STAGED_TASKS: &str = concat!(
    "WITH staged_tasks AS (
    SELECT place, annotation_request_id COLLATE \"C\" AS annotation_request_id, campaign_id, counting_rule, task_id, status,
           pool_type, pool_name, instance_info::jsonb AS instance_info, instance_num, attribute_num, frame_num,
           source_name COLLATE \"C\" AS source_name, id_of_name, item_kinds::jsonb AS item_kinds
    FROM unnest((SELECT $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        AS given (place, annotation_request_id, campaign_id, counting_rule, task_id, status, pool_type, pool_name,
                  instance_info, instance_num, attribute_num, frame_num, source_name, id_of_name, item_kinds)
), staged_requests AS (",
    staged_requests!(),
    ")\n"
);

/// The stage with these tasks.
pub(crate) fn staged_in_arrays<'a>(
    tasks: impl IntoIterator<Item = &'a RecordedTask>,
) -> Result<ArrayRelation, StageError> {
    let tasks: Vec<&RecordedTask> = tasks.into_iter().collect();
    let texts = |of: fn(&RecordedTask) -> &str| Values::Texts(tasks.iter().map(|task| of(task).to_owned()).collect());
    let bigints = |of: fn(&RecordedTask) -> i64| Values::BigInts(tasks.iter().map(|task| of(task)).collect());
    let optional_texts =
        |of: fn(&RecordedTask) -> Option<String>| Values::OptionalTexts(tasks.iter().map(|task| of(task)).collect());
    let columns = vec![
        bigints(|task| i64::try_from(task.place.number()).unwrap_or(i64::MAX)),
        texts(|task| task.annotation_request_id.as_str()),
        texts(|task| task.statistics.campaign_id().as_str()),
        optional_texts(|task| task.counting_rule.as_ref().map(ToString::to_string)),
        bigints(|task| task.statistics.id().get()),
        Values::Integers(tasks.iter().map(|task| task.statistics.status().code()).collect()),
        Values::SmallInts(tasks.iter().map(|task| task.statistics.pool_type().number()).collect()),
        texts(|task| task.statistics.pool_name().as_str()),
        texts(|task| task.statistics.instance_info().as_json()),
        bigints(|task| task.statistics.instance_num().get()),
        bigints(|task| task.statistics.attribute_num().get()),
        bigints(|task| task.statistics.frame_num().get()),
        optional_texts(|task| task.statistics.source_name().map(ToString::to_string)),
        Values::OptionalBigInts(tasks.iter().map(|task| id_of_name(task)).collect()),
        Values::OptionalTexts(tasks.iter().map(|task| item_kinds(task)).collect::<Result<_, _>>()?),
    ];
    Ok(ArrayRelation { with: STAGED_TASKS, columns })
}

fn id_of_name(task: &RecordedTask) -> Option<i64> {
    task.statistics.source_name().map(|name| TaskId::of_name(name.as_str()).get())
}

fn item_kinds(task: &RecordedTask) -> Result<Option<String>, StageError> {
    let kinds = (!task.item_kinds.is_empty()).then(|| serde_json::to_string(&task.item_kinds));
    kinds.transpose().map_err(|error| StageError::Input(error.into()))
}
