//! A page of one request: its counter row and its tasks by one statement (ADR 62).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::page::columns::{PageColumns, PageRecords, page_columns, page_counts, page_records};
use crate::reading::page::of_many;
use crate::reading::page::query::{PageQuery, PageResult};
use crate::reading::page::rows::{PageRow, PageRows};
use annotation_statistics_domain::AnnotationRequestId;
use diesel::RunQueryDsl;
use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

/// The request `$1` with its tasks at positions `$2` (included) to `$3` (excluded), in no order: a row for each task, and one
/// without a task where there is none. Only one row has the columns of the request: that without a task, or with the task at
/// `$2`. No row where the request is unknown or of none of the campaigns `$4`, if those are given; then no task is looked for.
macro_rules! page_of_one {
    ($columns:expr, $id:literal, $first:literal, $past:literal) => {
        concat!(
            "SELECT CASE WHEN s.position > ",
            $first,
            $columns,
            " FROM annotation_requests AS r \
             LEFT JOIN statistics AS s ON s.annotation_request_id = r.id \
             AND s.position >= ",
            $first,
            " AND s.position < ",
            $past,
            " WHERE r.id = ",
            $id,
            " AND coalesce(r.campaign_id = ANY($4), true)",
        )
    };
}

/// The page of a request; see the macro. A request and a task are a record each: columns take the driver much longer
/// (ADR 77).
///
/// The values are sub-selects to hide them from the planner. It would find the plan for a small request so much cheaper than
/// the plan for any that it planned again for each read.
pub const PAGE_OF_ONE_SQL: &str =
    page_of_one!(page_records!(), "(SELECT $1::text)", "(SELECT $2::bigint)", "(SELECT $3::bigint)");

/// The same where requests are sharded, in columns: no server reads a record without a name that another has sent. Only the
/// value itself says which shard it is in, and all are read otherwise.
const PAGE_OF_ONE_SHARDED: &str = page_of_one!(page_columns!(), "$1", "$2", "$3");

/// What it selects, of no request: it goes to no shard, so that while a node is lost, the requests of the others are served.
/// And the column that a migration has added last: writers and sums need it.
const CHECK_SHARDED: &str = concat!(
    "SELECT r.summed_revision, CASE WHEN s.position > 0",
    page_columns!(),
    " FROM annotation_requests AS r JOIN statistics AS s ON s.annotation_request_id = r.id WHERE false",
);

prepared_statement!(PageOfOneSharded, PAGE_OF_ONE_SHARDED, PageColumns, {
    1 => id: &'a str as Text,
    2 => first: i64 as BigInt,
    3 => past: i64 as BigInt,
    4 => campaigns: Option<Vec<&'a str>> as Nullable<Array<Text>>,
});
prepared_statement!(PageOfOne, PAGE_OF_ONE_SQL, PageRecords, {
    1 => id: &'a str as Text,
    2 => first: i64 as BigInt,
    3 => past: i64 as BigInt,
    4 => campaigns: Option<Vec<&'a str>> as Nullable<Array<Text>>,
});

/// The page of the one request, which is `id`.
pub(super) fn find(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    query: &PageQuery,
) -> Result<PageResult, DatabaseError> {
    let positions = query.positions();
    let (first, past) = (positions.start, positions.end);
    let campaigns = query.campaigns().map(Iterator::collect);
    let mut rows = PageRows::new(query.max_bytes);
    if query.sharding.find(connection)? {
        let statement = PageOfOneSharded { id: id.as_str(), first, past, campaigns };
        for row in statement.load_iter::<PageRow, DefaultLoadingMode>(connection)? {
            rows.push(row?);
        }
    } else {
        let statement = PageOfOne { id: id.as_str(), first, past, campaigns };
        for row in statement.load_iter::<PageRow, DefaultLoadingMode>(connection)? {
            rows.push(row?);
        }
    }
    rows.page(id, query)?.map_or_else(|| of_many::find_in_one_snapshot(connection, query)?, Ok)
}

/// Selects nothing, as no request has this id, but fails where selecting something would.
pub(super) fn check(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    PageOfOne { id: "", first: 0, past: 0, campaigns: None }.load::<PageRow>(connection)?;
    Ok(())
}

/// The same where requests are sharded.
pub(super) fn check_sharded(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    Ok(diesel::sql_query(CHECK_SHARDED).execute(connection).map(drop)?)
}
