//! The rows that a taxonomy is kept in: one for each operator.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{
    AnnotationRequestId, Count, ItemLabel, OperationItemKey, Operator, OperatorKind, OperatorType, Quantity, Taxonomy,
    TaxonomySource,
};
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use diesel::{OptionalExtension, RunQueryDsl};

/// The operators of the request `$1`, each after its parent.
pub const TAXONOMY_SQL: &str = "\
SELECT item_key, parent, kind, label, export_label, type, required, min_quantity, max_quantity, whitelisted, is_found \
FROM request_items WHERE annotation_request_id = $1 ORDER BY place";

/// Whether the taxonomy of the request `$1` was not stated; no row where it has none.
pub const TAXONOMY_SOURCE_SQL: &str = "SELECT is_found FROM request_items WHERE annotation_request_id = $1 LIMIT 1";

const DELETE_TAXONOMY: &str = "DELETE FROM request_items WHERE annotation_request_id = $1";

const INSERT_TAXONOMY: &str = "\
INSERT INTO request_items (annotation_request_id, place, item_key, parent, kind, label, export_label, type, required, \
min_quantity, max_quantity, whitelisted, is_found) \
SELECT $1, item.place - 1, item.item_key, item.parent, item.kind, item.label, item.export_label, item.type, \
item.required, item.min_quantity, item.max_quantity, item.whitelisted, $12 \
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::bigint[], \
$10::bigint[], $11::boolean[]) WITH ORDINALITY AS item (item_key, parent, kind, label, export_label, type, required, \
min_quantity, max_quantity, whitelisted, place)";

type Columns =
    (Text, Nullable<Text>, Text, Text, Nullable<Text>, Text, Bool, Nullable<BigInt>, Nullable<BigInt>, Bool, Bool);
type Row = (String, Option<String>, String, String, Option<String>, String, bool, Option<i64>, Option<i64>, bool, bool);

prepared_statement!(OperatorRows, TAXONOMY_SQL, Columns, { 1 => id: &'a str as Text, });
prepared_statement!(IsFound, TAXONOMY_SOURCE_SQL, Bool, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTaxonomy, DELETE_TAXONOMY, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(InsertTaxonomy, INSERT_TAXONOMY, BigInt, {
    1 => id: &'a str as Text,
    2 => keys: Vec<&'a str> as Array<Text>,
    3 => parents: Vec<Option<&'a str>> as Array<Nullable<Text>>,
    4 => kinds: Vec<&'a str> as Array<Text>,
    5 => labels: Vec<&'a str> as Array<Text>,
    6 => export_labels: Vec<Option<&'a str>> as Array<Nullable<Text>>,
    7 => types: Vec<&'a str> as Array<Text>,
    8 => required: Vec<bool> as Array<Bool>,
    9 => least: Vec<Option<i64>> as Array<Nullable<BigInt>>,
    10 => most: Vec<Option<i64>> as Array<Nullable<BigInt>>,
    11 => whitelisted: Vec<bool> as Array<Bool>,
    12 => is_found: bool as Bool,
});

/// The taxonomy of a request, and where it is from; an empty one where it has none.
pub(super) fn load(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
) -> Result<(Taxonomy, Option<TaxonomySource>), DatabaseError> {
    let rows: Vec<Row> = OperatorRows { id: id.as_str() }.load(connection)?;
    let source = rows.first().map(|row| source(row.10));
    let (mut operators, mut whitelist) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let is_whitelisted = row.9;
        let operator = operator(id, row)?;
        whitelist.extend(is_whitelisted.then(|| operator.key.clone()));
        operators.push(operator);
    }
    let taxonomy = Taxonomy::new(operators, Some(whitelist));
    let taxonomy = taxonomy.map_err(|error| DatabaseError::Corrupt(format!("request_items of `{id}`: {error}")))?;
    Ok((taxonomy, source))
}

/// Where the taxonomy of a request is from; `None` where it has none.
pub(super) fn find_source(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
) -> Result<Option<TaxonomySource>, DatabaseError> {
    let is_found: Option<bool> = IsFound { id: id.as_str() }.get_result(connection).optional()?;
    Ok(is_found.map(source))
}

fn source(is_found: bool) -> TaxonomySource {
    if is_found { TaxonomySource::Import } else { TaxonomySource::Stated }
}

/// Leaves nothing of the taxonomy of a request.
pub(super) fn delete(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<(), DatabaseError> {
    DeleteTaxonomy { id: id.as_str() }.execute(connection)?;
    Ok(())
}

/// Keeps the taxonomy of a request that has none.
pub(super) fn insert(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    taxonomy: &Taxonomy,
    source: TaxonomySource,
) -> Result<(), DatabaseError> {
    if taxonomy.is_empty() {
        return Ok(());
    }
    let operators = || taxonomy.operators().iter();
    let quantities = |bound: fn(Quantity) -> Option<Count>| {
        operators().map(|operator| bound(operator.quantity).map(Count::get)).collect()
    };
    let insert = InsertTaxonomy {
        id: id.as_str(),
        keys: operators().map(|operator| operator.key.as_str()).collect(),
        parents: operators().map(|operator| operator.parent.as_ref().map(OperationItemKey::as_str)).collect(),
        kinds: operators().map(|operator| operator.kind.name()).collect(),
        labels: operators().map(|operator| operator.label.as_str()).collect(),
        export_labels: operators().map(|operator| operator.export_label.as_ref().map(ItemLabel::as_str)).collect(),
        types: operators().map(|operator| operator.operator_type.as_str()).collect(),
        required: operators().map(|operator| operator.required).collect(),
        least: quantities(Quantity::min),
        most: quantities(Quantity::max),
        whitelisted: operators().map(|operator| taxonomy.whitelist().contains(&operator.key)).collect(),
        is_found: source == TaxonomySource::Import,
    };
    insert.execute(connection)?;
    Ok(())
}

fn operator(id: &AnnotationRequestId, row: Row) -> Result<Operator, DatabaseError> {
    let (key, parent, kind, label, export_label, operator_type, required, min, max, ..) = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("request_items.{column} of `{id}`, `{key}`: {what}"))
    };
    let count = |column: &str, number: Option<i64>| {
        number.map(Count::try_from).transpose().map_err(|error| corrupt(column, &error))
    };
    let known = OperatorKind::ALL.into_iter().find(|known| known.name() == kind);
    let quantity = Quantity::new(count("min_quantity", min)?, count("max_quantity", max)?);
    let export_label = export_label.map(ItemLabel::new).transpose();
    Ok(Operator {
        parent: parent.map(OperationItemKey::new).transpose().map_err(|error| corrupt("parent", &error))?,
        kind: known.ok_or_else(|| corrupt("kind", &"it is unknown"))?,
        label: ItemLabel::new(label).map_err(|error| corrupt("label", &error))?,
        export_label: export_label.map_err(|error| corrupt("export_label", &error))?,
        operator_type: OperatorType::new(operator_type).map_err(|error| corrupt("type", &error))?,
        required,
        quantity: quantity.map_err(|error| corrupt("min_quantity", &error))?,
        key: OperationItemKey::new(key.as_str()).map_err(|error| corrupt("item_key", &error))?,
    })
}
