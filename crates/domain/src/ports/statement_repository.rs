//! The port that keeps statements.

use crate::{
    AnnotationRequestId, AnnotationRequestIds, BoxError, CampaignScope, FrameStart, PublishedKey, RepositoryError,
    RowFrame, SigningKeyId, Statement, StatementFormat, StatementHead, StatementName, StatementNumber,
};
use async_trait::async_trait;
use std::num::NonZeroU32;
use std::sync::Arc;

/// Makes statements of annotation requests and keeps them for ever: they are added, and never changed or removed.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `create` MUST give the format the summary that `SummaryRepository` returns for the request, and each of its tasks once,
///    in ascending order of their ids, all of one snapshot.
/// 2. The first statement of a request MUST have the number 1 and none before it, each later one the next number, and the
///    number and digest of the one before.
/// 3. `create` with a name that the request has MUST return that statement as it is, and make nothing.
/// 4. Of several that make a statement of one name at the same time, all MUST get the same statement, and one MUST be made.
/// 5. Several that make statements of different names at the same time MUST NOT leave a number out or give one twice.
/// 6. Where the format fails, `create` MUST fail with `Format`, and leave everything as it was.
/// 7. Making a statement MUST NOT change the revision of the request, nor keep others from recording.
/// 8. `find` MUST return the head, the body and the signature as they were made, whatever is recorded afterwards.
/// 9. `list` MUST return the heads of the statements in descending order of their numbers, in pages that have each once.
/// 10. `find_frames` MUST return the frames as they were made, in their order, at most as many as requested, from the place
///     on, or from the last frame whose first task is not behind the given one; none past the end.
/// 11. What is not there, or is of a campaign outside the scope, MUST fail with `UnknownAnnotationRequest` or
///     `UnknownStatement`.
/// 12. `create` MUST publish the key of the format, where it is not published; `list_keys` MUST return each published key, in
///     the order in which they were published.
/// 13. `retire_key` MUST set the time once and for all, and fail with `UnknownKey` where the key is not published; `create`
///     with a retired key MUST fail with `KeyRetired`.
/// 14. Where the data cannot be reached within the implementation's time limit each of them MUST fail with `Unavailable`.
/// 15. `find_heads` MUST return the heads of the statements of one name of all given requests, in the order given, as `find`
///     returns them; else it MUST name each request that is unknown or of a campaign outside the scope, or else each that has no such
///     statement, in the order given.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait StatementRepository: Send + Sync {
    /// Makes a statement of the tasks that the request has, or finds the one of this name.
    ///
    /// # Errors
    /// [`StatementError`]; there is no statement then, except perhaps for [`OutcomeUnknown`](StatementError::OutcomeUnknown).
    async fn create(
        &self,
        new: NewStatement,
        scope: &CampaignScope,
        format: Arc<dyn StatementFormat>,
    ) -> Result<CreatedStatement, StatementError>;

    /// A statement without its rows.
    ///
    /// # Errors
    /// [`StatementError`].
    async fn find(
        &self,
        id: &AnnotationRequestId,
        name: &StatementName,
        scope: &CampaignScope,
    ) -> Result<Statement, StatementError>;

    /// The heads of the statements of one name of several requests, in the order given, as far as they are in the scope.
    ///
    /// # Errors
    /// [`RepositoryError`]: unknown requests are refused as `StatisticsRepository::find_page` refuses them, and then those that
    /// have no such statement, each with [`UnknownStatements`](RepositoryError::UnknownStatements).
    async fn find_heads(
        &self,
        requests: &AnnotationRequestIds,
        name: &StatementName,
        scope: &CampaignScope,
    ) -> Result<Vec<StatementHead>, RepositoryError> {
        let (mut heads, mut unknown, mut unstated) = (Vec::new(), Vec::new(), Vec::new());
        for id in requests.as_slice() {
            match self.find(id, name, scope).await {
                Ok(statement) => heads.push(statement.head),
                Err(StatementError::UnknownAnnotationRequest(id)) => unknown.push(id),
                Err(StatementError::UnknownStatement { annotation_request_id, .. }) => {
                    unstated.push(annotation_request_id);
                }
                Err(error) => return Err(error.into()),
            }
        }
        match (unknown.is_empty(), unstated.is_empty()) {
            (false, _) => Err(RepositoryError::UnknownAnnotationRequests(unknown)),
            (true, false) => Err(RepositoryError::UnknownStatements { name: name.clone(), requests: unstated }),
            (true, true) => Ok(heads),
        }
    }

    /// The statements of a request before a number, the latest first, at most so many.
    ///
    /// # Errors
    /// [`StatementError`]; never an unknown statement.
    async fn list(
        &self,
        id: &AnnotationRequestId,
        before: Option<StatementNumber>,
        limit: NonZeroU32,
        scope: &CampaignScope,
    ) -> Result<Vec<StatementHead>, StatementError>;

    /// Some of the rows of a statement that was found.
    ///
    /// # Errors
    /// [`StatementError`]; never an unknown statement: one that is not there has no frames.
    async fn find_frames(
        &self,
        id: &AnnotationRequestId,
        number: StatementNumber,
        start: FrameStart,
        most: NonZeroU32,
    ) -> Result<Vec<RowFrame>, StatementError>;

    /// All keys that statements are or were signed with.
    ///
    /// # Errors
    /// [`StatementError`]; never something unknown.
    async fn list_keys(&self) -> Result<Vec<PublishedKey>, StatementError>;

    /// Retires a key: nothing is signed with it any more.
    ///
    /// # Errors
    /// [`StatementError`]; never an unknown request or statement.
    async fn retire_key(&self, id: &SigningKeyId) -> Result<PublishedKey, StatementError>;
}

