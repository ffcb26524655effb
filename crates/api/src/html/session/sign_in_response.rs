//! The page that lets people sign in, in place of one that they may not see.

use crate::ApiState;
use crate::ResponseCode;
use crate::html::html_response::{FORM_REFERRER, html_of};
use crate::html::session::cookies::Cookie;
use crate::html::session::same_origin::is_from_elsewhere;
use crate::http::RequestContext;
use crate::response::{AccessError, ApiError};
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, REFERRER_POLICY, SET_COOKIE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use annotation_statistics_domain::ErrorChain;
use annotation_statistics_page::{SignInProblem, SignInView, render_sign_in};
use data_encoding::BASE64URL_NOPAD;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::sign_in";

/// The page changes with each browser, and its form is of no use to another one.
const CACHING: HeaderValue = HeaderValue::from_static("no-store");

/// Why the page is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reason<'a> {
    /// The sender shows nothing that says who it is.
    Unknown,
    /// What it shows is not valid, or cannot be checked.
    Refused(&'a AccessError),
    /// It tried to sign in, and was refused. There is one text for all reasons, so that it learns of no key.
    Attempt(&'a AccessError),
    /// A form was not sent by a page that this browser was given.
    Outdated,
}

/// What was filled in, to be shown again; never the secret.
#[derive(Debug, Default)]
pub(crate) struct Attempt {
    pub(super) key: String,
    pub(super) target: String,
}

impl Attempt {
    /// Where to go on after signing in: to the page that was requested.
    pub(crate) fn for_page(request: &HttpRequest) -> Self {
        let is_read = [Method::GET, Method::HEAD].contains(request.method());
        let (name, query) = (request.path().trim_start_matches('/'), request.query_string());
        let target = if query.is_empty() { name.to_owned() } else { format!("{name}?{query}") };
        Self { target: if is_read { target } else { String::new() }, key: String::new() }
    }
}

/// The page with its status: 401 with a challenge, as of the API, so that programs and caches do not take it for the page
/// that was requested.
pub(crate) fn sign_in_response(
    request: &HttpRequest,
    state: &ApiState,
    attempt: &Attempt,
    reason: Reason<'_>,
) -> Result<HttpResponse, ApiError> {
    let bound_to = Cookie::SignInForm.of(request, state);
    let is_new = bound_to.is_none();
    let bound_to = bound_to.unwrap_or_else(|| BASE64URL_NOPAD.encode(&rand::random::<[u8; 16]>()));
    let token_key = state.guard.as_ref().map(|guard| guard.token_key()).transpose();
    let (reason, form_token) = match &token_key {
        Ok(token_key) => (reason, token_key.as_ref().map(|token_key| token_key.form_token(&bound_to))),
        Err(error) => (Reason::Refused(error), None),
    };
    let html = render_sign_in(&SignInView {
        problem: problem(reason),
        form_token,
        key: attempt.key.clone(),
        target: attempt.target.clone(),
        is_from_elsewhere: is_from_elsewhere(request),
        request_id: RequestContext::of(request).map(|context| context.request_id.to_string()).unwrap_or_default(),
    });
    let mut response = html_of(status(reason), html.map_err(ApiError::Page)?);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, CACHING);
    headers.insert(REFERRER_POLICY, FORM_REFERRER);
    if is_new && let Some(cookie) = Cookie::SignInForm.set(&bound_to, None, request, state) {
        headers.append(SET_COOKIE, cookie);
    }
    set_headers(headers, reason);
    response.extensions_mut().insert(code(reason));
    Ok(response)
}

fn set_headers(headers: &mut HeaderMap, reason: Reason<'_>) {
    match reason {
        Reason::Refused(error) | Reason::Attempt(error) => {
            if error.code() == ResponseCode::Unavailable {
                headers.insert(actix_web::http::header::RETRY_AFTER, crate::response::RETRY_AFTER_SECONDS);
                tracing::warn!(target: TARGET, cause = ErrorChain(error).to_string(), "no user can be authenticated");
            }
            error.set_headers(headers);
        }
        Reason::Unknown => AccessError::UnknownKey.set_headers(headers),
        Reason::Outdated => {}
    }
}

fn code(reason: Reason<'_>) -> ResponseCode {
    match reason {
        Reason::Refused(error) | Reason::Attempt(error) => error.code(),
        Reason::Unknown | Reason::Outdated => ResponseCode::AuthenticationFailed,
    }
}

fn status(reason: Reason<'_>) -> StatusCode {
    if matches!(reason, Reason::Outdated) { StatusCode::FORBIDDEN } else { code(reason).status() }
}

fn problem(reason: Reason<'_>) -> Option<SignInProblem> {
    let (error, otherwise) = match reason {
        Reason::Unknown => return None,
        Reason::Outdated => return Some(SignInProblem::Outdated),
        Reason::Refused(error) => (error, SignInProblem::Ended),
        Reason::Attempt(error) => (error, SignInProblem::Refused),
    };
    Some(if error.code() == ResponseCode::TooManyRequests {
        SignInProblem::TooMany
    } else if error.code() == ResponseCode::Unavailable {
        SignInProblem::Unavailable
    } else {
        otherwise
    })
}
