//! `POST /sign-in`: opens a session with an access key. See ADR 79.

use crate::auth::{AccessGuard, LinkedTo};
use crate::html::html_response::see_other;
use crate::html::session::cookies::Cookie;
use crate::html::session::destination::{location, next_of};
use crate::html::session::forms::{MAX_SIGN_IN_FORM, read_form};
use crate::html::session::identify::identify;
use crate::html::session::sign_in_response::{Attempt, Reason, sign_in_response};
use crate::http::Admitted;
use crate::http::body::FormBody;
use crate::response::{AccessError, ApiError};
use crate::state::ADMITTED;
use crate::{ApiState, ResponseCode};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_access::{Grant, KeyId, KeySecret, SignedToken, Timestamp};

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::sign_in";

/// `GET /sign-in`: the form, for those who followed a link of a page; the first page, as after a refused attempt that is
/// loaded again.
pub(crate) async fn to_page(request: HttpRequest, state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let guard = state.guard.clone().ok_or(ApiError::Refused(ResponseCode::NotFound))?;
    let Some(target) = next_of(request.query_string(), &state.settings.base_path) else {
        return Ok(see_other("./", None));
    };
    let now = Timestamp::from(state.clock.now().as_millisecond());
    let counted = state.settings.proxies.client_of_request(&request).map_or(Ok(()), |it| guard.count_address(it));
    let found = counted.and_then(|()| identify(&guard, &request, LinkedTo::Nothing, &state, now));
    let attempt = Attempt { key: String::new(), target };
    match &found {
        Ok(Some(_)) => Ok(see_other(&location(&attempt.target, &state), None)),
        Ok(None) => sign_in_response(&request, &state, &attempt, Reason::Unknown),
        Err(error) => sign_in_response(&request, &state, &attempt, Reason::Refused(error)),
    }
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
            Ok(see_other(&location(&attempt.target, &state), cookie))
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
