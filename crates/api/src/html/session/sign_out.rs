//! `POST /sign-out`: ends a session in its browser.

use crate::html::html_response::see_other;
use crate::html::session::cookies::Cookie;
use crate::html::session::forms::{MAX_SIGN_IN_FORM, read_form};
use crate::html::session::sign_in_response::{Attempt, Reason, sign_in_response};
use crate::html::session::visitor::Visitor;
use crate::response::ApiError;
use crate::{ApiState, ResponseCode};
use actix_web::{HttpRequest, HttpResponse, web};
use std::time::Duration;

pub(crate) async fn sign_out(
    request: HttpRequest,
    payload: web::Payload,
    visitor: Visitor,
    state: web::Data<ApiState>,
) -> Result<HttpResponse, ApiError> {
    let guard = state.guard.clone().ok_or(ApiError::Refused(ResponseCode::NotFound))?;
    let bound_to = visitor.sender().map(|(_, bound_to)| bound_to).unwrap_or_default();
    let form = read_form(&request, payload, MAX_SIGN_IN_FORM, &state, &*guard.token_key()?, &bound_to).await?;
    if form.is_none() {
        return sign_in_response(&request, &state, &Attempt::default(), Reason::Outdated);
    }
    Ok(see_other("./", Cookie::Session.set("", Some(Duration::ZERO), &request, &state)))
}
