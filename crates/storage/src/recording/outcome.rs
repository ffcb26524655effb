//! What a recording did, and whether it is committed where its COMMIT was not confirmed.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use annotation_statistics_domain::Recorded;
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

/// The request `$1` and its new revision `$2`, with the number of this transaction.
const MARK: &str = "SELECT $1::text AS id, $2::bigint AS revision, pg_current_xact_id()::text AS transaction";

prepared_statement!(MakeMark, MARK, (Text, BigInt, Text), {
    1 => id: &'a str as Text,
    2 => revision: i64 as BigInt,
});

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
pub(super) struct Mark {
    id: String,
    revision: i64,
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
    /// The mark of this transaction, which gave the request this revision.
    pub(super) fn leave(connection: &mut PgConnection, id: &str, revision: i64) -> Result<Box<Self>, DatabaseError> {
        let (id, revision, transaction) = MakeMark { id, revision }.get_result(connection)?;
        Ok(Box::new(Self { id, revision, transaction }))
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
