//! Which annotation requests have statements.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::AnnotationRequestId;
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::Text;

/// The next thousand behind the id `$1`, in the byte order of the ids.
const STATED_REQUESTS: &str = "\
SELECT DISTINCT annotation_request_id FROM statements WHERE annotation_request_id > $1 \
ORDER BY annotation_request_id LIMIT 1000";

prepared_statement!(StatedRequests, STATED_REQUESTS, Text, { 1 => after: &'a str as Text, });

pub(super) fn load(connection: &mut PgConnection, after: &str) -> Result<Vec<AnnotationRequestId>, DatabaseError> {
    let ids: Vec<String> = StatedRequests { after }.load(connection)?;
    let known = |id: String| {
        let error = |error| DatabaseError::Corrupt(format!("statements.annotation_request_id `{id}`: {error}"));
        AnnotationRequestId::new(id.as_str()).map_err(error)
    };
    ids.into_iter().map(known).collect()
}
