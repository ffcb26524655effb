//! The backup of the document for operators, taken while the service answers, and restored.

use annotation_statistics_domain::{AnnotationRequestId, CampaignScope, NewStatement, StatementName};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use annotation_statistics_tests::{
    Implementation, RunningService, SqlSession, TestDatabase, TestRoles, binaries, record, task, temp_folder,
};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const DOCUMENT: &str = include_str!("../../docs/OPERATIONS.md");
const QUERY: &str = "/statistics?limit=100&annotationRequestId=b&annotationRequestId=a";

/// Runs the command of the document that starts so, with the client programs of Postgres.
fn run(start: &str, folder: &Path, variable: &str, url: &str) {
    let command = DOCUMENT.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start}"));
    let programs = binaries();
    let name = start.trim();
    assert!(programs.path(name).exists(), "{name} is not installed: run make setup");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-euc", command]).current_dir(folder).env(variable, url).env("PATH", programs.folder());
    let done = shell.output().unwrap();
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
}

fn count(service: &RunningService) -> u64 {
    service.get(QUERY).count()
}

/// Signed with the key whose secret is 32 zeros.
async fn make_statement(database: &TestDatabase) {
    let block = format!("MC4CAQAwBQYDK2VwBCIEI{}", "A".repeat(43));
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{block}\n-----END PRIVATE KEY-----\n");
    let format = Arc::new(SignedFormat::new(SigningKey::from_pem(&pem).unwrap()));
    let annotation_request_id = AnnotationRequestId::new("a").unwrap();
    let name = StatementName::new("2026-11").unwrap();
    let new = NewStatement { annotation_request_id, name, actor: "operator".to_owned() };
    database.statements().create(new, &CampaignScope::All, format).await.unwrap();
}

/// Runs the statement of the document that starts so, as the owner, and holds the service to it.
fn take_rights(roles: &TestRoles) {
    let revoke = DOCUMENT.lines().find(|line| line.starts_with("REVOKE ")).unwrap();
    let name = roles.database().query("SELECT current_database()").concat();
    SqlSession::open(&roles.owner_url()).execute(&revoke.replace("statistics_", &format!("{name}_")));
    for url in [roles.owner_url(), roles.service_url()] {
        let refused = SqlSession::open(&url).try_execute("DELETE FROM statements").unwrap_err().to_string();
        assert_eq!(refused, "permission denied for table statements");
    }
}

#[tokio::test]
async fn what_is_restored_is_answered_as_before_and_goes_on() {
    let database = TestDatabase::new();
    record(&database, (1..=30).map(|id| task("a", id))).await;
    record(&database, (31..=50).map(|id| task("b", id))).await;
    make_statement(&database).await;
    let before = RunningService::on(&database);
    let folder = temp_folder();
    run("pg_dump ", folder.path(), "DATABASE_URL", &database.url());
    record(&database, [task("a", 99)]).await;
    assert_eq!(count(&before), 51, "it answered and recorded meanwhile");

    // Into a database with two roles, though it came from one with one.
    let roles = TestRoles::without_schema();
    run("pg_restore ", folder.path(), "EMPTY_DATABASE_URL", &roles.owner_url());
    take_rights(&roles);
    let after = RunningService::with(&roles.service_url(), "database.migrate = false");
    after.wait_until_ready();
    assert_eq!(count(&after), 50, "as it was when the dump was taken");
    let rows = "SELECT s FROM statistics AS s WHERE task_id <> 99 ORDER BY annotation_request_id, position";
    assert_eq!(roles.database().query(rows), database.query(rows));
    // Byte by byte, though the session that restores them may not change them.
    for table in ["statements", "statement_chunks", "statement_keys"] {
        let rows = format!("SELECT t FROM {table} AS t");
        assert_eq!(roles.database().query(&rows), database.query(&rows), "{table}");
        assert_eq!(database.query(&rows).len(), 1, "{table}");
    }

    let tag = |service: &RunningService| service.fetch("GET", QUERY, "").header("etag").unwrap().to_owned();
    let restored = tag(&after);
    assert_ne!(restored, tag(&before));
    record(roles.database(), [task("a", 99)]).await;
    assert_eq!(count(&after), 51);
    assert!(![restored, tag(&before)].contains(&tag(&after)), "no revision comes twice");
}
