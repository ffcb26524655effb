//! Answers for people: HTML that may load nothing but its own stylesheet, with the status that says what it is.

use crate::ResponseCode;
use crate::html::query::list_of;
use crate::response::ApiError;
use crate::response::envelope::WithoutEnvelope;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, RETRY_AFTER,
};
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, RepositoryError};
use annotation_statistics_page::{Asked, Notice, Outcome, Recent, Site, render};
use jiff::Timestamp;

/// No script, no frame, nothing from elsewhere; the icon is part of the page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The page with what was found.
pub(super) fn answer_page(
    site: &Site,
    asked: &Asked,
    recent: &[Recent],
    outcome: &Outcome,
) -> Result<HttpResponse, ApiError> {
    answer(StatusCode::OK, site, asked, recent, outcome)
}

/// The page that says why nothing is shown. The cause is logged, as for any other refusal.
pub(super) fn answer_notice(
    site: &Site,
    asked: &Asked,
    recent: &[Recent],
    fault: &ApiError,
) -> Result<HttpResponse, ApiError> {
    fault.log();
    let code = fault.code();
    let mut answer = answer(code.status(), site, asked, recent, &Outcome::Notice(notice(fault, asked)))?;
    if code == ResponseCode::Unavailable {
        answer.headers_mut().insert(RETRY_AFTER, crate::response::RETRY_AFTER_SECONDS);
    }
    // For whoever counts the refusals.
    answer.extensions_mut().insert(code);
    Ok(answer)
}

fn answer(
    status: StatusCode,
    site: &Site,
    asked: &Asked,
    recent: &[Recent],
    outcome: &Outcome,
) -> Result<HttpResponse, ApiError> {
    let html = render(site, asked, recent, outcome).map_err(ApiError::Page)?;
    let mut answer = HttpResponse::build(status).body(html);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer.extensions_mut().insert(WithoutEnvelope);
    Ok(answer)
}

fn notice(fault: &ApiError, asked: &Asked) -> Notice {
    match (fault, fault.code()) {
        (ApiError::InvalidParameter(why), _) => Notice::Unreadable { why: why.to_string() },
        (ApiError::Repository(fault @ RepositoryError::PageTooLarge { .. }), _) => {
            Notice::Unreadable { why: format!("{fault}: ask for fewer rows (limit)") }
        }
        (ApiError::Repository(RepositoryError::UnknownAnnotationRequests(ids)), _) => {
            let unknown: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let others: Vec<&str> = asked.ids.iter().map(String::as_str).filter(|id| !has(ids, id)).collect();
            let others = (!others.is_empty()).then(|| list_of(others));
            Notice::Unknown { unknown, others }
        }
        (_, ResponseCode::Unavailable) => Notice::Unavailable,
        _ => Notice::Broken,
    }
}

fn has(ids: &[AnnotationRequestId], asked: &str) -> bool {
    ids.iter().any(|id| id.as_str() == asked)
}

/// A request to pick, in the words of the page.
pub(super) fn recent(request: AnnotationRequest) -> Recent {
    let changed = Timestamp::try_from(request.updated_at).map(|time| time.strftime("%Y-%m-%d %H:%M UTC").to_string());
    Recent { list: list_of([request.id.as_str()]), changed: changed.unwrap_or_default(), request }
}
