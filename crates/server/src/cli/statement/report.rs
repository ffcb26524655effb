//! A statement, for people and for scripts.

use super::folder::{DOCUMENT, ROWS};
use crate::cli::failure::Failure;
use crate::terminal::Table;
use annotation_statistics_domain::{
    AnnotationRequestId, Sha256, SigningKeyId, Statement, StatementHead, StatementName, StatementNumber,
};
use annotation_statistics_statements::{Envelope, SumsEnvelope, Verified};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::time::SystemTime;

/// The most characters that are shown of an id.
const SHOWN_CHARS: usize = 80;

/// A statement, with what became of it.
pub(super) struct Report<'a> {
    pub(super) document: &'a Envelope,
    /// The digest of the document.
    pub(super) sha256: Sha256,
    pub(super) outcome: &'a str,
}

/// The document of a statement that is kept.
pub(super) fn document_of(statement: &Statement) -> Result<Envelope, Failure> {
    Envelope::parse(&statement.body)
        .map_err(|error| Failure::Unavailable(format!("`{}`: {error}", statement.head.name)))
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, sha256, outcome } = self;
        let Envelope { name, number, total, delivered, .. } = document;
        let request = shown(document.annotation_request_id.as_str());
        writeln!(formatter, "statement {number} of {request}, {name}, {outcome}\n")?;
        let line =
            |(what, number): (&str, SumOf)| [what.to_owned(), number(total).to_string(), number(delivered).to_string()];
        let sums = Table {
            columns: [("", false), ("all", true), ("delivered", true)],
            lines: SUMS.into_iter().map(line).collect(),
        };
        writeln!(formatter, "{sums}")?;
        writeln!(formatter, "made    {}", document.created_at)?;
        writeln!(formatter, "key     {}", document.key_id)?;
        writeln!(formatter, "sha256  {sha256}  {DOCUMENT}")?;
        write!(formatter, "        {}  {ROWS}", document.rows.sha256)
    }
}

type SumOf = fn(&SumsEnvelope) -> u128;

/// What is summed.
const SUMS: [(&str, SumOf); 4] = [
    ("tasks", |sums| u128::from(sums.task_num)),
    ("instances", |sums| sums.instance_num),
    ("attributes", |sums| sums.attribute_num),
    ("frames", |sums| sums.frame_num),
];

/// What is known of a statement, as the service responds with it.
pub(super) fn head_json(head: &StatementHead) -> Value {
    json!({
        "annotationRequestId": head.annotation_request_id.as_str(),
        "campaignId": head.campaign_id.as_str(),
        "name": head.name.as_str(),
        "number": head.number,
        "revision": head.revision.number(),
        "taskNum": head.task_count,
        "createdAt": time(head.created_at),
        "keyId": head.key_id.as_str(),
        "actor": head.actor,
        "sha256": head.sha256.to_string(),
        "rows": { "sha256": head.rows.sha256.to_string(), "bytes": head.rows.bytes },
    })
}

/// The same with a member more.
pub(super) fn head_json_with(head: &StatementHead, name: &str, value: impl Into<Value>) -> Value {
    let mut json = head_json(head);
    if let Some(members) = json.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
    json
}

/// What was verified, as it is printed for scripts. Its sums may have more digits than a value of JSON in memory.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifiedJson<'a> {
    verified: bool,
    annotation_request_id: &'a AnnotationRequestId,
    name: &'a StatementName,
    number: StatementNumber,
    sha256: String,
    key_id: &'a SigningKeyId,
    is_trusted_key: bool,
    total: SumsEnvelope,
    delivered: SumsEnvelope,
}

impl<'a> VerifiedJson<'a> {
    /// Of a statement; its key is trusted where it was named apart from it.
    pub(super) fn new(verified: &'a Verified, is_trusted_key: bool) -> Self {
        let Verified { envelope, sha256 } = verified;
        Self {
            verified: true,
            annotation_request_id: &envelope.annotation_request_id,
            name: &envelope.name,
            number: envelope.number,
            sha256: sha256.to_string(),
            key_id: &envelope.key_id,
            is_trusted_key,
            total: envelope.total,
            delivered: envelope.delivered,
        }
    }
}

/// In UTC, to the second, for people.
pub(super) fn second(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// In UTC.
pub(super) fn time(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.to_string()).unwrap_or_default()
}

/// A text of a file on a terminal: nothing in it controls that, and it is not longer than a line.
fn shown(text: &str) -> String {
    let end = if text.chars().nth(SHOWN_CHARS).is_some() { "..." } else { "" };
    let start = text.chars().take(SHOWN_CHARS);
    start.map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).chain(end.chars()).collect()
}
