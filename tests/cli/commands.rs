//! The commands that do one thing and end: what they print, what they change, and their exit codes.

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Run, Task, TestDatabase, task};
use serde_json::{Value, json};
use std::io::Write;

fn program_on(database: &TestDatabase) -> Program {
    Program::new(PROGRAM, &format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url()))
}

/// One that would fail if it asked its database anything.
fn program_without_database() -> Program {
    let url = "postgres://canary-user:canary-password@127.0.0.1:1/none";
    Program::new(PROGRAM, &format!("database.url = '{url}'\ndatabase.connect_timeout = '200ms'"))
}

fn line(request: &str, task: &Task) -> String {
    let mut row = serde_json::to_value(task.statistics()).unwrap();
    row["annotationRequestId"] = json!(request);
    format!("{row}\n")
}

/// Tasks of request `a`.
fn lines(ids: impl IntoIterator<Item = i64>) -> String {
    ids.into_iter().map(|id| line("a", &task("a", id))).collect()
}

fn line_with(field: &str, value: Value) -> String {
    let mut row: Value = serde_json::from_str(&lines([2])).unwrap();
    row[field] = value;
    format!("{row}\n")
}

fn tasks_in(database: &TestDatabase) -> Vec<String> {
    database.query("SELECT task_id FROM statistics ORDER BY task_id")
}

#[track_caller]
fn assert_done(run: &Run, start: &str) {
    assert!(run.code == Some(0) && run.out.starts_with(start), "{start}: {run:?}");
}

#[track_caller]
fn assert_refused(run: &Run, code: i32, start: &str) {
    assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{run:?}");
    assert!(run.err.starts_with(&format!("error: {start}")), "{start}: {run:?}");
}

#[test]
fn a_file_is_recorded_and_recorded_again_it_changes_nothing() {
    let database = TestDatabase::without_schema();
    let program = program_on(&database);
    let file = program.write("tasks.jsonl", lines([1, 2, 3]));
    assert_done(&program.run(&["import", &file]), &format!("{file}: 3 inserted, 0 updated, 0 unchanged in "));
    assert_done(&program.run(&["import", &file]), &format!("{file}: 0 inserted, 0 updated, 3 unchanged in "));
    let changed = program.write("more.jsonl", lines([1]) + &line("a", &task("a", 2).status(16)) + &lines([4]));
    assert_done(&program.run(&["import", &changed]), &format!("{changed}: 1 inserted, 1 updated, 1 unchanged in "));
    assert_eq!(tasks_in(&database), ["1", "2", "3", "4"]);
    assert_eq!(database.query("SELECT status FROM statistics WHERE task_id = 2"), ["16"]);
}

#[test]
fn input_may_be_compressed_and_come_from_standard_input() {
    let plain = lines([1, 2]).into_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&plain).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(&plain[..], 1).unwrap();
    for (what, bytes) in [("plain", &plain), ("gzip", &gzip), ("zstd", &zstd)] {
        let database = TestDatabase::new();
        let program = program_on(&database);
        let file = program.write("tasks", bytes);
        assert_done(&program.run(&["import", &file]), &format!("{file}: 2 inserted, "));
        for arguments in [&["import"][..], &["import", "-"]] {
            let run = program.run_with(arguments, &[], bytes);
            assert_done(&run, "standard input: 0 inserted, 0 updated, 2 unchanged in ");
        }
        assert_eq!(tasks_in(&database), ["1", "2"], "{what}");
    }
}

#[test]
fn a_line_that_is_wrong_is_named_and_nothing_is_changed() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    program.run_with(&["import"], &[], lines([1]).as_bytes());
    for (wrong, reported) in [
        (line_with("poolType", json!(9)), "poolType: 9 is not a pool type"),
        (line_with("frameNum", json!(-1)), "frameNum: -1 is not a count"),
        (line_with("instanceInfo", json!({ "car": "x" })), "instanceInfo.car: "),
        (line_with("instanceNum", json!(13)), "instanceInfo adds up to 56, but instanceNum + attributeNum is 13 + 44"),
        (line_with("campaignId", json!("1002")), "campaignId: "),
        (lines([3]), "id: "),
        ("{\n".to_owned(), "not JSON at byte "),
    ] {
        let file = program.write("tasks.jsonl", lines([3]) + "\n" + &wrong + &lines([4]));
        let run = program.run(&["import", &file]);
        assert_refused(&run, 1, &format!("{file}:3: {reported}"));
        assert!(run.err.contains(&format!("nothing of {file} was recorded; --dry-run lists")), "{run:?}");
        assert_eq!(tasks_in(&database), ["1"], "{reported}");
    }
}

