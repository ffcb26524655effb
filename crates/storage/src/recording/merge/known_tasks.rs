//! Finds which tasks of a small write are recorded already, and how.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::tasks::task_differs;
use crate::recording::statement::Relations;
use annotation_statistics_domain::RecordedTask;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};
use diesel::{QueryableByName, RunQueryDsl};
use std::collections::HashSet;

const KNOWN_AMONG: &str = "
SELECT t.annotation_request_id, t.task_id
FROM unnest((SELECT $1), $2) AS given (annotation_request_id, task_id) JOIN statistics AS t
  ON t.annotation_request_id = given.annotation_request_id COLLATE \"C\" AND t.task_id = given.task_id";

prepared_statement!(KnownAmong, KNOWN_AMONG, (Text, BigInt), {
    1 => requests: Vec<&'a str> as Array<Text>,
    2 => ids: Vec<i64> as Array<BigInt>,
});

/// The counts by item only where they change what the request has of its items.
const KNOWN_TASKS: &str = concat!(
    "
SELECT t.annotation_request_id, t.task_id, t.status, t.pool_type, t.instance_num, t.attribute_num, t.frame_num,
       t.source_name, ",
    task_differs!(),
    " AS differs,
       CASE WHEN (t.instance_info, t.instance_num, t.attribute_num)
                 IS DISTINCT FROM (s.instance_info, s.instance_num, s.attribute_num) THEN t.instance_info::text
       END AS instance_info
FROM staged_tasks AS s JOIN statistics AS t
  ON t.annotation_request_id = s.annotation_request_id AND t.task_id = s.task_id"
);

/// A task as it is recorded.
#[derive(QueryableByName)]
pub(super) struct KnownTask {
    #[diesel(sql_type = Text)]
    pub(super) annotation_request_id: String,
    #[diesel(sql_type = BigInt)]
    pub(super) task_id: i64,
    #[diesel(sql_type = Integer)]
    pub(super) status: i32,
    #[diesel(sql_type = SmallInt)]
    pub(super) pool_type: i16,
    #[diesel(sql_type = BigInt)]
    pub(super) instance_num: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) attribute_num: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) frame_num: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) source_name: Option<String>,
    /// Whether it is not as given.
    #[diesel(sql_type = Bool)]
    pub(super) differs: bool,
    /// Its counts, if its request will have other sums by item.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) instance_info: Option<String>,
}

/// Those of the staged tasks that are known.
pub(super) fn find_known_tasks(
    connection: &mut PgConnection,
    stage: Relations<'_>,
) -> Result<Vec<KnownTask>, DatabaseError> {
    Ok(stage.statement(KNOWN_TASKS).load(connection)?)
}

/// Those of the tasks whose requests have them already, however they are recorded.
pub(super) fn known_among<'a>(
    connection: &mut PgConnection,
    tasks: &'a [RecordedTask],
) -> Result<Vec<&'a RecordedTask>, DatabaseError> {
    let id = |task: &RecordedTask| task.statistics.id().get();
    let statement = KnownAmong {
        requests: tasks.iter().map(|task| task.annotation_request_id.as_str()).collect(),
        ids: tasks.iter().map(id).collect(),
    };
    let known: Vec<(String, i64)> = statement.load(connection)?;
    let known: HashSet<(&str, i64)> = known.iter().map(|(request, id)| (request.as_str(), *id)).collect();
    let is_known = |task: &&RecordedTask| known.contains(&(task.annotation_request_id.as_str(), id(task)));
    Ok(tasks.iter().filter(is_known).collect())
}
