//! The rows that sums are kept in.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::operation_items::{self, kind_of_all, taxonomy_kind};
use annotation_statistics_domain::{AnnotationRequestId, ItemSums, OperationItemKey, PoolType, TaskStatus, Totals};
use diesel::pg::{PgConnection, PgRowByRowLoadingMode};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text};
use diesel::{QueryResult, RunQueryDsl};
use std::collections::HashMap;

/// By pool and status. As text: a sum may be wider than any number that the driver reads.
macro_rules! group_totals {
    ($requests:literal) => {
        concat!(
            "SELECT annotation_request_id, pool_type, status, tasks, instances::text, attributes::text, frames::text \
             FROM statistics_totals WHERE annotation_request_id ",
            $requests
        )
    };
}

/// By operation item, in the order of the keys; with a kind where all of the requests that have the item state the same. The
/// requests are named for the kinds, too: else all kinds of all requests are read where the planner takes them for few.
macro_rules! item_totals {
    ($requests:literal) => {
        concat!(
            "SELECT t.item_key, sum(t.total)::text, sum(t.tasks)::bigint, sum(t.tasks_of_slots)::bigint, \
             sum(t.tasks_of_inputs)::bigint, ",
            kind_of_all!(),
            " FROM operation_item_totals AS t LEFT JOIN operation_items AS i \
             ON i.annotation_request_id = t.annotation_request_id AND i.item_key = t.item_key \
             AND i.annotation_request_id ",
            $requests,
            " LEFT JOIN request_items AS x \
             ON x.annotation_request_id = t.annotation_request_id AND x.item_key = t.item_key \
             AND x.annotation_request_id ",
            $requests,
            " WHERE t.annotation_request_id ",
            $requests,
            " GROUP BY t.item_key ORDER BY t.item_key"
        )
    };
}

/// The sums of the requests `$1` by pool and status.
pub const GROUP_TOTALS_SQL: &str = group_totals!("= ANY($1)");

/// Those of one. With `=` Postgres keeps the plan; for a short array it plans each time (ADR 12).
pub const GROUP_TOTALS_OF_ONE_SQL: &str = group_totals!("= $1");

/// The sums over the requests `$1` by operation item.
pub const ITEM_TOTALS_SQL: &str = item_totals!("= ANY($1)");

/// Those of one.
pub const ITEM_TOTALS_OF_ONE_SQL: &str = item_totals!("= $1");

type GroupColumns = (Text, SmallInt, Integer, BigInt, Text, Text, Text);
type GroupRow = (String, i16, i32, i64, String, String, String);
type ItemColumns = (Text, Text, BigInt, BigInt, BigInt, Nullable<Text>);

