//! Verifies each statement of a database as a client does, and that none is missing between two.

use super::frames::Frames;
use crate::cli::failure::Failure;
use crate::cli::statement::{failure, open};
use crate::service::{ApplicationError, DatabaseSource};
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, PublicKey, Statement, StatementHead, StatementNumber, StatementRepository,
};
use annotation_statistics_statements::{Envelope, Verified, VerifyError, verify_document, verify_rows};
use annotation_statistics_storage::PostgresStatementRepository;
use std::io;
use std::num::NonZeroU32;
use tokio::task::spawn_blocking;

/// How many heads are read at once.
const PAGE: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// How many statements there are, and how many of them are not as they were signed.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Checked {
    pub(super) statements: u64,
    pub(super) untrue: u64,
}

/// Reads and verifies all statements; prints each that is not as it was signed.
pub(super) async fn check(settings: &Settings, source: &DatabaseSource, json: bool) -> Result<Checked, Failure> {
    let statements = open(settings, source)?;
    let keys = statements.list_keys().await.map_err(|error| failure(&error))?;
    let keys = keys.into_iter().map(|published| published.key).collect();
    let mut check = Check { statements, keys, json, checked: Checked::default() };
    let mut after = None;
    loop {
        let ids = check.statements.requests_after(after.as_ref()).await.map_err(|error| failure(&error))?;
        let Some(last) = ids.last() else { return Ok(check.checked) };
        after = Some(last.clone());
        for id in &ids {
            check.request(id).await?;
        }
    }
}

struct Check {
    statements: PostgresStatementRepository,
    keys: Vec<PublicKey>,
    json: bool,
    checked: Checked,
}

impl Check {
    async fn request(&mut self, id: &AnnotationRequestId) -> Result<(), Failure> {
        let (mut previous, mut next): (Option<Vec<u8>>, u64) = (None, 1);
        for head in self.heads(id).await? {
            let number = head.number.get();
            if number != next {
                self.report(id, &head, &format!("number {next} is missing before number {number}"));
                previous = None;
            }
            next = number + 1;
            self.checked.statements += 1;
            let found = self.statements.find(id, &head.name, &CampaignScope::All).await;
            let statement = found.map_err(|error| failure(&error))?;
            if let Some(what) = self.flaw(&statement, previous.as_deref()).await? {
                self.report(id, &head, &what);
            }
            previous = Some(statement.body);
        }
        Ok(())
    }

    /// The heads of a request, the first one first.
    async fn heads(&self, id: &AnnotationRequestId) -> Result<Vec<StatementHead>, Failure> {
        let mut heads: Vec<StatementHead> = Vec::new();
        loop {
            let before = heads.last().map(|head| head.number);
            let page = self.statements.list(id, before, PAGE, &CampaignScope::All).await;
            let page = page.map_err(|error| failure(&error))?;
            if page.is_empty() {
                heads.reverse();
                return Ok(heads);
            }
            heads.extend(page);
        }
    }

    /// What is not as it was signed, if anything is.
    async fn flaw(&self, statement: &Statement, previous: Option<&[u8]>) -> Result<Option<String>, Failure> {
        let verified = match self.document(statement, previous) {
            Ok(verified) => verified,
            Err(what) => return Ok(Some(what)),
        };
        let frames = Frames::new(self.statements.clone(), &statement.head);
        let rows = spawn_blocking(move || verify_rows(&verified.envelope, frames)).await;
        match rows.map_err(io::Error::other).map_err(ApplicationError::from)? {
            Ok(()) => Ok(None),
            Err(error) if error.is_unreadable() => Err(Failure::Unavailable(error.to_string())),
            Err(error) => Ok(Some(error.to_string())),
        }
    }

    fn document(&self, statement: &Statement, previous: Option<&[u8]>) -> Result<Verified, String> {
        let words = |error: VerifyError| error.to_string();
        let verified = verify_document(&statement.body, &statement.signature, &self.keys).map_err(words)?;
        if let Some(previous) = previous {
            verified.check_follows(previous).map_err(words)?;
        }
        match differing(&statement.head, &verified) {
            Some(column) => Err(format!("{column} is not as in the document")),
            None => Ok(verified),
        }
    }

    fn report(&mut self, id: &AnnotationRequestId, head: &StatementHead, what: &str) {
        self.checked.untrue += 1;
        if self.json {
            print(
                serde_json::json!({ "annotationRequestId": id.as_str(), "statement": head.name.as_str(), "what": what }),
            );
        } else {
            print(format_args!("`{id}`: statement `{}`: {what}", head.name));
        }
    }
}

/// The first column of a statement that does not have what its document has.
fn differing(head: &StatementHead, Verified { envelope, sha256 }: &Verified) -> Option<&'static str> {
    let Envelope { rows, previous, .. } = envelope;
    let is_first = head.number == StatementNumber::MIN;
    let agree = [
        ("annotation_request_id", head.annotation_request_id == envelope.annotation_request_id),
        ("number", head.number == envelope.number && is_first == previous.is_none()),
        ("name", head.name == envelope.name),
        ("campaign_id", head.campaign_id == envelope.campaign_id),
        ("counting_rule", head.counting_rule == envelope.counting_rule),
        ("revision", head.revision.number() == envelope.revision),
        ("task_count", head.task_count == rows.tasks),
        ("rows_sha256", head.rows.sha256.to_string() == rows.sha256),
        ("rows_bytes", head.rows.bytes == rows.bytes),
        ("sha256", head.sha256 == *sha256),
        ("key_id", head.key_id == envelope.key_id),
    ];
    agree.into_iter().find(|(_, agrees)| !agrees).map(|(column, _)| column)
}
