//! What a recording did, and whether it is committed where its COMMIT was not confirmed.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::Recorded;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension, RunQueryDsl};
use std::cmp::Ordering;

/// The revision of the request `$1`. The transaction that changed it holds its row until it has ended, so this waits for it.
const OUTCOME: &str = "SELECT revision FROM annotation_requests WHERE id = $1 FOR UPDATE";

prepared_statement!(FindOutcome, OUTCOME, BigInt, {
    1 => id: &'a str as Text,
});

/// What a recording did, if it is committed.
pub(super) struct Recording {
    pub(super) recorded: Recorded,
    /// `None` where nothing is different from before.
    pub(super) mark: Option<Mark>,
}

/// What a committed transaction can be recognized by: the revision that only it gave the request.
pub(super) struct Mark {
    id: String,
    revision: i64,
}

/// The outcome of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Committed,
    RolledBack,
    Unknown,
}

impl Mark {
    /// The mark of a transaction that gave the request this revision.
    pub(super) fn new(id: String, revision: i64) -> Self {
        Self { id, revision }
    }

    /// Looks it up, on another connection.
    pub(super) fn outcome(&self, connection: &mut PgConnection) -> Result<Outcome, DatabaseError> {
        let found: Option<i64> = FindOutcome { id: &self.id }.get_result(connection).optional()?;
        Ok(match found.map(|found| found.cmp(&self.revision)) {
            Some(Ordering::Equal) => Outcome::Committed,
            // Revisions only grow: it was never there, and its transaction has ended.
            Some(Ordering::Less) => Outcome::RolledBack,
            // Changed again; or deleted, or not created yet by a transaction that cannot be waited for.
            Some(Ordering::Greater) | None => Outcome::Unknown,
        })
    }
}
