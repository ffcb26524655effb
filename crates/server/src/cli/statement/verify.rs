//! `annotation-statistics statement verify`: files alone, without a database or settings.

use super::arguments::VerifyStatementArguments;
use super::files::{Named, StatementFiles, read_document, untrue};
use super::names;
use super::report::{Report, VerifiedJson};
use crate::cli::failure::Failure;
use crate::terminal::{print, remark};
use annotation_statistics_domain::SigningKeyId;
use annotation_statistics_statements::{Expected, Verified};
use std::io::{IsTerminal, stdout};

/// What is to be known of a key that came with what it has signed.
const UNTRUSTED: &str = "\
note: the key came with the statement, and proves nothing by itself: compare its id with the one that you were given another
way, or name that one with --public-key or --key-id";

pub(super) fn verify(arguments: &VerifyStatementArguments) -> Result<(), Failure> {
    let expected = Expected {
        annotation_request_id: arguments.annotation_request_id.as_deref().map(names::request).transpose()?,
        name: arguments.name.as_deref().map(names::statement).transpose()?,
        number: None,
    };
    let key_id = arguments.key_id.as_deref().map(names::key).transpose()?;
    let named = Named {
        signature: arguments.signature.as_deref(),
        rows: arguments.rows.as_deref(),
        public_keys: &arguments.public_key,
    };
    let files = StatementFiles::open(&arguments.path, named)?;
    let previous = arguments.previous.as_deref().map(read_document).transpose()?;
    let verified = files.verify()?;
    check_key(&verified, key_id.as_ref())?;
    verified.check_expected(&expected).map_err(untrue)?;
    previous.map_or(Ok(()), |previous| verified.check_follows(&previous)).map_err(untrue)?;
    report(&verified, key_id.is_some() || !arguments.public_key.is_empty(), arguments.json)
}

fn check_key(verified: &Verified, trusted: Option<&SigningKeyId>) -> Result<(), Failure> {
    let key = &verified.envelope.key_id;
    match trusted {
        Some(trusted) if trusted != key => Err(Failure::Untrue(format!(
            "it is signed with the key {key}, not with {trusted}: who signed it is unknown"
        ))),
        _ => Ok(()),
    }
}

fn report(verified: &Verified, is_trusted: bool, json: bool) -> Result<(), Failure> {
    if json {
        let json = serde_json::to_string(&VerifiedJson::new(verified, is_trusted));
        print(json.map_err(|error| Failure::NotVerified(error.to_string()))?);
        return Ok(());
    }
    let outcome = if stdout().is_terminal() { "\x1b[1;32mis as it was signed\x1b[0m" } else { "is as it was signed" };
    print(Report { document: &verified.envelope, sha256: verified.sha256, outcome });
    if !is_trusted {
        remark(UNTRUSTED);
    }
    Ok(())
}
