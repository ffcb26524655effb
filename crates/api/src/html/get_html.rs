//! `GET /`: the HTML page. See ADR 32.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::Source;
use crate::html::html_response::{html_response, notice_response, recent};
use crate::html::query::{list_of, read_html_query, written_ids};
use crate::html::session::Visitor;
use crate::http::{DatabaseTime, RequestContext};
use crate::paths::STATISTICS;
use crate::response::ApiError;
use crate::statistics::StatisticsParams;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignScope, StatisticsRepository, SummaryQuery,
    SummaryRepository,
};
use annotation_statistics_page::{Download, Found, Notice, Outcome, Recent, Requested, STYLESHEET, Site};

/// How many recent annotation requests are offered.
const RECENT: u32 = 10;

/// How often totals and tasks are read until both are of one snapshot. After that they are shown with a remark.
const READS: usize = 3;

/// Reads what the HTML shows.
struct HtmlReads {
    state: web::Data<ApiState>,
    scope: CampaignScope,
    time: DatabaseTime,
    /// The part of the query with a share link, for the links of the page.
    link: String,
}

pub(crate) async fn show(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let site = site(&request, &state, &context, &visitor)?;
    let reads = HtmlReads { state: state.clone(), scope, time: time.into_inner(), link: visitor.link() };
    let (recent, failure) = match reads.recent().await {
        Ok(recent) => (recent, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let query = request.query_string();
    match failure.map_or_else(|| read_html_query(query, &state.settings).map_err(ApiError::from), Err) {
        Ok(params) => show_statistics(&reads, &site, &recent, params).await,
        Err(error) => notice_response(&site, &as_written(query), &recent, &error),
    }
}

/// Without a query, that of the annotation request that was changed last.
async fn show_statistics(
    reads: &HtmlReads,
    site: &Site,
    recent: &[Recent],
    query: Option<StatisticsParams>,
) -> Result<HttpResponse, ApiError> {
    let is_chosen = query.is_some();
    let Some(params) = query.or_else(|| latest(recent, &reads.state)) else {
        return html_response(site, &Requested::default(), &[], &Outcome::Notice(Notice::NothingRecorded));
    };
    let selection = selection(&params.requests, is_chosen, &reads.link);
    match reads.find(&params).await {
        Ok(found) => html_response(site, &selection, recent, &Outcome::Found(Box::new(found))),
        Err(error) => notice_response(site, &selection, recent, &error),
    }
}

fn site(
    request: &HttpRequest,
    state: &ApiState,
    context: &RequestContext,
    visitor: &Visitor,
) -> Result<Site, ApiError> {
    Ok(Site {
        api: format!("{}{STATISTICS}", state.settings.base_path).trim_start_matches('/').to_owned(),
        origin: origin(request, &state.origin),
        request_id: context.request_id.to_string(),
        downloads: downloads(),
        visitor: visitor.on_page(state)?,
    })
}

/// The ids of a query that cannot be read, so that the form shows them again.
fn as_written(query: &str) -> Requested {
    let ids = written_ids(query);
    let list = list_of(ids.iter().map(String::as_str));
    Requested { is_chosen: !ids.is_empty(), list, ids }
}

/// The stylesheet, under a name that changes with its content.
pub(crate) async fn stylesheet() -> HttpResponse {
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "text/css; charset=utf-8")).insert_header((CACHE_CONTROL, for_ever));
    response.body(STYLESHEET)
}

impl HtmlReads {
    /// Those who have a share link see its annotation requests and learn of no others.
    async fn recent(&self) -> Result<Vec<Recent>, ApiError> {
        if !self.link.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.time.measure(self.state.ports.summaries.find_recent(RECENT, &self.scope)).await?;
        Ok(found.into_iter().map(|request: AnnotationRequest| recent(request)).collect())
    }

    async fn find(&self, params: &StatisticsParams) -> Result<Found, ApiError> {
        let mut found = self.find_once(params).await?;
        for _ in 1..READS {
            if found.is_of_one_snapshot() {
                break;
            }
            found = self.find_once(params).await?;
        }
        Ok(found)
    }

    async fn find_once(&self, params: &StatisticsParams) -> Result<Found, ApiError> {
        let read = async |source: Source<'_, dyn SummaryRepository>| {
            source.port.summarize(&params.requests, &SummaryQuery::default(), &self.scope).await
        };
        let summary = self.time.measure(self.state.summaries().read(read, |_| true)).await?;
        let find = async |source: Source<'_, dyn StatisticsRepository>| {
            source.port.find_page(&params.requests, params.page, &self.scope).await
        };
        let repositories = self.state.repositories();
        let tasks = repositories.read(find, |_| true);
        Ok(Found { summary, tasks: self.time.measure(tasks).await?, page: params.page })
    }
}

fn downloads() -> Vec<Download> {
    let offers = annotation_statistics_exports::Download::ALL.iter();
    offers.map(|offer| Download { label: offer.label, about: offer.about, query: offer.query() }).collect()
}

/// The query for the annotation request that was changed last.
fn latest(recents: &[Recent], state: &ApiState) -> Option<StatisticsParams> {
    let latest = recents.first()?;
    StatisticsParams::parse(&latest.list, &state.settings).ok()
}

fn selection(requests: &AnnotationRequestIds, is_chosen: bool, link: &str) -> Requested {
    let list = list_of(requests.as_slice().iter().map(AnnotationRequestId::as_str)) + link;
    Requested { ids: requests.as_slice().iter().map(ToString::to_string).collect(), list, is_chosen }
}

/// The origin as the browser sees it, for commands to paste into a shell: an invalid host is not repeated.
pub(super) fn origin(request: &HttpRequest, listening: &str) -> String {
    let connection = request.connection_info();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let host = connection.host();
    let is_encrypted = connection.scheme() == "https" || listening.starts_with("https:");
    if !host.is_empty() && host.bytes().all(is_host) {
        format!("{}://{host}", if is_encrypted { "https" } else { "http" })
    } else {
        listening.to_owned()
    }
}

#[cfg(test)]
#[path = "get_html_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "session_tests.rs"]
mod session_tests;
