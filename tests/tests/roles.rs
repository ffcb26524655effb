//! One role migrates, another one serves and cannot change the schema.

use annotation_statistics_tests::{Program, RunningService, SqlSession, TestDatabase};

const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");
const ROLES: &str = include_str!("../../docs/operations/roles.sql");
const QUESTION: &str = "/statistics?annotationRequestId=a";
const TASK: &str = r#"{"annotationRequestId":"a","id":1,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"instanceInfo":{"car":1},"instanceNum":1,"attributeNum":0,"frameNum":1}"#;

/// A database with the roles of the documentation, under names of its own: roles are of the whole cluster.
struct WithRoles {
    database: TestDatabase,
    owner: String,
    service: String,
}

impl WithRoles {
    fn new() -> Self {
        let database = TestDatabase::without_schema();
        let name = database.query("SELECT current_database()").concat();
        let (owner, service) = (format!("{name}_owner"), format!("{name}_service"));
        let url = |role: &str| database.url().replace("://postgres@", &format!("://{role}@"));
        let roles = ROLES.replace("statistics_owner", &owner).replace("statistics_service", &service);
        database.execute(&roles);
        Self { owner: url(&owner), service: url(&service), database }
    }

    fn run(url: &str, arguments: &[&str], more: &str) -> annotation_statistics_tests::Run {
        let program =
            Program::new(PROGRAM, &format!("database.url = {url:?}\ndatabase.connect_timeout = '10s'\n{more}"));
        let file = program.write("tasks.jsonl", TASK);
        let arguments: Vec<&str> = arguments.iter().map(|word| if *word == "FILE" { &file } else { *word }).collect();
        program.run(&arguments)
    }
}

#[test]
fn a_service_that_may_not_migrate_waits_for_somebody_who_may() {
    let roles = WithRoles::new();
    let settings = "database.migrate = false\ndatabase.retry_interval = '20ms'";
    let service = RunningService::with(&roles.service, settings);
    assert_eq!(service.get("/health/ready").status, 503);
    assert_eq!(service.get("/health/live").status, 200);

    let migrated = WithRoles::run(&roles.owner, &["migrate"], "");
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    service.wait_until_ready();
    let imported = WithRoles::run(&roles.service, &["import", "FILE"], "database.migrate = false");
    assert_eq!(imported.code, Some(0), "{imported:?}");
    assert_eq!(service.get(QUESTION).count(), 1);
}

#[test]
fn a_service_whose_role_cannot_change_the_schema_starts_where_there_is_nothing_to_change() {
    let roles = WithRoles::new();
    assert_eq!(WithRoles::run(&roles.owner, &["migrate"], "").code, Some(0));
    let again = WithRoles::run(&roles.service, &["migrate"], "");
    assert_eq!((again.code, again.out.as_str()), (Some(0), "the schema is up to date\n"), "{again:?}");
    let service = RunningService::with(&roles.service, "");
    service.wait_until_ready();
    assert_eq!(service.get(QUESTION).status, 404);

    let mut session = SqlSession::open(&roles.service);
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
    assert_eq!(roles.database.query("SELECT count(*) FROM statistics"), ["0"]);
}

#[test]
fn a_schema_that_the_role_cannot_bring_up_to_date_is_told_with_what_to_do() {
    let roles = WithRoles::new();
    let refused = WithRoles::run(&roles.service, &["migrate"], "");
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("error: the schema could not be migrated: "), "{refused:?}");
    assert!(refused.err.contains("permission denied for schema public"), "{refused:?}");

    let refused = WithRoles::run(&roles.service, &["import", "FILE"], "database.migrate = false");
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("error: the schema is not of this version, "), "{refused:?}");
    assert!(refused.err.contains("is missing: run `annotation-statistics migrate`"), "{refused:?}");
}