#[test]
fn of_several_files_each_is_recorded_as_a_whole_or_not_at_all() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let [first, second] =
        [("first", lines([1, 2])), ("second", lines([3]))].map(|(name, text)| program.write(name, text));
    let run = program.run(&["import", &first, &second]);
    assert_done(&run, &format!("{first}: 2 inserted"));
    assert!(run.out.contains(&format!("\n{second}: 1 inserted")), "{run:?}");

    let wrong = program.write("wrong", lines([4]) + "{}\n");
    let third = program.write("third", lines([5]));
    let run = program.run(&["import", &first, &wrong, &third]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.starts_with(&format!("error: {wrong}:2: ")), "{run:?}");
    assert_eq!(tasks_in(&database), ["1", "2", "3"]);
}

#[test]
fn input_that_cannot_be_read_is_refused() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines(1..1000).as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let cut = program.write("cut.gz", &gzip[..gzip.len() - 100]);
    let folder = program.path("").to_str().unwrap().to_owned();
    for file in [cut, program.path("missing").to_str().unwrap().to_owned(), folder] {
        let run = program.run(&["import", &file]);
        assert_refused(&run, 1, &file);
        assert!(run.err.contains("cannot be read"), "{run:?}");
    }
    assert!(tasks_in(&database).is_empty());
}

#[test]
fn a_dry_run_lists_twenty_faults_and_asks_no_database() {
    let program = program_without_database();
    let right = program.write("right", lines(1..=30));
    let reported = format!("{right}: 30 tasks, no errors; nothing was recorded (dry run)\n");
    assert_done(&program.run(&["import", "--dry-run", &right]), &reported);

    let wrong = program.write("wrong", lines([1]) + &line_with("poolType", json!(9)).repeat(25) + &lines([3]));
    let run = program.run(&["import", "--dry-run", &wrong]);
    assert_refused(&run, 1, &format!("{wrong} has errors; nothing was recorded\n{wrong}:2: poolType: "));
    assert_eq!(run.err.matches(": poolType: ").count(), 20, "{run:?}");
    assert!(run.err.contains(&format!("{wrong}:21: ")), "{run:?}");
    assert!(run.err.ends_with("\n... and 5 more lines with errors\n"), "{run:?}");
}

#[test]
fn outcomes_can_be_had_as_json_one_line_a_file() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let [first, second] =
        [("first", lines([1, 2])), ("second", lines([2]))].map(|(name, text)| program.write(name, text));
    let run = program.run(&["import", "--json", &first, &second]);
    let mut outcomes: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for outcome in &mut outcomes {
        assert!(outcome["seconds"].take().is_f64() && outcome["tasksPerSecond"].take().is_u64(), "{run:?}");
    }
    let outcome = |file: &str, inserted: u64, unchanged: u64| {
        json!({ "file": file, "inserted": inserted, "updated": 0, "unchanged": unchanged,
                "seconds": null, "tasksPerSecond": null })
    };
    assert_eq!(outcomes, [outcome(&first, 2, 0), outcome(&second, 0, 1)]);
    let dry = program.run(&["import", "--json", "--dry-run", &first]);
    assert_eq!(serde_json::from_str::<Value>(&dry.out).unwrap(), json!({ "file": first, "tasks": 2, "dryRun": true }));
}

#[test]
fn the_demo_fills_an_empty_database_and_no_other() {
    let database = TestDatabase::without_schema();
    let program = program_on(&database);
    assert_done(&program.run(&["demo"]), "recorded 4049 tasks of 12 annotation requests\n");
    let counts = database.query("SELECT task_count FROM annotation_requests ORDER BY id");
    assert_eq!((counts.len(), counts[0].as_str()), (12, "1930"));
    let refused = "the database has annotation requests already: the demo only fills an empty one";
    assert_refused(&program.run(&["demo"]), 1, refused);
    assert_eq!(tasks_in(&database).len(), 4049);
}

#[test]
fn the_schema_is_migrated_once_and_the_environment_wins_over_files() {
    let database = TestDatabase::without_schema();
    let program = program_without_database();
    let variables = [("ANNOTATION_STATISTICS__DATABASE__URL", &*database.url())];
    let run = || program.run_with(&["migrate"], &variables, b"");
    assert_done(&run(), "migrated: ");
    assert_done(&run(), "the schema is up to date\n");
}

#[test]
fn tables_are_not_distributed_in_a_database_that_is_no_part_of_a_cluster() {
    let database = TestDatabase::new();
    let program = Program::new(PROGRAM, &format!("database.url = {:?}", database.url()));
    let run = program.run(&["migrate", "--distribute"]);
    let reported = "the tables cannot be distributed, as the database has no extension citus: ";
    assert!(run.code == Some(3) && run.err.contains(reported), "{run:?}");
}

