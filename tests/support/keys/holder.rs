//! What the contract suites of access keys need of whatever they hold to the contracts.

use annotation_statistics_access::{AccessKey, KeyId, KeyScopes, KeySecret, Keys, Nonce, Nonces, Timestamp};
use annotation_statistics_domain::CampaignScope;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The two ports of access keys, and those who administrate them.
pub trait KeyHolder: Send + Sync + Sized {
    /// How long keys are good that cannot be read again.
    const MAX_AGE: Duration = Duration::from_secs(3);

    /// One without keys.
    fn empty() -> Self;

    /// The port that knows the keys.
    fn keys(&self) -> Arc<dyn Keys>;

    /// The port that knows the nonces.
    fn nonces(&self) -> Arc<dyn Nonces>;

    /// Adds a key.
    fn add(&self, key: AccessKey);

    /// Gives a key another secret; the one that it has is valid until the given time.
    fn rotate(&self, id: &KeyId, secret: &KeySecret, until: Timestamp);

    /// Revokes a key.
    fn revoke(&self, id: &KeyId);

    /// When a key was last used.
    fn last_use(&self, id: &KeyId) -> Option<Timestamp>;

    /// How many nonces are remembered.
    fn remembered(&self) -> usize;

    /// Takes the data out of reach.
    fn cut_off(&self);

    /// Brings the data back into reach.
    fn reconnect(&self);
}

/// A key of this name that may read, whose secret starts with its name.
pub fn access_key(id: &str) -> AccessKey {
    AccessKey {
        id: KeyId::new(id).unwrap(),
        secret: key_secret(id),
        previous: None,
        scopes: KeyScopes::Read,
        campaigns: CampaignScope::All,
        id_prefix: None,
        accepts_v1: true,
        expires: None,
    }
}

/// A secret that starts with this text.
pub fn key_secret(text: &str) -> KeySecret {
    KeySecret::new(format!("{text}-0123456789abcdef")).unwrap()
}

/// A nonce that starts with this text.
pub fn nonce(text: &str) -> Nonce {
    Nonce::new(format!("{text}-0123456789abcdef")).unwrap()
}

/// So many seconds from now.
pub fn seconds_from_now(seconds: i64) -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Timestamp::from(i64::try_from(now).unwrap() + seconds * 1_000)
}
