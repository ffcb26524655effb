//! Authorization of HTML pages: admits people who have signed in or have a share link, and lets others sign in.

use crate::ApiState;
use crate::auth::{AccessGuard, CallerScope, LinkedTo};
use crate::html::session::{Attempt, Reason, Visitor, identify, sign_in_response};
use crate::http::{Admitted, Caller};
use crate::response::AccessError;
use crate::state::ADMITTED;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use annotation_statistics_access::{AccessKey, Timestamp};
use std::sync::Arc;

/// Admits a request to a page, or responds with the page that lets people sign in. Without access keys all are admitted.
/// Share links are good only for the pages that they are for.
pub(crate) async fn guard_page(
    linked: LinkedTo,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<web::Data<ApiState>>().cloned();
    let Some((state, guard)) = state.and_then(|state| state.guard.clone().map(|guard| (state, guard))) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let found = admit(&guard, &request, linked, &state);
    let outcome = found.as_ref().map(|found| if found.is_some() { ADMITTED } else { "not_signed_in" });
    state.observer.access_checked(outcome.unwrap_or_else(|error| error.outcome()));
    let reason = match &found {
        Ok(Some((key, visitor))) => {
            Admitted::record(&request);
            let caller = Caller::key(&key.id);
            request.extensions_mut().insert(CallerScope(key.campaigns.clone()));
            request.extensions_mut().insert(visitor.clone());
            request.extensions_mut().insert(caller.clone());
            return Ok(caller.in_scope(next.call(request)).await?.map_into_boxed_body());
        }
        Ok(None) => Reason::Unknown,
        Err(error) => Reason::Refused(error),
    };
    let attempt = Attempt::for_page(request.request());
    let response = sign_in_response(request.request(), &state, &attempt, reason);
    Ok(match response {
        Ok(response) => request.into_response(response),
        Err(error) => request.error_response(error),
    })
}

fn admit(
    guard: &AccessGuard,
    request: &ServiceRequest,
    linked: LinkedTo,
    state: &ApiState,
) -> Result<Option<(Arc<AccessKey>, Visitor)>, AccessError> {
    if let Some(address) = state.settings.proxies.client_of(request) {
        guard.count_address(address)?;
    }
    let now = Timestamp::from(state.clock.now().as_millisecond());
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    let linked = if is_read { linked } else { LinkedTo::Nothing };
    let Some((key, visitor)) = identify(guard, request.request(), linked, state, now)? else { return Ok(None) };
    guard.count_key(&Caller::key(&key.id))?;
    guard.note_use(&key.id, now);
    Ok(Some((key, visitor)))
}
