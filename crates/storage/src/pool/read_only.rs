//! Whether a database takes changes.

use crate::{Database, DatabaseError};
use diesel::{QueryableByName, RunQueryDsl};

/// Fails where the database takes no changes. Checked outside of the read, as it is no failure of the database.
pub(crate) async fn check_writable(database: &Database) -> Result<(), DatabaseError> {
    let is_read_only = database.read(|connection| {
        let row: Row = diesel::sql_query(READ_ONLY).get_result(connection)?;
        Ok(row.read_only)
    });
    if is_read_only.await? { Err(DatabaseError::ReadOnly) } else { Ok(()) }
}

/// True on a replica, too.
const READ_ONLY: &str = "SELECT current_setting('transaction_read_only')::boolean AS read_only";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    read_only: bool,
}
