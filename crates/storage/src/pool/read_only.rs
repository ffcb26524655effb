//! Whether a database takes changes.

use crate::{Database, SessionError};
use diesel::{QueryableByName, RunQueryDsl};

/// Whether the database takes changes. That it does not is an answer, and no failure of it.
pub(crate) async fn check_writable(database: &Database) -> Result<(), SessionError> {
    let is_read_only = database.read(|connection| {
        let told: Told = diesel::sql_query(READ_ONLY).get_result(connection)?;
        Ok(told.read_only)
    });
    if is_read_only.await? { Err(SessionError::ReadOnly) } else { Ok(()) }
}

/// A replica says so, too.
const READ_ONLY: &str = "SELECT current_setting('transaction_read_only')::boolean AS read_only";

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    read_only: bool,
}
