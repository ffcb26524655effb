//! Decides by keys, signatures, nonces and rates whether a request is authorized.

use crate::AccessSettings;
use crate::auth::key_headers::{KeyHeaders, Proof};
use crate::auth::rate_limits::RateLimits;
use crate::auth::signature::Signed;
use crate::http::Caller;
use crate::response::AccessError;
use annotation_statistics_access::{
    Access, AccessKey, KeyId, KeySecret, Keys, Nonce, Nonces, NoncesUnavailable, Timestamp,
};
use governor::clock::DefaultClock;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The checks of a request with an access key; the middleware calls them in the order of their cost.
pub(crate) struct AccessGuard {
    pub(super) keys: Arc<dyn Keys>,
    nonces: Arc<dyn Nonces>,
    settings: AccessSettings,
    limits: RateLimits,
    /// Compared in place of a missing secret, so that the time of a response does not reveal which keys exist.
    pub(super) decoy: KeySecret,
}

impl AccessGuard {
    pub(crate) fn new(keys: Arc<dyn Keys>, nonces: Arc<dyn Nonces>, settings: AccessSettings) -> Self {
        let limits = RateLimits::new(&settings, &DefaultClock::default());
        Self { keys, nonces, settings, limits, decoy: KeySecret::hexadecimal(&rand::random()) }
    }

    /// Whether keys can be looked up now.
    pub(crate) fn check_ready(&self) -> Result<(), AccessError> {
        let probe = KeyId::new("readiness-probe").map_err(|_| AccessError::UnknownKey)?;
        Ok(self.keys.find(&probe).map(drop)?)
    }

    /// Whether nonces can be claimed now, which changes need.
    pub(crate) async fn check_nonces(&self) -> Result<(), NoncesUnavailable> {
        self.nonces.check_ready().await
    }

    /// Counts a request of an address, before anything of it is read.
    pub(crate) fn count_address(&self, address: IpAddr) -> Result<(), AccessError> {
        self.limits.count_address(address)
    }

    /// Counts a request of a key, once its signature is verified.
    pub(crate) fn count_key(&self, caller: &Caller) -> Result<(), AccessError> {
        self.limits.count_key(caller)
    }

    /// Records that the key was used.
    pub(crate) fn note_use(&self, key: &KeyId, now: Timestamp) {
        self.keys.note_use(key, now);
    }

    /// Counts what a query for so many ids costs besides being one request.
    pub(crate) fn count_ids(&self, caller: &Caller, ids: usize) -> Result<(), AccessError> {
        self.limits.count_ids(caller, ids)
    }

    pub(crate) fn find(&self, key: &KeyId, now: Timestamp) -> Result<Option<Arc<AccessKey>>, AccessError> {
        Ok(self.keys.find(key)?.filter(|key| key.is_valid_at(now)))
    }

    /// Refuses a replayed change. A replayed read within the window reveals nothing new, and a nonce needs the primary: reads
    /// work without it. See ADR 46.
    pub(crate) async fn claim_nonce(&self, key: &KeyId, nonce: &Nonce, signed: Timestamp) -> Result<(), AccessError> {
        // A signature is accepted until its timestamp is a window ago; twice that, because the clocks of servers differ.
        let until = signed.later_by(self.settings.window.saturating_mul(2));
        if self.nonces.is_first_use(key, nonce, until).await? { Ok(()) } else { Err(AccessError::Replayed) }
    }

    pub(crate) fn check_window(&self, timestamp: Timestamp, now: Timestamp) -> Result<(), AccessError> {
        let (skew, window) = (timestamp.millis_after(now), self.settings.window);
        let is_within = Duration::from_millis(skew.unsigned_abs()) <= window;
        if is_within { Ok(()) } else { Err(AccessError::OutsideWindow { skew, window }) }
    }

    /// The key, if it made the signature. Without a key, the same is computed with the decoy secret, so that it takes as long.
    pub(crate) fn verify(
        &self,
        given: &KeyHeaders,
        canonical: &str,
        now: Timestamp,
    ) -> Result<Arc<AccessKey>, AccessError> {
        let key = self.find(&given.key, now)?;
        let secret = key.as_ref().map_or(self.decoy.reveal(), |key| key.secret.reveal());
        let previous = key.as_ref().and_then(|key| key.previous_at(now)).map_or(self.decoy.reveal(), KeySecret::reveal);
        let (signed, signature) = match &given.proof {
            Proof::V1 { signature } => (Signed::V1 { ts: &given.ts, key: given.key.as_str() }, signature),
            Proof::V2 { signature, .. } => (Signed::V2 { canonical }, signature),
        };
        let is_right = signed.is_by_one_of(signature, [secret, previous]);
        match key {
            None => Err(AccessError::UnknownKey),
            Some(_) if !is_right => Err(AccessError::WrongSignature),
            Some(key) => Ok(key),
        }
    }

    /// Checked after the signature, so that only the owner of a key learns what it may do.
    pub(crate) fn check_allowed(&self, key: &AccessKey, proof: &Proof, access: Access) -> Result<(), AccessError> {
        if matches!(proof, Proof::V1 { .. }) {
            if !self.settings.accepts_v1 {
                return Err(AccessError::NotAllowed("scheme v1 is turned off here: sign by v2"));
            }
            if access == Access::Write {
                return Err(AccessError::NotAllowed("scheme v1 is for reads only: sign by v2"));
            }
            if !key.accepts_v1 {
                return Err(AccessError::NotAllowed("this key does not accept scheme v1: sign by v2"));
            }
        }
        match (key.scopes.allow(access), access) {
            (true, _) => Ok(()),
            (false, Access::Read) => Err(AccessError::NotAllowed("this key may not read")),
            (false, Access::Write) => Err(AccessError::NotAllowed("this key may not write")),
        }
    }
}
