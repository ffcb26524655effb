//! The stated kinds of the operation items of a request (ADR 43, ADR 94).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{AnnotationRequestId, ItemKind, ItemKinds, OperationItemKey};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Bool, Text};

/// What an operator of a taxonomy makes, `slot` or `input`: a part of a slot is an instance, too.
macro_rules! taxonomy_kind {
    () => {
        "replace(x.kind, 'slotChildren', 'slot')"
    };
}
pub(super) use taxonomy_kind;

/// The kind of all rows of a group, where they state the same: what a taxonomy states counts, or else what was stated with
/// tasks.
macro_rules! kind_of_all {
    () => {
        concat!(
            "CASE WHEN count(coalesce(",
            taxonomy_kind!(),
            ", i.kind)) = count(*) AND min(coalesce(",
            taxonomy_kind!(),
            ", i.kind)) = max(coalesce(",
            taxonomy_kind!(),
            ", i.kind)) THEN min(coalesce(",
            taxonomy_kind!(),
            ", i.kind)) END"
        )
    };
}
pub(super) use kind_of_all;

/// What the taxonomy states comes last, so that it counts.
const KINDS: &str = concat!(
    "SELECT item_key, kind, false FROM operation_items WHERE annotation_request_id = $1 \
     UNION ALL SELECT x.item_key, ",
    taxonomy_kind!(),
    ", true FROM request_items AS x WHERE x.annotation_request_id = $1 ORDER BY 3"
);

prepared_statement!(Kinds, KINDS, (Text, Text, Bool), { 1 => id: &'a str as Text, });

/// The kinds that are stated for a request.
pub(super) fn load(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<ItemKinds, DatabaseError> {
    let rows: Vec<(String, String, bool)> = Kinds { id: id.as_str() }.load(connection)?;
    let item = |(key, name, _): (String, String, bool)| {
        let corrupt = |error| DatabaseError::Corrupt(format!("operation_items.item_key of `{id}`: {error}"));
        Ok((OperationItemKey::new(key).map_err(corrupt)?, kind(&name)?))
    };
    rows.into_iter().map(item).collect()
}

/// The kind with a name.
pub(crate) fn kind(name: &str) -> Result<ItemKind, DatabaseError> {
    let known = [ItemKind::Slot, ItemKind::Input].into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| DatabaseError::Corrupt(format!("operation_items.kind: `{name}` is neither slot nor input")))
}
