//! Verifies statements: for clients, who have no more than the files and a public key.

mod document;
mod error;
mod row;
mod rows;

pub use error::VerifyError;
pub use rows::verify_rows;

use crate::key::key_id_of;
use crate::{Envelope, is_signed};
use annotation_statistics_domain::{AnnotationRequestId, PublicKey, Sha256, StatementName, StatementNumber};
use sha2::{Digest, Sha256 as Hash};
use std::io::Read;

/// A document that was signed with a known key and does not contradict itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it states.
    pub envelope: Envelope,
    /// The SHA-256 of its bytes, which the statement after it names.
    pub sha256: Sha256,
}

/// Which statement is expected; what is `None` may be any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Of this request.
    pub annotation_request_id: Option<AnnotationRequestId>,
    /// Of this name.
    pub name: Option<StatementName>,
    /// Of this number.
    pub number: Option<StatementNumber>,
}

/// Verifies a statement: its signature, its document and its rows, in memory that does not grow with the rows.
///
/// The rows are plain or compressed. That it is the statement that was expected is left to
/// [`Verified::check_expected`], and that it follows another one to [`Verified::check_follows`].
///
/// # Errors
/// [`VerifyError`]: the first thing that is wrong.
pub fn verify(document: &[u8], signature: &[u8], keys: &[PublicKey], rows: impl Read) -> Result<Verified, VerifyError> {
    let verified = verify_document(document, signature, keys)?;
    verify_rows(&verified.envelope, rows)?;
    Ok(verified)
}

/// The same without the rows.
///
/// # Errors
/// [`VerifyError`].
pub fn verify_document(document: &[u8], signature: &[u8], keys: &[PublicKey]) -> Result<Verified, VerifyError> {
    let envelope = Envelope::parse(document)?;
    // An id that was given with a key proves nothing.
    let key =
        keys.iter().find(|key| key_id_of(&key.bytes) == envelope.key_id).ok_or_else(|| VerifyError::UnknownKey {
            key_id: envelope.key_id.clone(),
            given: keys.iter().map(|key| key_id_of(&key.bytes)).collect(),
        })?;
    if !is_signed(document, signature, key) {
        return Err(VerifyError::Signature { key_id: envelope.key_id });
    }
    document::check(&envelope)?;
    Ok(Verified { envelope, sha256: digest(document) })
}

impl Verified {
    /// Checks that it is the statement that was expected: an old one may stand under a new name of a file.
    ///
    /// # Errors
    /// [`VerifyError::Unexpected`].
    pub fn check_expected(&self, expected: &Expected) -> Result<(), VerifyError> {
        let Envelope { annotation_request_id, name, number, .. } = &self.envelope;
        is_as("annotationRequestId", annotation_request_id, expected.annotation_request_id.as_ref())?;
        is_as("name", name, expected.name.as_ref())?;
        is_as("number", number, expected.number.as_ref())
    }

    /// Checks that it is the next one after another statement, by the document of that. Its digest is in this one, so that
    /// what was signed here vouches for that one, too.
    ///
    /// # Errors
    /// [`VerifyError::NotNext`], or the other one is no document.
    pub fn check_follows(&self, previous_document: &[u8]) -> Result<(), VerifyError> {
        let previous = Envelope::parse(previous_document)?;
        let fails = |reason: String| Err(VerifyError::NotNext { reason });
        let (of, other) = (&self.envelope.annotation_request_id, &previous.annotation_request_id);
        if of != other {
            return fails(format!("it is of the annotation request `{of}`, that one of `{other}`"));
        }
        let (number, Some(named)) = (self.envelope.number, &self.envelope.previous) else {
            return fails("it is the first one of its annotation request".to_owned());
        };
        if named.number != previous.number {
            let (before, given) = (named.number, previous.number);
            return fails(format!("its number is {number}, so number {before} comes before it, not number {given}"));
        }
        let found = digest(previous_document).to_string();
        if named.sha256 != found {
            let stated = &named.sha256;
            return fails(format!("it names a document with the SHA-256 {stated}, that of the given one is {found}"));
        }
        Ok(())
    }
}

fn is_as<T: PartialEq + ToString>(member: &'static str, stated: &T, expected: Option<&T>) -> Result<(), VerifyError> {
    match expected {
        Some(expected) if expected != stated => {
            Err(VerifyError::Unexpected { member, stated: stated.to_string(), expected: expected.to_string() })
        }
        _ => Ok(()),
    }
}

fn digest(bytes: &[u8]) -> Sha256 {
    Sha256(Hash::digest(bytes).into())
}
