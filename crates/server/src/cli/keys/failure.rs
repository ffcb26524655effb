//! What a command about keys fails with.

use crate::cli::failure::Failure;
use annotation_statistics_access::KeyId;
use annotation_statistics_domain::ErrorChain;
use annotation_statistics_storage::KeyRegistryError;

pub(super) fn known_id(id: &str) -> Result<KeyId, Failure> {
    KeyId::new(id).map_err(|fault| Failure::Input(fault.to_string()))
}

pub(super) fn failure(fault: &KeyRegistryError) -> Failure {
    if let KeyRegistryError::Session(_) = fault {
        Failure::Unavailable(ErrorChain(fault).to_string())
    } else {
        Failure::Input(fault.to_string())
    }
}
