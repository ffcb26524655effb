//! The tasks of a page over several requests, where requests are sharded (ADR 76).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::stored_task::{TaskColumns, TaskRow, column};
use diesel::RunQueryDsl;
use diesel::deserialize::{self, FromSqlRow};
use diesel::pg::{Pg, PgConnection, PgRowByRowLoadingMode};
use diesel::row::Row;
use diesel::sql_types::{Array, BigInt, Text};
use std::collections::HashMap;
use std::ops::Range;

/// What is selected of a task.
macro_rules! tasks {
    ($columns:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            $columns,
            "s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, s.instance_num, s.attribute_num, \
             s.frame_num, s.source_name FROM statistics AS s WHERE s.annotation_request_id ",
            $condition
        )
    };
}

/// The tasks of the requests `$1` before position `$2`, in no order.
const WHOLE_REQUESTS: &str = tasks!("s.annotation_request_id, ", "= ANY($1) AND s.position < $2");

/// The tasks of the request `$1` at positions `$2` (included) to `$3` (excluded), in no order. A statement about one table and
/// one request is the one whose plans Citus keeps on both nodes.
const PART_OF_A_REQUEST: &str = tasks!("", "= $1 AND s.position >= $2 AND s.position < $3");

prepared_statement!(WholeRequests, WHOLE_REQUESTS, (Text, TaskColumns), {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => past: i64 as BigInt,
});
prepared_statement!(PartOfARequest, PART_OF_A_REQUEST, TaskColumns, {
    1 => id: &'a str as Text,
    2 => first: i64 as BigInt,
    3 => past: i64 as BigInt,
});

struct Found {
    request: String,
    task: TaskRow,
}

impl FromSqlRow<(Text, TaskColumns), Pg> for Found {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        Ok(Self { request: column::<Text, _>(row, 0)?, task: TaskRow::read(row, 1, 0)? })
    }
}

/// The tasks of one request that a page shows.
pub(super) struct PartOnShard<'a> {
    pub(super) id: &'a str,
    pub(super) positions: Range<i64>,
    /// Whether these are all of its tasks.
    pub(super) is_whole: bool,
    /// Which part of the page it is, from 1.
    pub(super) range: i64,
}

/// Gives `each` the tasks: those of requests that the page has as a whole by one statement, of each other one by its own. Only
/// in a transaction that sees one snapshot of each node, which the positions are of, too.
pub(super) fn load(
    connection: &mut PgConnection,
    parts: &[PartOnShard<'_>],
    mut each: impl FnMut(TaskRow) -> Result<(), DatabaseError>,
) -> Result<(), DatabaseError> {
    let (whole, single): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.is_whole);
    let (whole, single) = if whole.len() > 1 { (whole, single) } else { (Vec::new(), parts.iter().collect()) };
    for PartOnShard { id, positions, range, .. } in single {
        let statement = PartOfARequest { id, first: positions.start, past: positions.end };
        for row in statement.load_iter::<TaskRow, PgRowByRowLoadingMode>(connection)? {
            let mut task = row?;
            task.range = *range;
            each(task)?;
        }
    }
    if whole.is_empty() {
        return Ok(());
    }
    let ranges: HashMap<&str, i64> = whole.iter().map(|part| (part.id, part.range)).collect();
    let past = whole.iter().map(|part| part.positions.end).max().unwrap_or_default();
    let statement = WholeRequests { ids: ranges.keys().copied().collect(), past };
    for row in statement.load_iter::<Found, PgRowByRowLoadingMode>(connection)? {
        let Found { request, mut task } = row?;
        task.range = ranges.get(request.as_str()).copied().unwrap_or_default();
        each(task)?;
    }
    Ok(())
}
