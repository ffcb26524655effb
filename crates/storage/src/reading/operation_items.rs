//! The stated kinds of the operation items of a request (ADR 43).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{AnnotationRequestId, ItemKind, ItemKinds, OperationItemKey};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::Text;

const KINDS: &str = "SELECT item_key, kind FROM operation_items WHERE annotation_request_id = $1";

prepared_statement!(Kinds, KINDS, (Text, Text), { 1 => id: &'a str as Text, });

/// The kinds that are stated for a request.
pub(super) fn load(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<ItemKinds, DatabaseError> {
    let rows: Vec<(String, String)> = Kinds { id: id.as_str() }.load(connection)?;
    let item = |(key, name): (String, String)| {
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
