//! Whether a change of a request is committed where its COMMIT was not confirmed.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, Revision};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Bool, Text};

const HAS_REVISION: &str = "SELECT EXISTS (SELECT FROM annotation_requests WHERE id = $1 AND revision = $2)";

const WAS_DELETED: &str =
    "SELECT EXISTS (SELECT FROM deleted_annotation_requests WHERE annotation_request_id = $1 AND revision = $2)";

prepared_statement!(HasRevision, HAS_REVISION, Bool, { 1 => id: &'a str as Text, 2 => revision: i64 as BigInt, });
prepared_statement!(WasDeleted, WAS_DELETED, Bool, { 1 => id: &'a str as Text, 2 => revision: i64 as BigInt, });

/// What a committed change can be recognized by: no other change gives a request the same revision (ADR 11).
pub(super) enum ChangeMark {
    /// The request has this revision.
    Revised(AnnotationRequestId, Revision),
    /// The request was deleted by the change with this one.
    Deleted(AnnotationRequestId, Revision),
}

impl ChangeMark {
    /// Of a request as it is after the change.
    pub(super) fn of(request: &AnnotationRequest) -> Self {
        Self::Revised(request.id.clone(), request.revision)
    }

    /// Looks for it, on another connection. That it is not found proves nothing: a later change may have replaced it.
    pub(super) fn is_found(&self, connection: &mut PgConnection) -> Result<bool, DatabaseError> {
        let found = match self {
            Self::Revised(id, revision) => {
                HasRevision { id: id.as_str(), revision: revision.number() }.get_result(connection)
            }
            Self::Deleted(id, revision) => {
                WasDeleted { id: id.as_str(), revision: revision.number() }.get_result(connection)
            }
        };
        Ok(found?)
    }
}
