//! The port that finds access keys.

use crate::{AccessKey, KeyId, Timestamp, TokenKey};
use annotation_statistics_domain::BoxError;
use std::sync::Arc;

/// Finds the access keys, from memory.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. A key that was added MUST be found within a second, with all that it allows.
/// 2. A key that was revoked MUST NOT be found any more after a second.
/// 3. A key that was rotated MUST be found with its new secret within a second, and with the one before until that
///    expires.
/// 4. A key that was never added MUST NOT be found.
/// 5. Where the keys cannot be reached it MUST go on with those that it knows, and fail once they are older than its
///    limit.
/// 6. Back in reach it MUST find again.
/// 7. A use that is noted MUST be reported to the administrators of the keys.
/// 8. The token key MUST be the same for all that find these keys, whatever keys are added, rotated or revoked.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Keys: Send + Sync {
    /// The key of this id, if there is one that is not revoked. Never blocks: the keys are in memory.
    ///
    /// # Errors
    /// [`KeysUnavailable`] when the keys are unknown, or too old.
    fn find(&self, id: &KeyId) -> Result<Option<Arc<AccessKey>>, KeysUnavailable>;

    /// The key that makes and checks the tokens of browsers. Never blocks.
    ///
    /// # Errors
    /// [`KeysUnavailable`] when the keys are unknown, or too old.
    fn token_key(&self) -> Result<Arc<TokenKey>, KeysUnavailable>;

    /// Notes that the key was used. Never blocks, and never fails: it is shown to administrators, and is not exact.
    fn note_use(&self, id: &KeyId, now: Timestamp);
}

/// The keys are not known now; a retry may succeed.
#[derive(Debug, thiserror::Error)]
#[error("the access keys cannot be reached")]
pub struct KeysUnavailable(#[source] pub BoxError);
