//! Raw SQL, past the code under test.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::result::Error;
use diesel::sql_types::{Nullable, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};

/// A session of its own, without limits.
pub struct SqlSession(PgConnection);

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

#[derive(QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

impl SqlSession {
    /// Opens one.
    pub fn open(url: &str) -> Self {
        Self(PgConnection::establish(url).unwrap())
    }

    /// Runs any number of statements.
    pub fn execute(&mut self, sql: &str) {
        self.try_execute(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// Runs any number of statements that may be refused.
    ///
    /// # Errors
    /// What the database says.
    pub fn try_execute(&mut self, sql: &str) -> Result<(), Error> {
        self.0.batch_execute(sql)
    }

    /// The values of a query with one column, as text; `NULL` for a null.
    pub fn query(&mut self, sql: &str) -> Vec<String> {
        let sql = format!("SELECT value::text AS value FROM ({sql}) AS result (value)");
        let rows: Vec<Row> = sql_query(&sql).load(&mut self.0).unwrap_or_else(|error| panic!("{error}: {sql}"));
        rows.into_iter().map(|row| row.value.unwrap_or_else(|| "NULL".into())).collect()
    }

    /// What an `EXPLAIN` statement says.
    pub fn explain(&mut self, sql: &str) -> String {
        let lines: Vec<PlanLine> = sql_query(sql).load(&mut self.0).unwrap_or_else(|error| panic!("{error}: {sql}"));
        lines.into_iter().map(|row| row.line).collect::<Vec<_>>().join("\n")
    }
}
