//! One role migrates, another one serves and cannot change the schema.

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Run, RunningService, SqlSession, TestDatabase, TestRoles};

const QUERY: &str = "/statistics?annotationRequestId=a";
const TASK: &str = r#"{"annotationRequestId":"a","id":1,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"instanceInfo":{"car":1},"instanceNum":1,"attributeNum":0,"frameNum":1}"#;

fn run(url: &str, arguments: &[&str], more: &str) -> Run {
    let program = Program::new(PROGRAM, &format!("database.url = {url:?}\ndatabase.connect_timeout = '10s'\n{more}"));
    let file = program.write("tasks.jsonl", TASK);
    let arguments: Vec<&str> = arguments.iter().map(|word| if *word == "FILE" { &file } else { *word }).collect();
    program.run(&arguments)
}

#[test]
fn a_service_that_may_not_migrate_waits_for_somebody_who_may() {
    let roles = TestRoles::without_schema();
    let settings = "database.migrate = false\ndatabase.retry_interval = '20ms'";
    let service = RunningService::with(&roles.service_url(), settings);
    assert_eq!(service.get("/health/ready").status, 503);
    assert_eq!(service.get("/health/live").status, 200);

    let migrated = run(&roles.owner_url(), &["migrate"], "");
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    service.wait_until_ready();
    let imported = run(&roles.service_url(), &["import", "FILE"], "database.migrate = false");
    assert_eq!(imported.code, Some(0), "{imported:?}");
    assert_eq!(service.get(QUERY).count(), 1);
}

#[test]
fn roles_that_are_there_have_their_rights_in_one_more_database() {
    let (roles, other) = (TestRoles::without_schema(), TestDatabase::without_schema());
    roles.run_in(&other);
    let url = roles.owner_url().rsplit_once('/').map(|(server, _)| server.to_owned()).unwrap();
    let url_there = other.url();
    let (_, rest) = url_there.rsplit_once('/').unwrap();
    assert_eq!(run(&format!("{url}/{rest}"), &["migrate"], "").code, Some(0));
}

#[test]
fn a_service_whose_role_cannot_change_the_schema_starts_where_there_is_nothing_to_change() {
    let roles = TestRoles::without_schema();
    assert_eq!(run(&roles.owner_url(), &["migrate"], "").code, Some(0));
    let again = run(&roles.service_url(), &["migrate"], "");
    assert_eq!((again.code, again.out.as_str()), (Some(0), "the schema is up to date\n"), "{again:?}");
    let service = RunningService::with(&roles.service_url(), "");
    service.wait_until_ready();
    assert_eq!(service.get(QUERY).status, 404);

    let mut session = SqlSession::open(&roles.service_url());
    for statement in [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE statistics ADD COLUMN mine int",
        "DROP TABLE statistics",
        "TRUNCATE statistics",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ] {
        assert!(session.try_execute(statement).is_err(), "{statement}");
    }
    drop(service);
    assert_eq!(roles.database().query("SELECT count(*) FROM statistics"), ["0"]);
}

#[test]
fn a_schema_that_the_role_cannot_bring_up_to_date_is_told_with_what_to_do() {
    let roles = TestRoles::without_schema();
    let refused = run(&roles.service_url(), &["migrate"], "");
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("error: the schema could not be migrated: "), "{refused:?}");
    assert!(refused.err.contains("permission denied for schema public"), "{refused:?}");

    let refused = run(&roles.service_url(), &["import", "FILE"], "database.migrate = false");
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("error: the schema is not of this version, "), "{refused:?}");
    assert!(refused.err.contains("is missing: run `annotation-statistics migrate`"), "{refused:?}");
}

const STATEMENT: &str = "\
    INSERT INTO statements VALUES ('a', 1, '2026-11', '1001', NULL, 1, 1, sha256(''), 0, '{}', sha256(''), \
    decode(repeat('00', 64), 'hex'), repeat('0', 16), 'operator', now());
    INSERT INTO statement_chunks VALUES ('a', 1, 0, 1, '')";

/// Holds a role to what it may do with statements: add and read them, and nothing else.
fn hold_to_adding(url: &str, number: u32) {
    let mut session = SqlSession::open(url);
    let statement = STATEMENT.replace("'a', 1", &format!("'a', {number}"));
    session.execute(&statement.replace("2026-11", &format!("2026-1{number}")));
    let all = "SELECT count(*) FROM statements JOIN statement_chunks USING (number)";
    assert_eq!(session.query(all), [number.to_string()]);
    for (table, key) in [("statements", "number"), ("statement_chunks", "number, chunk")] {
        for change in [
            format!("UPDATE {table} SET number = 7"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
            format!("SELECT FROM {table} FOR UPDATE"),
            format!(
                "INSERT INTO {table} SELECT * FROM {table} \
                 ON CONFLICT (annotation_request_id, {key}) DO UPDATE SET number = 7"
            ),
        ] {
            let refused = session.try_execute(&change).unwrap_err().to_string();
            assert_eq!(refused, format!("permission denied for table {table}"), "{change}");
        }
    }
}

#[test]
fn no_role_of_the_documentation_changes_a_statement_or_removes_it() {
    let roles = TestRoles::without_schema();
    assert_eq!(run(&roles.owner_url(), &["migrate"], "").code, Some(0));
    hold_to_adding(&roles.service_url(), 1);
    hold_to_adding(&roles.owner_url(), 2);
    let mut service = SqlSession::open(&roles.service_url());
    service.execute(
        "INSERT INTO statement_keys VALUES (repeat('0', 16), sha256(''), now());
         UPDATE statement_keys SET retired_at = now()",
    );
}

#[test]
fn the_owner_of_the_schema_takes_the_tables_of_statements_back_all_the_same() {
    let roles = TestRoles::without_schema();
    assert_eq!(run(&roles.owner_url(), &["migrate"], "").code, Some(0));
    let scripts = annotation_statistics_tests::migration_scripts();
    let script = scripts.iter().find(|script| script.name.ends_with("keep_statements")).unwrap();
    let mut owner = SqlSession::open(&roles.owner_url());
    owner.execute(&script.down);
    owner.execute(&script.up);
    hold_to_adding(&roles.owner_url(), 1);
}
