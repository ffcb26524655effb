//! A taxonomy costs what it has, however many other requests and tasks there are.

use annotation_statistics_storage::{
    CELL_TOTALS_OF_ONE_SQL, CONFORMANCE_SQL, ITEM_TOTALS_OF_ONE_SQL, ITEM_TOTALS_SQL, STATED_ITEMS_OF_ONE_SQL,
    STATED_ITEMS_SQL, TAXONOMY_SOURCE_SQL, TAXONOMY_SQL, WHITELISTED_ITEMS_OF_ONE_SQL, WHITELISTED_ITEMS_SQL,
};
use annotation_statistics_tests::{QueryPlan, SqlSession, TestDatabase};

/// 2,000 requests, each with 20 tasks and a taxonomy of 20 items, five of which its tasks have; and a large one of 20,000
/// tasks.
const FILL: &str = r#"
    INSERT INTO annotation_requests
    SELECT 'request ' || r, '1001', 20, 1, now(), now() FROM generate_series(1, 2000) AS r
    UNION ALL SELECT 'large', '1001', 20000, 1, now(), now();
    INSERT INTO statistics
        (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info, instance_num,
         attribute_num, frame_num)
    SELECT r.id, t, t, 11, 5, 'pool', '{"item 1": 1, "item 2": 2, "item 3": 3, "item 4": 4, "item 5": 5}', 15, 0, 1
    FROM annotation_requests AS r, generate_series(0, r.task_count - 1) AS t;
    INSERT INTO operation_item_totals
    SELECT id, 'item ' || item, item * task_count, task_count, task_count, 0
    FROM annotation_requests, generate_series(1, 5) AS item;
    INSERT INTO item_group_totals
    SELECT id, 'item ' || item, 5, 11, item * task_count, task_count, task_count, 0
    FROM annotation_requests, generate_series(1, 5) AS item;
    INSERT INTO request_items
    SELECT id, 'item ' || item, item, NULL, 'Item ' || item, NULL, 'slot', 'rectangle', true, 1, MAX_QUANTITY, true
    FROM annotation_requests, generate_series(1, 20) AS item ORDER BY id, item"#;

/// How often a statement runs before the planner may settle for a plan that fits all parameters.
const RUNS_BEFORE_A_GENERIC_PLAN: usize = 7;

fn filled(max_quantity: &str) -> TestDatabase {
    let database = TestDatabase::new();
    database.execute(&FILL.replace("MAX_QUANTITY", max_quantity));
    database
}

/// A session as the storage crate sets it up, with the statements prepared.
fn prepared(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("SET enable_seqscan = off; SET jit = off");
    for (name, parameters, sql) in [
        ("taxonomy", "text", TAXONOMY_SQL),
        ("taxonomy_source", "text", TAXONOMY_SOURCE_SQL),
        ("stated", "text[]", STATED_ITEMS_SQL),
        ("stated_of_one", "text", STATED_ITEMS_OF_ONE_SQL),
        ("whitelisted", "text[]", WHITELISTED_ITEMS_SQL),
        ("whitelisted_of_one", "text", WHITELISTED_ITEMS_OF_ONE_SQL),
        ("totals", "text[]", ITEM_TOTALS_SQL),
        ("totals_of_one", "text", ITEM_TOTALS_OF_ONE_SQL),
        ("cells_of_one", "text, boolean", CELL_TOTALS_OF_ONE_SQL),
        ("conformance", "text, bigint", CONFORMANCE_SQL),
    ] {
        session.execute(&format!("PREPARE {name} ({parameters}) AS {sql}"));
    }
    session
}

/// Runs each of the statements, whatever the planner knows, and holds it to the buffers that it may touch.
fn hold_to_buffers(database: &TestDatabase, cases: &[(&str, u64)]) {
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for (statement, most) in cases {
            let mut session = prepared(database);
            for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
                (0..runs).for_each(|_| session.execute(statement));
                let plan = QueryPlan::of_run(&mut session, statement);
                let case = format!("{statement}, run {runs} times before, and the planner knows {known}");
                assert!(!plan.scans().iter().any(|scan| scan.starts_with("Seq Scan")), "{case}: {plan:?}");
                assert!(plan.buffers() <= *most, "{case}: {} buffers, not {most}: {plan:#?}", plan.buffers());
            }
        }
    }
}

