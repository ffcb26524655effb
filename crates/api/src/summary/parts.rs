//! What a summary that was requested of a part of the tasks has besides: the filter, and operation items kept apart.

#[cfg(feature = "openapi")]
use crate::response::schema::{self, CountNumber, SumNumber};
use annotation_statistics_domain::{CampaignId, CellTotal, PoolType, TaskFilter, TaskStatus};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

// The filter that the sums are of, each list in the order of its values. A list that is left out restricts nothing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TaskFilter)]
pub(super) struct FilterBody<'a> {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<i32>, required = false)]
    status: &'a BTreeSet<TaskStatus>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<i32>, required = false)]
    pool_type: &'a BTreeSet<PoolType>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    campaign_id: BTreeSet<&'a str>,
}

// The sum of an operation item over the tasks of one request, pool type or status, as requested.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OperationItemPart)]
pub(super) struct CellBody<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    annotation_request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = schema::pool_type, required = false)]
    pool_type: Option<PoolType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i32, required = false)]
    status: Option<TaskStatus>,
    /// How many there are.
    #[schema(inline, value_type = SumNumber)]
    count: u128,
    /// Tasks that have any.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
}

impl<'a> FilterBody<'a> {
    /// `None` where all tasks are meant.
    pub(super) fn of(filter: &'a TaskFilter) -> Option<Self> {
        let TaskFilter { campaigns, pool_types, statuses } = filter;
        let campaign_id = campaigns.iter().map(CampaignId::as_str).collect();
        (!filter.is_empty()).then_some(Self { status: statuses, pool_type: pool_types, campaign_id })
    }
}

impl<'a> From<&'a CellTotal> for CellBody<'a> {
    fn from(cell: &'a CellTotal) -> Self {
        Self {
            key: cell.key.as_str(),
            annotation_request_id: cell.request.as_ref().map(annotation_statistics_domain::AnnotationRequestId::as_str),
            pool_type: cell.pool_type,
            status: cell.status,
            count: cell.count,
            task_num: cell.tasks,
        }
    }
}
