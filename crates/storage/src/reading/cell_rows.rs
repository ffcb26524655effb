//! The rows that the sums of operation items by pool type and status are kept in (ADR 84).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::operation_items::{kind_of_all, taxonomy_kind};
use crate::reading::summary_rows::{ByteBudget, ItemRow, item};
use annotation_statistics_domain::{AnnotationRequestId, ItemCell, PoolType, TaskStatus};
use diesel::pg::{PgConnection, PgRowByRowLoadingMode};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text};
use diesel::{QueryResult, RunQueryDsl};

/// By operation item, pool type and status, and by request where `$2`, with a kind where all rows state the same. The requests
/// are named for the kinds, too: else all kinds of all requests are read where the planner takes them for few.
macro_rules! cell_totals {
    (FROM $cells:literal WHERE $requests:literal) => {
        concat!(
            "SELECT CASE WHEN $2 THEN t.annotation_request_id END, t.pool_type, t.status, \
             t.item_key, sum(t.total)::text, sum(t.tasks)::bigint, sum(t.tasks_of_slots)::bigint, \
             sum(t.tasks_of_inputs)::bigint, ",
            kind_of_all!(),
            " FROM ",
            $cells,
            " AS t LEFT JOIN operation_items AS i \
             ON i.annotation_request_id = t.annotation_request_id AND i.item_key = t.item_key \
             AND i.annotation_request_id ",
            $requests,
            " LEFT JOIN request_items AS x \
             ON x.annotation_request_id = t.annotation_request_id AND x.item_key = t.item_key \
             AND x.annotation_request_id ",
            $requests,
            " WHERE t.annotation_request_id ",
            $requests,
            " GROUP BY 1, t.pool_type, t.status, t.item_key"
        )
    };
}

/// The sums of the requests `$1`.
pub const CELL_TOTALS_SQL: &str = cell_totals!(FROM "item_group_totals" WHERE "= ANY($1)");

/// Those of one. With `=` Postgres keeps the plan; for a short array it plans each time (ADR 12).
pub const CELL_TOTALS_OF_ONE_SQL: &str = cell_totals!(FROM "item_group_totals" WHERE "= $1");

/// The same out of the tasks, of which each request `$1` may have a million: for those whose sums are not kept.
const CELLS_OF_TASKS_SQL: &str = cell_totals!(
    FROM "(SELECT s.annotation_request_id, s.pool_type, s.status, item.key COLLATE \"C\" AS item_key, \
          item.value::numeric AS total, 1 AS tasks, (s.attribute_num = 0)::integer AS tasks_of_slots, \
          (s.instance_num = 0)::integer AS tasks_of_inputs \
          FROM statistics AS s, jsonb_each_text(s.instance_info) AS item \
          WHERE item.value <> '0' AND s.annotation_request_id = ANY($1))"
    WHERE "= ANY($1)"
);

/// Those of the requests `$1` whose sums are of another revision: a server of the version before has changed them since.
pub const UNSUMMED_SQL: &str = "\
SELECT id FROM annotation_requests WHERE id = ANY($1) AND summed_revision <> revision";

type Columns = (Nullable<Text>, SmallInt, Integer, Text, Text, BigInt, BigInt, BigInt, Nullable<Text>);
type Row = (Option<String>, i16, i32, String, String, i64, i64, i64, Option<String>);

prepared_statement!(CellTotals, CELL_TOTALS_SQL, Columns, {
    1 => ids: &'a [&'a str] as Array<Text>,
    2 => by_request: bool as Bool,
});
prepared_statement!(CellTotalsOfOne, CELL_TOTALS_OF_ONE_SQL, Columns, {
    1 => id: &'a str as Text,
    2 => by_request: bool as Bool,
});
prepared_statement!(CellsOfTasks, CELLS_OF_TASKS_SQL, Columns, {
    1 => ids: &'a [&'a str] as Array<Text>,
    2 => by_request: bool as Bool,
});
prepared_statement!(Unsummed, UNSUMMED_SQL, Text, { 1 => ids: &'a [&'a str] as Array<Text>, });

/// The sums of the requests, kept apart by request where `by_request`; in no order. `None` where they take more than the
/// budget.
pub(super) fn cells(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
    by_request: bool,
    budget: &mut ByteBudget,
) -> Result<Option<Vec<ItemCell>>, DatabaseError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    let unsummed: Vec<String> = Unsummed { ids: &ids }.load(connection)?;
    let (unsummed, summed): (Vec<&str>, Vec<&str>) =
        ids.into_iter().partition(|id| unsummed.iter().any(|unsummed| unsummed == id));
    let mut cells = Vec::new();
    let fit = match *summed {
        [] => true,
        [id] => {
            let rows = CellTotalsOfOne { id, by_request }.load_iter::<_, PgRowByRowLoadingMode>(connection)?;
            keep(rows, budget, &mut cells)?
        }
        _ => {
            let rows = CellTotals { ids: &summed, by_request }.load_iter::<_, PgRowByRowLoadingMode>(connection)?;
            keep(rows, budget, &mut cells)?
        }
    };
    if fit && !unsummed.is_empty() {
        let rows = CellsOfTasks { ids: &unsummed, by_request }.load_iter::<_, PgRowByRowLoadingMode>(connection)?;
        return Ok(keep(rows, budget, &mut cells)?.then_some(cells));
    }
    Ok(fit.then_some(cells))
}

/// Whether the rows fit into the budget.
fn keep(
    rows: impl Iterator<Item = QueryResult<Row>>,
    budget: &mut ByteBudget,
    cells: &mut Vec<ItemCell>,
) -> Result<bool, DatabaseError> {
    for row in rows {
        let (request, pool_type, status, key, count, tasks, of_slots, of_inputs, kind) = row?;
        if !budget.take(key.len() + request.as_ref().map_or(0, String::len)) {
            return Ok(false);
        }
        cells.push(cell(request, pool_type, status, (key, count, tasks, of_slots, of_inputs, kind))?);
    }
    Ok(true)
}

fn cell(request: Option<String>, pool_type: i16, status: i32, sums: ItemRow) -> Result<ItemCell, DatabaseError> {
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("item_group_totals.{column} of `{}`: {what}", sums.0))
    };
    let request = request.map(AnnotationRequestId::new).transpose();
    Ok(ItemCell {
        request: request.map_err(|error| corrupt("annotation_request_id", &error))?,
        pool_type: PoolType::try_from(pool_type).map_err(|error| corrupt("pool_type", &error))?,
        status: TaskStatus::from(status),
        sums: item("item_group_totals", sums)?,
    })
}
