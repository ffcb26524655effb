//! Looks whether a server, and what is in front of it, can be worked with.

use crate::{SessionError, SessionSettings};
use diesel::pg::PgConnection;
use diesel::sql_types::{Integer, Text};
use diesel::{Connection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

/// The major versions of Postgres that all statements are tried with.
const OLDEST: i32 = 15;
const NEWEST: i32 = 18;

/// Why nothing would come right with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitServer {
    /// It has an older version than all that are known to work.
    #[error(
        "the database runs Postgres {0}, and this program needs {OLDEST} to {NEWEST}: upgrade it (pg_upgrade, or a dump \
         and a restore), or name another one in database.url"
    )]
    TooOld(i32),
    /// What is in front of it lends sessions for a transaction or a statement.
    #[error(
        "what is in front of the database gives each transaction a session of its own, and so loses limits and prepared \
         statements: let it lend whole sessions (pgbouncer: pool_mode = session), or name the database itself in \
         database.url and database.read_url"
    )]
    NoSessions,
}

/// Whether the server is fit, and if so what may still be said of it.
///
/// # Errors
/// When it cannot be reached.
pub fn check_server(settings: &SessionSettings) -> Result<Result<(), UnfitServer>, SessionError> {
    let mut connection = settings.open()?;
    let server: Server = sql_query(SERVER).get_result(&mut connection)?;
    if let Err(unfit) = server.check_version() {
        return Ok(Err(unfit));
    }
    if !keeps_sessions(&mut connection, &mut settings.open()?)? {
        return Ok(Err(UnfitServer::NoSessions));
    }
    for odd in [server.odd_version(), server.odd_language()].into_iter().flatten() {
        tracing::warn!("{odd}");
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
    fn check_version(&self) -> Result<(), UnfitServer> {
        if self.major < OLDEST { Err(UnfitServer::TooOld(self.major)) } else { Ok(()) }
    }

    fn odd_version(&self) -> Option<String> {
        let is_newer = self.major > NEWEST;
        is_newer.then(|| {
            format!(
                "the database runs Postgres {}, which is newer than all that this program was tried with ({OLDEST} to \
                 {NEWEST}): run `make test-postgres` with its programs, or look for a newer version of this program",
                self.major
            )
        })
    }

    /// What failed is known by words of the server: there is no other way to it through diesel.
    fn odd_language(&self) -> Option<String> {
        let language = self.language.split(['.', '_', '-', '@']).next().unwrap_or_default();
        let is_known = language.is_empty() || ["C", "POSIX", "en", "English"].contains(&language);
        (!is_known).then(|| {
            format!(
                "the database tells faults in another language ({}), so not all of them are known and repeated: let it use \
                 English for this role (ALTER ROLE ... SET lc_messages = 'C')",
                self.language
            )
        })
    }
}

/// A process, and no other one on any server.
const PROCESS: &str =
    "SELECT pid || ' since ' || backend_start AS told FROM pg_stat_activity WHERE pid = pg_backend_pid()";

#[derive(QueryableByName)]
struct Process {
    #[diesel(sql_type = Text)]
    told: String,
}

/// Whether two connections are two sessions, each of which stays the same. A pooler that lends by the statement or the
/// transaction lends the first one's to the second one; or, while that is in a transaction, another one to the first.
fn keeps_sessions(first: &mut PgConnection, second: &mut PgConnection) -> Result<bool, SessionError> {
    let before = process(first)?;
    // Looked at before a transaction begins, at which a pooler may end the connection, or let the first one wait.
    if process(second)? == before {
        return Ok(false);
    }
    let keep = |second: &mut PgConnection| Ok(process(second)? != before && process(first)? == before);
    second.transaction(keep).map_err(|error: diesel::result::Error| SessionError::from(error))
}

fn process(connection: &mut PgConnection) -> QueryResult<String> {
    Ok(sql_query(PROCESS).get_result::<Process>(connection)?.told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(major: i32, language: &str) -> Server {
        Server { major, language: language.into() }
    }

    #[test]
    fn versions_that_are_too_old_are_refused_and_those_that_are_newer_are_told() {
        for (major, fit, is_told) in [
            (9, Err(UnfitServer::TooOld(9)), false),
            (14, Err(UnfitServer::TooOld(14)), false),
            (15, Ok(()), false),
            (18, Ok(()), false),
            (19, Ok(()), true),
        ] {
            let server = server(major, "C");
            assert_eq!((server.check_version(), server.odd_version().is_some()), (fit, is_told), "{major}");
        }
    }

    #[test]
    fn a_server_that_does_not_speak_english_is_told() {
        for (language, is_told) in [
            ("C", false),
            ("C.UTF-8", false),
            ("POSIX", false),
            ("", false),
            ("en_US.UTF-8", false),
            ("English_United States.1252", false),
            ("de_DE.UTF-8", true),
            ("ca_ES", true),
        ] {
            assert_eq!(server(15, language).odd_language().is_some(), is_told, "{language}");
        }
    }
}
