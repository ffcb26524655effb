//! Authorization: admits a request to a resource if its access key allows it.

use crate::ApiState;
use crate::ResponseCode;
use crate::auth::{
    AccessGuard, CallerPrefix, CallerScope, KeyHeaders, LinkedTo, Need, Proof, SignedHeaders, body_hash,
    canonical_string,
};
use crate::html::session::{identify, is_followed_link, to_sign_in};
use crate::http::body::hash_body;
use crate::http::{Admitted, Caller};
use crate::response::{AccessError, ApiError};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use annotation_statistics_access::{Access, AccessKey, Timestamp};
use std::sync::Arc;

/// Admits a request to the resource, for which it needs this, or responds with the error.
pub(crate) async fn guard_access(
    need: Need,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<web::Data<ApiState>>().cloned() else {
        // Without a state nothing is known about keys: refuse.
        return Ok(request.error_response(ApiError::Panicked));
    };
    let caller = match &state.guard {
        None => Caller::address(state.settings.proxies.client_of(&request)),
        Some(guard) => {
            let admitted = admit(guard, need, &mut request, &state).await;
            state.observer.access_checked(admitted.as_ref().err().map_or("let_in", outcome));
            match admitted {
                Ok((caller, key)) => {
                    Admitted::record(&request);
                    request.extensions_mut().insert(CallerScope(key.campaigns.clone()));
                    request.extensions_mut().insert(CallerPrefix(key.id_prefix.clone()));
                    caller
                }
                // What pages link to; for programs the refusal stays JSON.
                Err(error)
                    if need.by_link != LinkedTo::Nothing
                        && is_unauthenticated(&error)
                        && is_followed_link(request.request()) =>
                {
                    let response = to_sign_in(request.request());
                    return Ok(request.into_response(response));
                }
                Err(error) => return Ok(request.error_response(error)),
            }
        }
    };
    request.extensions_mut().insert(caller.clone());
    Ok(caller.in_scope(next.call(request)).await?.map_into_boxed_body())
}

/// Runs the checks in the order of their cost, so that a refusal is cheap. See ADR 25.
async fn admit(
    guard: &AccessGuard,
    need: Need,
    request: &mut ServiceRequest,
    state: &ApiState,
) -> Result<(Caller, Arc<AccessKey>), ApiError> {
    if let Some(address) = state.settings.proxies.client_of(request) {
        guard.count_address(address)?;
    }
    let now = Timestamp::from(state.clock.now().as_millisecond());
    if need.by_browser
        && !KeyHeaders::are_in(request.headers())
        && let Some((key, _)) = identify(guard, request.request(), need.by_link, state, now)?
    {
        let caller = Caller::key(&key.id);
        guard.count_key(&caller)?;
        guard.note_use(&key.id, now);
        return Ok((caller, key));
    }
    let access = need.access;
    let given = KeyHeaders::read(request.headers())?;
    guard.check_window(given.timestamp, now)?;
    let hash = hash_before_proof(guard, &given, request, now, state).await?;
    let key = guard.verify(&given, &canonical(request, &given, &hash), now)?;
    guard.check_allowed(&key, &given.proof, access)?;
    let caller = Caller::key(&key.id);
    guard.count_key(&caller)?;
    match &given.proof {
        Proof::V1 { .. } => state.observer.admitted_by_v1(),
        Proof::V2 { nonce, announced, .. } => {
            if announced.is_some() && hash_body(request, caller.clone(), state).await? != hash {
                return Err(AccessError::WrongSignature.into());
            }
            if access == Access::Write {
                caller.clone().in_scope(guard.claim_nonce(&key.id, nonce, given.timestamp)).await?;
            }
        }
    }
    guard.note_use(&key.id, now);
    Ok((caller, key))
}

/// The hash of the signed body. Where no header announces it, the body has to be read before the signature is verified;
/// not for an unknown key, which no body could make valid.
async fn hash_before_proof(
    guard: &AccessGuard,
    given: &KeyHeaders,
    request: &mut ServiceRequest,
    now: Timestamp,
    state: &ApiState,
) -> Result<String, ApiError> {
    match &given.proof {
        Proof::V1 { .. } => Ok(String::new()),
        Proof::V2 { announced: Some(hash), .. } => Ok(hash.clone()),
        Proof::V2 { announced: None, .. } if guard.find(&given.key, now)?.is_none() => Ok(body_hash(b"")),
        Proof::V2 { announced: None, .. } => {
            let claimed = Caller::claimed(&given.key, state.settings.proxies.client_of(request));
            hash_body(request, claimed, state).await
        }
    }
}

/// Whether signing in may help.
fn is_unauthenticated(error: &ApiError) -> bool {
    error.code() == ResponseCode::AuthenticationFailed
}

/// The label of a refusal in the metrics; errors other than of access come from reading the signed body.
fn outcome(error: &ApiError) -> &'static str {
    if let ApiError::Access(error) = error { error.outcome() } else { "unreadable_body" }
}

/// The canonical string that scheme v2 signs; scheme v1 signs none.
fn canonical(request: &ServiceRequest, given: &KeyHeaders, body_hash: &str) -> String {
    let Proof::V2 { nonce, .. } = &given.proof else { return String::new() };
    let headers = SignedHeaders { ts: &given.ts, nonce: nonce.as_str(), key: given.key.as_str() };
    canonical_string(request.method(), request.uri(), body_hash, headers)
}

#[cfg(test)]
#[path = "authorization_tests.rs"]
mod tests;
