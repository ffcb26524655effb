//! The body of a query: the parameters of `GET /statistics` as JSON.

use crate::ApiSettings;
use crate::http::body::{JsonError, read_object};
use crate::http::parameters::{
    CAMPAIGN_ID, LIMIT, OFFSET, POOL_TYPE, STATEMENT, STATUS, bounded, flag, number, refuse_filter, statement_name,
};
use crate::response::{InvalidParameter, invalid, shown};
use crate::statistics::params::{RequestedPage, StatisticsParams, ZERO_FILL};
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::{LimitNumber, StatementNameText},
    response::schema::{AnnotationRequestIdText, PageNumber},
};
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds, StatementName};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt::Display;
use utoipa::ToSchema;

pub(crate) const ANNOTATION_REQUEST_IDS: &str = "annotationRequestIds";

// Each value as it was sent, so that it is reported like one in a URL.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(
    as = StatisticsQuery,
    examples(json!({ "annotationRequestIds": ["7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b"], "offset": 1, "limit": 100 })),
)]
pub(crate) struct Given<'a> {
    /// The annotation requests: at most {max-query-ids} different ones, each of at most 255 bytes of UTF-8. Duplicates
    /// count once; the order of the list is that of the response.
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(inline, value_type = Vec<AnnotationRequestIdText>, required, min_items = 1)]
    annotation_request_ids: Option<&'a RawValue>,
    /// The page number, from 1.
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(inline, value_type = PageNumber)]
    offset: Option<&'a RawValue>,
    /// Rows per page; above {max-limit} it is lowered to {max-limit}.
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(inline, value_type = LimitNumber)]
    limit: Option<&'a RawValue>,
    /// `true`: each row has a 0 in `instanceInfo` for every operation item on the whitelist of the taxonomy of its annotation
    /// request that it lacks.
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    zero_fill: Option<&'a RawValue>,
    /// The response is that of the statements of this name, in place of what is recorded now.
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(inline, value_type = StatementNameText)]
    statement: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(ignore)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(ignore)]
    pool_type: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    #[schema(ignore)]
    campaign_id: Option<&'a RawValue>,
}

/// A null counts as given.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Reads a query.
pub(super) fn read_query(text: &str, settings: &ApiSettings) -> Result<StatisticsParams, InvalidParameter> {
    let given: Given = read_object(text).map_err(|error| invalid_body(&error))?;
    let filters = [(STATUS, given.status), (POOL_TYPE, given.pool_type), (CAMPAIGN_ID, given.campaign_id)];
    filters.into_iter().filter(|(_, value)| value.is_some()).try_for_each(|(name, _)| refuse_filter(name))?;
    let ids = ids(given.annotation_request_ids)?;
    let requests =
        AnnotationRequestIds::new(ids).map_err(|_| invalid(ANNOTATION_REQUEST_IDS, "must have at least one id"))?;
    let (offset, limit) = (whole(OFFSET, given.offset)?, whole(LIMIT, given.limit)?);
    let requests = bounded(requests, ANNOTATION_REQUEST_IDS, settings.max_query_ids)?;
    let zero_fill = truth(ZERO_FILL, given.zero_fill)?;
    let statement = given.statement.map(stated_name).transpose()?;
    RequestedPage { requests, offset, limit, zero_fill, statement }.within(settings.max_limit)
}

/// An invalid member is reported like an invalid parameter.
fn invalid_body(error: &JsonError) -> InvalidParameter {
    match &error.field {
        Some(name) => invalid(name, &error.reason),
        None => invalid("the body", &error.reason),
    }
}

fn ids(list: Option<&RawValue>) -> Result<Vec<AnnotationRequestId>, InvalidParameter> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let got = |value: &RawValue| format!("got {}", shown(value.get()));
    let values: Vec<&RawValue> = serde_json::from_str(list.get())
        .map_err(|_| invalid(ANNOTATION_REQUEST_IDS, &format!("must be a list, {}", got(list))))?;
    let id = |(place, value): (usize, &&RawValue)| {
        let text = serde_json::from_str::<String>(value.get());
        let id = match text {
            Ok(text) => AnnotationRequestId::new(text).map_err(|error| error.to_string()),
            Err(_) => Err(format!("must be a text, {}", got(value))),
        };
        id.map_err(|why| invalid(ANNOTATION_REQUEST_IDS, &format!("{why} (number {place} of the list)")))
    };
    (1..).zip(&values).map(id).collect()
}

fn stated_name(value: &RawValue) -> Result<StatementName, InvalidParameter> {
    let wrong = |why: &dyn Display| invalid(STATEMENT, &format!("{why}, got {}", shown(value.get())));
    let name = serde_json::from_str::<String>(value.get()).map_err(|_| wrong(&"must be a text"))?;
    statement_name(&name).map_err(|error| wrong(&error))
}

fn truth(name: &str, value: Option<&RawValue>) -> Result<bool, InvalidParameter> {
    let text = value.map_or("false", RawValue::get);
    flag(text).map_err(|why| invalid(name, &format!("{why}, got {}", shown(text))))
}

/// Digits as in a URL, and optionally a fraction of zeros, which is the same number in JSON.
fn whole(name: &str, value: Option<&RawValue>) -> Result<Option<i64>, InvalidParameter> {
    let Some(value) = value else {
        return Ok(None);
    };
    let (digits, fraction) = value.get().split_once('.').unwrap_or((value.get(), "0"));
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    let read = number(if is_whole { digits } else { value.get() }).map(Some);
    read.map_err(|why| invalid(name, &format!("{why}, got {}", shown(value.get()))))
}

#[cfg(test)]
#[path = "query_body_tests.rs"]
mod tests;
