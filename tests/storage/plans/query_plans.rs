//! The statements of a read walk indexes only, whatever the planner knows, and cost the same at any depth.

use annotation_statistics_domain::{CampaignScope, StatisticsRepository};
use annotation_statistics_storage::{
    NAMED_TASKS_SQL, PAGE_BATCH_SQL, PAGE_OF_ONE_SQL, REQUEST_COUNTER_SQL, REQUEST_COUNTERS_SQL, TASK_ROWS_OF_ONE_SQL,
    TASK_ROWS_SQL,
};
use annotation_statistics_tests::{QueryPlan, SqlSession, TestDatabase, ids, page};

/// 100,000 tasks: 20 in each of 2,000 requests, and the rest in a large one.
const LARGE: i64 = 60_000;
const FILL: &str = r#"
    INSERT INTO annotation_requests
    SELECT 'request ' || r, '1001', 20, 1, now(), now() FROM generate_series(1, 2000) AS r
    UNION ALL SELECT 'large', '1001', 60000, 1, now(), now();
    INSERT INTO statistics
    SELECT r.id, t, t, 11, 5, 'complete pool', '{"select-[e000f]": 44, "car": 12}', 12, 44, 1
    FROM annotation_requests AS r, generate_series(0, r.task_count - 1) AS t"#;

/// How often a statement runs before the planner may settle for a plan that fits all parameters.
const RUNS_BEFORE_A_GENERIC_PLAN: usize = 7;

/// What walks are to be bounded by: an index of a table, and all that its condition must hold.
type Walks = &'static [(&'static str, &'static [&'static str])];

