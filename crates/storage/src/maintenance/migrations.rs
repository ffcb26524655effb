//! Brings a database to the schema of this version.

use crate::maintenance::distribution::{are_distributed, distribute_missing};
use crate::maintenance::lock_holders::{LockHolder, LockWatch};
use crate::maintenance::migration_script::statements;
use crate::{ConnectionSettings, DatabaseError, UnsupportedServer};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::{Pg, PgConnection};
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::thread;
use std::time::{Duration, Instant};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// A random number of our own: a migration holds this advisory lock, so that servers which start at the same time
/// migrate one after the other.
const LOCK: i64 = 5_206_172_734_186_102;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database could not be reached, or did not give the lock in time.
    #[error(transparent)]
    Connection(#[from] DatabaseError),
    /// This server cannot be used.
    #[error(transparent)]
    Unfit(#[from] UnsupportedServer),
    /// The database lacks these migrations, and this program may not run them.
    #[error("the schema is not of this version, {} is missing: run `annotation-statistics migrate`", .0.join(", "))]
    Pending(Vec<String>),
    /// Others held locks that are needed; the migration was rolled back.
    #[error("the schema was not migrated within {waited:.0?}: it waits for {holders}")]
    Locked {
        /// How long it was tried.
        waited: Duration,
        /// Who holds them, as far as this role may see it.
        holders: String,
    },
    /// A migration failed; it was rolled back.
    #[error("the schema could not be migrated: {0}")]
    Failed(String),
}

/// Checks whether the database has all migrations of this version; it may have more. A role that may only read is enough.
///
/// # Errors
/// When the database cannot be reached, or lacks a migration.
pub fn check_schema(settings: &ConnectionSettings) -> Result<(), MigrationError> {
    let missing = pending(&mut settings.open()?)?;
    if missing.is_empty() { Ok(()) } else { Err(MigrationError::Pending(missing)) }
}

/// How long a migration waits for locks that others hold. While it waits for one, other work waits behind it: so it
/// waits for one `lock_timeout` at a time, and lets them pass (ADR 52).
#[derive(Debug, Clone, Copy)]
pub struct MigrationPatience {
    /// Between two attempts, up to half less by chance.
    pub pause: Duration,
    /// For all attempts together; with none, there is one.
    pub total: Duration,
}

/// Between two reports of the same wait.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// Runs the migrations that the database does not have yet; returns their names, oldest first.
///
/// Where there are none, a role that may only read is enough. Safe to call from several programs at once. Give it
/// connections with a long `statement_timeout`, as a migration may take minutes, and a `lock_timeout` that is shorter
/// than that of reads. Whom it waits for is reported now and then.
///
/// # Errors
/// When the database cannot be reached, others hold a lock for longer than there is patience, or a migration fails.
/// Migrations that ran before it stay.
pub fn migrate(
    settings: &ConnectionSettings,
    patience: MigrationPatience,
    report: &mut dyn FnMut(String),
) -> Result<Vec<String>, MigrationError> {
    let mut connection = settings.open()?;
    if pending(&mut connection)?.is_empty() {
        return Ok(Vec::new());
    }
    let quiet = "SET client_min_messages = warning";
    connection.batch_execute(quiet).map_err(DatabaseError::from)?;
    let watch = LockWatch::open(settings, &mut connection, settings.lock_timeout / 2)?;
    let mut attempts = Attempts { connection, watch, patience, report, begun: Instant::now(), reported: None };
    // The lock is released with the connection.
    attempts.patiently(&mut |connection| {
        sql_query("SELECT pg_advisory_lock($1)")
            .bind::<BigInt, _>(LOCK)
            .execute(connection)
            .map(drop)
            .map_err(Into::into)
    })?;
    let missing = attempts.connection.pending_migrations(MIGRATIONS).map_err(failed)?;
    let mut versions = Vec::new();
    for migration in missing {
        attempts.patiently(&mut |connection| run(connection, &*migration))?;
        versions.push(migration.name().version().to_string());
    }
    Ok(versions)
}

const NOTE_MIGRATION: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES ($1)";

/// Runs one migration; where tables are distributed statement by statement, and then distributes those that it created.
fn run(connection: &mut PgConnection, migration: &dyn Migration<Pg>) -> Result<(), StepError> {
    if !are_distributed(connection)? {
        return connection.run_migration(migration).map(drop);
    }
    connection.transaction(|connection| {
        for statement in statements(migration)? {
            connection.batch_execute(&statement)?;
        }
        let version = migration.name().version().to_string();
        sql_query(NOTE_MIGRATION).bind::<Text, _>(version).execute(connection)?;
        distribute_missing(connection)?;
        Ok(())
    })
}

/// Retries while another connection holds a lock.
struct Attempts<'a> {
    connection: PgConnection,
    watch: LockWatch,
    patience: MigrationPatience,
    report: &'a mut dyn FnMut(String),
    begun: Instant,
    reported: Option<Instant>,
}

type StepError = Box<dyn std::error::Error + Send + Sync>;
type Step<'a> = dyn FnMut(&mut PgConnection) -> Result<(), StepError> + 'a;

impl Attempts<'_> {
    fn patiently(&mut self, step: &mut Step<'_>) -> Result<(), MigrationError> {
        loop {
            let (done, holders) = self.watch.during(|| step(&mut self.connection));
            let Err(error) = done else { return Ok(()) };
            if !error.to_string().contains("lock timeout") {
                return Err(failed(error));
            }
            let waited = self.begun.elapsed();
            if waited >= self.patience.total {
                return Err(MigrationError::Locked { waited, holders: list(&holders) });
            }
            self.report(&holders);
            thread::sleep(self.patience.pause.mul_f64(1.0 - rand::random::<f64>() / 2.0));
        }
    }

    fn report(&mut self, holders: &[LockHolder]) {
        if self.reported.is_none_or(|reported| reported.elapsed() >= REPORT_EVERY) {
            self.reported = Some(Instant::now());
            (self.report)(format!("the migration waits for {}, and is tried again", list(holders)));
        }
    }
}

/// A lost connection is reported as such, as a retry may help.
fn failed(error: StepError) -> MigrationError {
    let message = error.to_string();
    let lost = error.downcast::<diesel::result::Error>().ok().map(|error| DatabaseError::from(*error));
    lost.filter(DatabaseError::is_retryable).map_or(MigrationError::Failed(message), MigrationError::from)
}

fn list(holders: &[LockHolder]) -> String {
    if holders.is_empty() {
        return "locks of others, who were gone when they were looked for".into();
    }
    holders.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The migrations that the database does not have. Diesel's own query would try to create its table, which needs more
/// rights.
fn pending(connection: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    let failed = |error: &dyn std::fmt::Display| MigrationError::Failed(error.to_string());
    let all: Vec<Box<dyn Migration<Pg>>> = MIGRATIONS.migrations().map_err(|error| failed(&error))?;
    let there: Noted = sql_query(NOTES_ARE_THERE_SQL).get_result(connection).map_err(DatabaseError::from)?;
    let done: Vec<Version> =
        if there.noted { sql_query(NOTES_SQL).load(connection).map_err(DatabaseError::from)? } else { Vec::new() };
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
