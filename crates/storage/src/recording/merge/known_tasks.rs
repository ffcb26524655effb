//! Finds which tasks of a small write are recorded already, and how.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::recording::merge::tasks::task_differs;
use crate::recording::statement::Relations;
use annotation_statistics_domain::RecordedTask;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};
use diesel::{QueryableByName, RunQueryDsl};
use std::collections::{BTreeMap, HashSet};

const KNOWN_AMONG: &str = "SELECT task_id FROM statistics WHERE annotation_request_id = $1 AND task_id = ANY($2)";

prepared_statement!(KnownAmong, KNOWN_AMONG, BigInt, {
    1 => request: &'a str as Text,
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
    let mut given: BTreeMap<&str, Vec<&RecordedTask>> = BTreeMap::new();
    for task in tasks {
        given.entry(task.annotation_request_id.as_str()).or_default().push(task);
    }
    let mut known = Vec::new();
    // One request at a time, so that a sharded database looks nowhere else (ADR 76).
    for (request, mut tasks) in given {
        let ids = tasks.iter().map(|task| task.statistics.id().get()).collect();
        let found: HashSet<i64> = KnownAmong { request, ids }.load(connection)?.into_iter().collect();
        tasks.retain(|task| found.contains(&task.statistics.id().get()));
        known.append(&mut tasks);
    }
    Ok(known)
}
