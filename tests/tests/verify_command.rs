//! `verify` finds every way in which what is kept can differ from what is counted, and `--repair` mends the sums.

use annotation_statistics_tests::{Program, TestDatabase, record, register, task};

const PROGRAM: &str = env!("CARGO_BIN_EXE_program-under-test");

fn program_on(database: &TestDatabase) -> Program {
    Program::new(PROGRAM, &format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url()))
}

async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    record(&database, [task("a", 1), task("a", 2).status(7), task("b", 1).counts(3, 0), task("b", 2).counts(0, 4)])
        .await;
    register(&database, "bare", None).await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_as_it_is_counted_is_verified() {
    let database = recorded().await;
    let program = program_on(&database);
    let people = program.run(&["verify"]);
    let told = "3 annotation requests with 4 tasks: all that is kept is as counted\n";
    assert_eq!((people.code, people.out.as_str(), people.err.as_str()), (Some(0), told, ""));
    let scripts = program.run(&["verify", "--json"]);
    assert_eq!((scripts.code, scripts.out.as_str()), (Some(0), "{\"drifts\":0,\"requests\":3,\"tasks\":4}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_difference_is_found_and_those_of_sums_are_mended() {
    let database = recorded().await;
    let program = program_on(&database);
    let slot = "0e767bcb-7480-4e85-bbe8-439fe7871104";
    for (sql, told) in [
        (
            "UPDATE statistics_totals SET frames = 3 WHERE annotation_request_id = 'a' AND status = 7",
            "`a`: statistics_totals of pool type 5, status 7: kept 1, 12, 44, 3, counted 1, 12, 44, 1\n".to_owned(),
        ),
        (
            "DELETE FROM statistics_totals WHERE annotation_request_id = 'a' AND status = 7",
            "`a`: statistics_totals of pool type 5, status 7: kept nothing, counted 1, 12, 44, 1\n".into(),
        ),
        (
            "INSERT INTO statistics_totals VALUES ('bare', 0, 1, 0, 0, 0, 0)",
            "`bare`: statistics_totals of pool type 0, status 1: kept 0, 0, 0, 0, counted nothing\n".into(),
        ),
        (
            "UPDATE operation_item_totals SET total = total + 1 WHERE annotation_request_id = 'b' AND tasks_of_slots = 1",
            format!("`b`: operation_item_totals of {slot}: kept 4, 1, 1, 0, counted 3, 1, 1, 0\n"),
        ),
        (
            "UPDATE operation_item_totals SET tasks_of_inputs = 0 WHERE annotation_request_id = 'b'",
            "`b`: operation_item_totals of select-[e000f]: kept 4, 1, 0, 0, counted 4, 1, 0, 1\n".into(),
        ),
        (
            "INSERT INTO operation_item_totals VALUES ('gone', 'car', 1, 1, 0, 0)",
            "`gone`: operation_item_totals of a request that is gone: kept rows, counted nothing\n".into(),
        ),
    ] {
        database.execute(sql);
        let found = program.run(&["verify"]);
        let next =
            "error: 1 differences between what is kept and what is counted; verify --repair adds up the sums anew\n";
        assert_eq!((found.code, found.out.as_str(), found.err.as_str()), (Some(1), told.as_str(), next), "{sql}");
        let mended = program.run(&["verify", "--repair"]);
        assert_eq!(mended.code, Some(0), "{sql}: {mended:?}");
        assert!(mended.out.ends_with("all that is kept is as counted\n"), "{sql}: {mended:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_tasks_or_an_order_that_is_wrong_is_found_and_left_to_a_person() {
    let database = recorded().await;
    let program = program_on(&database);
    database.execute("UPDATE annotation_requests SET task_count = 3 WHERE id = 'a'");
    database.execute("UPDATE statistics SET position = 9 WHERE annotation_request_id = 'b' AND position = 1");
    let found = program.run(&["verify", "--json"]);
    let expected = [
        r#"{"annotationRequestId":"a","counted":"2","kept":"3","what":"annotation_requests.task_count"}"#,
        r#"{"annotationRequestId":"a","counted":"1","kept":"3","what":"the sum of the positions"}"#,
        r#"{"annotationRequestId":"b","counted":"9","kept":"1","what":"the sum of the positions"}"#,
        r#"{"drifts":3,"requests":3,"tasks":5}"#,
    ];
    assert_eq!((found.code, found.out.lines().collect::<Vec<_>>()), (Some(1), expected.to_vec()));
    assert_eq!(program.run(&["verify", "--repair"]).code, Some(1));
}

#[test]
fn a_database_that_is_away_is_no_difference() {
    let url = "postgres://canary-user:canary-password@127.0.0.1:1/none";
    let program = Program::new(PROGRAM, &format!("database.url = '{url}'\ndatabase.connect_timeout = '200ms'"));
    let away = program.run(&["verify"]);
    let told = "error: not everything was counted: the statistics cannot be reached: no session could be opened: nothing \
                listens at that address\n";
    assert_eq!((away.code, away.out.as_str(), away.err.as_str()), (Some(3), "", told));
}

/// Whoever reads requests waits for the advisory lock 1, after the moment of the read is settled.
const WAITING: &str = "
CREATE FUNCTION waited() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_advisory_lock(1), pg_advisory_unlock(1);
    RETURN true;
END $$;
ALTER TABLE annotation_requests RENAME TO kept_requests;
CREATE VIEW annotation_requests AS SELECT * FROM kept_requests WHERE waited();";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_deleted_meanwhile_is_no_difference() {
    let database = recorded().await;
    database.execute(WAITING);
    let mut deleting = database.session();
    deleting.execute("SELECT pg_advisory_lock(1)");
    let program = program_on(&database);
    let run = std::thread::scope(|scope| {
        let run = scope.spawn(|| program.run(&["verify", "--json"]));
        database.wait_for_locks(1);
        deleting.execute(
            "BEGIN; DELETE FROM kept_requests WHERE id = 'a'; DELETE FROM statistics WHERE annotation_request_id = 'a'; \
             DELETE FROM statistics_totals WHERE annotation_request_id = 'a'; \
             DELETE FROM operation_item_totals WHERE annotation_request_id = 'a'; COMMIT; SELECT pg_advisory_unlock(1)",
        );
        run.join().unwrap()
    });
    let told = "{\"drifts\":0,\"requests\":3,\"tasks\":4}\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), told, ""));
}
