//! `verify` finds every way in which what is kept can differ from what is counted, and `--repair` repairs it from the tasks.

use crate::PROGRAM;
use annotation_statistics_tests::{Corruption, Program, TestDatabase, record, register, task};

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
    let reported = "3 annotation requests with 4 tasks: all stored sums are correct\n";
    assert_eq!((people.code, people.out.as_str(), people.err.as_str()), (Some(0), reported, ""));
    let scripts = program.run(&["verify", "--json"]);
    assert_eq!(
        (scripts.code, scripts.out.as_str()),
        (Some(0), "{\"drifts\":0,\"requests\":3,\"statements\":0,\"tasks\":4,\"untrue\":0}\n")
    );
}

/// A way in which what is kept can differ from the tasks, and what is told of it.
const DAMAGES: [(&str, &[&str]); 17] = [
    (
        "UPDATE statistics_totals SET frames = 3 WHERE annotation_request_id = 'a' AND status = 7",
        &["`a`: statistics_totals of pool type 5, status 7: kept 1, 12, 44, 3, counted 1, 12, 44, 1"],
    ),
    (
        "DELETE FROM statistics_totals WHERE annotation_request_id = 'a' AND status = 7",
        &["`a`: statistics_totals of pool type 5, status 7: kept nothing, counted 1, 12, 44, 1"],
    ),
    (
        "INSERT INTO statistics_totals VALUES ('bare', 0, 1, 0, 0, 0, 0)",
        &["`bare`: statistics_totals of pool type 0, status 1: kept 0, 0, 0, 0, counted nothing"],
    ),
    (
        "UPDATE operation_item_totals SET total = 9 WHERE annotation_request_id = 'b' AND item_key = 'select-[e000f]'",
        &["`b`: operation_item_totals of select-[e000f]: kept 9, 1, 0, 1, counted 4, 1, 0, 1"],
    ),
    (
        "UPDATE operation_item_totals SET tasks_of_inputs = 0 WHERE annotation_request_id = 'b'",
        &["`b`: operation_item_totals of select-[e000f]: kept 4, 1, 0, 0, counted 4, 1, 0, 1"],
    ),
    (
        "INSERT INTO operation_item_totals VALUES ('gone', 'car', 1, 1, 0, 0)",
        &["`gone`: operation_item_totals of a request that is gone: kept rows, counted nothing"],
    ),
    (
        "UPDATE item_group_totals SET total = 9 WHERE annotation_request_id = 'b' AND item_key = 'select-[e000f]'",
        &["`b`: item_group_totals of select-[e000f], pool type 5, status 11: kept 9, 1, 0, 1, counted 4, 1, 0, 1"],
    ),
    (
        "UPDATE item_group_totals SET status = 7 WHERE annotation_request_id = 'b' AND item_key = 'select-[e000f]'",
        &[
            "`b`: item_group_totals of select-[e000f], pool type 5, status 11: kept nothing, counted 4, 1, 0, 1",
            "`b`: item_group_totals of select-[e000f], pool type 5, status 7: kept 4, 1, 0, 1, counted nothing",
        ],
    ),
    (
        "INSERT INTO item_group_totals VALUES ('gone', 'car', 5, 11, 1, 1, 0, 0)",
        &["`gone`: item_group_totals of a request that is gone: kept rows, counted nothing"],
    ),
    (
        "INSERT INTO operation_items VALUES ('gone', 'car', 'slot')",
        &["`gone`: operation_items of a request that is gone: kept rows, counted nothing"],
    ),
    (
        "INSERT INTO request_items VALUES ('gone', 'car', 0, NULL, 'Car', NULL, 'slot', 'box', false, NULL, NULL, true)",
        &["`gone`: request_items of a request that is gone: kept rows, counted nothing"],
    ),
    (
        "UPDATE annotation_requests SET task_count = 3 WHERE id = 'a'",
        &["`a`: annotation_requests.task_count: kept 3, counted 2", "`a`: the sum of the positions: kept 3, counted 1"],
    ),
    (
        "UPDATE annotation_requests SET task_count = 0 WHERE id = 'b'",
        &["`b`: annotation_requests.task_count: kept 0, counted 2", "`b`: the sum of the positions: kept 0, counted 1"],
    ),
    (
        "INSERT INTO removed_positions VALUES ('a', 2)",
        &[
            "`a`: annotation_requests.removed_count: kept 0, counted 1",
            "`a`: the sum of the positions: kept 1, counted 3",
        ],
    ),
    (
        "INSERT INTO removed_positions VALUES ('a', 1); \
         UPDATE annotation_requests SET removed_count = 1, next_position = 3 WHERE id = 'a'",
        &[
            "`a`: annotation_requests.removed_count: kept 1, counted 0",
            "`a`: the sum of the positions: kept 3, counted 1",
        ],
    ),
    (
        "INSERT INTO removed_positions VALUES ('gone', 1)",
        &["`gone`: removed_positions of a request that is gone: kept rows, counted nothing"],
    ),
    (
        "UPDATE statistics SET position = position + 5 WHERE annotation_request_id = 'b' AND task_id = 2; \
         UPDATE statistics SET position = 3 WHERE annotation_request_id = 'b' AND task_id = 1",
        &["`b`: the sum of the positions: kept 1, counted 9"],
    ),
];

