//! Statements: what was delivered of an annotation request, kept as the bytes that were signed.

mod draft;
mod kept;
mod name;
mod signing_key;

pub use draft::{PreviousStatement, SignedStatement, StatementDraft, StatementFacts, StatementFormat};
pub use kept::{FrameStart, RowFrame, RowsDigest, Statement, StatementHead, StatementNumber};
pub use name::{InvalidStatementName, StatementName};
pub use signing_key::{InvalidSigningKeyId, PublicKey, PublishedKey, Sha256, SigningKeyId};
