//! Why a statement is not verified, in words for the people who are to pay by it.

use crate::EnvelopeError;
use annotation_statistics_domain::{SigningKeyId, TaskId};
use std::io::{self, ErrorKind};

/// Why a statement is not verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The document cannot be read.
    #[error("the document: {0}")]
    Document(#[from] EnvelopeError),
    /// None of the public keys is the one that the document names.
    #[error(
        "the document is signed with the key {key_id}, the public keys given are: {}. Without that key it cannot be \
         verified; get it from the company that signs, not from where the statement came from",
        list(given)
    )]
    UnknownKey {
        /// The key of the document.
        key_id: SigningKeyId,
        /// The keys that were given.
        given: Vec<SigningKeyId>,
    },
    /// The signature is not that of the document.
    #[error(
        "the signature is not that of this document by the key {key_id}: one of the two was changed after signing, or they \
         are of two statements"
    )]
    Signature {
        /// The key of the document.
        key_id: SigningKeyId,
    },
    /// It is another statement than the one that was expected.
    #[error("{member}: the document has `{stated}`, expected was `{expected}`. It is a statement, but not this one")]
    Unexpected {
        /// The member of the document.
        member: &'static str,
        /// What it states.
        stated: String,
        /// What was expected.
        expected: String,
    },
    /// It does not follow the statement that was given as the one before.
    #[error("it does not follow the previous statement: {reason}")]
    NotNext {
        /// Why.
        reason: String,
    },
    /// The document contradicts itself.
    #[error("the document contradicts itself: {member}: {reason}")]
    Contradiction {
        /// The member, such as `delivered.taskNum`.
        member: String,
        /// How.
        reason: String,
    },
    /// A line of the rows is not one of this statement.
    #[error("the rows: line {line}{of}: {reason}. These are not the rows that were signed", of = of_task(*task))]
    Line {
        /// The line, from 1.
        line: u64,
        /// The task, where the line says which.
        task: Option<TaskId>,
        /// Why not.
        reason: String,
    },
    /// There are not as many rows as the document has, or they have not the same bytes.
    #[error("the rows: their {member} is {found}, in the document {stated}. These are not the rows that were signed")]
    Rows {
        /// The member of `rows` in the document.
        member: &'static str,
        /// What the rows have.
        found: String,
        /// What the document has.
        stated: String,
    },
    /// The rows are those that were signed, and do not add up to the document.
    #[error(
        "the rows: {member}: they add up to {found}, the document has {stated}. They are the rows that were signed: the \
         statement itself is wrong"
    )]
    Sums {
        /// The member of the document.
        member: String,
        /// What the rows add up to.
        found: u128,
        /// What the document has.
        stated: u128,
    },
    /// The rows cannot be read or decompressed.
    #[error("the rows cannot be read behind line {line}: {error}")]
    Read {
        /// The last line that was read; 0 where none was.
        line: u64,
        /// Why.
        #[source]
        error: io::Error,
    },
}

impl VerifyError {
    /// Whether it says nothing of the statement: a file could not be read from where it is.
    pub fn is_unreadable(&self) -> bool {
        let is_damaged = |kind| matches!(kind, ErrorKind::InvalidData | ErrorKind::UnexpectedEof);
        matches!(self, Self::Read { error, .. } if !is_damaged(error.kind()))
    }

    pub(super) fn contradiction(member: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Contradiction { member: member.into(), reason: reason.into() }
    }
}

fn of_task(task: Option<TaskId>) -> String {
    task.map_or_else(String::new, |task| format!(" (task {task})"))
}

fn list(keys: &[SigningKeyId]) -> String {
    let names: Vec<_> = keys.iter().map(ToString::to_string).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
