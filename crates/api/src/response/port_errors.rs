//! The response code of each error of the ports.

use crate::ResponseCode;
use annotation_statistics_domain::{PreconditionFailed, RecordError, RegistryError, RepositoryError, StatementError};

pub(super) fn of_repository(error: &RepositoryError) -> ResponseCode {
    match error {
        RepositoryError::UnknownAnnotationRequests(_) => ResponseCode::UnknownAnnotationRequest,
        RepositoryError::UnknownStatements { .. } => ResponseCode::NotFound,
        RepositoryError::PageTooLarge { .. } | RepositoryError::SummaryTooLarge { .. } => ResponseCode::PayloadTooLarge,
        RepositoryError::Unavailable(_) => ResponseCode::Unavailable,
        RepositoryError::Corrupt { .. } => ResponseCode::Broken,
    }
}

pub(super) fn of_registry(error: &RegistryError) -> ResponseCode {
    match error {
        RegistryError::UnknownAnnotationRequest(_) => ResponseCode::UnknownAnnotationRequest,
        RegistryError::UnknownTask { .. } => ResponseCode::NotFound,
        RegistryError::CampaignConflict { .. }
        | RegistryError::CountingRuleConflict(_)
        | RegistryError::HasStatements { .. } => ResponseCode::Conflict,
        // As for a request of another campaign: the client must not learn that it exists.
        RegistryError::PreconditionFailed(PreconditionFailed { current: None, .. }) => {
            ResponseCode::UnknownAnnotationRequest
        }
        RegistryError::PreconditionFailed(_) => ResponseCode::PreconditionFailed,
        RegistryError::TooLarge { .. } => ResponseCode::PayloadTooLarge,
        // Changes are idempotent, so the client may retry in either case.
        RegistryError::Unavailable(_) | RegistryError::OutcomeUnknown(_) => ResponseCode::Unavailable,
        RegistryError::Corrupt { .. } => ResponseCode::Broken,
    }
}

pub(super) fn of_statement(error: &StatementError) -> ResponseCode {
    match error {
        StatementError::UnknownAnnotationRequest(_) => ResponseCode::UnknownAnnotationRequest,
        StatementError::UnknownStatement { .. } | StatementError::UnknownKey(_) => ResponseCode::NotFound,
        StatementError::KeyRetired(_) | StatementError::Unavailable(_) | StatementError::OutcomeUnknown(_) => {
            ResponseCode::Unavailable
        }
        StatementError::Format(_) | StatementError::Corrupt { .. } => ResponseCode::Broken,
    }
}

pub(super) fn of_recorder(error: &RecordError) -> ResponseCode {
    match error {
        // Rows are recorded into known requests only, with `If-Match` or without.
        RecordError::PreconditionFailed(PreconditionFailed { current: None, .. }) => {
            ResponseCode::UnknownAnnotationRequest
        }
        RecordError::PreconditionFailed(_) => ResponseCode::PreconditionFailed,
        RecordError::CampaignConflict { .. }
        | RecordError::CountingRuleConflict { .. }
        | RecordError::SourceNameConflict { .. }
        | RecordError::SourceNameTaken { .. }
        | RecordError::ItemKindConflict { .. } => ResponseCode::Conflict,
        // Recording is idempotent, so the client may retry in either case.
        RecordError::Unavailable(_) | RecordError::OutcomeUnknown(_) => ResponseCode::Unavailable,
        // The rows were validated before: no client can cause these.
        RecordError::Input(_) | RecordError::DuplicateTask { .. } | RecordError::Corrupt { .. } => ResponseCode::Broken,
    }
}
