//! The schema: how it comes about, and by what it can be sharded.

use annotation_statistics_storage::check_schema;
use annotation_statistics_tests::{TestDatabase, migrated, migration_scripts};

mod checks;
mod locks;

use checks::{SOUND_REQUEST, SOUND_TASK};

const TABLES: &str = "'annotation_requests'::regclass, 'statistics'::regclass, 'statistics_totals'::regclass, \
                      'operation_item_totals'::regclass, 'operation_items'::regclass, \
                      'deleted_annotation_requests'::regclass, 'removed_positions'::regclass, \
                      'item_group_totals'::regclass, 'request_items'::regclass, \
                      'statements'::regclass, 'statement_chunks'::regclass";

/// All that a migration may leave behind, by name, and a function by what it does.
const OBJECTS: &str = "
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%'
    UNION ALL SELECT proname || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'diesel%'
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
        // One that only fills a table is by itself, so that readers do not wait for it.
        assert_eq!(database.query(OBJECTS) == before, script.name.contains("_fill_"), "{}", script.name);
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
    let script = scripts.iter().find(|script| script.name.ends_with("fill_item_groups")).unwrap();
    session.execute(&script.up);
    assert_eq!(database.query("SELECT t::text FROM item_group_totals AS t"), ["(a,car,5,11,5,1,0,0)"]);
    assert_eq!(database.query("SELECT (summed_revision = revision)::text FROM annotation_requests"), ["true"]);
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
        "item_group_totals",
        "operation_item_totals",
        "operation_items",
        "removed_positions",
        "request_items",
        "statement_chunks",
        "statements",
        "statements",
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
        // How values are stored is nothing that a statement sees.
        let up = script.up.to_lowercase().replace("alter column zstd set storage external", "");
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
