//! The requests that were changed last.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::stored_request::{RequestColumns, RequestRow, request, request_columns};
use annotation_statistics_domain::{AnnotationRequest, CampaignId, CampaignScope};
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Text};

/// The `$1` requests that were changed last; those of one import, which have one timestamp, in the order of their ids.
pub const RECENT_REQUESTS_SQL: &str =
    concat!("SELECT ", request_columns!(), " FROM annotation_requests AS r ORDER BY r.updated_at DESC, r.id LIMIT $1");

/// The same for the campaigns `$2`. It skips the requests of all other campaigns that were changed later.
const RECENT_REQUESTS_OF_CAMPAIGNS: &str = concat!(
    "SELECT ",
    request_columns!(),
    " FROM annotation_requests AS r WHERE r.campaign_id = ANY($2) ORDER BY r.updated_at DESC, r.id LIMIT $1"
);

prepared_statement!(Recent, RECENT_REQUESTS_SQL, RequestColumns, { 1 => most: &'a i64 as BigInt, });
prepared_statement!(RecentOfCampaigns, RECENT_REQUESTS_OF_CAMPAIGNS, RequestColumns, {
    1 => most: i64 as BigInt,
    2 => campaigns: &'a [&'a str] as Array<Text>,
});

pub(super) fn load(
    connection: &mut PgConnection,
    most: u32,
    scope: &CampaignScope,
) -> Result<Vec<AnnotationRequest>, DatabaseError> {
    let most = i64::from(most);
    let rows: Vec<RequestRow> = match scope {
        CampaignScope::All => Recent { most: &most }.load(connection)?,
        CampaignScope::Only(campaigns) => {
            let campaigns: Vec<&str> = campaigns.iter().map(CampaignId::as_str).collect();
            RecentOfCampaigns { most, campaigns: &campaigns }.load(connection)?
        }
    };
    rows.into_iter().map(request).collect()
}
