//! Why a transaction of the registry changed nothing.

use crate::DatabaseError;
use crate::pool::{CORRUPT, CountedError, reason_of};
use annotation_statistics_domain::RegistryError;

/// A [`RegistryError`] that a transaction and the connection pool can also fail with.
pub(super) struct NotChanged(pub(super) RegistryError);

impl From<DatabaseError> for NotChanged {
    fn from(error: DatabaseError) -> Self {
        Self(if matches!(error, DatabaseError::DeadlineMissed(..)) {
            // A write that has begun goes on after its caller has stopped waiting.
            RegistryError::OutcomeUnknown(Box::new(error))
        } else {
            port_error(error)
        })
    }
}

impl CountedError for NotChanged {
    fn reason(&self) -> Option<&'static str> {
        match &self.0 {
            RegistryError::Unavailable(cause) | RegistryError::OutcomeUnknown(cause) => reason_of(cause),
            RegistryError::Corrupt { .. } => Some(CORRUPT),
            RegistryError::UnknownAnnotationRequest(_)
            | RegistryError::UnknownTask { .. }
            | RegistryError::CampaignConflict { .. }
            | RegistryError::CountingRuleConflict(_)
            | RegistryError::PreconditionFailed(_)
            | RegistryError::HasStatements { .. }
            | RegistryError::TooLarge { .. } => None,
        }
    }
}

impl From<diesel::result::Error> for NotChanged {
    fn from(error: diesel::result::Error) -> Self {
        Self::from(DatabaseError::from(error))
    }
}

pub(super) fn port_error(error: DatabaseError) -> RegistryError {
    if let DatabaseError::Corrupt(what) = error {
        RegistryError::Corrupt { what }
    } else {
        RegistryError::Unavailable(Box::new(error))
    }
}
