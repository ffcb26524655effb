//! The port of used nonces on Postgres.

use crate::connection::prepared_statement;
use crate::pool::check_writable;
use crate::{Database, DatabaseError};
use annotation_statistics_access::{KeyId, Nonce, Nonces, NoncesUnavailable, Timestamp};
use async_trait::async_trait;
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Claims the nonce `$2` of the key `$1` until `$3`, in milliseconds; inserts no row where it is claimed already. The
/// primary key decides between servers that claim it at the same time.
const CLAIM_NONCE_SQL: &str = "\
INSERT INTO access_key_nonces (key_id, nonce, expires_at) VALUES ($1, $2, to_timestamp($3::double precision / 1000)) \
ON CONFLICT (key_id, nonce) DO NOTHING";

/// Deletes at most `$1` expired nonces. `SKIP LOCKED` leaves those that another server deletes at the same time.
const DELETE_EXPIRED_SQL: &str = "\
DELETE FROM access_key_nonces WHERE (key_id, nonce) IN (SELECT key_id, nonce FROM access_key_nonces \
WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)";

/// After how many uses expired nonces are deleted, and how many at once: more than came in, so that the table does not
/// grow.
const USES_PER_CLEANUP: u64 = 64;
const DELETED_AT_ONCE: i64 = 1_024;

prepared_statement!(ClaimNonce, CLAIM_NONCE_SQL, (), {
    1 => key: &'a str as Text,
    2 => nonce: &'a str as Text,
    3 => until: i64 as BigInt,
});
prepared_statement!(DeleteExpired, DELETE_EXPIRED_SQL, (), { 1 => most: &'a i64 as BigInt, });

/// Remembers used nonces in Postgres, for all servers on it.
#[derive(Clone)]
pub struct PostgresNonces {
    database: Database,
    uses: Arc<AtomicU64>,
}

impl PostgresNonces {
    /// In the given database; give it connections of its own, so that no read waits for them nor they for a read.
    pub fn new(database: Database) -> Self {
        Self { database, uses: Arc::default() }
    }
}

#[async_trait]
impl Nonces for PostgresNonces {
    async fn is_first_use(&self, key: &KeyId, nonce: &Nonce, until: Timestamp) -> Result<bool, NoncesUnavailable> {
        let (key, nonce) = (key.clone(), nonce.clone());
        let is_cleanup_due = self.uses.fetch_add(1, Ordering::Relaxed) % USES_PER_CLEANUP == USES_PER_CLEANUP - 1;
        let work = move |connection: &mut PgConnection| {
            let (key, nonce) = (key.as_str(), nonce.as_str());
            let inserted = ClaimNonce { key, nonce, until: until.millis() }.execute(connection)?;
            if is_cleanup_due {
                DeleteExpired { most: &DELETED_AT_ONCE }.execute(connection)?;
            }
            Ok::<bool, DatabaseError>(inserted == 1)
        };
        self.database.write(work).await.map_err(|error| NoncesUnavailable(Box::new(error)))
    }

    async fn check_ready(&self) -> Result<(), NoncesUnavailable> {
        check_writable(&self.database).await.map_err(|error| NoncesUnavailable(Box::new(error)))
    }
}