#[test]
fn a_taxonomy_and_what_it_adds_to_sums_are_read_by_indexes() {
    let database = filled("NULL");
    let cases = [
        ("EXECUTE taxonomy ('large')", 30),
        ("EXECUTE taxonomy_source ('large')", 5),
        ("EXECUTE stated_of_one ('large')", 30),
        ("EXECUTE stated (ARRAY['large', 'request 7', 'request 1999'])", 60),
        ("EXECUTE whitelisted_of_one ('large')", 20),
        ("EXECUTE whitelisted (ARRAY['large', 'request 7', 'request 1999'])", 60),
        ("EXECUTE totals_of_one ('large')", 100),
        ("EXECUTE totals (ARRAY['large', 'request 7', 'request 1999'])", 250),
        ("EXECUTE cells_of_one ('large', false)", 100),
        // No limit of more than one, and no upper one: the kept sums are enough.
        ("EXECUTE conformance ('large', 1000)", 200),
    ];
    hold_to_buffers(&database, &cases);
}

#[test]
fn tasks_are_compared_with_limits_in_one_pass() {
    let database = filled("3");
    let pages = database.query("SELECT (pg_relation_size('statistics') / 8192)::text")[0].parse::<u64>().unwrap();
    // Of 60,000 tasks, the large request has a third.
    hold_to_buffers(
        &database,
        &[("EXECUTE conformance ('request 7', 1000)", 250), ("EXECUTE conformance ('large', 1000)", pages)],
    );
}

/// The sums of one request by operation item, without what taxonomies state of them: what a summary took without those.
const ITEM_TOTALS_WITHOUT_TAXONOMIES: &str = "\
    SELECT t.item_key, sum(t.total)::text, sum(t.tasks)::bigint, sum(t.tasks_of_slots)::bigint, \
    sum(t.tasks_of_inputs)::bigint, \
    CASE WHEN count(i.kind) = count(*) AND min(i.kind) = max(i.kind) THEN min(i.kind) END \
    FROM operation_item_totals AS t LEFT JOIN operation_items AS i \
    ON i.annotation_request_id = t.annotation_request_id AND i.item_key = t.item_key AND i.annotation_request_id = $1 \
    WHERE t.annotation_request_id = $1 GROUP BY t.item_key ORDER BY t.item_key";

/// The buffers of the statements about operation items in a summary of one request: the sums without what taxonomies state,
/// the sums, and what is stated.
fn buffers_of_items(database: &TestDatabase, request: &str) -> [u64; 3] {
    let mut session = prepared(database);
    session.execute(&format!("PREPARE plain (text) AS {ITEM_TOTALS_WITHOUT_TAXONOMIES}"));
    ["plain", "totals_of_one", "stated_of_one"].map(|statement| {
        let statement = format!("EXECUTE {statement} ('{request}')");
        // The first runs read the catalog, too.
        (0..RUNS_BEFORE_A_GENERIC_PLAN).for_each(|_| session.execute(&statement));
        QueryPlan::of_run(&mut session, &statement).buffers()
    })
}

#[test]
fn what_taxonomies_add_to_a_summary_are_a_few_buffers_however_many_tasks_there_are() {
    let database = filled("NULL");
    database.execute("DELETE FROM request_items WHERE annotation_request_id = 'request 7'");
    database.execute("VACUUM ANALYZE");
    for (request, most) in [("request 7", 20), ("request 8", 40), ("large", 40)] {
        let [plain, sums, stated] = buffers_of_items(&database, request);
        println!(
            "{request}: sums by item {plain} buffers without taxonomies, {sums} with them, and {stated} what they state"
        );
        assert!(sums + stated - plain <= most, "{request}: {plain}, then {sums} and {stated}");
    }
}
