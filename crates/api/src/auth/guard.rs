//! Lets in who has a key for what they ask.

use crate::auth::caller::{Caller, LetIn};
use crate::auth::caller_prefix::CallerPrefix;
use crate::auth::caller_scope::CallerScope;
use crate::auth::canonical::{SignedHeaders, canonical_string};
use crate::auth::error::AccessFault;
use crate::auth::key_headers::{KeyHeaders, Proof};
use crate::auth::rate_limits::RateLimits;
use crate::auth::signature::{Signed, body_hash, hex};
use crate::auth::signed_body::hash_body;
use crate::response::error::ApiError;
use crate::{AccessSettings, ApiState};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use annotation_statistics_access::{
    Access, AccessKey, KeyId, KeySecret, Keys, Nonce, Nonces, NoncesUnavailable, Timestamp,
};
use annotation_statistics_domain::CampaignScope;
use governor::clock::DefaultClock;
use std::sync::Arc;
use std::time::Duration;

/// What it takes to tell who asks.
pub(crate) struct AccessGuard {
    keys: Arc<dyn Keys>,
    nonces: Arc<dyn Nonces>,
    settings: AccessSettings,
    limits: RateLimits,
    /// Stands in for secrets that are not there, so that their absence takes as long.
    nobody: String,
}

/// Lets a request through to the resource behind this, for which it needs this access, or answers why not.
pub(crate) async fn guard_access(
    access: Access,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(state) = request.app_data::<web::Data<ApiState>>().cloned() else {
        // Without a state nobody can tell who may pass.
        return Ok(request.error_response(ApiError::Panicked));
    };
    let (caller, scope, prefix) = match &state.guard {
        None => (Caller::address(state.settings.proxies.client_of(&request)), CampaignScope::All, None),
        Some(guard) => {
            let admitted = guard.admit(access, &mut request, &state).await;
            state.observer.asked_for_access(admitted.as_ref().err().map_or("let_in", outcome));
            match admitted {
                Ok((caller, key)) => {
                    LetIn::tell(&request);
                    (caller, key.campaigns.clone(), key.id_prefix.clone())
                }
                Err(fault) => return Ok(request.error_response(fault)),
            }
        }
    };
    request.extensions_mut().insert(CallerScope(scope));
    request.extensions_mut().insert(CallerPrefix(prefix));
    request.extensions_mut().insert(caller.clone());
    Ok(caller.in_scope(next.call(request)).await?.map_into_boxed_body())
}

impl AccessGuard {
    pub(crate) fn new(keys: Arc<dyn Keys>, nonces: Arc<dyn Nonces>, settings: AccessSettings) -> Self {
        let limits = RateLimits::new(&settings, &DefaultClock::default());
        Self { keys, nonces, settings, limits, nobody: hex(&rand::random::<[u8; 32]>()) }
    }

    /// Whether anybody could be let in now.
    pub(crate) fn check_ready(&self) -> Result<(), AccessFault> {
        let nobody = KeyId::new("nobody").map_err(|_| AccessFault::NoKey)?;
        Ok(self.keys.find(&nobody).map(drop)?)
    }

    /// Whether changes could be let in now.
    pub(crate) async fn check_nonces(&self) -> Result<(), NoncesUnavailable> {
        self.nonces.check_ready().await
    }

    /// In the order in which it costs least to be refused.
    async fn admit(
        &self,
        access: Access,
        request: &mut ServiceRequest,
        state: &ApiState,
    ) -> Result<(Caller, Arc<AccessKey>), ApiError> {
        if let Some(address) = state.settings.proxies.client_of(request) {
            self.limits.count_address(address)?;
        }
        let now = Timestamp::from(state.clock.now().as_millisecond());
        let given = KeyHeaders::read(request.headers())?;
        self.check_window(given.moment, now)?;
        let hash = self.hash_before_proof(&given, request, now, state).await?;
        let key = self.verify(&given, &canonical(request, &given, &hash), now)?;
        self.check_allowed(&key, &given.proof, access)?;
        let caller = Caller::key(&key.id);
        self.limits.count_key(&caller)?;
        match &given.proof {
            Proof::V1 { .. } => state.observer.let_in_by_v1(),
            Proof::V2 { nonce, announced, .. } => {
                if announced.is_some() && hash_body(request, caller.clone(), state).await? != hash {
                    return Err(AccessFault::WrongSignature.into());
                }
                if access == Access::Write {
                    caller.clone().in_scope(self.use_up(&key.id, nonce, given.moment)).await?;
                }
            }
        }
        self.keys.note_use(&key.id, now);
        Ok((caller, key))
    }

