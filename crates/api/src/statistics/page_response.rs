//! Finds a page of rows, and makes the response of it.

use crate::consistency::{RequiredState, Source};
use crate::http::RequestContext;
use crate::response::schema::{CountNumber, StatisticsRow};
use crate::response::{ApiError, EntityTag, Envelope, ResponseTooLarge, WrittenSize, envelope, tagged_response};
use crate::statistics::params::StatisticsParams;
use crate::{ApiSettings, ApiState};
use actix_web::HttpResponse;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use annotation_statistics_domain::{
    CampaignScope, RegistryError, RepositoryError, Statistics, StatisticsPage, StatisticsRepository,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The limit that a larger one was lowered to.
const EFFECTIVE_LIMIT: HeaderName = HeaderName::from_static("effective-limit");

/// About the size of a row.
const ROW_BYTES: usize = 384;

// The data of a page.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rows<'a> {
    /// Rows over all pages of the requested annotation requests, exact.
    #[schema(inline, value_type = CountNumber)]
    count: u64,
    #[schema(value_type = [StatisticsRow])]
    data: &'a [Statistics],
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct StatisticsEnvelope(#[schema(inline)] Envelope<'static, Rows<'static>>);

/// The requested page, in the state that the client requires or a later one.
pub(crate) async fn find_page(
    state: &ApiState,
    params: &StatisticsParams,
    scope: &CampaignScope,
    known: RequiredState,
    headers: &HeaderMap,
) -> Result<StatisticsPage, RepositoryError> {
    let query = async |source: Source<'_, dyn StatisticsRepository>| {
        source.port.find_page(&params.requests, params.page, scope).await
    };
    let is_reached = |found: &StatisticsPage| {
        known.is_met_by(&found.revisions, &EntityTag::of_page(&params.requests, params.page, &found.revisions), headers)
    };
    state.repositories().read(query, is_reached).await
}

/// The response with a page, or 304.
///
/// # Errors
/// When the page has several rows and is larger than a response may be. A single row is sent whatever its size, so that all
/// that is recorded can be read.
pub(super) fn page_response(
    headers: &HeaderMap,
    context: &RequestContext,
    params: &StatisticsParams,
    found: &StatisticsPage,
    settings: &ApiSettings,
) -> Result<HttpResponse, ApiError> {
    let tag = EntityTag::of_page(&params.requests, params.page, &found.revisions);
    let rows = Rows { count: found.page.count, data: &found.page.rows };
    let size = rows.data.len() * ROW_BYTES;
    let max = if rows.data.len() > 1 { settings.max_answer } else { usize::MAX };
    let mut response = tagged_response(headers, &tag, &found.counting_rules, || {
        envelope::success_within(context, &rows, size, max)?.ok_or_else(|| too_large(rows.data, max).into())
    })?;
    if params.is_lowered {
        response.headers_mut().insert(EFFECTIVE_LIMIT, HeaderValue::from(params.page.limit().get()));
    }
    Ok(response)
}

/// A page that is too large to be loaded is reported like one that is too large to be sent.
pub(super) fn unless_too_large(error: RepositoryError, settings: &ApiSettings) -> ApiError {
    if let RepositoryError::PageTooLarge { largest } = error {
        return ResponseTooLarge { max: settings.max_answer, limit: fitting(settings.max_answer, largest) }.into();
    }
    error.into()
}

/// The same of tasks by their source name.
pub(crate) fn unless_tasks_are_too_large(error: RegistryError, settings: &ApiSettings) -> ApiError {
    if let RegistryError::TooLarge { largest } = error {
        return ResponseTooLarge { max: settings.max_answer, limit: fitting(settings.max_answer, largest) }.into();
    }
    error.into()
}

/// How many rows as large as the largest fit.
fn fitting(max: usize, largest: usize) -> usize {
    (max.saturating_sub(envelope::ENVELOPE_BYTES) / largest.saturating_add(1)).max(1)
}

/// The error with a limit at which even rows as large as the largest fit.
fn too_large(rows: &[Statistics], max: usize) -> ResponseTooLarge {
    let size = |row: &Statistics| {
        let mut size = WrittenSize::default();
        // A row that cannot be written has failed the response before.
        serde_json::to_writer(&mut size, row).map_or(0, |()| size.0)
    };
    let largest = rows.iter().map(size).max().unwrap_or_default();
    ResponseTooLarge { max, limit: fitting(max, largest) }
}