const BY_ID: Walks = &[("annotation_requests", &["(id = "])];
/// The whole range of the positions bounds the walk, not only the request.
const BY_RANGE: Walks = &[
    ("annotation_requests", &["(id = "]),
    ("statistics", &["(annotation_request_id = ", r#"("position" >= "#, r#"("position" < "#]),
];

fn filled() -> TestDatabase {
    let database = TestDatabase::new();
    database.execute(FILL);
    database
}

/// A session as the storage crate sets it up, with the statements prepared.
fn prepared(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("SET enable_seqscan = off");
    session.execute(&format!("PREPARE page_of_one (text, bigint, bigint, text[]) AS {PAGE_OF_ONE_SQL}"));
    let batch = "text[], bigint[], bigint[], integer[], integer[], text[]";
    session.execute(&format!("PREPARE page_batch ({batch}) AS {PAGE_BATCH_SQL}"));
    session.execute(&format!("PREPARE counter (text) AS {REQUEST_COUNTER_SQL}"));
    session.execute(&format!("PREPARE rows_of_one (text, bigint, bigint, bigint, bigint) AS {TASK_ROWS_OF_ONE_SQL}"));
    session.execute(&format!("PREPARE counters (text[]) AS {REQUEST_COUNTERS_SQL}"));
    session.execute(&format!("PREPARE rows (text[], bigint[], bigint[], bigint[], bigint[]) AS {TASK_ROWS_SQL}"));
    session
}

/// Asks for the ten tasks of the large request from `first` on, as a caller that may see all campaigns.
fn page_of_one(first: i64) -> String {
    format!("EXECUTE page_of_one ('large', {first}, {}, NULL)", first + 10)
}

/// Asks for ten tasks of the large request from `first` on, and for ten of each of `others` as a caller within a scope.
fn page_batch(first: i64, others: usize) -> String {
    let each =
        |large: String, other: &str| array(std::iter::once(large).chain(std::iter::repeat_n(other.to_owned(), others)));
    let (firsts, pasts) = (each(first.to_string(), "5"), each((first + 10).to_string(), "15"));
    let scope = each("NULL::integer".into(), "1");
    format!("EXECUTE page_batch ({}, {firsts}, {pasts}, {scope}, {scope}, '{{1001}}')", array(names(others + 1)))
}

/// Asks for the counters of this many requests, the large one first.
fn counters(requests: usize) -> String {
    format!("EXECUTE counters ({})", array(names(requests)))
}

/// Asks for ten tasks of the large request from `first` on.
fn rows_of_one(first: i64) -> String {
    format!("EXECUTE rows_of_one ('large', {first}, {}, 1, 0)", first + 10)
}

/// Asks for ten tasks of the large request from `first` on, and for ten of each of `others`.
fn rows(first: i64, others: usize) -> String {
    let position = |large: i64, other: &str| {
        array(std::iter::once(large.to_string()).chain(std::iter::repeat_n(other.to_owned(), others)))
    };
    let (firsts, pasts, revisions) = (position(first, "5"), position(first + 10, "15"), position(1, "1"));
    let layouts = position(0, "0");
    format!("EXECUTE rows ({}, {firsts}, {pasts}, {revisions}, {layouts})", array(names(others + 1)))
}

fn names(requests: usize) -> impl Iterator<Item = String> {
    std::iter::once("'large'".into()).chain((1..requests).map(|number| format!("'request {number}'")))
}

fn array(values: impl Iterator<Item = String>) -> String {
    format!("ARRAY[{}]", values.collect::<Vec<_>>().join(", "))
}

fn assert_walks_indexes(plan: &QueryPlan, walks: Walks, case: &str) {
    let scans = plan.scans();
    let bounded: Vec<&String> = scans.iter().filter(|scan| scan.contains(" by ")).collect();
    assert_eq!(bounded.len(), walks.len(), "{case}: {scans:?}");
    for (table, condition) in walks {
        let walked = |scan: &&String| {
            let by_index = ["Index Scan", "Index Only Scan", "Bitmap Index Scan"].iter();
            let mut starts = by_index.map(|kind| format!("{kind} on {table}"));
            starts.any(|start| scan.starts_with(&start)) && condition.iter().all(|part| scan.contains(part))
        };
        assert_eq!(bounded.iter().copied().filter(walked).count(), 1, "{case}: {table} {condition:?}: {scans:?}");
    }
    let unbounded = scans.iter().filter(|scan| !scan.contains(" by "));
    for scan in unbounded {
        let of_bounded = scan == "Function Scan on page" || scan.starts_with("Bitmap Heap Scan on ");
        assert!(of_bounded, "{case}: {scan}");
    }
}

#[test]
fn all_statements_walk_indexes_only_whatever_is_asked_and_whatever_the_planner_knows() {
    let cases = [
        (page_of_one(0), BY_RANGE, "the first page of the one request asked"),
        (page_of_one(LARGE - 10), BY_RANGE, "the last page of the one request asked"),
        ("EXECUTE page_of_one ('large', 0, 10, '{1001, 1002}')".into(), BY_RANGE, "within the scope of a key"),
        (page_batch(0, 1), BY_RANGE, "two pages at a time"),
        (page_batch(LARGE - 10, 15), BY_RANGE, "sixteen pages at a time"),
        ("EXECUTE counter ('large')".into(), BY_ID, "the counter of the one request asked"),
        (counters(1), BY_ID, "the counter of one request"),
        (counters(20), BY_ID, "the counters of 20 requests"),
        (counters(1000), BY_ID, "the counters of 1,000 requests"),
        (rows_of_one(0), BY_RANGE, "the first page of one request"),
        (rows_of_one(LARGE - 10), BY_RANGE, "the last page of one request"),
        (rows(0, 0), BY_RANGE, "a page that is in one of many requests"),
        (rows(0, 19), BY_RANGE, "a page over 20 requests"),
        (rows(LARGE - 10, 99), BY_RANGE, "a deep page over 100 requests"),
    ];
    let database = filled();
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
            for (statement, walks, requested) in &cases {
                let mut session = prepared(&database);
                (0..runs).for_each(|_| session.execute(statement));
                let plan = QueryPlan::of(&mut session, statement);
                let case = format!("{requested}, run {runs} times before, and the planner knows {known}");
                assert_walks_indexes(&plan, walks, &case);
            }
        }
    }
}

