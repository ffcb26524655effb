//! The statements of a summary read the sums of the requested annotation requests along indexes, whatever the others have.

use annotation_statistics_storage::{
    CELL_TOTALS_OF_ONE_SQL, CELL_TOTALS_SQL, GROUP_TOTALS_OF_ONE_SQL, GROUP_TOTALS_SQL, ITEM_TOTALS_OF_ONE_SQL,
    ITEM_TOTALS_SQL, UNSUMMED_SQL,
};
use annotation_statistics_tests::{QueryPlan, SqlSession, TestDatabase};

/// 2,000 requests with 10 operation items in two pools, and a large one with 5,000 in four; each item has a stated kind.
const FILL: &str = "
    INSERT INTO annotation_requests
    SELECT 'request ' || r, '1001', 20, 1, now(), now() FROM generate_series(1, 2000) AS r
    UNION ALL SELECT 'large', '1001', 60000, 1, now(), now();
    UPDATE annotation_requests SET summed_revision = revision;
    INSERT INTO item_group_totals
    SELECT r.id, 'item ' || to_char(item, 'FM0000'), pool, 11, 5, 5, 0, 0
    FROM annotation_requests AS r, generate_series(1, CASE r.id WHEN 'large' THEN 5000 ELSE 10 END) AS item,
         generate_series(1, CASE r.id WHEN 'large' THEN 4 ELSE 2 END) AS pool;
    INSERT INTO operation_item_totals
    SELECT annotation_request_id, item_key, sum(total), sum(tasks), 0, 0 FROM item_group_totals GROUP BY 1, 2;
    INSERT INTO operation_items SELECT annotation_request_id, item_key, 'slot' FROM operation_item_totals;
    INSERT INTO statistics_totals
    SELECT annotation_request_id, pool_type, status, 10, 50, 0, 10 FROM item_group_totals GROUP BY 1, 2, 3";

/// How often a statement runs before the planner may settle for a plan that fits all parameters.
const RUNS_BEFORE_A_GENERIC_PLAN: usize = 7;

/// A session as the storage crate sets it up, with the statements prepared.
fn prepared(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("SET enable_seqscan = off; SET jit = off");
    for (name, parameters, sql) in [
        ("groups", "text[]", GROUP_TOTALS_SQL),
        ("groups_of_one", "text", GROUP_TOTALS_OF_ONE_SQL),
        ("items", "text[]", ITEM_TOTALS_SQL),
        ("items_of_one", "text", ITEM_TOTALS_OF_ONE_SQL),
        ("cells", "text[], boolean", CELL_TOTALS_SQL),
        ("cells_of_one", "text, boolean", CELL_TOTALS_OF_ONE_SQL),
        ("unsummed", "text[]", UNSUMMED_SQL),
    ] {
        session.execute(&format!("PREPARE {name} ({parameters}) AS {sql}"));
    }
    session
}

fn ids(requests: usize) -> String {
    let ids: Vec<String> = (1..=requests).map(|number| format!("'request {number}'")).collect();
    format!("ARRAY[{}]", ids.join(", "))
}

/// Statements for small requests, and the most buffers that each may touch.
fn cases() -> Vec<(String, u64)> {
    let (one, twelve, many) = (ids(1), ids(12), ids(100));
    vec![
        ("EXECUTE groups_of_one ('request 7')".into(), 10),
        (format!("EXECUTE groups ({one})"), 10),
        (format!("EXECUTE groups ({twelve})"), 60),
        (format!("EXECUTE groups ({many})"), 400),
        ("EXECUTE items_of_one ('request 7')".into(), 50),
        (format!("EXECUTE items ({one})"), 50),
        (format!("EXECUTE items ({twelve})"), 350),
        (format!("EXECUTE items ({many})"), 1_000),
        ("EXECUTE cells_of_one ('request 7', false)".into(), 50),
        ("EXECUTE cells_of_one ('request 7', true)".into(), 50),
        (format!("EXECUTE cells ({one}, true)"), 50),
        (format!("EXECUTE cells ({twelve}, false)"), 250),
        (format!("EXECUTE cells ({twelve}, true)"), 250),
        (format!("EXECUTE cells ({many}, false)"), 1_000),
        (format!("EXECUTE unsummed ({one})"), 10),
        (format!("EXECUTE unsummed ({many})"), 400),
    ]
}

#[test]
fn sums_cost_what_the_requested_requests_have_whatever_the_planner_knows() {
    let database = TestDatabase::new();
    database.execute(FILL);
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for (statement, most) in cases() {
            let mut session = prepared(&database);
            for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
                (0..runs).for_each(|_| session.execute(&statement));
                let plan = QueryPlan::of_run(&mut session, &statement);
                let case = format!("{statement}, run {runs} times before, and the planner knows {known}");
                let scans = plan.scans();
                let unbounded = |scan: &&String| !scan.contains(" by ") && !scan.starts_with("Bitmap Heap Scan");
                assert_eq!(scans.iter().find(unbounded), None, "{case}: {scans:?}");
                assert!(plan.buffers() <= most, "{case}: {} buffers, not {most}: {scans:?}", plan.buffers());
            }
        }
    }
}
