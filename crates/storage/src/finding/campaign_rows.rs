//! Campaigns, and how far their annotation requests are.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::finding::request_walk::RequestWalk;
use crate::reading::stored_time;
use annotation_statistics_domain::{CampaignId, CampaignProgress, CampaignScope, FoundCampaigns};
use diesel::data_types::PgTimestamp;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use diesel::{OptionalExtension, RunQueryDsl};

/// The campaign behind `$1`, of those that have requests.
pub const NEXT_CAMPAIGN_SQL: &str =
    "SELECT r.campaign_id FROM annotation_requests AS r WHERE r.campaign_id > $1 ORDER BY r.campaign_id LIMIT 1";

/// The tasks, and the complete ones, of the requests of the campaign `$1` from the start of the list to the one changed at
/// `$2` with the id `$3`.
pub const CAMPAIGN_PROGRESS_SQL: &str = "\
SELECT coalesce(sum(t.tasks), 0)::bigint, coalesce(sum(t.tasks) FILTER (WHERE t.pool_type = 5), 0)::bigint \
FROM annotation_requests AS r JOIN statistics_totals AS t ON t.annotation_request_id = r.id \
WHERE r.campaign_id = $1 AND (r.updated_at, r.id) >= ($2, $3)";

prepared_statement!(NextCampaign, NEXT_CAMPAIGN_SQL, Text, { 1 => after: &'a str as Text, });
prepared_statement!(ProgressOfCampaign, CAMPAIGN_PROGRESS_SQL, (BigInt, BigInt), {
    1 => campaign: &'a str as Text,
    2 => from: PgTimestamp as Timestamptz,
    3 => from_id: &'a str as Text,
});

/// The campaigns behind a given one, with the sums over at most `most` requests of each.
pub(super) fn find(
    connection: &mut PgConnection,
    after: Option<&CampaignId>,
    limit: u32,
    scope: &CampaignScope,
    most: u32,
) -> Result<FoundCampaigns, DatabaseError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut last = after.cloned();
    let mut found = FoundCampaigns::default();
    while let Some(campaign) = next(connection, last.as_ref(), scope)? {
        if found.campaigns.len() == limit {
            found.next = found.campaigns.last().map(|campaign| campaign.campaign_id.clone());
            break;
        }
        found.campaigns.extend(progress(connection, &campaign, most)?);
        last = Some(campaign);
    }
    Ok(found)
}

/// The campaign behind this one.
fn next(
    connection: &mut PgConnection,
    after: Option<&CampaignId>,
    scope: &CampaignScope,
) -> Result<Option<CampaignId>, DatabaseError> {
    match scope {
        CampaignScope::Only(campaigns) => {
            Ok(campaigns.iter().find(|id| after.is_none_or(|after| *id > after)).cloned())
        }
        CampaignScope::All => {
            let after = after.map_or("", CampaignId::as_str);
            let found: Option<String> = NextCampaign { after }.get_result(connection).optional()?;
            let corrupt = |error| DatabaseError::Corrupt(format!("annotation_requests.campaign_id: {error}"));
            found.map(CampaignId::new).transpose().map_err(corrupt)
        }
    }
}

/// `None` where it has no requests.
fn progress(
    connection: &mut PgConnection,
    campaign: &CampaignId,
    most: u32,
) -> Result<Option<CampaignProgress>, DatabaseError> {
    let (requests, end) = RequestWalk::new(Some(campaign), &CampaignScope::All).bound(connection, most.into())?;
    if requests == 0 {
        return Ok(None);
    }
    let (from, from_id) =
        end.as_ref().map_or((PgTimestamp(i64::MIN), ""), |end| (stored_time::of(end.changed_at), end.id.as_str()));
    let (tasks, complete): (i64, i64) =
        ProgressOfCampaign { campaign: campaign.as_str(), from, from_id }.get_result(connection)?;
    Ok(Some(CampaignProgress {
        campaign_id: campaign.clone(),
        requests: requests.unsigned_abs(),
        is_all: end.is_none(),
        tasks: tasks.unsigned_abs(),
        complete_tasks: complete.unsigned_abs(),
    }))
}
