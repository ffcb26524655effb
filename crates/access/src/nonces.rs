//! The port that claims nonces, so that no signed request is accepted twice.

use crate::{KeyId, Nonce, Timestamp};
use annotation_statistics_domain::BoxError;
use async_trait::async_trait;

/// Claims nonces, for all servers together.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. The first use of a nonce MUST be reported as the first, and every later one as not.
/// 2. Of several who use a nonce at the same time exactly one MUST be reported as the first.
/// 3. The same nonce of another key MUST count as another one.
/// 4. A nonce MUST be remembered until the time that was given with it.
/// 5. What need not be remembered any more MUST go away.
/// 6. Where the nonces cannot be reached within the implementation's time limit it MUST fail with `NoncesUnavailable`.
/// 7. `check_ready` MUST succeed exactly when nonces can be remembered.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Nonces: Send + Sync {
    /// Claims a nonce of a key until the given timestamp; returns whether this is the first use.
    ///
    /// # Errors
    /// [`NoncesUnavailable`] when that is unknown.
    async fn is_first_use(&self, key: &KeyId, nonce: &Nonce, until: Timestamp) -> Result<bool, NoncesUnavailable>;

    /// Whether nonces can be remembered now.
    ///
    /// # Errors
    /// [`NoncesUnavailable`] when they cannot.
    async fn check_ready(&self) -> Result<(), NoncesUnavailable>;
}

/// Whether a nonce was used is unknown now; a retry may succeed.
#[derive(Debug, thiserror::Error)]
#[error("the used nonces cannot be reached")]
pub struct NoncesUnavailable(#[source] pub BoxError);
