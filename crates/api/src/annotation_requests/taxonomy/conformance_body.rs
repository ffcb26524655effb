//! How tasks conform to a taxonomy, as clients see it.

use crate::http::RequestContext;
#[cfg(feature = "openapi")]
use crate::response::schema::{self, CountNumber};
use crate::response::{ApiError, Envelope, envelope};
use actix_web::HttpResponse;
use annotation_statistics_domain::{Conformance, Count, ItemConformance, OperatorKind, UnknownItem};
use serde::Serialize;
use utoipa::ToSchema;

/// About the size of a line, in bytes.
const LINE_BYTES: usize = 200;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Conformance)]
struct ConformanceBody<'a> {
    /// Tasks of the annotation request.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
    /// By operator, in the order of the taxonomy.
    operation_items: Vec<ItemBody<'a>>,
    /// The first 1,000 operation items that tasks have and no operator is of, in the byte order of their keys.
    unknown_items: Vec<UnknownBody<'a>>,
    /// Whether there are more of them.
    has_more_unknown_items: bool,
    /// Of the annotation request: different after each change of it.
    revision: i64,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct ConformanceEnvelope(#[schema(inline)] Envelope<'static, ConformanceBody<'static>>);

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ItemConformance)]
struct ItemBody<'a> {
    key: &'a str,
    label: &'a str,
    #[schema(schema_with = schema::operator_kind)]
    kind: OperatorKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = CountNumber, required = false)]
    min_quantity: Option<Count>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = CountNumber, required = false)]
    max_quantity: Option<Count>,
    required: bool,
    /// Tasks that have any.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
    /// Tasks that have fewer than the least, or none of what is required at the top.
    #[schema(inline, value_type = CountNumber)]
    below_min: u64,
    /// Tasks that have more than the most.
    #[schema(inline, value_type = CountNumber)]
    above_max: u64,
    /// Whether no task has any.
    never_used: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnknownItem)]
struct UnknownBody<'a> {
    key: &'a str,
    /// Tasks that have any.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
}

impl<'a> From<&'a ItemConformance> for ItemBody<'a> {
    fn from(item: &'a ItemConformance) -> Self {
        let operator = &item.operator;
        Self {
            key: operator.key.as_str(),
            label: operator.label.as_str(),
            kind: operator.kind,
            min_quantity: operator.quantity.min(),
            max_quantity: operator.quantity.max(),
            required: operator.required,
            task_num: item.tasks,
            below_min: item.below_min,
            above_max: item.above_max,
            never_used: item.is_never_used(),
        }
    }
}

impl<'a> From<&'a UnknownItem> for UnknownBody<'a> {
    fn from(item: &'a UnknownItem) -> Self {
        Self { key: item.key.as_str(), task_num: item.tasks }
    }
}

pub(super) fn response(context: &RequestContext, conformance: &Conformance) -> Result<HttpResponse, ApiError> {
    let unknown_items = conformance.unknown.iter().map(UnknownBody::from);
    let body = ConformanceBody {
        task_num: conformance.tasks,
        operation_items: conformance.items.iter().map(ItemBody::from).collect(),
        unknown_items: unknown_items.collect(),
        has_more_unknown_items: conformance.has_more_unknown,
        revision: conformance.revision.number(),
    };
    let lines = conformance.items.len() + conformance.unknown.len();
    Ok(envelope::success(context, &body, LINE_BYTES * (1 + lines))?)
}
