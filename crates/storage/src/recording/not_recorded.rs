//! Why a recording failed, within its transaction.

use crate::DatabaseError;
use crate::pool::{CORRUPT, CountedError, reason_of};
use crate::recording::stage::StageError;
use annotation_statistics_domain::RecordError;

/// A [`RecordError`] that a transaction and the connection pool can also fail with.
pub(super) struct NotRecorded(pub(super) RecordError);

impl From<DatabaseError> for NotRecorded {
    fn from(error: DatabaseError) -> Self {
        Self(if let DatabaseError::Corrupt(what) = error {
            RecordError::Corrupt { what }
        } else if matches!(error, DatabaseError::DeadlineMissed(..)) {
            // A write that has begun goes on after its caller has stopped waiting.
            RecordError::OutcomeUnknown(Box::new(error))
        } else {
            RecordError::Unavailable(Box::new(error))
        })
    }
}

impl CountedError for NotRecorded {
    fn reason(&self) -> Option<&'static str> {
        match &self.0 {
            RecordError::Unavailable(cause) | RecordError::OutcomeUnknown(cause) => reason_of(cause),
            RecordError::Corrupt { .. } => Some(CORRUPT),
            RecordError::Input(_)
            | RecordError::CampaignConflict { .. }
            | RecordError::CountingRuleConflict { .. }
            | RecordError::SourceNameConflict { .. }
            | RecordError::SourceNameTaken { .. }
            | RecordError::ItemKindConflict { .. }
            | RecordError::DuplicateTask { .. }
            | RecordError::PreconditionFailed(_) => None,
        }
    }
}

impl From<diesel::result::Error> for NotRecorded {
    fn from(error: diesel::result::Error) -> Self {
        Self::from(DatabaseError::from(error))
    }
}

impl From<StageError> for NotRecorded {
    fn from(error: StageError) -> Self {
        match error {
            StageError::Input(cause) => Self(RecordError::Input(cause)),
            StageError::Database(cause) => Self::from(cause),
        }
    }
}
