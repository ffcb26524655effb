//! The format of statements: how what was delivered is written down, signed and verified.
//!
//! Depend on this crate to make statements ([`SignedFormat`] for a `StatementRepository` of the domain), to read them
//! ([`Envelope`], [`open_rows`], [`rows_of_frame`]) or to [`verify`] them. It knows no database, no network and no runtime.

mod diff;
mod draft_error;
mod envelope;
mod frame;
mod key;
mod key_file;
mod rows_file;
mod signed_format;
mod sums;
mod verify;

pub use diff::{
    Change, ChangedTask, Comparison, Delivery, Diff, DiffCsv, DiffError, DiffLines, DiffStates, DiffWorkbook,
    FirstLines, FrameLines, ItemDelta, KeptLine, KnownItem, KnownSums, RowLines, Side, SideSums, StateName, SumsDelta,
    TaskCounts, TaskState, TextLines,
};
pub use draft_error::DraftError;
pub use envelope::{Envelope, EnvelopeError, GroupSums, ItemSum, PreviousEnvelope, RowsEnvelope, SumsEnvelope};
pub use frame::{rows_of_frame, rows_of_frame_from};
pub use key::{InvalidPublicKey, InvalidSigningKey, SigningKey, is_signed, public_key_from_pem, public_key_to_pem};
pub use key_file::{KeyFileError, KeyFileProblem, SigningKeyFile};
pub use rows_file::open_rows;
pub use signed_format::SignedFormat;
pub use verify::{Expected, Verified, VerifyError, verify, verify_document, verify_rows};