#[test]
fn a_database_may_be_named_in_the_key_value_form_of_libpq() {
    let database = TestDatabase::without_schema();
    // postgresql://USER@FOLDER:PORT/NAME
    let uri = database.url().replace("%2F", "/");
    let (user, place) = uri.trim_start_matches("postgresql://").split_once('@').unwrap();
    let (host, port_and_name) = place.split_once(':').unwrap();
    let (port, name) = port_and_name.split_once('/').unwrap();
    let url = format!("host={host} port={port} user={user} dbname={name}");
    let program = Program::new(PROGRAM, &format!("database.url = {url:?}\ndatabase.connect_timeout = '10s'"));
    assert_done(&program.run(&["migrate"]), "migrated: ");
    let file = program.write("tasks.jsonl", lines([1]));
    assert_done(&program.run(&["import", &file]), &format!("{file}: 1 inserted, "));
    assert_done(&program.run(&["verify"]), "1 annotation requests with 1 tasks: ");
}

#[test]
fn settings_that_cannot_be_used_are_named_and_nothing_starts() {
    for (settings, reported) in [
        ("server.binds = '127.0.0.1:0'", "binds"),
        ("[servers]\nbind = ''", "servers"),
        ("api.base_path = 'no-slash'", "the setting api.base_path cannot be used"),
        ("api.max_limit = 0", "max_limit"),
        ("api.max_limit = 10001", "the setting api.max_limit cannot be used: the most is 10000"),
        (
            "api.max_body = 1000\napi.max_bodies = 8999",
            "the setting api.max_bodies cannot be used: a request with a body of api.max_body, which is 1000, and the rows \
             that are read from it may need 9000 bytes: raise it to that, or lower api.max_body",
        ),
        (
            "server.allowed_hosts = ['a:80']",
            "the setting server.allowed_hosts cannot be used: \"a:80\" is not the name",
        ),
        ("writes.staged_above = 10001", "the setting writes.staged_above cannot be used: the most is 10000"),
        ("writes.packing_step = 10001", "the setting writes.packing_step cannot be used: the most is 10000"),
        ("writes.packing_step = 0", "packing_step"),
        ("writes.packing_min_gaps = 0", "packing_min_gaps"),
        ("writes.packing_tasks_per_gap = 0", "packing_tasks_per_gap"),
        ("server.keep_alive = '5 bananas'", "5 bananas"),
        ("database.pool_size = 'many'", "pool_size"),
        ("log.filter = '=x='", "log.filter"),
        ("not toml", "settings.toml"),
    ] {
        let run = Program::new(PROGRAM, settings).run(&["serve"]);
        assert_refused(&run, 2, "the setting");
        assert!(run.err.contains(reported), "{settings}: {run:?}");
    }
    let program = Program::new(PROGRAM, "");
    let run = program.run_with(&["serve"], &[("ANNOTATION_STATISTICS__SERVER__BINDS", "x")], b"");
    assert_refused(&run, 2, "the settings cannot be read: ");
    assert!(run.err.contains("binds"), "{run:?}");
    let missing = program.run(&["--env", "missing", "serve"]);
    assert_refused(&missing, 2, "the settings cannot be read: ");
    assert!(missing.err.contains("missing.toml"), "{missing:?}");
}

#[test]
fn a_database_that_is_away_is_told_without_its_password() {
    let database_away = "postgres://canary-user:canary-password@127.0.0.1:1/none";
    let no_number = "postgres://u:canary-password@127.0.0.1:port/none";
    let no_host = "postgres://u:canary-password@[::1/none";
    let no_field = "host=127.0.0.1 password=canary-password nonsense";
    for url in [database_away, no_number, no_host, no_field] {
        let program = Program::new(PROGRAM, &format!("database.url = '{url}'\ndatabase.connect_timeout = '200ms'"));
        let file = program.write("tasks.jsonl", lines([1]));
        for arguments in [&["import", &file][..], &["demo"], &["migrate"]] {
            let run = program.run(arguments);
            assert_refused(&run, 3, "");
            assert!(!run.err.contains("canary-password"), "{arguments:?}: {run:?}");
        }
    }
}

#[test]
fn the_command_line_explains_itself() {
    let program = program_without_database();
    let help = program.run(&["--help"]);
    assert_eq!(help.code, Some(0), "{help:?}");
    for part in ["Examples:", "annotation-statistics import tasks.jsonl.zst", "Exit codes: 0 done, 1 ", "serve", "demo"]
    {
        assert!(help.out.contains(part), "{part}: {help:?}");
    }
    assert_done(&program.run(&["--version"]), &format!("annotation-statistics {}\n", env!("CARGO_PKG_VERSION")));
    for wrong in [&["imports"][..], &["import", "--dryrun"], &["serve", "--port", "1"]] {
        let run = program.run(wrong);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
    }
}
