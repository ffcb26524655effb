//! `export` writes what the service exports, and leaves nothing that looks whole and is not.

use crate::PROGRAM;
use annotation_statistics_domain::PoolType;
use annotation_statistics_tests::{
    Download, Program, RunningService, TestDatabase, parquet_lines, record, table_sums, task, xlsx_lines,
};
use std::fs;

fn program_on(database: &TestDatabase) -> Program {
    Program::new(PROGRAM, &format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url()))
}

async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    record(&database, (0..1_500).map(|id| task("a", id).counted_by("objects/2")).chain([task("=b", 1).counts(3, 4)]))
        .await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_or_a_pipe_gets_what_the_service_sends() {
    let database = recorded().await;
    let (program, service) = (program_on(&database), RunningService::on(&database));
    let get = |more: &str| {
        Download::get(&service, &format!("/statistics/export?annotationRequestId=%3Db&annotationRequestId=a&{more}"))
    };
    for (arguments, query) in [
        (vec![], "format=csv"),
        (vec!["--layout", "long", "--bom"], "format=csv&layout=long&bom=true"),
        (vec!["--format", "jsonl"], "format=jsonl"),
    ] {
        let piped = program.run(&[&["export"], arguments.as_slice(), &["--", "=b", "a"]].concat());
        assert_eq!(piped.code, Some(0), "{query}");
        assert_reported(&piped.err, "standard output");
        assert!(piped.out == get(query).text(), "{query}");
    }
    for name in ["out.csv", "out.xlsx", "out.parquet", "out.jsonl"] {
        let path = program.path(name).to_str().unwrap().to_owned();
        let written = program.run(&["export", "-o", &path, "=b", "a"]);
        assert_eq!((written.code, written.out.as_str()), (Some(0), ""), "{name}: {written:?}");
        assert_reported(&written.err, &path);
        let (file, sent) = (fs::read(&path).unwrap(), get(&format!("format={}", &name[4..])).body);
        if name == "out.xlsx" {
            assert_eq!(table_sums(&xlsx_lines(&file, "Tasks")), table_sums(&xlsx_lines(&sent, "Tasks")));
        } else if name == "out.parquet" {
            assert!(parquet_lines(&file) == parquet_lines(&sent), "{name}");
        } else {
            assert!(file == sent, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn options_leave_out_the_tasks_that_the_parameters_of_the_service_leave_out() {
    let database = TestDatabase::new();
    let pools = [(PoolType::Complete, 11), (PoolType::Check, 5), (PoolType::Complete, -3)];
    let tasks = (0..12).zip(pools.into_iter().cycle());
    let of_a = tasks.map(|(id, (pool, status))| task("a", id).pool(pool, "pool").status(status));
    record(&database, of_a.chain([task("b", 1).campaign("x,y")])).await;
    let (program, service) = (program_on(&database), RunningService::on(&database));
    for (options, query, filter, tasks) in [
        (vec!["--pool-type", "5"], "poolType=5", "poolType=5", 9),
        (
            vec!["--pool-type", "5,2", "--status=-3,5"],
            "poolType=2,5&status=5,-3",
            "poolType=2, poolType=5, status=-3, status=5",
            8,
        ),
        (vec!["--status", "11", "--status", "5"], "status=11&status=5", "status=5, status=11", 9),
        (vec!["--campaign-id", "x,y"], "campaignId=x,y", "campaignId=x,y", 1),
        (vec!["--campaign-id", "unknown"], "campaignId=unknown", "campaignId=unknown", 0),
    ] {
        let run = program.run(&[&["export", "--format", "jsonl"], options.as_slice(), &["a", "b"]].concat());
        assert_eq!((run.code, run.out.lines().count()), (Some(0), tasks), "{query}: {run:?}");
        assert!(
            run.err.starts_with(&format!("exported {tasks} tasks with {filter} to standard output")),
            "{}",
            run.err
        );
        let list = "annotationRequestId=a&annotationRequestId=b&format=jsonl";
        let sent = Download::get(&service, &format!("/statistics/export?{list}&{query}"));
        assert!(run.out == sent.text(), "{query}");
    }
    for (option, why) in [
        ("--pool-type=6", "--pool-type must be a whole number from 0 to 5, got \"6\""),
        ("--pool-type=complete", "--pool-type must be a whole number from 0 to 5, got \"complete\""),
        ("--status=+1", "--status must be a whole number of 32 bits, got \"+1\""),
        ("--status=1,,2", "--status must be a whole number of 32 bits, got \"\""),
        ("--campaign-id=", "--campaign-id must not be empty, got \"\""),
    ] {
        let run = program.run(&["export", option, "a"]);
        assert_eq!((run.code, run.err.contains(why)), (Some(2), true), "{option}: {}", run.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_zone_is_that_of_the_argument_or_of_the_setting() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let of_settings = |zone: &str| {
        let settings = format!("database.url = {:?}\npage.time_zone = {zone:?}", database.url());
        Program::new(PROGRAM, &settings)
    };
    let (plain, set) = (of_settings(""), of_settings("Asia/Singapore"));
    for (program, arguments, zone) in [
        (&plain, &["export", "a"][..], "Z"),
        (&plain, &["export", "--time-zone", "Asia/Kolkata", "a"], "+05:30[Asia/Kolkata]"),
        (&set, &["export", "a"], "+08:00[Asia/Singapore]"),
        (&set, &["export", "--time-zone", "UTC", "a"], "Z"),
    ] {
        let run = program.run(arguments);
        let exported = run.err.lines().next().unwrap_or_default().to_owned();
        assert_eq!((run.code, exported.ends_with(zone)), (Some(0), true), "{arguments:?}: {}", run.err);
        assert!(exported.starts_with("exported 1 tasks to standard output as of 20"), "{exported}");
    }
    let run = plain.run(&["export", "--time-zone", "Berlin", "a"]);
    let why = "must be a time zone, such as Europe/Berlin";
    assert_eq!((run.code, run.err.contains(why)), (Some(2), true), "{}", run.err);
}

/// What was exported, when, and of which states: the revision of a request is the time of its last change.
#[track_caller]
fn assert_reported(err: &str, file: &str) {
    let lines: Vec<&str> = err.lines().collect();
    let [exported, b, a] = lines.as_slice() else { panic!("{err}") };
    assert!(
        exported.starts_with(&format!("exported 1,501 tasks to {file} as of 20")) && exported.ends_with('Z'),
        "{err}"
    );
    assert!(b.starts_with("=b: revision 1") && b.contains(", changed 20") && b.ends_with("Z, no stated rule"), "{err}");
    assert!(a.starts_with("a: revision 1") && a.contains(", changed 20") && a.ends_with("Z, objects/2"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_as_json_lines_is_imported_as_it_was() {
    let (from, into) = (recorded().await, TestDatabase::new());
    let exported = program_on(&from).run(&["export", "--format", "jsonl", "a", "=b"]);
    let again = program_on(&into);
    assert_eq!(again.run_with(&["import"], &[], exported.out.as_bytes()).code, Some(0));
    assert!(again.run(&["export", "--format", "jsonl", "a", "=b"]).out == exported.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_fails_says_why_and_leaves_no_file() {
    let database = recorded().await;
    let program = program_on(&database);
    database.execute("UPDATE statistics SET frame_num = 2 WHERE annotation_request_id = 'a' AND position = 1400");
    let path = program.path("out.jsonl").to_str().unwrap().to_owned();
    let drift = "is not complete: the stored statistics are corrupt: statistics_totals: kept are";
    for (arguments, code, reported) in [
        (vec!["export", "-o", &path, "a"], 3, drift),
        (vec!["export", "x", "a", "y"], 1, "error: unknown annotation requests: x, y\n"),
        (vec!["export", "--format", "pdf", "a"], 2, "must be csv, jsonl, xlsx or parquet"),
        (vec!["export", "--format", "jsonl", "--layout", "long", "a"], 2, "--layout is of tables; jsonl has none"),
        (vec!["export", "--format", "xlsx", "--bom", "a"], 2, "--bom is for csv"),
        (vec!["export", ""], 2, "the annotation request \"\" must not be empty"),
        (vec!["export"], 2, "<ID>..."),
        (
            vec!["export", "-o", "x.zip", "a"],
            2,
            "-o x.zip: no format of exports is called zip: end its name with csv, jsonl, xlsx or parquet, or name the format with --format",
        ),
        (vec!["export", "-o", "no/such/folder", "a"], 1, "no/such/folder cannot be written: "),
    ] {
        let run = program.run(&arguments);
        assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
        assert!(run.err.contains(reported), "{arguments:?}: {}", run.err);
    }
    let left: Vec<_> = fs::read_dir(program.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("out.jsonl")), "{left:?}");
    let piped = program.run(&["export", "--format", "jsonl", "a"]);
    assert!(piped.out.ends_with("not complete; export again"), "{:?}", piped.code);
    assert_eq!(program.run_with(&["import", "--dry-run"], &[], piped.out.as_bytes()).code, Some(1));
}
