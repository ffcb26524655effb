//! The port that knows who may ask.

use crate::{AccessKey, KeyId, Timestamp};
use annotation_statistics_domain::BoxError;
use std::sync::Arc;

/// Knows the access keys.
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
/// 7. A use that is noted MUST be told to those who administrate the keys.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Keys: Send + Sync {
    /// The key of this name, if there is one that is not revoked. Never waits: the keys are at hand.
    ///
    /// # Errors
    /// [`KeysUnavailable`] when it is not known which keys there are.
    fn find(&self, id: &KeyId) -> Result<Option<Arc<AccessKey>>, KeysUnavailable>;

    /// Remembers that the key was used. Never waits, and never fails: this is told to people, and is not exact.
    fn note_use(&self, id: &KeyId, now: Timestamp);
}

/// It is not known now which keys there are; asking again later may help.
#[derive(Debug, thiserror::Error)]
#[error("the access keys cannot be reached")]
pub struct KeysUnavailable(#[source] pub BoxError);