prepared_statement!(GroupTotals, GROUP_TOTALS_SQL, GroupColumns, { 1 => ids: &'a [&'a str] as Array<Text>, });
prepared_statement!(GroupTotalsOfOne, GROUP_TOTALS_OF_ONE_SQL, GroupColumns, { 1 => id: &'a str as Text, });
prepared_statement!(ItemTotalsOfOne, ITEM_TOTALS_OF_ONE_SQL, ItemColumns, { 1 => id: &'a str as Text, });
prepared_statement!(ItemTotals, ITEM_TOTALS_SQL, ItemColumns, { 1 => ids: &'a [&'a str] as Array<Text>, });

/// Sums by pool and status, for each request that has any.
pub(super) type Groups = HashMap<String, Vec<(PoolType, TaskStatus, Totals)>>;

/// About what a sum takes in memory and in JSON, besides the key of its operation item.
const SUM_BYTES: usize = 64;

/// The bytes that sums may still take.
pub(super) struct ByteBudget(usize);

impl ByteBudget {
    pub(super) fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Takes a sum with so many bytes of texts, if that is not too much.
    pub(super) fn take(&mut self, texts: usize) -> bool {
        let left = self.0.checked_sub(SUM_BYTES.saturating_add(texts));
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}

/// `None` where they take more than the budget; what is left then is read and dropped, a row at a time.
pub(super) fn groups(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
    budget: &mut ByteBudget,
) -> Result<Option<Groups>, DatabaseError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    let mut groups = Groups::new();
    let mut keep = |row: QueryResult<GroupRow>| {
        let (id, pool_type, status, totals) = group(row?)?;
        let fits = budget.take(0);
        if fits {
            groups.entry(id).or_default().push((pool_type, status, totals));
        }
        Ok::<_, DatabaseError>(fits)
    };
    let fit = if let [id] = *ids {
        each(GroupTotalsOfOne { id }.load_iter::<_, PgRowByRowLoadingMode>(connection)?, &mut keep)?
    } else {
        each(GroupTotals { ids: &ids }.load_iter::<_, PgRowByRowLoadingMode>(connection)?, &mut keep)?
    };
    Ok(fit.then_some(groups))
}

/// Keeps each row as long as that returns true, and returns whether it always has.
pub(super) fn each<R>(
    rows: impl Iterator<Item = QueryResult<R>>,
    keep: &mut impl FnMut(QueryResult<R>) -> Result<bool, DatabaseError>,
) -> Result<bool, DatabaseError> {
    for row in rows {
        if !keep(row)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn group(row: GroupRow) -> Result<(String, PoolType, TaskStatus, Totals), DatabaseError> {
    let (id, pool_type, status, tasks, instances, attributes, frames) = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("statistics_totals.{column} of `{id}`: {what}"))
    };
    let totals = Totals {
        tasks: u64::try_from(tasks).map_err(|error| corrupt("tasks", &error))?,
        instances: instances.parse().map_err(|error| corrupt("instances", &error))?,
        attributes: attributes.parse().map_err(|error| corrupt("attributes", &error))?,
        frames: frames.parse().map_err(|error| corrupt("frames", &error))?,
    };
    let pool_type = PoolType::try_from(pool_type).map_err(|error| corrupt("pool_type", &error))?;
    Ok((id, pool_type, TaskStatus::from(status), totals))
}

/// The same of operation items.
pub(super) fn items(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
    budget: &mut ByteBudget,
) -> Result<Option<Vec<ItemSums>>, DatabaseError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    let mut items = Vec::new();
    let mut keep = |row: QueryResult<ItemRow>| {
        let row = row?;
        let fits = budget.take(row.0.len());
        if fits {
            items.push(item("operation_item_totals", row)?);
        }
        Ok::<_, DatabaseError>(fits)
    };
    let fit = if let [id] = *ids {
        each(ItemTotalsOfOne { id }.load_iter::<_, PgRowByRowLoadingMode>(connection)?, &mut keep)?
    } else {
        each(ItemTotals { ids: &ids }.load_iter::<_, PgRowByRowLoadingMode>(connection)?, &mut keep)?
    };
    Ok(fit.then_some(items))
}

/// The key of an item, its sums, and the kind that is stated.
pub(super) type ItemRow = (String, String, i64, i64, i64, Option<String>);

/// The sums of a row of this table.
pub(super) fn item(
    table: &str,
    (key, count, tasks, tasks_of_slots, tasks_of_inputs, kind): ItemRow,
) -> Result<ItemSums, DatabaseError> {
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("{table}.{column} of `{key}`: {what}"))
    };
    let number = |column, number: i64| u64::try_from(number).map_err(|error| corrupt(column, &error));
    Ok(ItemSums {
        count: count.parse().map_err(|error| corrupt("total", &error))?,
        tasks: number("tasks", tasks)?,
        tasks_of_slots: number("tasks_of_slots", tasks_of_slots)?,
        tasks_of_inputs: number("tasks_of_inputs", tasks_of_inputs)?,
        stated_kind: kind.as_deref().map(operation_items::kind).transpose()?,
        key: OperationItemKey::new(key.as_str()).map_err(|error| corrupt("item_key", &error))?,
    })
}