#[test]
fn the_last_page_of_a_large_request_touches_as_much_as_the_first() {
    let database = filled();
    database.execute("VACUUM");
    let statements: [fn(i64) -> String; 4] =
        [page_of_one, |first| page_batch(first, 0), rows_of_one, |first| rows(first, 0)];
    for (statement, runs) in statements.iter().flat_map(|each| [(each, 0), (each, RUNS_BEFORE_A_GENERIC_PLAN)]) {
        let touched = [0, LARGE / 2, LARGE - 10].map(|first| {
            let mut session = prepared(&database);
            let statement = statement(first);
            (0..runs).for_each(|_| session.execute(&statement));
            let plan = QueryPlan::of_run(&mut session, &statement);
            assert!((plan.rows() - 10.0).abs() < 0.5, "{plan:?}");
            plan.buffers()
        });
        // Three of the index and the table for the counter, three for the first of the rows, and where those end.
        assert!(touched.iter().all(|buffers| *buffers <= 10), "{touched:?} after {runs} runs of {}", statement(0));
    }
}

#[test]
fn a_request_of_a_campaign_outside_the_scope_touches_as_much_as_an_unknown_one() {
    let database = filled();
    database.execute("VACUUM ANALYZE");
    let mut session = prepared(&database);
    for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
        let [foreign, unknown] = ["large", "largf"].map(|id| {
            let statement = format!("EXECUTE page_of_one ('{id}', 0, 10, '{{1002}}')");
            (0..runs).for_each(|_| session.execute(&statement));
            let plan = QueryPlan::of_run(&mut session, &statement);
            assert!(plan.rows() < 0.5, "{plan:?}");
            plan.buffers()
        });
        // The row that is found and not shown.
        assert!(foreign <= unknown + 1, "{foreign} and {unknown} after {runs} runs");
    }
}

#[test]
fn the_plans_of_pages_of_one_request_are_kept_though_others_have_more_tasks() {
    let database = filled();
    database.execute("DELETE FROM statistics WHERE annotation_request_id NOT IN ('large', 'request 1')");
    database.execute("ANALYZE");
    let mut session = prepared(&database);
    for (name, values) in [
        ("page_of_one", "'request 1', 0, 10, NULL"),
        ("page_batch", "ARRAY['request 1', 'request 1'], '{0, 5}', '{10, 15}', '{NULL, 1}', '{NULL, 1}', '{1001}'"),
    ] {
        (0..20).for_each(|_| session.execute(&format!("EXECUTE {name} ({values})")));
        let kept = format!("SELECT generic_plans FROM pg_prepared_statements WHERE name = '{name}'");
        assert_eq!(session.query(&kept), ["15"], "{name}: after the five that Postgres plans each time");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_read_ever_reads_a_whole_table() {
    let whole_tables_read = "SELECT sum(seq_scan) FROM pg_stat_user_tables \
                             WHERE relname IN ('annotation_requests', 'statistics')";
    let database = filled();
    let before = database.query(whole_tables_read);
    let repository = database.repository();
    for requests in [1, 20, 1000] {
        let names: Vec<String> = names(requests).map(|name| name.trim_matches('\'').to_owned()).collect();
        let requested = ids(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for number in [1, 2, 300, 600, 601, 602, 700, 10_000] {
            repository.find_page(&requested, page(number, 100), &CampaignScope::All).await.unwrap();
        }
        repository.check_ready().await.unwrap();
    }
    // A session tells what it did when it ends, at the latest.
    assert!(database.cut_sessions() > 0);
    assert_eq!(database.query(whole_tables_read), before);
}

#[test]
fn tasks_are_found_by_what_they_were_made_of_without_looking_at_the_others() {
    let database = filled();
    database.execute("UPDATE statistics SET source_name = 'frames/' || position || '.jpg'");
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
            let mut session = database.session();
            session.execute(&format!("PREPARE named (text, text, bigint) AS {NAMED_TASKS_SQL}"));
            let statement = "EXECUTE named ('large', 'frames/17.jpg', 10)";
            (0..runs).for_each(|_| session.execute(statement));
            let plan = QueryPlan::of_run(&mut session, statement);
            let case = format!("run {runs} times before, and the planner knows {known}");
            assert!(!plan.scans().iter().any(|scan| scan.contains("Seq Scan")), "{case}: {plan:?}");
            assert!(plan.buffers() <= 20, "{case}: {plan:?}");
        }
    }
}
