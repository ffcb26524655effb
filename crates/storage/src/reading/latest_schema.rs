//! Whether the latest migration is there, and so all of them: before it, recording could meet one that is being made.

use crate::DatabaseError;
use crate::connection::prepared_statement;
use diesel::RunQueryDsl;
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Text};

/// For no request: it only proves that the table of the latest migration is there.
const LATEST: &str = "SELECT number FROM statements WHERE annotation_request_id = $1 LIMIT 1";

prepared_statement!(Latest, LATEST, BigInt, { 1 => id: &'a str as Text, });

pub(super) fn check(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    let _: Vec<i64> = Latest { id: "" }.load(connection)?;
    Ok(())
}
