//! `GET /statistics`: one row for each task of the asked annotation requests.

use crate::database_time::DatabaseTime;
use crate::entity_tag::EntityTag;
use crate::error::ApiError;
use crate::page_links::page_links;
use crate::stamp::Stamp;
use crate::statistics_params::StatisticsParams;
use crate::{ApiState, envelope};
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderValue, LINK, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{CampaignScope, Statistics, StatisticsRepository};
use serde::Serialize;

/// For the client alone, and to be asked for again each time: the numbers are bills, and they change.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");

/// About the size of a row.
const ROW_BYTES: usize = 384;

/// The data of an answer.
#[derive(Serialize)]
struct Rows<'a> {
    count: u64,
    data: &'a [Statistics],
}

pub(crate) async fn get_statistics(
    request: HttpRequest,
    repository: web::Data<dyn StatisticsRepository>,
    state: web::Data<ApiState>,
    stamp: web::ReqData<Stamp>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    let settings = &state.settings;
    let params = StatisticsParams::parse(request.query_string(), settings)?;
    let found = time.measure(repository.find_page(&params.requests, params.page, &CampaignScope::All)).await?;
    let tag = EntityTag::new(&params, &found.revisions);
    if tag.is_known(request.headers()) {
        let mut answer = HttpResponse::NotModified().finish();
        set_caching(answer.headers_mut(), &tag);
        // The other answers get theirs where they are compressed.
        answer.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
        return Ok(answer);
    }
    let (count, rows) = (found.page.count, found.page.rows.as_slice());
    let mut answer = envelope::success(&stamp, &Rows { count, data: rows }, rows.len() * ROW_BYTES)?;
    set_caching(answer.headers_mut(), &tag);
    if let Some(links) = page_links(&settings.base_path, &params, count) {
        answer.headers_mut().insert(LINK, links);
    }
    Ok(answer)
}

fn set_caching(headers: &mut HeaderMap, tag: &EntityTag) {
    headers.insert(CACHE_CONTROL, CACHING);
    if let Some(tag) = tag.to_header() {
        headers.insert(ETAG, tag);
    }
}

#[cfg(test)]
#[path = "statistics_tests.rs"]
mod tests;
