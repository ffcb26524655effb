//! HTML responses, which may load nothing but their own stylesheet, with the status that the API would have.

use crate::ResponseCode;
use crate::html::query::list_of;
use crate::response::ApiError;
use crate::response::envelope::WithoutEnvelope;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    SET_COOKIE,
};
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, RepositoryError};
use annotation_statistics_page::{
    Findings, Notice, Outcome, Recent, Requested, SimilarRequest, Site, Visitor, render, render_findings,
};
use jiff::Timestamp;
use std::time::SystemTime;

/// No script, no frame, nothing from other origins; the icon is embedded.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Browsers state the origin of a form only if the policy of its page lets them state it to the same origin.
pub(super) const FORM_REFERRER: HeaderValue = HeaderValue::from_static("same-origin");

/// The HTML with what was found.
pub(super) fn html_response(
    site: &Site,
    selection: &Requested,
    recent: &[Recent],
    outcome: &Outcome,
) -> Result<HttpResponse, ApiError> {
    render_response(StatusCode::OK, site, selection, recent, outcome)
}

/// The HTML that says why nothing is shown. The cause is logged, as for any other error.
pub(super) fn notice_response(
    site: &Site,
    selection: &Requested,
    recent: &[Recent],
    error: &ApiError,
    similar: Vec<SimilarRequest>,
) -> Result<HttpResponse, ApiError> {
    error.log();
    let code = error.code();
    // A share link is good for its list and no other.
    let is_link = matches!(site.visitor, Visitor::OfLink { .. });
    let mut response = render_response(
        code.status(),
        site,
        selection,
        recent,
        &Outcome::Notice(notice(error, selection, similar, is_link)),
    )?;
    if code == ResponseCode::Unavailable {
        response.headers_mut().insert(RETRY_AFTER, crate::response::RETRY_AFTER_SECONDS);
    }
    // For the metrics.
    response.extensions_mut().insert(code);
    Ok(response)
}

/// The HTML with what was found, or with why nothing is shown. The cause is logged, as for any other error.
pub(super) fn findings_response(
    site: &Site,
    typed: Findings,
    found: Result<Findings, ApiError>,
) -> Result<HttpResponse, ApiError> {
    let (code, findings) = match found {
        Ok(found) => (ResponseCode::Success, found),
        Err(error) => {
            error.log();
            let why = match (&error, error.code()) {
                (ApiError::InvalidParameter(why), _) => format!("{why}. Change what you look for."),
                (_, ResponseCode::Unavailable) => "The database does not respond. Try again in a moment.".to_owned(),
                _ => format!("Something is wrong here: name {} to those who run the service.", site.request_id),
            };
            (error.code(), Findings { notice: Some(why), ..typed })
        }
    };
    let html = render_findings(site, &findings).map_err(ApiError::Page)?;
    let mut response = site_html(code.status(), html, site);
    if code == ResponseCode::Unavailable {
        response.headers_mut().insert(RETRY_AFTER, crate::response::RETRY_AFTER_SECONDS);
    }
    if code != ResponseCode::Success {
        response.extensions_mut().insert(code);
    }
    Ok(response)
}

fn render_response(
    status: StatusCode,
    site: &Site,
    selection: &Requested,
    recent: &[Recent],
    outcome: &Outcome,
) -> Result<HttpResponse, ApiError> {
    Ok(site_html(status, render(site, selection, recent, outcome).map_err(ApiError::Page)?, site))
}

/// A page with what its visitor may send.
fn site_html(status: StatusCode, html: String, site: &Site) -> HttpResponse {
    let mut response = html_of(status, html);
    if let Visitor::SignedIn(_) = site.visitor {
        response.headers_mut().insert(REFERRER_POLICY, FORM_REFERRER);
    }
    response
}

/// A page for this client alone.
pub(super) fn html_of(status: StatusCode, html: String) -> HttpResponse {
    let mut response = HttpResponse::build(status).body(html);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response.extensions_mut().insert(WithoutEnvelope);
    response
}

/// The response to a form that was accepted, which may set a cookie: the page is loaded by GET.
pub(super) fn see_other(location: &str, cookie: Option<HeaderValue>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    if let Some(cookie) = cookie {
        response.insert_header((SET_COOKIE, cookie));
    }
    response.insert_header((LOCATION, location)).finish()
}

fn notice(error: &ApiError, selection: &Requested, similar: Vec<SimilarRequest>, is_link: bool) -> Notice {
    match (error, error.code()) {
        (ApiError::InvalidParameter(why), _) => Notice::Unreadable { why: why.to_string() },
        (ApiError::Repository(error @ RepositoryError::PageTooLarge { .. }), _) => {
            Notice::Unreadable { why: format!("{error}: ask for fewer rows (limit)") }
        }
        (ApiError::Repository(error @ RepositoryError::SummaryTooLarge { .. }), _) => {
            Notice::Unreadable { why: format!("{error}: ask for fewer annotation requests") }
        }
        (ApiError::Repository(RepositoryError::UnknownAnnotationRequests(ids)), _) => {
            let unknown: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let others: Vec<&str> = selection.ids.iter().map(String::as_str).filter(|id| !has(ids, id)).collect();
            let others = (!others.is_empty() && !is_link).then(|| list_of(others));
            Notice::Unknown { unknown, others, similar }
        }
        (_, ResponseCode::Unavailable) => Notice::Unavailable,
        _ => Notice::Broken,
    }
}

fn has(ids: &[AnnotationRequestId], selection: &str) -> bool {
    ids.iter().any(|id| id.as_str() == selection)
}

/// A recent annotation request to select.
pub(super) fn recent(request: AnnotationRequest) -> Recent {
    Recent { list: list_of([request.id.as_str()]), changed: in_words(request.updated_at), request }
}

/// A time to the minute.
pub(super) fn in_words(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}
