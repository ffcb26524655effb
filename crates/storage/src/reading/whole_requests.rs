//! The tasks of several requests that a page has as a whole, where requests are sharded (ADR 76).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::stored_task::{TaskColumns, TaskRow, column};
use diesel::RunQueryDsl;
use diesel::deserialize::{self, FromSqlRow};
use diesel::pg::{Pg, PgConnection, PgRowByRowLoadingMode};
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Text};
use std::collections::HashMap;

/// The tasks of the requests `$1` before position `$2`, in no order. Both tables are searched by the ids: otherwise all shards
/// are.
const WHOLE_REQUESTS: &str = "\
SELECT r.id, r.revision, r.layout, s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM annotation_requests AS r JOIN statistics AS s ON s.annotation_request_id = r.id \
WHERE r.id = ANY($1) AND s.annotation_request_id = ANY($1) AND s.position < $2";

prepared_statement!(WholeRequests, WHOLE_REQUESTS, (Text, BigInt, BigInt, TaskColumns), {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => past: i64 as BigInt,
});

struct Found {
    request: String,
    state: (i64, i64),
    task: TaskRow,
}

impl FromSqlRow<(Text, BigInt, BigInt, TaskColumns), Pg> for Found {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        let request = column::<Text, _>(row, 0)?;
        let state = (column::<BigInt, _>(row, 1)?, column::<BigInt, _>(row, 2)?);
        Ok(Self { request, state, task: TaskRow::read(row, 3, 0)? })
    }
}

/// A request all of whose tasks are on the page.
pub(super) struct WholeRequest<'a> {
    pub(super) id: &'a str,
    /// The revision and the layout that its counter row had.
    pub(super) state: (i64, i64),
    /// All its positions are before this one.
    pub(super) past: i64,
    /// Which part of the page it is, from 1.
    pub(super) range: i64,
}

/// Gives `each` the tasks, by one statement; none of a request that has another state by now.
pub(super) fn load(
    connection: &mut PgConnection,
    requests: &[WholeRequest<'_>],
    mut each: impl FnMut(TaskRow),
) -> Result<(), DatabaseError> {
    let by_id: HashMap<&str, &WholeRequest<'_>> = requests.iter().map(|request| (request.id, request)).collect();
    let past = requests.iter().map(|request| request.past).max().unwrap_or_default();
    let statement = WholeRequests { ids: by_id.keys().copied().collect(), past };
    for row in statement.load_iter::<Found, PgRowByRowLoadingMode>(connection)? {
        let Found { request, state, mut task } = row?;
        if let Some(request) = by_id.get(request.as_str()).filter(|request| request.state == state) {
            task.range = request.range;
            each(task);
        }
    }
    Ok(())
}
