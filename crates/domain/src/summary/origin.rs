//! The statements that sums are of.

use crate::{AnnotationRequestId, Sha256, StatementHead, StatementName, StatementNumber};

/// The statement that the sums of an annotation request are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementOrigin {
    /// The request.
    pub annotation_request_id: AnnotationRequestId,
    /// The name of its statement.
    pub name: StatementName,
    /// The number of that.
    pub number: StatementNumber,
    /// The digest of its document.
    pub sha256: Sha256,
}

impl From<&StatementHead> for StatementOrigin {
    fn from(head: &StatementHead) -> Self {
        Self {
            annotation_request_id: head.annotation_request_id.clone(),
            name: head.name.clone(),
            number: head.number,
            sha256: head.sha256,
        }
    }
}
