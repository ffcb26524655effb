//! All tasks of a request, read through a cursor of the server.

use crate::DatabaseError;
use crate::connection::parts;
use crate::reading::stored_task::{TaskColumns, TaskRow};
use annotation_statistics_domain::{AnnotationRequestId, TaskFilter};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Integer, SmallInt, Text};

/// The tasks of the request `$1` in their order. It has no bounds, so the order is what makes it an index scan.
pub const EXPORT_ROWS_SQL: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 ORDER BY s.position";

/// The same in ascending order of the ids of the tasks, by the primary key.
pub const EXPORT_ROWS_BY_TASK_ID_SQL: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 ORDER BY s.task_id";

/// Those of the pool types `$2` and the statuses `$3`, or of any where there are none.
const FILTERED_ROWS_SQL: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 \
AND (cardinality($2) = 0 OR s.pool_type = ANY($2)) AND (cardinality($3) = 0 OR s.status = ANY($3)) ORDER BY s.position";

/// A batch is some hundred kilobytes: large enough that the round trip costs nothing beside reading it.
const FETCH_SQL: &str = "FETCH FORWARD 1000 FROM export";

/// The order of the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskOrder {
    /// That in which they were first recorded.
    Recorded,
    /// Of all tasks, ascending by their ids.
    TaskId,
}

pub(super) fn open(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    filter: &TaskFilter,
    order: TaskOrder,
) -> Result<(), DatabaseError> {
    let declare = Declare {
        id: id.as_str(),
        order,
        pool_types: filter.pool_types.iter().map(|pool_type| pool_type.number()).collect(),
        statuses: filter.statuses.iter().map(|status| status.code()).collect(),
    };
    declare.execute(connection)?;
    Ok(())
}

/// The next tasks; none at the end.
pub(super) fn fetch(connection: &mut PgConnection) -> Result<Vec<TaskRow>, DatabaseError> {
    Ok(Fetch.load(connection)?)
}

pub(super) fn close(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    Ok(connection.batch_execute("CLOSE export")?)
}

/// Opens the cursor.
struct Declare<'a> {
    id: &'a str,
    order: TaskOrder,
    pool_types: Vec<i16>,
    statuses: Vec<i32>,
}

/// Reads a batch from it.
struct Fetch;

impl Query for Fetch {
    type SqlType = TaskColumns;
}

/// Neither is cached as a prepared statement: the result of a `FETCH` depends on the cursor that is open.
impl QueryId for Declare<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryId for Fetch {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Declare<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("DECLARE export NO SCROLL CURSOR FOR ");
        let is_filtered = !(self.pool_types.is_empty() && self.statuses.is_empty());
        let sql = match self.order {
            TaskOrder::TaskId => EXPORT_ROWS_BY_TASK_ID_SQL,
            TaskOrder::Recorded if is_filtered => FILTERED_ROWS_SQL,
            TaskOrder::Recorded => EXPORT_ROWS_SQL,
        };
        for (number, text) in parts(sql) {
            match number {
                1 => out.push_bind_param::<Text, _>(&self.id)?,
                2 => out.push_bind_param::<Array<SmallInt>, _>(&self.pool_types)?,
                3 => out.push_bind_param::<Array<Integer>, _>(&self.statuses)?,
                _ => {}
            }
            out.push_sql(text);
        }
        Ok(())
    }
}

impl QueryFragment<Pg> for Fetch {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> diesel::QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(FETCH_SQL);
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Declare<'_> {}
impl RunQueryDsl<PgConnection> for Fetch {}
