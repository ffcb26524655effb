//! How the tasks of a request conform to its taxonomy, counted by the database.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{
    AnnotationRequest, Conformance, ItemConformance, OperationItemKey, Taxonomy, UnknownItem,
};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use std::collections::HashMap;

/// Of each operator of the request `$1`: how many tasks have any, fewer than the least but some, and more than the most;
/// and how many have each of the first `$2` operation items that no operator is of.
///
/// How many tasks have any is kept. Only limits of more than one, and upper ones, take a look at each task, which has them
/// in two objects that subqueries make before any task is read: joined to them row by row, a planner that knows nothing of the
/// operators would read all tasks for each.
pub const CONFORMANCE_SQL: &str = "\
WITH limits AS MATERIALIZED (SELECT jsonb_object_agg(item_key, min_quantity) AS least, \
jsonb_object_agg(item_key, max_quantity) AS most FROM request_items \
WHERE annotation_request_id = $1 AND (min_quantity > 1 OR max_quantity IS NOT NULL)), \
counted AS (SELECT item.key COLLATE \"C\" AS item_key, \
count(*) FILTER (WHERE item.value::bigint < ((SELECT least FROM limits) ->> item.key)::bigint) AS below, \
count(*) FILTER (WHERE item.value::bigint > ((SELECT most FROM limits) ->> item.key)::bigint) AS above \
FROM statistics AS s, jsonb_each_text(s.instance_info) AS item \
WHERE (SELECT least IS NOT NULL FROM limits) AND s.annotation_request_id = $1 AND item.value <> '0' \
AND (SELECT least FROM limits) ? item.key GROUP BY 1) \
SELECT i.item_key, coalesce(t.tasks, 0), coalesce(c.below, 0), coalesce(c.above, 0) FROM request_items AS i \
LEFT JOIN operation_item_totals AS t ON t.annotation_request_id = i.annotation_request_id AND t.item_key = i.item_key \
LEFT JOIN counted AS c ON c.item_key = i.item_key WHERE i.annotation_request_id = $1 \
UNION ALL (SELECT t.item_key, t.tasks, NULL, NULL FROM operation_item_totals AS t LEFT JOIN request_items AS i \
ON i.annotation_request_id = t.annotation_request_id AND i.item_key = t.item_key \
WHERE t.annotation_request_id = $1 AND t.tasks > 0 AND i.item_key IS NULL ORDER BY t.item_key LIMIT $2)";

type Columns = (Text, BigInt, Nullable<BigInt>, Nullable<BigInt>);
type Row = (String, i64, Option<i64>, Option<i64>);

prepared_statement!(ConformanceRows, CONFORMANCE_SQL, Columns, {
    1 => id: &'a str as Text,
    2 => most: i64 as BigInt,
});

/// Only in a transaction that sees one snapshot, in which the request and its taxonomy were read.
pub(super) fn load(
    connection: &mut PgConnection,
    request: &AnnotationRequest,
    taxonomy: &Taxonomy,
) -> Result<Conformance, DatabaseError> {
    let most = Conformance::MAX_UNKNOWN;
    let one_more = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let rows: Vec<Row> = ConformanceRows { id: request.id.as_str(), most: one_more }.load(connection)?;
    let (mut counted, mut unknown) = (HashMap::new(), Vec::new());
    for (key, tasks, below, above) in rows {
        let tasks = tasks.unsigned_abs();
        match below.zip(above) {
            Some((below, above)) => {
                counted.insert(key, (tasks, below.unsigned_abs(), above.unsigned_abs()));
            }
            None => unknown.push(UnknownItem { key: item_key(key)?, tasks }),
        }
    }
    let has_more_unknown = unknown.len() > most;
    unknown.truncate(most);
    let items = taxonomy.operators().iter().map(|operator| {
        let (tasks, below_some, above_max) = counted.get(operator.key.as_str()).copied().unwrap_or_default();
        let none = if operator.least_in_task() > 0 { request.task_count.saturating_sub(tasks) } else { 0 };
        ItemConformance { operator: operator.clone(), tasks, below_min: below_some.saturating_add(none), above_max }
    });
    let (revision, tasks) = (request.revision, request.task_count);
    Ok(Conformance { revision, tasks, items: items.collect(), unknown, has_more_unknown })
}

fn item_key(key: String) -> Result<OperationItemKey, DatabaseError> {
    let corrupt = |error| DatabaseError::Corrupt(format!("operation_item_totals.item_key: {error}"));
    OperationItemKey::new(key).map_err(corrupt)
}
