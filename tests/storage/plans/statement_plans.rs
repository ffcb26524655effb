//! A statement is found by indexes, and costs the same however many others there are and however many rows they have.

use annotation_statistics_storage::{
    EXPORT_ROWS_BY_TASK_ID_SQL, FRAME_OF_TASK_SQL, FRAMES_SQL, LAST_STATEMENT_SQL, STATEMENT_SQL, STATEMENTS_SQL,
};
use annotation_statistics_tests::{QueryPlan, SqlSession, TestDatabase};

/// 500 requests with two statements of three frames each, and a large one with 400 statements, the first of which has 4,000
/// frames.
const FILL: &str = "\
    INSERT INTO statements
    SELECT 'request ' || r, n, 'statement-' || n, '1001', NULL, 1, 1, sha256(''), 0, convert_to(repeat('x', 3000), 'UTF8'),
    sha256(''), decode(repeat('00', 64), 'hex'), repeat('0', 16), 'operator', now()
    FROM generate_series(1, 501) AS r, generate_series(1, 400) AS n WHERE r = 501 OR n <= 2;
    INSERT INTO statement_chunks
    SELECT annotation_request_id, number, chunk, chunk * 256, convert_to(repeat('x', 100), 'UTF8')
    FROM statements, generate_series(0, CASE WHEN annotation_request_id = 'request 501' AND number = 1 THEN 3999 ELSE 2 END)
    AS chunk";

/// How often a statement runs before the planner may settle for a plan that fits all parameters.
const RUNS_BEFORE_A_GENERIC_PLAN: usize = 7;

fn prepared(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("SET jit = off");
    for (name, parameters, sql) in [
        ("statement", "text, text", STATEMENT_SQL),
        ("list", "text, bigint, bigint", STATEMENTS_SQL),
        ("last", "text", LAST_STATEMENT_SQL),
        ("frames", "text, bigint, bigint, bigint, bigint", FRAMES_SQL),
        ("frame_of_task", "text, bigint, bigint", FRAME_OF_TASK_SQL),
    ] {
        session.execute(&format!("PREPARE {name} ({parameters}) AS {sql}"));
    }
    session
}

#[test]
fn statements_and_their_frames_are_found_by_their_keys_at_any_depth() {
    let database = TestDatabase::new();
    database.execute(FILL);
    for (known, reported_by) in [("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for (statement, most) in [
            ("EXECUTE statement ('request 501', 'statement-399')", 10),
            ("EXECUTE list ('request 501', 300, 20)", 30),
            ("EXECUTE last ('request 501')", 5),
            ("EXECUTE frames ('request 501', 1, 0, 8, 4194304)", 15),
            ("EXECUTE frames ('request 501', 1, 3990, 8, 4194304)", 15),
            ("EXECUTE frame_of_task ('request 501', 1, 900000)", 6),
        ] {
            let mut session = prepared(&database);
            for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
                (0..runs).for_each(|_| session.execute(statement));
                let plan = QueryPlan::of_run(&mut session, statement);
                let case = format!("{statement}, run {runs} times before, and the planner knows {known}");
                assert!(!plan.scans().iter().any(|scan| scan.starts_with("Seq Scan")), "{case}: {plan:?}");
                assert!(plan.buffers() <= most, "{case}: {} buffers, not {most}: {plan:#?}", plan.buffers());
            }
        }
    }
}

#[test]
fn tasks_are_read_in_the_order_of_their_ids_by_the_primary_key_without_sorting_them() {
    let database = TestDatabase::new();
    database.execute(
        "INSERT INTO statistics
         (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info, instance_num,
          attribute_num, frame_num)
         SELECT 'request ' || r, (t * 7919) % 20011, t, 11, 5, 'pool', '{}', 0, 0, 1
         FROM generate_series(1, 3) AS r, generate_series(0, 19999) AS t",
    );
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        let mut session = database.session();
        // As exports are read.
        session.execute("SET enable_seqscan = off; SET jit = off");
        let cursor = EXPORT_ROWS_BY_TASK_ID_SQL.replace("$1", "'request 2'");
        let plan = session.explain(&format!("EXPLAIN DECLARE tasks NO SCROLL CURSOR FOR {cursor}"));
        assert!(plan.contains("Index Scan using statistics_pkey"), "the planner knows {known}: {plan}");
        assert!(!plan.contains("Sort"), "the planner knows {known}: {plan}");
    }
}