/// A statement to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStatement {
    /// The request that it is of.
    pub annotation_request_id: AnnotationRequestId,
    /// Its name.
    pub name: StatementName,
    /// Who makes it: the id of an access key, or where it is made; at most 255 bytes.
    pub actor: String,
}

/// A statement, and whether it was made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedStatement {
    /// The statement.
    pub statement: Statement,
    /// Whether it was made now; else it was there.
    pub is_new: bool,
}

/// Why a statement was not made or found.
///
/// Exhaustive on purpose: a new variant must be given a meaning by everyone who maps it.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// There is no such request.
    #[error("unknown annotation request: {0}")]
    UnknownAnnotationRequest(AnnotationRequestId),
    /// The request has no such statement.
    #[error("annotation request `{annotation_request_id}` has no statement `{name}`")]
    UnknownStatement {
        /// The request.
        annotation_request_id: AnnotationRequestId,
        /// The name.
        name: StatementName,
    },
    /// No such key is published.
    #[error("no key `{0}` is published")]
    UnknownKey(SigningKeyId),
    /// The key was retired.
    #[error("the signing key `{0}` is retired")]
    KeyRetired(SigningKeyId),
    /// The statement could not be written down or signed.
    #[error("the statement could not be made")]
    Format(#[source] BoxError),
    /// The data cannot be reached now; a retry may succeed.
    #[error("the statements cannot be reached")]
    Unavailable(#[source] BoxError),
    /// The data went out of reach while the statement was being committed: it is made, or not. A retry is safe.
    #[error("whether the statement was made is unknown")]
    OutcomeUnknown(#[source] BoxError),
    /// What is stored breaks a rule of the domain; only an operator can repair it.
    #[error("the stored statements are corrupt: {what}")]
    Corrupt {
        /// The table, the column and the key of the broken value, and the error.
        what: String,
    },
}

/// Of a read.
impl From<StatementError> for RepositoryError {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::UnknownAnnotationRequest(id) => Self::UnknownAnnotationRequests(vec![id]),
            StatementError::UnknownStatement { annotation_request_id, name } => {
                Self::UnknownStatements { name, requests: vec![annotation_request_id] }
            }
            StatementError::Unavailable(error) | StatementError::OutcomeUnknown(error) => Self::Unavailable(error),
            StatementError::Corrupt { what } => Self::Corrupt { what },
            // No read has these.
            StatementError::UnknownKey(_) | StatementError::KeyRetired(_) | StatementError::Format(_) => {
                Self::Corrupt { what: error.to_string() }
            }
        }
    }
}
