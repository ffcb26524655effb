//! What is found is found along indexes whose order is that of the list, at the same cost anywhere in it.

use annotation_statistics_storage::{
    CAMPAIGN_PROGRESS_SQL, CHANGED_REQUESTS_OF_CAMPAIGN_SQL, CHANGED_REQUESTS_SQL, LAST_WALKED_OF_CAMPAIGN_SQL,
    LAST_WALKED_SQL, LISTED_REQUESTS_SQL, NEXT_CAMPAIGN_SQL, TASK_PLACES_BY_ID_SQL, TASK_PLACES_BY_NAME_SQL,
};
use annotation_statistics_tests::{QueryPlan, SqlSession, TestDatabase};

/// 100,000 requests of 20 campaigns, all of which have a task 7 that was made of `a.jpg`. 1,000 at a time were changed at one
/// time, and every 100th is of the campaign `rare`.
const FILL: &str = "
    INSERT INTO annotation_requests
    SELECT 'request ' || to_char(r, 'FM000000'), CASE r % 100 WHEN 0 THEN 'rare' ELSE (r % 19)::text END, 2, 1, now(),
           timestamptz '2026-01-01' + (r / 1000) * interval '1 hour'
    FROM generate_series(0, 99999) AS r;
    INSERT INTO statistics_totals SELECT id, pool, 6, 1, 1, 0, 1 FROM annotation_requests, generate_series(4, 5) AS pool;
    INSERT INTO statistics
        (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info, instance_num,
         attribute_num, frame_num, source_name)
    SELECT id, task, task, 6, 4, 'pool', '{}', 0, 0, 1, CASE task WHEN 7 THEN 'a.jpg' END
    FROM annotation_requests, generate_series(7, 8) AS task";

/// How often a statement runs before the planner may settle for a plan that fits all parameters.
const RUNS_BEFORE_A_GENERIC_PLAN: usize = 7;

/// A place, from the start of the list to its end.
const PLACES: [&str; 3] =
    ["'infinity', ''", "'2026-01-03 02:00:00', 'request 050500'", "'2026-01-01 00:00:00', 'request 000500'"];

fn filled() -> TestDatabase {
    let database = TestDatabase::new();
    database.execute(FILL);
    database
}

/// A session as the storage crate sets it up, with the statements prepared.
fn prepared(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("SET enable_seqscan = off; SET jit = off");
    let between = "timestamptz, text, timestamptz, text";
    for (name, parameters, sql) in [
        ("changed", format!("{between}, text, bigint"), CHANGED_REQUESTS_SQL),
        ("changed_of", format!("{between}, text, bigint, text"), CHANGED_REQUESTS_OF_CAMPAIGN_SQL),
        ("last", format!("{between}, bigint"), LAST_WALKED_SQL),
        ("last_of", format!("{between}, bigint, text"), LAST_WALKED_OF_CAMPAIGN_SQL),
        ("listed", "text[], integer".into(), LISTED_REQUESTS_SQL),
        ("next_campaign", "text".into(), NEXT_CAMPAIGN_SQL),
        ("progress", "text, timestamptz, text".into(), CAMPAIGN_PROGRESS_SQL),
        ("by_id", "bigint, text, bigint, text[], bigint".into(), TASK_PLACES_BY_ID_SQL),
        ("by_name", "text, text, bigint, text[], bigint".into(), TASK_PLACES_BY_NAME_SQL),
    ] {
        session.execute(&format!("PREPARE {name} ({parameters}) AS {sql}"));
    }
    session
}

/// Runs each of the statements, whatever the planner knows, and holds it to the buffers that it may touch.
fn hold_to_buffers(database: &TestDatabase, cases: &[(String, u64)]) {
    for (known, reported_by) in [("nothing", "SELECT"), ("how large tables are", "VACUUM"), ("everything", "ANALYZE")] {
        database.execute(reported_by);
        for (statement, most) in cases {
            let mut session = prepared(database);
            for runs in [0, RUNS_BEFORE_A_GENERIC_PLAN] {
                (0..runs).for_each(|_| session.execute(statement));
                let plan = QueryPlan::of_run(&mut session, statement);
                let case = format!("{statement}, run {runs} times before, and the planner knows {known}");
                assert!(!plan.scans().iter().any(|scan| scan.starts_with("Seq Scan")), "{case}: {plan:?}");
                // Until it is vacuumed, an index does not say which rows are visible, and a campaign may be sorted.
                let most = if known == "nothing" { most * 40 } else { *most };
                assert!(plan.buffers() <= most, "{case}: {} buffers, not {most}: {plan:#?}", plan.buffers());
            }
        }
    }
}

#[test]
fn a_page_of_requests_costs_the_same_anywhere_in_the_list() {
    let database = filled();
    let mut cases = Vec::new();
    for place in PLACES {
        cases.push((format!("EXECUTE changed ({place}, '-infinity', '', '', 10)"), 10));
        cases.push((format!("EXECUTE changed_of ({place}, '-infinity', '', '', 10, 'rare')"), 10));
        cases.push((format!("EXECUTE changed ({place}, '2026-01-01 00:00:00', '', '', 10)"), 10));
        cases.push((format!("EXECUTE changed ({place}, '-infinity', '', '99', 10)"), 60));
        // 10,000 entries of the index.
        cases.push((format!("EXECUTE last ({place}, '-infinity', '', 10000)"), 150));
        cases.push((format!("EXECUTE last_of ({place}, '-infinity', '', 10000, '7')"), 80));
    }
    let part = "EXECUTE changed ('infinity', '', '2026-01-04 18:00:00', 'request 090000', 'nothing', 10)";
    cases.push((part.to_owned(), 150));
    let ids: Vec<String> = (0..100).map(|number| format!("'request {:06}'", number * 997)).collect();
    cases.push((format!("EXECUTE listed (ARRAY[{}], NULL)", ids.join(", ")), 1_000));
    cases.push((format!("EXECUTE listed (ARRAY[{}], 6)", ids[0]), 20));
    hold_to_buffers(&database, &cases);
}

#[test]
fn a_campaign_costs_what_is_looked_at_of_its_requests() {
    let database = filled();
    let cases = [
        ("EXECUTE next_campaign ('')".to_owned(), 10),
        ("EXECUTE next_campaign ('17')".to_owned(), 10),
        // 100 requests.
        ("EXECUTE progress ('rare', '2026-01-04 18:00:00', '')".to_owned(), 600),
    ];
    hold_to_buffers(&database, &cases);
}

#[test]
fn a_task_is_found_without_a_look_at_the_others_of_its_requests() {
    let database = filled();
    let mut cases = Vec::new();
    for after in ["'', -1", "'request 050000', 7", "'request 099989', 7"] {
        for (name, term) in [("by_id", "7"), ("by_name", "'a.jpg'")] {
            cases.push((format!("EXECUTE {name} ({term}, {after}, NULL, 10)"), 120));
            // All 100,000 may be of other campaigns.
            cases.push((format!("EXECUTE {name} ({term}, {after}, '{{rare}}', 1)"), 4_000));
        }
    }
    cases.push(("EXECUTE by_id (9, '', -1, NULL, 10)".to_owned(), 10));
    hold_to_buffers(&database, &cases);
}
