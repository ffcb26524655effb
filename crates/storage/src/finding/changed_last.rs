//! The annotation requests that were changed last.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::finding::request_walk::RequestWalk;
use crate::reading::{RequestColumns, RequestRow, request, request_columns};
use annotation_statistics_domain::{AnnotationRequest, CampaignScope};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, Text};
use std::collections::HashMap;

const REQUESTS: &str = concat!("SELECT ", request_columns!(), " FROM annotation_requests AS r WHERE r.id = ANY($1)");

prepared_statement!(Requests, REQUESTS, RequestColumns, { 1 => ids: &'a [&'a str] as Array<Text>, });

/// At most so many of those in the scope; without their sums.
pub(crate) fn changed_last(
    connection: &mut PgConnection,
    most: u32,
    scope: &CampaignScope,
) -> Result<Vec<AnnotationRequest>, DatabaseError> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let places = RequestWalk::new(None, scope).next(connection, most)?;
    let ids: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
    let rows: Vec<RequestRow> = Requests { ids: &ids }.load(connection)?;
    let requests = rows.into_iter().map(|row| request(row).map(|request| (request.id.clone(), request)));
    let mut requests = requests.collect::<Result<HashMap<_, _>, _>>()?;
    Ok(places.iter().filter_map(|place| requests.remove(&place.id)).collect())
}
