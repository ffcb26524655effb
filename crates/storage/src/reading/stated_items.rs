//! What the taxonomies of requests state of their operation items (ADR 94).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::operation_items::{self, taxonomy_kind};
use crate::reading::summary_rows::{ByteBudget, each};
use annotation_statistics_domain::{AnnotationRequestId, ItemLabel, OperationItemKey, StatedItem};
use diesel::RunQueryDsl;
use diesel::pg::{PgConnection, PgRowByRowLoadingMode};
use diesel::sql_types::{Array, Bool, Nullable, Text};

/// By operation item, in the order of the keys: the label and the kind, each where all of the taxonomies that have it say
/// the same, whether none of them was stated, and whether one of them orders it.
macro_rules! stated_items {
    ($requests:literal) => {
        concat!(
            "SELECT x.item_key, CASE WHEN min(x.label) = max(x.label) THEN min(x.label) END, \
             CASE WHEN min(",
            taxonomy_kind!(),
            ") = max(",
            taxonomy_kind!(),
            ") THEN min(",
            taxonomy_kind!(),
            ") END, bool_and(x.is_found), bool_or(x.whitelisted) FROM request_items AS x WHERE x.annotation_request_id ",
            $requests,
            " GROUP BY x.item_key ORDER BY x.item_key"
        )
    };
}

/// Those of the requests `$1`.
pub const STATED_ITEMS_SQL: &str = stated_items!("= ANY($1)");

/// Those of one.
pub const STATED_ITEMS_OF_ONE_SQL: &str = stated_items!("= $1");

type Columns = (Text, Nullable<Text>, Nullable<Text>, Bool, Bool);
type Row = (String, Option<String>, Option<String>, bool, bool);

prepared_statement!(StatedItems, STATED_ITEMS_SQL, Columns, { 1 => ids: &'a [&'a str] as Array<Text>, });
prepared_statement!(StatedItemsOfOne, STATED_ITEMS_OF_ONE_SQL, Columns, { 1 => id: &'a str as Text, });

/// `None` where they take more than the budget.
pub(super) fn load(
    connection: &mut PgConnection,
    requests: &[AnnotationRequestId],
    budget: &mut ByteBudget,
) -> Result<Option<Vec<StatedItem>>, DatabaseError> {
    let ids: Vec<&str> = requests.iter().map(AnnotationRequestId::as_str).collect();
    let mut items = Vec::new();
    let mut keep = |row: diesel::QueryResult<Row>| {
        let row = row?;
        let fits = budget.take(row.0.len() + row.1.as_ref().map_or(0, String::len));
        if fits {
            items.push(item(row)?);
        }
        Ok::<_, DatabaseError>(fits)
    };
    let fit = if let [id] = *ids {
        each(StatedItemsOfOne { id }.load_iter::<_, PgRowByRowLoadingMode>(connection)?, &mut keep)?
    } else {
        each(StatedItems { ids: &ids }.load_iter::<_, PgRowByRowLoadingMode>(connection)?, &mut keep)?
    };
    Ok(fit.then_some(items))
}

fn item((key, label, kind, is_found, is_whitelisted): Row) -> Result<StatedItem, DatabaseError> {
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("request_items.{column} of `{key}`: {what}"))
    };
    Ok(StatedItem {
        label: label.map(ItemLabel::new).transpose().map_err(|error| corrupt("label", &error))?,
        kind: kind.as_deref().map(operation_items::kind).transpose()?,
        is_found,
        is_whitelisted,
        key: OperationItemKey::new(key.as_str()).map_err(|error| corrupt("item_key", &error))?,
    })
}
