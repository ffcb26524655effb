//! An annotation request as it is stored: its columns, and how they become a type of the domain.

use crate::DatabaseError;
use crate::reading::stored_time::time;
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, CampaignId, CountingRuleName, Revision};
use diesel::data_types::PgTimestamp;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

/// The columns of a request. Timestamps as they are stored: a sharded database works nothing out in `RETURNING` that is not
/// immutable.
macro_rules! request_columns {
    () => {
        "r.id, r.campaign_id, r.counting_rule, r.task_count, r.revision, r.created_at, r.updated_at"
    };
}
pub(crate) use request_columns;

pub(crate) type RequestColumns = (Text, Text, Nullable<Text>, BigInt, BigInt, Timestamptz, Timestamptz);
pub(crate) type RequestRow = (String, String, Option<String>, i64, i64, PgTimestamp, PgTimestamp);

pub(crate) fn request(row: RequestRow) -> Result<AnnotationRequest, DatabaseError> {
    let (id, campaign_id, counting_rule, task_count, revision, created_at, updated_at) = row;
    let corrupt = |column: &str, what: &dyn std::fmt::Display| {
        DatabaseError::Corrupt(format!("annotation_requests.{column} of `{id}`: {what}"))
    };
    let rule = counting_rule.map(CountingRuleName::new).transpose();
    Ok(AnnotationRequest {
        campaign_id: CampaignId::new(campaign_id).map_err(|error| corrupt("campaign_id", &error))?,
        counting_rule: rule.map_err(|error| corrupt("counting_rule", &error))?,
        task_count: u64::try_from(task_count).map_err(|_| corrupt("task_count", &"it is negative"))?,
        revision: Revision::from(revision),
        created_at: time(created_at).ok_or_else(|| corrupt("created_at", &"it is no time"))?,
        updated_at: time(updated_at).ok_or_else(|| corrupt("updated_at", &"it is no time"))?,
        id: AnnotationRequestId::new(id.as_str()).map_err(|error| corrupt("id", &error))?,
    })
}
