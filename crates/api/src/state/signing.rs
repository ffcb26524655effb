//! What statements are signed with.

use annotation_statistics_domain::{BoxError, StatementFormat};
use std::fmt;
use std::sync::Arc;

type Load = dyn Fn() -> Result<Arc<dyn StatementFormat>, BoxError> + Send + Sync;

/// Gives the format that signs statements, each time that one is made: so a key can be replaced while the service runs. It
/// may read a file.
#[derive(Clone)]
pub struct SigningSource(Arc<Load>);

/// There is no key to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no signing key is set: set statements.signing_key_file, or see `annotation-statistics statement keygen --help`"
)]
struct NoSigningKey;

impl SigningSource {
    /// From this function.
    pub fn new(load: impl Fn() -> Result<Arc<dyn StatementFormat>, BoxError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(load))
    }

    /// The format, with the key of now.
    ///
    /// # Errors
    /// The cause for an operator where there is no key, or it cannot be read.
    pub fn load(&self) -> Result<Arc<dyn StatementFormat>, BoxError> {
        (self.0)()
    }
}

/// Without a key: no statements are made.
impl Default for SigningSource {
    fn default() -> Self {
        Self::new(|| Err(NoSigningKey.into()))
    }
}

impl fmt::Debug for SigningSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningSource")
    }
}
