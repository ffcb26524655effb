//! How a statement is made: its repository knows the numbers, and its format the bytes.

use crate::{BoxError, PublicKey, RecordedTask, RowFrame, RowsDigest, Sha256, StatementName, StatementNumber, Summary};
use std::time::SystemTime;

/// What a statement is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementFacts {
    /// Its name.
    pub name: StatementName,
    /// Its number.
    pub number: StatementNumber,
    /// The statement before it of the same request.
    pub previous: Option<PreviousStatement>,
    /// The sums of the one request that it is of, with its id, rule, revision, kinds and labels: of the snapshot of the tasks.
    pub summary: Summary,
    /// When that snapshot was taken.
    pub created_at: SystemTime,
}

/// The statement before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviousStatement {
    /// Its number.
    pub number: StatementNumber,
    /// The digest of its body.
    pub sha256: Sha256,
}

/// Makes the bytes of statements, signed with one key.
pub trait StatementFormat: Send + Sync {
    /// The public half of the key.
    fn public_key(&self) -> &PublicKey;

    /// Begins a statement.
    ///
    /// # Errors
    /// When there can be none of these facts.
    fn begin(&self, facts: StatementFacts) -> Result<Box<dyn StatementDraft>, BoxError>;
}

/// A statement that is being made. It is called on a thread that it may block.
pub trait StatementDraft: Send {
    /// The next task, in ascending order of their ids; returns a frame whenever one is full.
    ///
    /// # Errors
    /// When the task is not behind the one before, or not of the request.
    fn take(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, BoxError>;

    /// All tasks were taken.
    ///
    /// # Errors
    /// When the tasks do not add up to the sums of the facts.
    fn finish(self: Box<Self>) -> Result<SignedStatement, BoxError>;
}

/// A statement that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    /// The rows that did not fill a frame.
    pub last_frame: Option<RowFrame>,
    /// What all rows are.
    pub rows: RowsDigest,
    /// The bytes that are signed.
    pub body: Vec<u8>,
    /// Their digest.
    pub sha256: Sha256,
    /// Their signature.
    pub signature: [u8; 64],
}
