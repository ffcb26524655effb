//! The checks of what people show in place of a signature: tokens, and a secret in a form.

use crate::auth::guard::AccessGuard;
use crate::response::AccessError;
use annotation_statistics_access::{Access, AccessKey, Grant, KeyId, KeySecret, SignedToken, Timestamp, TokenKey};
use std::sync::Arc;

impl AccessGuard {
    /// The key that makes and checks tokens.
    pub(crate) fn token_key(&self) -> Result<Arc<TokenKey>, AccessError> {
        Ok(self.keys.token_key()?)
    }

    /// The key that a token is of, if the token is valid and the key may read.
    pub(crate) fn verify_token(
        &self,
        token: &SignedToken,
        grant: Grant<'_>,
        now: Timestamp,
    ) -> Result<Arc<AccessKey>, AccessError> {
        let key = self.find(token.key(), now)?;
        let is_valid = token.is_valid(&*self.token_key()?, key.as_deref(), &self.decoy, grant, now);
        key.filter(|_| is_valid).filter(may_read).ok_or(AccessError::NotSignedIn)
    }

    /// The key with this id and secret, and which of its secrets that is, if the key may read. An unknown key takes as long.
    pub(crate) fn verify_secret(
        &self,
        id: &KeyId,
        given: &KeySecret,
        now: Timestamp,
    ) -> Result<(Arc<AccessKey>, KeySecret), AccessError> {
        let (key, token_key) = (self.find(id, now)?, self.token_key()?);
        let current = key.as_ref().map_or(&self.decoy, |key| &key.secret);
        let previous = key.as_ref().and_then(|key| key.previous_at(now)).unwrap_or(&self.decoy);
        // Both are compared, whichever is right.
        let compared = [current, previous].map(|secret| (token_key.is_same_secret(given, secret), secret));
        let right = compared.into_iter().find_map(|(is_right, secret)| is_right.then(|| secret.clone()));
        key.filter(may_read).zip(right).ok_or(AccessError::NotSignedIn)
    }

    /// The key of a user whom a proxy has signed in, if the key may read.
    pub(crate) fn key_of_user(&self, id: &KeyId, now: Timestamp) -> Result<Arc<AccessKey>, AccessError> {
        self.find(id, now)?.filter(may_read).ok_or(AccessError::NotSignedIn)
    }
}

fn may_read(key: &Arc<AccessKey>) -> bool {
    key.scopes.allow(Access::Read)
}
