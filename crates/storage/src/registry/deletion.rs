//! Deletes an annotation request with all that is kept of it, where that is no statement.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::registry::not_changed::NotChanged;
use crate::registry::statements::next_revision;
use crate::registry::taxonomy_rows;
use crate::statements;
use annotation_statistics_domain::{AnnotationRequestId, DeletedRequest, RegistryError, Revision};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};

/// Deleting is a change, too: the revision is later than any that the request had, and than its layouts, so that those of
/// a request that is known again are later, too (ADR 68).
const KEEP_LAST_REVISION: &str = concat!(
    "INSERT INTO deleted_annotation_requests (annotation_request_id, revision) SELECT r.id, ",
    next_revision!("greatest(r.revision, r.layout)"),
    " FROM annotation_requests AS r WHERE r.id = $1 \
     ON CONFLICT (annotation_request_id) DO UPDATE SET revision = excluded.revision RETURNING revision"
);

const DELETE_REQUEST: &str = "DELETE FROM annotation_requests WHERE id = $1";

const DELETE_TASKS: &str = "DELETE FROM statistics WHERE annotation_request_id = $1";

const DELETE_TOTALS: &str = "DELETE FROM statistics_totals WHERE annotation_request_id = $1";

const DELETE_ITEM_TOTALS: &str = "\
WITH gone AS (DELETE FROM item_group_totals WHERE annotation_request_id = $1) \
DELETE FROM operation_item_totals WHERE annotation_request_id = $1";

const DELETE_REMOVED_POSITIONS: &str = "DELETE FROM removed_positions WHERE annotation_request_id = $1";

const DELETE_ITEM_KINDS: &str = "DELETE FROM operation_items WHERE annotation_request_id = $1";

prepared_statement!(KeepLastRevision, KEEP_LAST_REVISION, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteRequest, DELETE_REQUEST, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTasks, DELETE_TASKS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteTotals, DELETE_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteItemTotals, DELETE_ITEM_TOTALS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteRemovedPositions, DELETE_REMOVED_POSITIONS, BigInt, { 1 => id: &'a str as Text, });
prepared_statement!(DeleteItemKinds, DELETE_ITEM_KINDS, BigInt, { 1 => id: &'a str as Text, });

/// Deletes the request, which must exist and be locked.
///
/// # Errors
/// [`RegistryError::HasStatements`], and those of the database.
pub(super) fn delete(
    connection: &mut PgConnection,
    request: &AnnotationRequestId,
) -> Result<DeletedRequest, NotChanged> {
    let id = request.as_str();
    let revision: i64 = KeepLastRevision { id }.get_result(connection)?;
    // Not before the deletion has met the statement that is being made (ADR 102).
    match statements::count(connection, request)? {
        0 => {}
        count => return Err(NotChanged(RegistryError::HasStatements { id: request.clone(), count })),
    }
    let tasks = DeleteTasks { id }.execute(connection)?;
    DeleteTotals { id }.execute(connection)?;
    DeleteItemTotals { id }.execute(connection)?;
    DeleteRemovedPositions { id }.execute(connection)?;
    DeleteItemKinds { id }.execute(connection)?;
    taxonomy_rows::delete(connection, request)?;
    DeleteRequest { id }.execute(connection)?;
    let tasks = u64::try_from(tasks).map_err(|error| DatabaseError::Corrupt(error.to_string()))?;
    Ok(DeletedRequest { tasks, revision: Revision::from(revision) })
}
