//! The one database that tests share where a server is given, such as the coordinator of a cluster.

use super::binaries::variable;
use super::session::SqlSession;
use super::settings::{migrated, roomy_settings};
use annotation_statistics_storage::{DistributionError, distribute};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{ThreadId, current};

/// Has the URL of the database.
const VARIABLE: &str = "TEST_DATABASE_URL";

/// What the tests make is in a schema of its own.
const SCHEMA: &str = "annotation_statistics_tests";

/// The same as long as no test has changed the schema.
const SHAPE: &str = "\
SELECT md5(string_agg(part, ';' ORDER BY part)) FROM (\
SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace \
UNION ALL SELECT attrelid::regclass || format_type(atttypid, atttypmod) || attname FROM pg_attribute, pg_class AS c \
WHERE attrelid = c.oid AND relnamespace = current_schema()::regnamespace AND attnum > 0 \
UNION ALL SELECT tgname FROM pg_trigger, pg_class AS c \
WHERE tgrelid = c.oid AND relnamespace = current_schema()::regnamespace AND NOT tgisinternal) AS parts (part)";

/// The few rows of a test are deleted: truncating makes new files, which takes a second for all shards of a cluster.
const EMPTYING: &str = "SELECT string_agg('DELETE FROM ' || oid::regclass, '; ') FROM pg_class \
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> '__diesel_schema_migrations'";

/// The thread of the test that has it.
static TAKEN_BY: Mutex<Option<ThreadId>> = Mutex::new(None);
static IS_FREE: Condvar = Condvar::new();
/// The shape of the schema of this version, once it is there.
static MIGRATED: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// The database, for one test at a time.
pub(crate) struct GivenDatabase {
    url: String,
    name: String,
}

impl GivenDatabase {
    /// Empty, when its turn has come; `None` where none is given, or where the calling test has it already.
    pub(crate) fn take(is_migrated: bool) -> Option<Self> {
        let given = variable(VARIABLE)?.into_string().unwrap();
        let mut taken_by = TAKEN_BY.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(thread) = *taken_by {
            if thread == current().id() {
                return None;
            }
            taken_by = IS_FREE.wait(taken_by).unwrap_or_else(PoisonError::into_inner);
        }
        *taken_by = Some(current().id());
        drop(taken_by);
        let separator = if given.contains('?') { '&' } else { '?' };
        let url = format!("{given}{separator}options=-csearch_path%3D{SCHEMA}");
        let name = SqlSession::open(&url).query("SELECT current_database()").remove(0);
        let database = Self { url, name };
        database.empty(is_migrated);
        Some(database)
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The same server, but another database.
    pub(crate) fn administrator(&self) -> SqlSession {
        let (server, parameters) = self.url.split_once('?').unwrap();
        let (server, _) = server.rsplit_once('/').unwrap();
        let (others, _) = parameters.rsplit_once("options=").unwrap();
        SqlSession::open(&format!("{server}/template1?{others}"))
    }

    fn empty(&self, is_migrated: bool) {
        let mut session = SqlSession::open(&self.url);
        let mut migrated_shape = MIGRATED.lock().unwrap_or_else(PoisonError::into_inner);
        if is_migrated && migrated_shape.is_some() && Some(session.query(SHAPE)) == *migrated_shape {
            let emptying = session.query(EMPTYING).remove(0);
            return session.execute(&emptying);
        }
        session.execute(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}"));
        if is_migrated {
            let settings = roomy_settings(self.url.clone());
            migrated(&settings).unwrap();
            match distribute(&settings) {
                Ok(_) | Err(DistributionError::NoExtension) => {}
                Err(error) => panic!("{error}"),
            }
            *migrated_shape = Some(session.query(SHAPE));
        }
    }
}

impl Drop for GivenDatabase {
    fn drop(&mut self) {
        *TAKEN_BY.lock().unwrap_or_else(PoisonError::into_inner) = None;
        IS_FREE.notify_one();
    }
}
