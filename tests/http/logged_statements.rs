//! The statements that a database was sent, out of the log of its server.

use annotation_statistics_tests::TestDatabase;

/// Has new sessions of the database log each statement.
pub(crate) fn log_statements(database: &TestDatabase) {
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET log_statement = ''all''', current_database()); END $$",
    );
}

/// The statements about annotation requests or their tasks that the database was sent while this ran, in their order;
/// `mark` is of this run alone.
pub(crate) fn statements_during(database: &TestDatabase, mark: &str, fetch: impl FnOnce()) -> Vec<String> {
    database.query(&format!("SELECT 'before {mark}'"));
    fetch();
    database.query(&format!("SELECT 'after {mark}'"));
    let text = database.server_log();
    let (_, rest) = text.split_once(&format!("'before {mark}'")).unwrap();
    let (requested, _) = rest.split_once(&format!("'after {mark}'")).unwrap();
    // Each entry starts with its time and its process; the name of a prepared statement is of its session.
    let entries = requested.split("LOG:  ").filter_map(|entry| entry.strip_prefix("execute ")?.split_once(": "));
    let statements = entries.map(|(_, entry)| entry.split("\n20").next().unwrap_or_default().to_owned());
    statements.filter(|statement| statement.contains("annotation_request")).collect()
}
