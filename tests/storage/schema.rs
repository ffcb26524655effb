//! The schema: how it comes about, what its constraints refuse, and by what it can be sharded.

use annotation_statistics_storage::check_schema;
use annotation_statistics_tests::{SqlSession, TestDatabase, migrated, migration_scripts};
use diesel::result::{DatabaseErrorKind, Error};

mod locks;

const TABLES: &str = "'annotation_requests'::regclass, 'statistics'::regclass, 'statistics_totals'::regclass, \
                      'operation_item_totals'::regclass, 'operation_items'::regclass, \
                      'deleted_annotation_requests'::regclass";

/// All that a migration may leave behind, by name.
const OBJECTS: &str = "
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%'
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'diesel%'
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT c.relname || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname NOT LIKE '\\_\\_diesel%'
    ORDER BY 1";

#[test]
fn an_empty_database_is_migrated_once_and_then_there_is_nothing_to_do() {
    let database = TestDatabase::without_schema();
    let names: Vec<String> = migration_scripts().into_iter().map(|script| script.name).collect();
    let ran = migrated(&database.session_settings()).unwrap();
    let versions = |names: &[String]| names.iter().map(|name| name.replace('-', "")).collect::<Vec<_>>();
    assert_eq!(ran.len(), names.len());
    for (ran, name) in versions(&ran).iter().zip(versions(&names)) {
        assert!(name.starts_with(ran.as_str()), "{ran} is not of {name}");
    }
    assert_eq!(migrated(&database.session_settings()).unwrap(), Vec::<String>::new());
}

#[test]
fn programs_that_start_at_once_on_an_empty_database_migrate_it_once() {
    let database = TestDatabase::without_schema();
    let settings = database.session_settings();
    let start = std::sync::Barrier::new(6);
    let mut ran: Vec<usize> = std::thread::scope(|scope| {
        let run = || {
            start.wait();
            migrated(&settings).unwrap().len()
        };
        let programs: Vec<_> = (0..6).map(|_| scope.spawn(run)).collect();
        programs.into_iter().map(|program| program.join().unwrap()).collect()
    });
    ran.sort_unstable();
    assert_eq!(ran, [0, 0, 0, 0, 0, migration_scripts().len()]);
}

#[test]
fn each_migration_can_be_taken_back_and_run_again() {
    let database = TestDatabase::without_schema();
    for script in migration_scripts() {
        let before = database.query(OBJECTS);
        database.execute(&script.up);
        assert_ne!(database.query(OBJECTS), before, "{}", script.name);
        database.execute(&script.down);
        assert_eq!(database.query(OBJECTS), before, "{}", script.name);
        database.execute(&script.up);
    }
}

#[test]
fn sums_are_kept_of_what_was_recorded_before_they_were_kept() {
    let database = TestDatabase::new();
    let [totals, items] = ["statistics_totals", "operation_item_totals"];
    let kept = || [totals, items].map(|table| database.query(&format!("SELECT t::text FROM {table} AS t ORDER BY 1")));
    let mut session = database.session();
    session.execute(SOUND_REQUEST);
    session.execute(SOUND_TASK);
    let scripts = migration_scripts();
    let script = scripts.iter().find(|script| script.name.ends_with("keep_totals")).unwrap();
    session.execute(&script.down);
    session.execute(&script.up);
    assert_eq!(kept(), [vec!["(a,5,11,1,2,3,1)".to_owned()], vec!["(a,car,5,1,0,0)".to_owned()]]);
}

const SOUND_REQUEST: &str = "INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, \
                             updated_at) VALUES ('a', '1001', 1, 1, now(), now())";
const SOUND_TASK: &str = "INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, \
                          pool_name, instance_info, instance_num, attribute_num, frame_num) \
                          VALUES ('a', 1, 0, 11, 5, 'complete pool', '{\"car\": 5}', 2, 3, 1)";

const SOUND_TOTALS: &str = "INSERT INTO statistics_totals VALUES ('a', 5, 11, 1, 2, 3, 1)";
const SOUND_ITEM_TOTALS: &str = "INSERT INTO operation_item_totals VALUES ('a', 'car', 5, 1, 0, 0)";
const SOUND_ITEM: &str = "INSERT INTO operation_items VALUES ('a', 'car', 'slot')";

