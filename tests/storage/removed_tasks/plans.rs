//! What is read and moved is found by indexes, and no more than that.

use annotation_statistics_storage::{PACK_SQL, REMOVED_POSITIONS_SQL};
use annotation_statistics_tests::{QueryPlan, TestDatabase};

const RUNS_BEFORE_A_GENERIC_PLAN: usize = 7;

/// 20,000 tasks, of which every hundredth is removed, and removed positions of other requests.
const FILL: &str = r#"
    INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, updated_at, removed_count, next_position)
    VALUES ('a', '1001', 19800, 1, now(), now(), 200, 20000);
    INSERT INTO statistics
    SELECT 'a', n, n, 11, 5, 'complete pool', '{"car": 1}', 1, 0, 1 FROM generate_series(0, 19999) AS n WHERE n % 100 <> 50;
    INSERT INTO removed_positions SELECT 'a', n FROM generate_series(50, 19999, 100) AS n;
    INSERT INTO removed_positions SELECT 'other ' || n, n FROM generate_series(0, 19999) AS n"#;

#[test]
fn removed_positions_and_the_tasks_behind_one_are_found_by_indexes_whatever_the_planner_knows() {
    let database = TestDatabase::new();
    database.execute(FILL);
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
            let case = format!("run {runs} times before, and the planner knows {known}");
            let mut session = database.session();
            session.execute("SET enable_seqscan = off");
            session.execute(&format!("PREPARE removed (text) AS {REMOVED_POSITIONS_SQL}"));
            session.execute(&format!("PREPARE pack (text, bigint, bigint) AS {PACK_SQL}"));
            (0..runs).for_each(|_| session.execute("EXECUTE removed ('a')"));
            let plan = QueryPlan::of_run(&mut session, "EXECUTE removed ('a')");
            assert!(plan.scans().iter().all(|scan| !scan.contains("Seq Scan")), "{case}: {plan:?}");
            assert!(plan.buffers() <= 20, "{case}: {} buffers", plan.buffers());

            for moved in [1, 50] {
                let statement = format!("EXECUTE pack ('a', 50, {moved})");
                session.execute("BEGIN");
                // Once at least: what a session needs to know of the schema first is read from tables, too.
                (0..=runs).for_each(|_| session.execute(&format!("SAVEPOINT s; {statement}; ROLLBACK TO s")));
                let plan = QueryPlan::of_run(&mut session, &statement);
                session.execute("ROLLBACK");
                assert!(plan.scans().iter().all(|scan| !scan.contains("Seq Scan")), "{case}: {:?}", plan.scans());
                // For each that moves: itself, its entries of three indexes, and what was rolled back before.
                assert!(plan.buffers() <= 60 + moved * 30, "{case}: {moved} tasks, {} buffers", plan.buffers());
            }
        }
    }
}
