//! Whether the tables of the database are sharded by the annotation request.

use crate::DatabaseError;
use diesel::pg::PgConnection;
use diesel::sql_types::Bool;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::sync::{Arc, OnceLock};

/// Citus keeps there which tables are distributed.
const IS_SHARDED: &str = "SELECT to_regclass('pg_dist_partition') IS NOT NULL AS sharded";

#[derive(QueryableByName)]
struct IsSharded {
    #[diesel(sql_type = Bool)]
    sharded: bool,
}

/// Whether the tables are sharded, which the first read or write finds out. Cloning shares it.
///
/// In one database, a statement that joins ranges of many requests saves round trips. Sharded, it is refused, or is one
/// query for each shard anyhow: there each request is read by itself, so that one whose shard is lost or slow stops no
/// other (ADR 76).
#[derive(Clone, Default)]
pub(crate) struct Sharding(Arc<OnceLock<bool>>);

impl Sharding {
    /// Of tables that are taken for sharded without a look.
    pub(crate) fn assumed() -> Self {
        Self(Arc::new(OnceLock::from(true)))
    }

    /// Whether it is known that the tables are whole.
    pub(crate) fn is_known_to_be_none(&self) -> bool {
        self.0.get() == Some(&false)
    }

    /// Whether the tables are sharded, by a statement the first time.
    pub(crate) fn find(&self, connection: &mut PgConnection) -> Result<bool, DatabaseError> {
        if let Some(known) = self.0.get() {
            return Ok(*known);
        }
        let found: IsSharded = sql_query(IS_SHARDED).get_result(connection)?;
        Ok(*self.0.get_or_init(|| found.sharded))
    }
}