/// A table, what is changed of its sound row, the constraint that refuses it, and why it must.
const REFUSED: [(&str, &str, &str, &str); 34] = [
    ("annotation_requests", "id = ''", "annotation_requests_id_check", "an id without a byte"),
    ("annotation_requests", "id = repeat('é', 128)", "annotation_requests_id_check", "256 bytes are 128 characters"),
    ("annotation_requests", "campaign_id = ''", "annotation_requests_campaign_id_check", "a campaign without a name"),
    (
        "annotation_requests",
        "campaign_id = repeat('x', 256)",
        "annotation_requests_campaign_id_check",
        "a byte too many",
    ),
    ("annotation_requests", "task_count = -1", "annotation_requests_task_count_check", "fewer tasks than none"),
    ("annotation_requests", "counting_rule = ''", "annotation_requests_counting_rule_check", "a rule without a name"),
    (
        "annotation_requests",
        "counting_rule = repeat('x', 65)",
        "annotation_requests_counting_rule_check",
        "a byte too many",
    ),
    ("statistics", "position = -1", "statistics_position_check", "a place before the first"),
    ("statistics", "pool_type = -1", "statistics_pool_type_check", "below the closed set"),
    ("statistics", "pool_type = 6", "statistics_pool_type_check", "above the closed set"),
    ("statistics", "pool_name = ''", "statistics_pool_name_check", "a pool without a name"),
    ("statistics", "pool_name = repeat('x', 256)", "statistics_pool_name_check", "a byte too many"),
    (
        "statistics",
        "instance_num = -1, attribute_num = 6",
        "statistics_instance_num_check",
        "the sum agrees all the same",
    ),
    (
        "statistics",
        "instance_num = 6, attribute_num = -1",
        "statistics_attribute_num_check",
        "the sum agrees all the same",
    ),
    ("statistics", "frame_num = -1", "statistics_frame_num_check", "fewer frames than none"),
    ("statistics", "instance_num = 3", "statistics_counts_agree", "2 + 3 are 5, 3 + 3 are not"),
    (
        "statistics",
        "instance_num = 9223372036854775807, attribute_num = 9223372036854775807",
        "statistics_counts_agree",
        "a sum that no bigint holds is a wrong sum and not an overflow",
    ),
    ("statistics", "instance_info = '{\"car\": 6, \"bus\": -1}'", "statistics_counts_agree", "a count below zero"),
    ("statistics", "source_name = ''", "statistics_source_name_check", "a name without a byte"),
    ("statistics", "source_name = repeat('x', 1025)", "statistics_source_name_check", "a byte too many"),
    ("statistics_totals", "pool_type = -1", "statistics_totals_pool_type_check", "below the closed set"),
    ("statistics_totals", "tasks = -1", "statistics_totals_tasks_check", "fewer than none"),
    ("statistics_totals", "instances = -1", "statistics_totals_instances_check", "fewer than none"),
    ("statistics_totals", "attributes = -1", "statistics_totals_attributes_check", "fewer than none"),
    ("statistics_totals", "frames = -1", "statistics_totals_frames_check", "fewer than none"),
    ("operation_item_totals", "item_key = ''", "operation_item_totals_item_key_check", "a key without a byte"),
    (
        "operation_item_totals",
        "item_key = repeat('x', 1025)",
        "operation_item_totals_item_key_check",
        "a byte too many",
    ),
    ("operation_items", "item_key = ''", "operation_items_item_key_check", "a key without a byte"),
    ("operation_items", "item_key = repeat('x', 1025)", "operation_items_item_key_check", "a byte too many"),
    ("operation_items", "kind = 'box'", "operation_items_kind_check", "neither a slot nor an input"),
    ("operation_item_totals", "total = -1", "operation_item_totals_total_check", "fewer than none"),
    ("operation_item_totals", "tasks = -1", "operation_item_totals_tasks_check", "fewer than none"),
    ("operation_item_totals", "tasks_of_slots = -1", "operation_item_totals_tasks_of_slots_check", "fewer than none"),
    ("operation_item_totals", "tasks_of_inputs = -1", "operation_item_totals_tasks_of_inputs_check", "fewer than none"),
];

fn sound(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    for row in [SOUND_REQUEST, SOUND_TASK, SOUND_TOTALS, SOUND_ITEM_TOTALS, SOUND_ITEM] {
        session.execute(row);
    }
    session
}

#[test]
fn every_check_refuses_its_bad_row() {
    let database = TestDatabase::new();
    let mut session = sound(&database);
    for (table, change, constraint, reason) in REFUSED {
        match session.try_execute(&format!("UPDATE {table} SET {change}")) {
            Err(Error::DatabaseError(DatabaseErrorKind::CheckViolation, reported)) => {
                let refused_by = (reported.table_name(), reported.constraint_name());
                assert_eq!(refused_by, (Some(table), Some(constraint)), "{change}: {reason}");
            }
            other => panic!("{change}: {reason}: {other:?}"),
        }
    }
    let tried: std::collections::BTreeSet<&str> = REFUSED.iter().map(|(_, _, constraint, _)| *constraint).collect();
    let mut all =
        database.query(&format!("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid IN ({TABLES})"));
    // The next test is about this one: it never comes first.
    all.retain(|name| name != "statistics_instance_info_check");
    all.sort();
    assert_eq!(tried.into_iter().collect::<Vec<_>>(), all, "a check that no row is tried against");
}

