//! An access key: its secrets, and what it authorizes.

use crate::{KeyId, KeySecret, Timestamp};
use annotation_statistics_domain::{CampaignScope, IdPrefix};

/// An access key: the secrets that clients sign with, and what it authorizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Its id, which is no secret.
    pub id: KeyId,
    /// The secret that clients sign with.
    pub secret: KeySecret,
    /// During a rotation, the secret before it.
    pub previous: Option<PreviousSecret>,
    /// What it may do.
    pub scopes: KeyScopes,
    /// The campaigns whose requests exist for it.
    pub campaigns: CampaignScope,
    /// The prefix of the ids of requests that it may register; `None` for any id.
    pub id_prefix: Option<IdPrefix>,
    /// Whether reads may be signed by scheme v1.
    pub accepts_v1: bool,
    /// When it expires; `None` for never.
    pub expires: Option<Timestamp>,
}

/// A secret that a newer one has replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousSecret {
    /// The secret.
    pub secret: KeySecret,
    /// When it expires.
    pub expires: Timestamp,
}

/// What a key may do: at least one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyScopes {
    /// Only reads.
    Read,
    /// Only writes.
    Write,
    /// Both.
    ReadAndWrite,
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It reads.
    Read,
    /// It records, changes or removes.
    Write,
}

impl AccessKey {
    /// Whether the key has not expired at this time.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }

    /// The secret before the rotation, while that has not expired.
    pub fn previous_at(&self, now: Timestamp) -> Option<&KeySecret> {
        self.previous.as_ref().filter(|previous| now < previous.expires).map(|previous| &previous.secret)
    }
}

impl KeyScopes {
    /// Whether they authorize a request that does this.
    pub fn allow(self, access: Access) -> bool {
        matches!((self, access), (Self::ReadAndWrite, _) | (Self::Read, Access::Read) | (Self::Write, Access::Write))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(expires: Option<i64>, previous: i64) -> AccessKey {
        let secret = |text: &str| KeySecret::new(text).unwrap();
        AccessKey {
            id: KeyId::new("a").unwrap(),
            secret: secret("0123456789abcdef"),
            previous: Some(PreviousSecret { secret: secret("fedcba9876543210"), expires: Timestamp::from(previous) }),
            scopes: KeyScopes::Read,
            campaigns: CampaignScope::All,
            id_prefix: None,
            accepts_v1: false,
            expires: expires.map(Timestamp::from),
        }
    }

    #[test]
    fn a_key_and_its_previous_secret_end_on_the_millisecond() {
        let key = key(Some(20), 10);
        assert!(key.previous_at(Timestamp::from(9)).is_some() && key.previous_at(Timestamp::from(10)).is_none());
        assert!(key.is_valid_at(Timestamp::from(19)) && !key.is_valid_at(Timestamp::from(20)));
        assert!(self::key(None, 10).is_valid_at(Timestamp::from(i64::MAX)));
    }

    #[test]
    fn a_scope_allows_what_it_says() {
        for (scopes, read, write) in
            [(KeyScopes::Read, true, false), (KeyScopes::Write, false, true), (KeyScopes::ReadAndWrite, true, true)]
        {
            assert_eq!((scopes.allow(Access::Read), scopes.allow(Access::Write)), (read, write), "{scopes:?}");
        }
    }
}
