//! Finds which tasks of a small write are recorded already, and how.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::tasks::task_differs;
use crate::recording::not_recorded::NotRecorded;
use crate::recording::stage::staged_in_arrays;
use crate::recording::statement::{Statement, Values};
use annotation_statistics_domain::RecordedTask;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};
use diesel::{QueryableByName, RunQueryDsl};
use std::collections::HashSet;

const KNOWN_AMONG: &str = "SELECT task_id FROM statistics WHERE annotation_request_id = $1 AND task_id = ANY($2)";

prepared_statement!(KnownAmong, KNOWN_AMONG, BigInt, {
    1 => request: &'a str as Text,
    2 => ids: Vec<i64> as Array<BigInt>,
});

/// Of staged tasks that are all of the request `$1`, as it alone says where a sharded database has them (ADR 76). The counts by
/// item only where they change what the request has of its items.
const KNOWN_TASKS: &str = concat!(
    "
SELECT t.annotation_request_id, t.task_id, t.status, t.pool_type, t.instance_num, t.attribute_num, t.frame_num,
       t.source_name, ",
    task_differs!(),
    " AS differs,
       CASE WHEN (t.instance_info, t.instance_num, t.attribute_num)
                 IS DISTINCT FROM (s.instance_info, s.instance_num, s.attribute_num) THEN t.instance_info::text
       END AS instance_info
FROM staged_tasks AS s JOIN statistics AS t ON t.annotation_request_id = $1 AND t.task_id = s.task_id"
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

/// Those of the tasks, which are all of this request, that are known, as they are recorded.
pub(super) fn find_known_tasks(
    connection: &mut PgConnection,
    request: &str,
    tasks: &[&RecordedTask],
) -> Result<Vec<KnownTask>, NotRecorded> {
    let stage = staged_in_arrays(tasks.iter().copied())?;
    let statement = Statement::over_arrays(&stage, KNOWN_TASKS).with_values(vec![Values::Text(request.to_owned())]);
    Ok(statement.load(connection)?)
}

/// Those of the tasks, which are all of this request, that it has already, however they are recorded.
pub(super) fn known_among<'a>(
    connection: &mut PgConnection,
    request: &str,
    tasks: &[&'a RecordedTask],
) -> Result<Vec<&'a RecordedTask>, DatabaseError> {
    let ids = tasks.iter().map(|task| task.statistics.id().get()).collect();
    let known: HashSet<i64> = KnownAmong { request, ids }.load(connection)?.into_iter().collect();
    let is_known = |task: &&&RecordedTask| known.contains(&task.statistics.id().get());
    Ok(tasks.iter().filter(is_known).copied().collect())
}
