//! Brings a database to the schema of this version.

use crate::{SessionError, SessionSettings};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Any number of our own: whoever migrates holds the advisory lock of this number, so that servers which start at the
/// same time do it one after the other.
const LOCK: i64 = 5_206_172_734_186_102;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database could not be reached, or did not give the lock in time.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A migration failed; it was rolled back.
    #[error("the schema could not be migrated: {0}")]
    Failed(String),
}

/// Runs the migrations that the database does not have yet; returns their names, oldest first.
///
/// Safe to call from several programs at once. Give it sessions with long limits: a migration may take minutes.
///
/// # Errors
/// When the database cannot be reached, the lock is held by another for longer than `lock_timeout`, or a migration
/// fails. Migrations that ran before it stay.
pub fn migrate(settings: &SessionSettings) -> Result<Vec<String>, MigrationError> {
    let mut connection = settings.open()?;
    let quiet = "SET client_min_messages = warning";
    connection.batch_execute(quiet).map_err(SessionError::from)?;
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(&mut connection)
        .map_err(SessionError::from)?;
    // The lock goes with the session.
    let done = connection.run_pending_migrations(MIGRATIONS);
    let versions = done.map_err(|fault| MigrationError::Failed(fault.to_string()))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}
