//! `POST /sign-in`: opens a session with an access key. See ADR 79.

use crate::auth::AccessGuard;
use crate::html::session::cookies::Cookie;
use crate::html::session::forms::{MAX_SIGN_IN_FORM, read_form};
use crate::html::session::sign_in_response::{Attempt, Reason, sign_in_response};
use crate::http::Admitted;
use crate::http::body::FormBody;
use crate::paths::PAGES;
use crate::response::{AccessError, ApiError};
use crate::state::ADMITTED;
use crate::{ApiState, ResponseCode};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_access::{Grant, KeyId, KeySecret, SignedToken, Timestamp};

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::sign_in";

/// `GET /sign-in`, as after a refused attempt that is loaded again.
pub(crate) async fn to_page() -> HttpResponse {
    see_other("./", None)
}

pub(crate) async fn sign_in(
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    let guard = state.guard.clone().ok_or(ApiError::Refused(ResponseCode::NotFound))?;
    let client = state.settings.proxies.client_of_request(&request);
    let counted = client.map_or(Ok(()), |address| guard.count_address(address));
    let token_key = match counted.and_then(|()| guard.token_key()) {
        Ok(token_key) => token_key,
        Err(error) => return sign_in_response(&request, &state, &Attempt::default(), Reason::Refused(&error)),
    };
    let bound_to = Cookie::SignInForm.of(&request, &state).unwrap_or_default();
    let form = read_form(&request, payload, MAX_SIGN_IN_FORM, &state, &token_key, &bound_to).await?;
    let Some(form) = form else {
        return sign_in_response(&request, &state, &Attempt::default(), Reason::Outdated);
    };
    let attempt = Attempt { key: form.field("key"), target: form.field("target") };
    let checked = state.sign_ins.count(client, &attempt.key).and_then(|()| check(&guard, &form, &state));
    state.observer.access_checked(checked.as_ref().err().map_or(ADMITTED, AccessError::outcome));
    match checked {
        Ok(token) => {
            Admitted::record_of(&request);
            tracing::info!(target: TARGET, key = token.key().as_str(), "signed in");
            let time = state.settings.sign_in.session_time;
            let cookie = Cookie::Session.set(&token.to_string(), Some(time), &request, &state);
            Ok(see_other(&location(&attempt.target), cookie))
        }
        Err(error) => sign_in_response(&request, &state, &attempt, Reason::Attempt(&error)),
    }
}

/// The session, if the form has a key that may read and one of its secrets.
fn check(guard: &AccessGuard, form: &FormBody, state: &ApiState) -> Result<SignedToken, AccessError> {
    let now = Timestamp::from(state.clock.now().as_millisecond());
    let id = KeyId::new(form.field("key").trim()).map_err(|_| AccessError::NotSignedIn)?;
    let given = KeySecret::new(form.field("secret").trim()).map_err(|_| AccessError::NotSignedIn)?;
    let (key, secret) = guard.verify_secret(&id, &given, now)?;
    guard.note_use(&key.id, now);
    let expires = now.later_by(state.settings.sign_in.session_time);
    Ok(SignedToken::issue(&*guard.token_key()?, &key.id, &secret, expires, Grant::Session))
}

/// Where to go on: a page of this service, whatever the form says. Relative, so that it works behind any prefix.
fn location(target: &str) -> String {
    let name = target.split(['?', '#']).next().unwrap_or_default();
    let is_page = PAGES.iter().any(|page| page.trim_start_matches('/') == name);
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
    if is_page && is_plain { format!("./{target}") } else { "./".to_owned() }
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

#[cfg(test)]
#[path = "sign_in_tests.rs"]
mod tests;
