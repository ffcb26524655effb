//! What the command line names: an annotation request, a statement, a key.

use crate::cli::failure::Failure;
use annotation_statistics_domain::{AnnotationRequestId, SigningKeyId, StatementName};

pub(super) fn request(text: &str) -> Result<AnnotationRequestId, Failure> {
    AnnotationRequestId::new(text).map_err(|error| Failure::CommandLine(format!("--annotation-request-id {error}")))
}

pub(super) fn statement(text: &str) -> Result<StatementName, Failure> {
    StatementName::new(text).map_err(|error| Failure::CommandLine(format!("the name {text:?} {error}")))
}

pub(super) fn key(text: &str) -> Result<SigningKeyId, Failure> {
    SigningKeyId::try_from(text.to_owned()).map_err(|error| Failure::CommandLine(format!("the key {text:?} {error}")))
}