#[test]
fn instance_info_that_is_no_object_of_counts_is_refused() {
    let database = TestDatabase::new();
    let mut session = sound(&database);
    for (json, expected, reason) in [
        ("[]", "cannot call jsonb_each on a non-object", "a list"),
        ("5", "cannot call jsonb_each on a non-object", "a number"),
        ("null", "cannot call jsonb_each on a non-object", "a null is not no value"),
        (r#"{"car": null}"#, r#"invalid input syntax for type bigint: "null""#, "no count"),
        (r#"{"car": "5"}"#, r#"invalid input syntax for type bigint: ""5"""#, "a text"),
        (r#"{"car": 5.0}"#, r#"invalid input syntax for type bigint: "5.0""#, "a fraction"),
        (r#"{"car": [5]}"#, r#"invalid input syntax for type bigint: "[5]""#, "a list"),
        (r#"{"car": true}"#, r#"invalid input syntax for type bigint: "true""#, "a truth"),
        (
            r#"{"car": 9223372036854775808}"#,
            r#"value "9223372036854775808" is out of range for type bigint"#,
            "too many",
        ),
    ] {
        match session.try_execute(&format!("UPDATE statistics SET instance_info = '{json}'")) {
            Err(Error::DatabaseError(_, reported)) => assert_eq!(reported.message(), expected, "{json}: {reason}"),
            other => panic!("{json}: {reason}: {other:?}"),
        }
    }
}

#[test]
fn a_task_and_a_place_are_there_once_in_a_request_and_again_in_another() {
    let database = TestDatabase::new();
    let mut session = sound(&database);
    for (task, position, constraint) in
        [(1, 7, "statistics_pkey"), (7, 0, "statistics_annotation_request_id_position_key")]
    {
        let again = SOUND_TASK.replace("('a', 1, 0,", &format!("('a', {task}, {position},"));
        match session.try_execute(&again) {
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, reported)) => {
                assert_eq!(reported.constraint_name(), Some(constraint));
            }
            other => panic!("task {task} at {position}: {other:?}"),
        }
    }
    session.execute(&SOUND_TASK.replace("('a',", "('b',"));
}

#[test]
fn every_key_begins_with_the_annotation_request() {
    let first_columns = TestDatabase::new().query(&format!(
        "SELECT x.indrelid::regclass || '.' || a.attname FROM pg_index AS x
         JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
         WHERE x.indisunique AND x.indrelid IN ({TABLES}) ORDER BY 1"
    ));
    let requests = [
        "deleted_annotation_requests",
        "operation_item_totals",
        "operation_items",
        "statistics",
        "statistics",
        "statistics_totals",
    ];
    let requests = requests.map(|table| format!("{table}.annotation_request_id"));
    let expected = [vec!["annotation_requests.id".to_owned()], requests.to_vec()].concat();
    assert_eq!(first_columns, expected);
}

#[test]
fn no_constraint_but_keys_and_checks_and_no_trigger_stands_in_the_way_of_sharding() {
    let database = TestDatabase::new();
    // NOT NULL is a constraint of its own from Postgres 18 on.
    let kinds = database.query(&format!(
        "SELECT DISTINCT contype FROM pg_constraint WHERE conrelid IN ({TABLES}) AND contype <> 'n' ORDER BY 1"
    ));
    assert_eq!(kinds, ["c", "p", "u"]);
    assert_eq!(
        database.query(&format!("SELECT tgname FROM pg_trigger WHERE tgrelid IN ({TABLES})")),
        Vec::<String>::new()
    );
}

#[test]
fn migrations_only_add_so_that_servers_of_the_version_before_go_on() {
    for script in migration_scripts() {
        let up = script.up.to_lowercase();
        for taken in ["drop table", "drop column", "rename", "alter column"] {
            assert!(!up.contains(taken), "{}: {taken}", script.name);
        }
        for column in up.split("add column").skip(1) {
            let column = column.split([',', ';']).next().unwrap();
            assert!(!column.contains("not null") || column.contains("default"), "{}: {column}", script.name);
        }
    }
}

#[test]
fn a_server_starts_on_a_schema_that_is_newer_than_its_own() {
    let database = TestDatabase::new();
    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')");
    assert_eq!(migrated(&database.session_settings()).unwrap(), Vec::<String>::new());
    check_schema(&database.session_settings()).unwrap();
}
