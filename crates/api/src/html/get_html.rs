//! `GET /`: the HTML page. See ADR 32.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::html::delivery_reads::DeliveryReads;
use crate::html::html_response::{html_response, notice_response, recent};
use crate::html::letterhead::ReaderParams;
use crate::html::query::{filter_of, in_pieces, list_of, read_html_query, written_ids};
use crate::html::session::Visitor;
use crate::http::{DatabaseTime, RequestContext};
use crate::paths::STATISTICS;
use crate::response::ApiError;
use crate::statistics::StatisticsParams;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignScope, IdPart, RequestSearch, TaskFilter,
};
use annotation_statistics_page::{
    Download, Found, Letterhead, Notice, Outcome, Recent, Requested, STYLESHEET, SimilarRequest, Site, Times,
};
use std::num::{NonZeroU32, NonZeroU64};

/// How many recent annotation requests are offered.
const RECENT: u32 = 10;

/// How many unknown ids get a hint, and how many known ones each is a part of are named.
const HINTED: usize = 3;
const HINTS: NonZeroU32 = NonZeroU32::new(3).unwrap();

/// Reads what the HTML shows.
struct HtmlReads {
    state: web::Data<ApiState>,
    scope: CampaignScope,
    time: DatabaseTime,
    /// The part of the query with a share link, for the links of the page.
    link: String,
    /// Which tasks are added up.
    filter: TaskFilter,
    /// Which page of the operation items is shown.
    item_page: NonZeroU64,
}

pub(crate) async fn show(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let query = request.query_string();
    let reader = ReaderParams::parse(query);
    let mut site = site(&request, &state, &context, &visitor)?;
    if let Ok(reader) = &reader {
        site.letterhead = reader.letterhead(&state);
        site.times.zone = reader.zone(&request, &state);
    }
    let mut reads = HtmlReads {
        state: state.clone(),
        scope,
        time: time.into_inner(),
        link: visitor.link(),
        filter: TaskFilter::default(),
        item_page: NonZeroU64::MIN,
    };
    let (recent, failure) = match reads.recent().await {
        Ok(recent) => (recent, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let read = || reader.and_then(|reader| Ok((reader, read_html_query(query, &state.settings)?)));
    match failure.map_or_else(|| read().map_err(ApiError::from), Err) {
        Ok((reader, read)) => {
            (reads.filter, reads.item_page) = (read.filter, read.item_page);
            let mut response = show_statistics(&reads, site, &recent, read.statistics).await?;
            if let Some(cookie) = reader.cookie(&request, &state) {
                response.headers_mut().insert(SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(error) => notice_response(&site, &as_written(query), &recent, &error, Vec::new()),
    }
}

/// Without a query, that of the annotation request that was changed last.
async fn show_statistics(
    reads: &HtmlReads,
    mut site: Site,
    recent: &[Recent],
    query: Option<StatisticsParams>,
) -> Result<HttpResponse, ApiError> {
    let is_chosen = query.is_some();
    let Some(params) = query.or_else(|| latest(recent, &reads.state)) else {
        return html_response(&site, &Requested::default(), &[], &Outcome::Notice(Notice::NothingRecorded));
    };
    let (params, found) = reads.find_listed(params).await;
    // After the reads, so that no change on the page is later.
    site.times.now = reads.state.clock.now();
    let selection = reads.selection(&params.requests, is_chosen);
    match found {
        Ok(found) => html_response(&site, &selection, recent, &Outcome::Found(Box::new(found))),
        Err(error) => {
            let similar = reads.similar(error.unknown_requests().unwrap_or_default()).await;
            notice_response(&site, &selection, recent, &error, similar)
        }
    }
}

pub(super) fn site(
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
        times: Times::default(),
        letterhead: Letterhead::default(),
    })
}

/// The ids of a query that cannot be read, so that the form shows them again.
fn as_written(query: &str) -> Requested {
    let ids = written_ids(query);
    let list = list_of(ids.iter().map(String::as_str));
    Requested { is_chosen: !ids.is_empty(), unfiltered: list.clone(), list, ids, filter: TaskFilter::default() }
}

/// The stylesheet, under a name that changes with its content.
pub(crate) async fn stylesheet() -> HttpResponse {
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, "text/css; charset=utf-8")).insert_header((CACHE_CONTROL, for_ever));
    response.body(STYLESHEET)
}

impl HtmlReads {
    async fn recent(&self) -> Result<Vec<Recent>, ApiError> {
        if self.is_by_link() {
            return Ok(Vec::new());
        }
        let found = self.time.measure(self.state.ports.summaries.find_recent(RECENT, &self.scope)).await?;
        Ok(found.into_iter().map(|request: AnnotationRequest| recent(request)).collect())
    }

    /// Whether the reader has a share link, which is good for its annotation requests and no others.
    fn is_by_link(&self) -> bool {
        !self.link.is_empty()
    }

    /// Ids that are unknown may be lists of ids: these are found then, and named.
    async fn find_listed(&self, params: StatisticsParams) -> (StatisticsParams, Result<Found, ApiError>) {
        let found = self.find(&params).await;
        let unknown = found.as_ref().err().filter(|_| !self.is_by_link()).and_then(ApiError::unknown_requests);
        match unknown.and_then(|unknown| in_pieces(&params, unknown, &self.state.settings)) {
            Some(pieces) => {
                let listed = self.find(&pieces).await;
                let is_known = |id: &AnnotationRequestId| match &listed {
                    Ok(_) => true,
                    Err(error) => error.unknown_requests().is_none_or(|unknown| !unknown.contains(id)),
                };
                let given = params.requests.as_slice();
                let mut listed_ids = pieces.requests.as_slice().iter().filter(|id| !given.contains(id));
                if listed_ids.any(is_known) { (pieces, listed) } else { (params, found) }
            }
            None => (params, found),
        }
    }

    /// Known requests with one of the first of these ids as a part of theirs; none where they cannot be found.
    async fn similar(&self, unknown: &[AnnotationRequestId]) -> Vec<SimilarRequest> {
        let mut similar = Vec::new();
        let hinted = if self.is_by_link() { 0 } else { HINTED };
        for id in unknown.iter().take(hinted) {
            let Ok(part) = IdPart::new(id.as_str()) else { continue };
            let search = RequestSearch { id_part: Some(part), ..RequestSearch::of_all(HINTS) };
            let found = self.time.measure(self.state.ports.finder.find_requests(&search, &self.scope)).await;
            let ids = found.unwrap_or_default().requests.into_iter().map(|listed| listed.request().id.to_string());
            similar.extend(ids.map(|id| SimilarRequest { list: list_of([id.as_str()]), id }));
        }
        similar
    }

    async fn find(&self, params: &StatisticsParams) -> Result<Found, ApiError> {
        let Self { state, scope, time, link, filter, item_page } = self;
        DeliveryReads { state, scope, time, link, filter, item_page: *item_page }.find(params).await
    }

    fn selection(&self, requests: &AnnotationRequestIds, is_chosen: bool) -> Requested {
        let ids = || requests.as_slice().iter().map(AnnotationRequestId::as_str);
        Requested {
            ids: ids().map(str::to_owned).collect(),
            list: list_of(ids()) + &filter_of(&self.filter) + &self.link,
            unfiltered: list_of(ids()) + &self.link,
            filter: self.filter.clone(),
            is_chosen,
        }
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
#[path = "letterhead_tests.rs"]
mod letterhead_tests;

#[cfg(test)]
#[path = "session_tests.rs"]
mod session_tests;
