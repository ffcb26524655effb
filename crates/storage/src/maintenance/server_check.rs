//! Checks whether a server, and a pooler in front of it, can be used (ADR 59).

use crate::{ConnectionSettings, DatabaseError};
use diesel::pg::PgConnection;
use diesel::sql_types::{Integer, Text};
use diesel::{Connection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

/// The major versions of Postgres that all statements are tested with.
const OLDEST: i32 = 15;
const NEWEST: i32 = 18;

/// Why a server cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedServer {
    /// Its version is older than all that are tested.
    #[error(
        "the database runs Postgres {0}, and this program needs {OLDEST} to {NEWEST}: upgrade it (pg_upgrade, or a dump \
         and a restore), or name another one in database.url"
    )]
    TooOld(i32),
    /// A pooler in front of it assigns sessions by transaction or statement.
    #[error(
        "what is in front of the database gives each transaction a session of its own, and so loses limits and prepared \
         statements: let it lend whole sessions (pgbouncer: pool_mode = session), or name the database itself in \
         database.url and database.read_url"
    )]
    TransactionPooling,
}

/// Whether the server can be used; logs warnings about one that can.
///
/// # Errors
/// When it cannot be reached.
pub fn check_server(settings: &ConnectionSettings) -> Result<Result<(), UnsupportedServer>, DatabaseError> {
    let mut connection = settings.open()?;
    let server: Server = sql_query(SERVER).get_result(&mut connection)?;
    if let Err(unfit) = server.check_version() {
        return Ok(Err(unfit));
    }
    if !keeps_sessions(&mut connection, &mut settings.open()?)? {
        return Ok(Err(UnsupportedServer::TransactionPooling));
    }
    for warning in [server.version_warning(), server.language_warning()].into_iter().flatten() {
        tracing::warn!("{warning}");
    }
    Ok(Ok(()))
}

const SERVER: &str = "SELECT current_setting('server_version_num')::integer / 10000 AS major, current_setting('lc_messages') AS language";

#[derive(Debug, QueryableByName)]
struct Server {
    #[diesel(sql_type = Integer)]
    major: i32,
    #[diesel(sql_type = Text)]
    language: String,
}

impl Server {
    fn check_version(&self) -> Result<(), UnsupportedServer> {
        if self.major < OLDEST { Err(UnsupportedServer::TooOld(self.major)) } else { Ok(()) }
    }

    fn version_warning(&self) -> Option<String> {
        let is_newer = self.major > NEWEST;
        is_newer.then(|| {
            format!(
                "the database runs Postgres {}, which is newer than all that this program was tried with ({OLDEST} to \
                 {NEWEST}): run `make test-postgres` with its programs, or look for a newer version of this program",
                self.major
            )
        })
    }

    /// Errors are recognized by the server's messages, as diesel does not pass the SQLSTATE on.
    fn language_warning(&self) -> Option<String> {
        let language = self.language.split(['.', '_', '-', '@']).next().unwrap_or_default();
        let is_known = language.is_empty() || ["C", "POSIX", "en", "English"].contains(&language);
        (!is_known).then(|| {
            format!(
                "the database reports errors in another language ({}), so not all of them are recognized and retried: let it use \
                 English for this role (ALTER ROLE ... SET lc_messages = 'C')",
                self.language
            )
        })
    }
}

/// Identifies a server process, across servers.
const PROCESS: &str =
    "SELECT pid || ' since ' || backend_start AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()";

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Whether two connections are two sessions, each of which stays the same. A pooler that assigns sessions by statement
/// or transaction gives that of the first connection to the second; or, while that is in a transaction, another one to
/// the first.
fn keeps_sessions(first: &mut PgConnection, second: &mut PgConnection) -> Result<bool, DatabaseError> {
    let before = process(first)?;
    // Checked before a transaction begins, at which a pooler may end the connection, or let the first one wait.
    if process(second)? == before {
        return Ok(false);
    }
    let keep = |second: &mut PgConnection| Ok(process(second)? != before && process(first)? == before);
    second.transaction(keep).map_err(|error: diesel::result::Error| DatabaseError::from(error))
}

fn process(connection: &mut PgConnection) -> QueryResult<String> {
    Ok(sql_query(PROCESS).get_result::<Process>(connection)?.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(major: i32, language: &str) -> Server {
        Server { major, language: language.into() }
    }

    #[test]
    fn versions_that_are_too_old_are_refused_and_those_that_are_newer_are_reported() {
        for (major, fit, is_reported) in [
            (9, Err(UnsupportedServer::TooOld(9)), false),
            (14, Err(UnsupportedServer::TooOld(14)), false),
            (15, Ok(()), false),
            (18, Ok(()), false),
            (19, Ok(()), true),
        ] {
            let server = server(major, "C");
            assert_eq!((server.check_version(), server.version_warning().is_some()), (fit, is_reported), "{major}");
        }
    }

    #[test]
    fn a_server_that_does_not_speak_english_is_reported() {
        for (language, is_reported) in [
            ("C", false),
            ("C.UTF-8", false),
            ("POSIX", false),
            ("", false),
            ("en_US.UTF-8", false),
            ("English_United States.1252", false),
            ("de_DE.UTF-8", true),
            ("ca_ES", true),
        ] {
            assert_eq!(server(15, language).language_warning().is_some(), is_reported, "{language}");
        }
    }
}