    /// The hash of the body that is signed. Where the head does not tell it, the body has to be read before anything is
    /// proved: that of a key which is not there, by no body could be.
    async fn hash_before_proof(
        &self,
        given: &KeyHeaders,
        request: &mut ServiceRequest,
        now: Timestamp,
        state: &ApiState,
    ) -> Result<String, ApiError> {
        match &given.proof {
            Proof::V1 { .. } => Ok(String::new()),
            Proof::V2 { announced: Some(hash), .. } => Ok(hash.clone()),
            Proof::V2 { announced: None, .. } if self.find(&given.key, now)?.is_none() => Ok(body_hash(b"")),
            Proof::V2 { announced: None, .. } => {
                let claimed = Caller::claimed(&given.key, state.settings.proxies.client_of(request));
                hash_body(request, claimed, state).await
            }
        }
    }

    /// Counts what a question costs besides being a request.
    pub(crate) fn count_ids(&self, caller: &Caller, ids: usize) -> Result<(), AccessFault> {
        self.limits.count_ids(caller, ids)
    }

    fn find(&self, key: &KeyId, now: Timestamp) -> Result<Option<Arc<AccessKey>>, AccessFault> {
        Ok(self.keys.find(key)?.filter(|key| key.is_valid_at(now)))
    }

    /// Lets nobody make a change twice. A read that is sent again gives what another one in its window may ask, and a nonce
    /// needs the database that is written to: reads go on without it.
    async fn use_up(&self, key: &KeyId, nonce: &Nonce, signed: Timestamp) -> Result<(), AccessFault> {
        // A signature is accepted until its time is a window ago; twice that, because clocks of servers differ.
        let until = signed.later_by(self.settings.window.saturating_mul(2));
        if self.nonces.is_first_use(key, nonce, until).await? { Ok(()) } else { Err(AccessFault::Replayed) }
    }

    fn check_window(&self, moment: Timestamp, now: Timestamp) -> Result<(), AccessFault> {
        let (skew, window) = (moment.millis_after(now), self.settings.window);
        let is_within = Duration::from_millis(skew.unsigned_abs()) <= window;
        if is_within { Ok(()) } else { Err(AccessFault::OutsideWindow { skew, window }) }
    }

    /// The key, if the signature is by it. Where there is no key, the same is computed with a secret that nobody has.
    fn verify(&self, given: &KeyHeaders, canonical: &str, now: Timestamp) -> Result<Arc<AccessKey>, AccessFault> {
        let key = self.find(&given.key, now)?;
        let secret = key.as_ref().map_or(self.nobody.as_str(), |key| key.secret.reveal());
        let previous =
            key.as_ref().and_then(|key| key.previous_at(now)).map_or(self.nobody.as_str(), KeySecret::reveal);
        let (signed, signature) = match &given.proof {
            Proof::V1 { signature } => (Signed::V1 { ts: &given.ts, key: given.key.as_str() }, signature),
            Proof::V2 { signature, .. } => (Signed::V2 { canonical }, signature),
        };
        let is_right = signed.is_by_one_of(signature, [secret, previous]);
        match key {
            None => Err(AccessFault::NoKey),
            Some(_) if !is_right => Err(AccessFault::WrongSignature),
            Some(key) => Ok(key),
        }
    }

    /// What the key may do is told to those only who have it.
    fn check_allowed(&self, key: &AccessKey, proof: &Proof, access: Access) -> Result<(), AccessFault> {
        if matches!(proof, Proof::V1 { .. }) {
            if !self.settings.accepts_v1 {
                return Err(AccessFault::NotAllowed("scheme v1 is turned off here: sign by v2"));
            }
            if access == Access::Write {
                return Err(AccessFault::NotAllowed("scheme v1 is for reads only: sign by v2"));
            }
            if !key.accepts_v1 {
                return Err(AccessFault::NotAllowed("this key does not accept scheme v1: sign by v2"));
            }
        }
        match (key.scopes.allow(access), access) {
            (true, _) => Ok(()),
            (false, Access::Read) => Err(AccessFault::NotAllowed("this key may not read")),
            (false, Access::Write) => Err(AccessFault::NotAllowed("this key may not write")),
        }
    }
}

/// What a refusal is counted as; what is no fault of access is one of the body that was to be signed.
fn outcome(fault: &ApiError) -> &'static str {
    if let ApiError::Access(fault) = fault { fault.outcome() } else { "unreadable_body" }
}

/// What is signed by scheme v2; scheme v1 signs nothing of it.
fn canonical(request: &ServiceRequest, given: &KeyHeaders, body_hash: &str) -> String {
    let Proof::V2 { nonce, .. } = &given.proof else { return String::new() };
    let headers = SignedHeaders { ts: &given.ts, nonce: nonce.as_str(), key: given.key.as_str() };
    canonical_string(request.method(), request.uri(), body_hash, headers)
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
