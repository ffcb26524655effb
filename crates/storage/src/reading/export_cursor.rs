//! All tasks of a request, read through a cursor of the server.

use crate::DatabaseError;
use crate::connection::parts;
use crate::reading::stored_task::{TaskColumns, TaskRow};
use annotation_statistics_domain::AnnotationRequestId;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;

/// The tasks of the request `$1` in their order. It has no bounds, so the order is what makes it an index scan.
pub const EXPORT_ROWS_SQL: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 ORDER BY s.position";

/// A batch is some hundred kilobytes: large enough that the round trip costs nothing beside reading it.
const FETCH_SQL: &str = "FETCH FORWARD 1000 FROM export";

pub(super) fn open(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<(), DatabaseError> {
    Declare(id.as_str()).execute(connection)?;
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
struct Declare<'a>(&'a str);

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
        for (number, text) in parts(EXPORT_ROWS_SQL) {
            if number > 0 {
                out.push_bind_param::<Text, _>(&self.0)?;
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
