//! `GET /`: the page for people.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::consistency::{KnownState, Source};
use crate::html::html_response::{answer_notice, answer_page, recent};
use crate::html::query::{list_of, read_question, written_ids};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::ApiError;
use crate::statistics::{StatisticsParams, find_page};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignScope, SummaryRepository,
};
use annotation_statistics_page::{Asked, Download, Found, Notice, Outcome, Recent, STYLESHEET, Site};

/// How many requests one can pick from.
const RECENT: u32 = 10;

/// How often sums and tasks are read, until both are of one moment. Then they are shown all the same, with a remark.
const READS: usize = 3;

/// What the page is made from.
struct PageReads {
    state: web::Data<ApiState>,
    scope: CampaignScope,
    time: DatabaseTime,
}

pub(crate) async fn show(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let reads = PageReads { state: state.clone(), scope, time: time.into_inner() };
    let site = Site {
        api: format!("{}{}", state.settings.base_path, crate::paths::STATISTICS).trim_start_matches('/').to_owned(),
        origin: origin(&request, &state.origin),
        request_id: context.request_id.to_string(),
        downloads: downloads(),
    };
    let query = request.query_string();
    let (recents, fault) = match reads.recent().await {
        Ok(recents) => (recents, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    let question = read_question(query, &state.settings).map_err(ApiError::from);
    let question = match (fault, question) {
        (None, Ok(question)) => question,
        (Some(fault), _) | (None, Err(fault)) => {
            let ids = written_ids(query);
            let list = list_of(ids.iter().map(String::as_str));
            let asked = Asked { is_chosen: !ids.is_empty(), list, ids };
            return answer_notice(&site, &asked, &recents, &fault);
        }
    };
    let is_chosen = question.is_some();
    let params = question.or_else(|| latest(&recents, &state));
    let Some(params) = params else {
        return answer_page(&site, &Asked::default(), &[], &Outcome::Notice(Notice::NothingRecorded));
    };
    let asked = asked(&params.requests, is_chosen);
    match reads.find(&params).await {
        Ok(found) => answer_page(&site, &asked, &recents, &Outcome::Found(Box::new(found))),
        Err(fault) => answer_notice(&site, &asked, &recents, &fault),
    }
}

/// The stylesheet of the page, under a name that changes with it.
pub(crate) async fn stylesheet() -> HttpResponse {
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/css; charset=utf-8")).insert_header((CACHE_CONTROL, for_ever));
    answer.body(STYLESHEET)
}

impl PageReads {
    async fn recent(&self) -> Result<Vec<Recent>, ApiError> {
        let found = self.time.measure(self.state.ports.summaries.find_recent(RECENT, &self.scope)).await?;
        Ok(found.into_iter().map(|request: AnnotationRequest| recent(request)).collect())
    }

    async fn find(&self, params: &StatisticsParams) -> Result<Found, ApiError> {
        let mut found = self.find_once(params).await?;
        for _ in 1..READS {
            if found.is_of_one_moment() {
                break;
            }
            found = self.find_once(params).await?;
        }
        Ok(found)
    }

    async fn find_once(&self, params: &StatisticsParams) -> Result<Found, ApiError> {
        let question = async |source: Source<'_, dyn SummaryRepository>| {
            source.port.summarize(&params.requests, &self.scope).await
        };
        let summary = self.time.measure(self.state.summaries().ask(question, |_| true)).await?;
        let (known, headers) = (KnownState::default(), HeaderMap::new());
        let tasks = find_page(&self.state, params, &self.scope, known, &headers);
        Ok(Found { summary, tasks: self.time.measure(tasks).await?, page: params.page })
    }
}

fn downloads() -> Vec<Download> {
    let offers = annotation_statistics_exports::Download::ALL.iter();
    offers.map(|offer| Download { label: offer.label, about: offer.about, query: offer.query() }).collect()
}

/// Who opens the page without a question sees what was changed last.
fn latest(recents: &[Recent], state: &ApiState) -> Option<StatisticsParams> {
    let latest = recents.first()?;
    StatisticsParams::parse(&latest.list, &state.settings).ok()
}

fn asked(requests: &AnnotationRequestIds, is_chosen: bool) -> Asked {
    let list = list_of(requests.as_slice().iter().map(AnnotationRequestId::as_str));
    Asked { ids: requests.as_slice().iter().map(ToString::to_string).collect(), list, is_chosen }
}

/// Where the browser found the page, for lines to be pasted into a shell: a host that is none is not repeated.
fn origin(request: &HttpRequest, listening: &str) -> String {
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