/// All tasks in their order, and the revisions of their requests.
fn state(database: &TestDatabase) -> (Vec<String>, Vec<String>) {
    let tasks = "SELECT concat_ws(' ', annotation_request_id, position, task_id) FROM statistics ORDER BY 1";
    (database.query(tasks), database.query("SELECT revision::text FROM annotation_requests ORDER BY id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_difference_is_found_and_repaired_from_the_tasks() {
    let database = recorded().await;
    let program = program_on(&database);
    let (tasks, mut revisions) = state(&database);
    for (sql, reported) in DAMAGES {
        database.execute(sql);
        let reported = format!("{}\n", reported.join("\n"));
        let found = program.run(&["verify"]);
        let number = reported.lines().count();
        let next = format!(
            "error: {number} differences between what is kept and what is counted; verify --repair repairs them from the tasks\n"
        );
        assert_eq!(
            (found.code, found.out.as_str(), found.err.as_str()),
            (Some(1), reported.as_str(), next.as_str()),
            "{sql}"
        );
        let id = reported.split('`').nth(1).unwrap();
        let well = "3 annotation requests with 4 tasks: all stored sums are correct\n";
        let repaired = program.run(&["verify", "--repair"]);
        let expected = format!("{reported}`{id}`: repaired\n{well}");
        assert_eq!((repaired.code, repaired.out, repaired.err.as_str()), (Some(0), expected, ""), "{sql}");
        let (tasks_after, revisions_after) = state(&database);
        assert_eq!(tasks_after, tasks, "{sql}");
        assert_eq!(revisions_after == revisions, id == "gone", "what is answered again is not what it was: {sql}");
        revisions = revisions_after;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_was_deleted_by_hand_leaves_no_trace_and_scripts_are_told_each_step() {
    let database = recorded().await;
    let program = program_on(&database);
    database.execute("DELETE FROM statistics WHERE annotation_request_id = 'a' AND task_id = 1");
    database.execute("INSERT INTO statistics_totals VALUES ('gone', 0, 1, 0, 0, 0, 0)");
    let repaired = program.run(&["verify", "--repair", "--json"]);
    let expected = [
        r#"{"annotationRequestId":"a","counted":"1","kept":"2","what":"annotation_requests.task_count"}"#,
        r#"{"annotationRequestId":"a","counted":null,"kept":"12, 1, 0, 0","what":"item_group_totals of 0e767bcb-7480-4e85-bbe8-439fe7871104, pool type 5, status 11"}"#,
        r#"{"annotationRequestId":"a","counted":null,"kept":"44, 1, 0, 0","what":"item_group_totals of select-[e000f], pool type 5, status 11"}"#,
        r#"{"annotationRequestId":"a","counted":"12, 1, 0, 0","kept":"24, 2, 0, 0","what":"operation_item_totals of 0e767bcb-7480-4e85-bbe8-439fe7871104"}"#,
        r#"{"annotationRequestId":"a","counted":"44, 1, 0, 0","kept":"88, 2, 0, 0","what":"operation_item_totals of select-[e000f]"}"#,
        r#"{"annotationRequestId":"a","counted":null,"kept":"1, 12, 44, 1","what":"statistics_totals of pool type 5, status 11"}"#,
        r#"{"annotationRequestId":"gone","counted":null,"kept":"rows","what":"statistics_totals of a request that is gone"}"#,
        r#"{"annotationRequestId":"a","mended":true}"#,
        r#"{"annotationRequestId":"gone","mended":true}"#,
        r#"{"drifts":0,"requests":3,"statements":0,"tasks":3,"untrue":0}"#,
    ];
    assert_eq!(
        (repaired.code, repaired.out.lines().collect::<Vec<_>>(), repaired.err.as_str()),
        (Some(0), expected.to_vec(), "")
    );
    assert_eq!(state(&database).0, ["a 0 2", "b 0 1", "b 1 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_whose_request_is_gone_are_left_until_somebody_says_which_campaign_it_is_of() {
    let database = recorded().await;
    let program = program_on(&database);
    database.execute("DELETE FROM annotation_requests WHERE id = 'b'");
    let rest = "`b`: statistics of a request that is gone: kept rows, counted nothing\n";
    let sums = ["item_group_totals", "operation_item_totals", "statistics", "statistics_totals"]
        .map(|table| format!("`b`: {table} of a request that is gone: kept rows, counted nothing\n"));
    let left = "error: 1 differences are left, which cannot be repaired from the tasks: OPERATIONS.md says what to do (Verifying)\n";
    let repaired = program.run(&["verify", "--repair"]);
    let expected = format!("{}`b`: repaired\n{rest}", sums.concat());
    assert_eq!((repaired.code, repaired.out, repaired.err.as_str()), (Some(1), expected, left));
    let again = program.run(&["verify", "--repair"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (Some(1), rest.repeat(2).as_str(), left));

    register(&database, "b", None).await;
    let repaired = program.run(&["verify", "--repair"]);
    assert!(repaired.out.ends_with("`b`: repaired\n3 annotation requests with 4 tasks: all stored sums are correct\n"));
    assert_eq!(
        (repaired.code, state(&database).0),
        (Some(0), ["a 0 1", "a 1 2", "b 0 1", "b 1 2"].map(Into::into).to_vec())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_breaks_a_rule_is_told_with_its_request_and_deleted_by_hand() {
    let database = recorded().await;
    let program = program_on(&database);
    database.execute(Corruption::UNGUARD);
    database.execute("UPDATE statistics SET instance_info = '[]' WHERE annotation_request_id = 'a' AND task_id = 1");
    let reported = "error: not everything was counted: the stored statistics are corrupt: the tasks of `a` cannot be counted: \
                cannot call jsonb_each on a non-object\n";
    let found = program.run(&["verify", "--repair"]);
    assert_eq!((found.code, found.out.as_str(), found.err.as_str()), (Some(3), "", reported));
    database.execute("DELETE FROM statistics WHERE annotation_request_id = 'a' AND task_id = 1");
    let repaired = program.run(&["verify", "--repair"]);
    assert!(repaired.out.ends_with("`a`: repaired\n3 annotation requests with 3 tasks: all stored sums are correct\n"));
    record(&database, [task("a", 1)]).await;
    assert_eq!(state(&database).0, ["a 0 2", "a 1 1", "b 0 1", "b 1 2"]);
    assert_eq!(program.run(&["verify"]).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_and_writes_to_the_same_request_wait_for_each_other() {
    let database = recorded().await;
    let program = program_on(&database);
    database.execute("UPDATE statistics SET position = 2 WHERE annotation_request_id = 'a' AND task_id = 2");
    let mut locking = database.session();
    locking.execute("BEGIN; SELECT FROM annotation_requests WHERE id = 'a' FOR UPDATE");
    let run = std::thread::scope(|scope| {
        let run = scope.spawn(|| program.run(&["verify", "--repair"]));
        database.wait_for_locks(1);
        let writing = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(record(&database, [task("a", 3), task("a", 1).status(7)]))
        });
        database.wait_for_locks(2);
        locking.execute("COMMIT");
        writing.join().unwrap();
        run.join().unwrap()
    });
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.starts_with("`a`: the sum of the positions: kept 1, counted 2\n`a`: repaired\n"), "{run:?}");
    assert_eq!(state(&database).0, ["a 0 1", "a 1 2", "a 2 3", "b 0 1", "b 1 2"]);
    assert_eq!(program.run(&["verify"]).code, Some(0));
}

#[test]
fn a_database_that_is_away_is_no_difference() {
    let url = "postgres://canary-user:canary-password@127.0.0.1:1/none";
    let program = Program::new(PROGRAM, &format!("database.url = '{url}'\ndatabase.connect_timeout = '200ms'"));
    let away = program.run(&["verify"]);
    let reported = "error: not everything was counted: the statistics cannot be reached: no session could be opened: nothing \
                listens at that address\n";
    assert_eq!((away.code, away.out.as_str(), away.err.as_str()), (Some(3), "", reported));
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
             DELETE FROM operation_item_totals WHERE annotation_request_id = 'a'; \
             DELETE FROM item_group_totals WHERE annotation_request_id = 'a'; COMMIT; SELECT pg_advisory_unlock(1)",
        );
        run.join().unwrap()
    });
    let reported = "{\"drifts\":0,\"requests\":3,\"statements\":0,\"tasks\":4,\"untrue\":0}\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), reported, ""));
}
