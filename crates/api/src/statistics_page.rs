//! The answer to a question about statistics, however it was asked.

use crate::counting_rules::counting_rules;
use crate::entity_tag::EntityTag;
use crate::envelope;
use crate::error::ApiError;
use crate::stamp::Stamp;
use crate::statistics_params::StatisticsParams;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, VARY};
use annotation_statistics_domain::{CountingRuleName, Statistics, StatisticsPage};
use serde::Serialize;

/// By which rules the asked requests were counted.
pub(crate) const COUNTING_RULE: HeaderName = HeaderName::from_static("counting-rule");
/// The limit that a larger one was lowered to.
pub(crate) const EFFECTIVE_LIMIT: HeaderName = HeaderName::from_static("effective-limit");

/// For the client alone, and to be asked for again each time: the numbers are bills, and they change.
pub(crate) const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");

/// About the size of a row.
const ROW_BYTES: usize = 384;

/// The data of an answer.
#[derive(Serialize)]
struct Rows<'a> {
    count: u64,
    data: &'a [Statistics],
}

/// The page, or that the client has it already.
pub(crate) fn answer_page(
    asked: &HeaderMap,
    stamp: &Stamp,
    params: &StatisticsParams,
    found: &StatisticsPage,
) -> Result<HttpResponse, ApiError> {
    let tag = EntityTag::new(params, &found.revisions);
    let rows = Rows { count: found.page.count, data: &found.page.rows };
    let size = rows.data.len() * ROW_BYTES;
    let mut answer = answer_with_tag(asked, stamp, &tag, &found.counting_rules, &rows, size)?;
    if params.is_lowered {
        answer.headers_mut().insert(EFFECTIVE_LIMIT, HeaderValue::from(params.page.limit().get()));
    }
    Ok(answer)
}

/// Data of about `size` bytes that was counted by these rules, or that the client has it already.
pub(crate) fn answer_with_tag(
    asked: &HeaderMap,
    stamp: &Stamp,
    tag: &EntityTag,
    rules: &[Option<CountingRuleName>],
    data: &impl Serialize,
    size: usize,
) -> Result<HttpResponse, ApiError> {
    let mut answer = if tag.is_known(asked) {
        let mut answer = HttpResponse::NotModified().finish();
        // The other answers get theirs where they are compressed.
        answer.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
        answer
    } else {
        envelope::success(stamp, data, size)?
    };
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, CACHING);
    headers.insert(COUNTING_RULE, counting_rules(rules));
    if let Some(tag) = tag.to_header() {
        headers.insert(ETAG, tag);
    }
    Ok(answer)
}
