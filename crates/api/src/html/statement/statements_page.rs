//! What the pages are made of.

use crate::auth::AccessGuard;
use crate::html::get_html::site;
use crate::html::html_response::{FORM_REFERRER, html_of, notice_response};
use crate::html::letterhead::ReaderParams;
use crate::html::query::list_of;
use crate::html::session::Visitor;
use crate::http::RequestContext;
use crate::response::{ApiError, InvalidParameter, RETRY_AFTER_SECONDS};
use crate::{ApiState, ResponseCode};
use actix_web::http::header::{REFERRER_POLICY, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse};
use annotation_statistics_access::{Access, Timestamp};
use annotation_statistics_domain::{AnnotationRequestId, RepositoryError, StatementError};
use annotation_statistics_page::{Requested, Site, StatementProblem, render_no_statement};

/// The site as the reader of the query has it.
///
/// # Errors
/// When keys cannot be read, or the query says something of the reader that cannot be.
pub(super) fn site_for_reader(
    request: &HttpRequest,
    state: &ApiState,
    context: &RequestContext,
    visitor: &Visitor,
) -> Result<(Site, Result<(), InvalidParameter>), ApiError> {
    let mut site = site(request, state, context, visitor)?;
    let (known, reader) = match ReaderParams::parse(request.query_string()) {
        Ok(known) => (known, Ok(())),
        Err(error) => (ReaderParams::default(), Err(error)),
    };
    (site.letterhead, site.times.zone) = (known.letterhead(state), known.zone(request, state));
    Ok((site, reader))
}

/// A page with its status. Browsers state the origin of its forms, and nothing of a share link.
pub(super) fn page_response(site: &Site, code: ResponseCode, html: String) -> HttpResponse {
    let mut response = html_of(code.status(), html);
    if !is_by_link(site) {
        response.headers_mut().insert(REFERRER_POLICY, FORM_REFERRER);
    }
    if code == ResponseCode::Unavailable {
        response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    if code != ResponseCode::Success {
        // For the metrics.
        response.extensions_mut().insert(code);
    }
    response
}

/// The page that says why there is no statement; the cause is logged.
pub(super) fn refused(
    site: &Site,
    id: Option<&AnnotationRequestId>,
    error: StatementError,
) -> Result<HttpResponse, ApiError> {
    let list = id.filter(|_| !is_by_link(site)).map(|id| list_of([id.as_str()]));
    let StatementError::UnknownStatement { name, .. } = &error else {
        return notice_response(site, &Requested::default(), &[], &in_words_of_notices(error), Vec::new());
    };
    let text = format!("There is no statement of the name {name} here.");
    let html = render_no_statement(site, &StatementProblem { title: "No such statement", text, list });
    Ok(page_response(site, ResponseCode::NotFound, html.map_err(ApiError::Page)?))
}

fn is_by_link(site: &Site) -> bool {
    matches!(site.visitor, annotation_statistics_page::Visitor::OfLink { .. })
}

/// The same in the words that notices know.
pub(super) fn in_words_of_notices(error: impl Into<ApiError>) -> ApiError {
    let error = error.into();
    if let ApiError::Statement(StatementError::UnknownAnnotationRequest(id)) = &error {
        return RepositoryError::UnknownAnnotationRequests(vec![id.clone()]).into();
    }
    error
}

/// Whether the visitor may make statements: those who have signed in with a key that may write, and where no keys are needed
/// everybody.
///
/// # Errors
/// When keys cannot be read.
pub(super) fn may_write(visitor: &Visitor, state: &ApiState) -> Result<bool, ApiError> {
    let Some(guard) = &state.guard else { return Ok(true) };
    let Some(id) = visitor.key() else { return Ok(false) };
    let now = Timestamp::from(state.clock.now().as_millisecond());
    Ok(AccessGuard::find(guard, id, now)?.is_some_and(|key| key.scopes.allow(Access::Write)))
}
