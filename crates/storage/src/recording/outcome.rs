//! What a recording did, and whether it is committed where its COMMIT was not confirmed.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::Recorded;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl, sql_query};

/// Any of the requests that this transaction changed; one stands for all.
const MARK: &str = "
SELECT id, revision, pg_current_xact_id()::text AS transaction FROM staged_requests WHERE revision > 0 ORDER BY id LIMIT 1";

/// Whether the request `$1` has the revision `$2`, which only its transaction `$3` gives it; and whether that was rolled
/// back. A transaction with this number may be another one after a failover; a revision cannot.
const OUTCOME: &str = "\
SELECT EXISTS (SELECT FROM annotation_requests WHERE id = $1 AND revision = $2), \
pg_xact_status($3::text::xid8) = 'aborted'";

prepared_statement!(FindOutcome, OUTCOME, (Bool, Nullable<Bool>), {
    1 => id: &'a str as Text,
    2 => revision: i64 as BigInt,
    3 => transaction: &'a str as Text,
});

/// What a recording did, if it is committed.
pub(super) struct Recording {
    pub(super) recorded: Recorded,
    /// `None` where nothing is different from before.
    pub(super) mark: Option<Box<Mark>>,
}

/// What a committed transaction can be recognized by.
#[derive(QueryableByName)]
pub(super) struct Mark {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = Text)]
    transaction: String,
}

/// The outcome of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Committed,
    RolledBack,
    Unknown,
}

impl Mark {
    /// The mark of the transaction that merges.
    pub(super) fn leave(connection: &mut PgConnection) -> Result<Option<Box<Self>>, DatabaseError> {
        let mark: Option<Self> = sql_query(MARK).get_result(connection).optional()?;
        Ok(mark.map(Box::new))
    }

    /// Looks it up, on another connection.
    pub(super) fn outcome(&self, connection: &mut PgConnection) -> Result<Outcome, DatabaseError> {
        let Self { id, revision, transaction } = self;
        let query = FindOutcome { id, revision: *revision, transaction };
        Ok(match query.get_result(connection)? {
            (true, _) => Outcome::Committed,
            (false, Some(true)) => Outcome::RolledBack,
            (false, _) => Outcome::Unknown,
        })
    }
}
