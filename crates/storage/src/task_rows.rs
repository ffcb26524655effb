//! The second statement of a read: the tasks at known positions.

use crate::SessionError;
use crate::request_counters::{RequestCounter, push_sql_with_binds};
use annotation_statistics_domain::{
    AnnotationRequestId, Count, InstanceInfo, PagePlan, PoolName, PoolType, Statistics, StatisticsParts, TaskId,
    TaskStatus,
};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgConnection, PgValue};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, SmallInt, Text};
use diesel::{QueryResult, RunQueryDsl};

/// The tasks of the requests `$1` at positions `$2` (included) to `$3` (excluded), where the request still has the
/// revision `$4`, in no order. A request that has moved on gives no rows, which the reader notices.
///
/// The revision is asked for each range on its own: joined in, it hides from the planner that the positions bound the
/// index scan.
pub const TASK_ROWS_SQL: &str = "\
SELECT page.range, s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num \
FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS page (id, first, past, revision, range) \
JOIN statistics AS s ON s.annotation_request_id = page.id AND s.position >= page.first AND s.position < page.past \
WHERE (SELECT r.revision FROM annotation_requests AS r WHERE r.id = page.id) = page.revision";

struct TaskRows<'a> {
    ids: Vec<&'a str>,
    firsts: Vec<i64>,
    pasts: Vec<i64>,
    revisions: Vec<i64>,
}

type Columns = (BigInt, BigInt, BigInt, Integer, Text, SmallInt, Jsonb, BigInt, BigInt, BigInt);
type TaskRow = (i64, i64, i64, i32, String, i16, StoredInstanceInfo, i64, i64, i64);

impl Query for TaskRows<'_> {
    type SqlType = Columns;
}

impl QueryId for TaskRows<'_> {
    type QueryId = TaskRows<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for TaskRows<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        push_sql_with_binds(&mut out, TASK_ROWS_SQL, |out, number| match number {
            1 => out.push_bind_param::<Array<Text>, _>(&self.ids),
            2 => out.push_bind_param::<Array<BigInt>, _>(&self.firsts),
            3 => out.push_bind_param::<Array<BigInt>, _>(&self.pasts),
            _ => out.push_bind_param::<Array<BigInt>, _>(&self.revisions),
        })
    }
}

impl RunQueryDsl<PgConnection> for TaskRows<'_> {}

/// The instance info as Postgres keeps it, read without a tree in between. What is wrong with it is told together with
/// the task that it is of, which diesel's own errors cannot name.
#[derive(Debug, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
struct StoredInstanceInfo(Result<InstanceInfo, String>);

impl FromSql<Jsonb, Pg> for StoredInstanceInfo {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(match value.as_bytes().split_first() {
            Some((1, json)) => serde_json::from_slice(json).map_err(|fault| fault.to_string()),
            _ => Err("unknown version of jsonb".into()),
        }))
    }
}

/// The tasks of the plan in its order; `None` when a request has moved on since its counter was read.
pub(crate) fn load(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
    counters: &[RequestCounter],
    plan: &PagePlan,
) -> Result<Option<Vec<Statistics>>, SessionError> {
    if plan.ranges.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let parts: Vec<_> = plan
        .ranges
        .iter()
        .filter_map(|range| Some((requests.get(range.request)?, counters.get(range.request)?, &range.positions)))
        .collect();
    let position = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let query = TaskRows {
        ids: parts.iter().map(|(id, _, _)| id.as_str()).collect(),
        firsts: parts.iter().map(|(_, _, positions)| position(positions.start)).collect(),
        pasts: parts.iter().map(|(_, _, positions)| position(positions.end)).collect(),
        revisions: parts.iter().map(|(_, counter, _)| counter.revision.number()).collect(),
    };
    let mut rows: Vec<TaskRow> = query.load(connection)?;
    if u64::try_from(rows.len()) != Ok(plan.row_count()) {
        return Ok(None);
    }
    // Index scans give them in order already; this only makes sure.
    rows.sort_by_key(|row| (row.0, row.1));
    let statistics = rows.into_iter().map(|row| {
        let range = usize::try_from(row.0 - 1).ok().and_then(|index| parts.get(index));
        let (id, counter, _) = range.ok_or_else(|| SessionError::Corrupt("a row of no range".into()))?;
        statistics(id, counter, row)
    });
    statistics.collect::<Result<_, _>>().map(Some)
}

fn statistics(id: &AnnotationRequestId, counter: &RequestCounter, row: TaskRow) -> Result<Statistics, SessionError> {
    let (_, _, task, status, pool_name, pool_type, StoredInstanceInfo(instance_info), instances, attributes, frames) =
        row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        SessionError::Corrupt(format!("statistics.{column} of task {task} of `{id}`: {what}"))
    };
    let count = |column: &str, number: i64| Count::try_from(number).map_err(|fault| corrupt(column, &fault));
    Statistics::new(StatisticsParts {
        id: TaskId::from(task),
        status: TaskStatus::from(status),
        campaign_id: counter.campaign_id.clone(),
        pool_name: PoolName::new(pool_name).map_err(|fault| corrupt("pool_name", &fault))?,
        pool_type: PoolType::try_from(pool_type).map_err(|fault| corrupt("pool_type", &fault))?,
        instance_info: instance_info.map_err(|fault| corrupt("instance_info", &fault))?,
        instance_num: count("instance_num", instances)?,
        attribute_num: count("attribute_num", attributes)?,
        frame_num: count("frame_num", frames)?,
    })
    .map_err(|fault| corrupt("instance_info", &fault))
}
