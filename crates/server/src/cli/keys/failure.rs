//! Failures of the commands about keys.

use crate::cli::failure::Failure;
use annotation_statistics_access::KeyId;
use annotation_statistics_domain::ErrorChain;
use annotation_statistics_storage::KeyRegistryError;

pub(crate) fn known_id(id: &str) -> Result<KeyId, Failure> {
    KeyId::new(id).map_err(|error| Failure::Input(error.to_string()))
}

pub(crate) fn failure(error: &KeyRegistryError) -> Failure {
    if let KeyRegistryError::Connection(_) = error {
        Failure::Unavailable(ErrorChain(error).to_string())
    } else {
        Failure::Input(error.to_string())
    }
}
