//! Sums as they are answered.

use crate::response::Envelope;
#[cfg(feature = "openapi")]
use crate::response::schema::{self, CountNumber, SumNumber};
use crate::summary::parts::{CellBody, FilterBody};
use annotation_statistics_domain::{
    ItemKind, ItemLabel, ItemsBy, PoolType, RequestTotals, Summary, SummaryQuery, TaskStatus, Totals,
};
use serde::Serialize;
use utoipa::ToSchema;

/// About the size of an entry of any list.
const ENTRY_BYTES: usize = 160;

// The data of a summary.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SummaryBody<'a> {
    #[serde(flatten)]
    #[schema(inline)]
    totals: TotalsBody,
    operation_items: Vec<ItemBody<'a>>,
    pool_types: Vec<PoolBody>,
    statuses: Vec<StatusBody>,
    requests: Vec<RequestBody<'a>>,
    /// The sums of operation items kept apart; only where that is requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    operation_item_parts: Option<Vec<CellBody<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    filter: Option<FilterBody<'a>>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct SummaryEnvelope(#[schema(inline)] Envelope<'static, SummaryBody<'static>>);

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the fields of a row")]
struct TotalsBody {
    /// Tasks.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
    /// Instances of all tasks.
    #[schema(inline, value_type = SumNumber)]
    instance_num: u128,
    /// Attributes of all tasks.
    #[schema(inline, value_type = SumNumber)]
    attribute_num: u128,
    /// Frames of all tasks.
    #[schema(inline, value_type = SumNumber)]
    frame_num: u128,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OperationItemSum)]
struct ItemBody<'a> {
    key: &'a str,
    /// The name for people, where the taxonomies of the annotation requests give it one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    label: Option<&'a str>,
    #[schema(schema_with = schema::item_kind, required)]
    kind: Option<&'static str>,
    /// How many there are.
    #[schema(inline, value_type = SumNumber)]
    count: u128,
    /// Tasks that have any.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PoolTypeSums)]
struct PoolBody {
    #[schema(schema_with = schema::pool_type)]
    pool_type: PoolType,
    #[serde(flatten)]
    #[schema(inline)]
    totals: TotalsBody,
}

#[derive(Serialize, ToSchema)]
#[schema(as = StatusSums)]
struct StatusBody {
    #[schema(value_type = i32)]
    status: TaskStatus,
    #[serde(flatten)]
    #[schema(inline)]
    totals: TotalsBody,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RequestSums)]
struct RequestBody<'a> {
    annotation_request_id: &'a str,
    campaign_id: &'a str,
    #[schema(required)]
    counting_rule: Option<&'a str>,
    #[serde(flatten)]
    #[schema(inline)]
    totals: TotalsBody,
}

impl<'a> SummaryBody<'a> {
    pub(super) fn of(summary: &'a Summary, query: &'a SummaryQuery) -> Self {
        let item = |item: &'a annotation_statistics_domain::ItemTotal| ItemBody {
            key: item.key.as_str(),
            label: summary.label_of(&item.key).map(ItemLabel::as_str),
            kind: item.kind.map(ItemKind::name),
            count: item.count,
            task_num: item.tasks,
        };
        let pool = |(pool, totals): (&PoolType, &Totals)| PoolBody { pool_type: *pool, totals: totals.into() };
        let status = |(status, totals): (&TaskStatus, &Totals)| StatusBody { status: *status, totals: totals.into() };
        Self {
            totals: (&summary.totals()).into(),
            operation_items: summary.items().iter().map(item).collect(),
            pool_types: summary.pools().iter().map(pool).collect(),
            statuses: summary.statuses().iter().map(status).collect(),
            requests: summary.requests().iter().map(|(request, totals)| RequestBody::of(request, totals)).collect(),
            operation_item_parts: (query.items_by != ItemsBy::default())
                .then(|| summary.cells().iter().map(CellBody::from).collect()),
            filter: FilterBody::of(&query.filter),
        }
    }

    /// About its size when written.
    pub(super) fn bytes(&self) -> usize {
        let parts = self.operation_item_parts.as_ref().map_or(0, Vec::len);
        let lists =
            [self.operation_items.len(), self.pool_types.len(), self.statuses.len(), self.requests.len(), parts];
        ENTRY_BYTES * (1 + lists.iter().sum::<usize>())
    }
}

impl<'a> RequestBody<'a> {
    fn of(request: &'a RequestTotals, totals: &Totals) -> Self {
        Self {
            annotation_request_id: request.id.as_str(),
            campaign_id: request.campaign_id.as_str(),
            counting_rule: request.counting_rule.as_ref().map(annotation_statistics_domain::CountingRuleName::as_str),
            totals: totals.into(),
        }
    }
}

impl From<&Totals> for TotalsBody {
    fn from(totals: &Totals) -> Self {
        Self {
            task_num: totals.tasks,
            instance_num: totals.instances,
            attribute_num: totals.attributes,
            frame_num: totals.frames,
        }
    }
}
