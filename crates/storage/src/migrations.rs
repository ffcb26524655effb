//! Brings a database to the schema of this version.

use crate::{SessionError, SessionSettings, UnfitServer};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::{Pg, PgConnection};
use diesel::sql_types::{Bool, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
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
    /// Nothing would come right with this server.
    #[error(transparent)]
    Unfit(#[from] UnfitServer),
    /// The database lacks these migrations, and this program may not run them.
    #[error("the schema is not of this version, {} is missing: run `annotation-statistics migrate`", .0.join(", "))]
    Pending(Vec<String>),
    /// A migration failed; it was rolled back.
    #[error("the schema could not be migrated: {0}")]
    Failed(String),
}

/// Looks whether the database has all migrations of this version; it may have more. A role that may only read is enough.
///
/// # Errors
/// When the database cannot be reached, or lacks a migration.
pub fn check_schema(settings: &SessionSettings) -> Result<(), MigrationError> {
    let missing = pending(&mut settings.open()?)?;
    if missing.is_empty() { Ok(()) } else { Err(MigrationError::Pending(missing)) }
}

/// Runs the migrations that the database does not have yet; returns their names, oldest first.
///
/// Where there are none, a role that may only read is enough. Safe to call from several programs at once. Give it sessions with long limits: a migration may take minutes.
///
/// # Errors
/// When the database cannot be reached, the lock is held by another for longer than `lock_timeout`, or a migration
/// fails. Migrations that ran before it stay.
pub fn migrate(settings: &SessionSettings) -> Result<Vec<String>, MigrationError> {
    let mut connection = settings.open()?;
    if pending(&mut connection)?.is_empty() {
        return Ok(Vec::new());
    }
    // A migration does read whole tables, unlike the reads that sessions are set up for.
    let quiet = "SET client_min_messages = warning; SET enable_seqscan = on";
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

/// The migrations that the database does not have. Asking diesel would try to create the table of its notes.
fn pending(connection: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    let failed = |fault: &dyn std::fmt::Display| MigrationError::Failed(fault.to_string());
    let all: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().map_err(|fault| failed(&fault))?;
    let there: Noted = sql_query(NOTES_ARE_THERE_SQL).get_result(connection).map_err(SessionError::from)?;
    let done: Vec<Version> =
        if there.noted { sql_query(NOTES_SQL).load(connection).map_err(SessionError::from)? } else { Vec::new() };
    let is_done = |version: &str| done.iter().any(|noted| noted.version == version);
    let missing = all.iter().filter(|migration| !is_done(&migration.name().version().to_string()));
    Ok(missing.map(|migration| migration.name().to_string()).collect())
}

const NOTES_ARE_THERE_SQL: &str = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS noted";
const NOTES_SQL: &str = "SELECT version FROM __diesel_schema_migrations";

#[derive(QueryableByName)]
struct Noted {
    #[diesel(sql_type = Bool)]
    noted: bool,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}
