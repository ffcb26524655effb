//! Annotation files on the command line: counted, piped and imported they give the same rows, to the unit.

mod task_identity;
mod taxonomies;

use crate::PROGRAM;
use crate::samples;
use annotation_statistics_formats::{CountingRule, Format};
use annotation_statistics_tests::{Program, Run, RunningService, TestDatabase};
use serde_json::{Value, json};
use std::io::Write;

/// Two images, three boxes, an attribute and a crowd region.
const TWO_IMAGES: &str = r#"{"images":[{"id":1},{"id":2}],"categories":[{"id":1,"name":"dog"}],"annotations":[
    {"id":1,"image_id":1,"category_id":1},{"id":2,"image_id":1,"category_id":1,"attributes":{"fur":"long"}},
    {"id":3,"image_id":2,"category_id":1,"iscrowd":1}]}"#;

const CROWD: &str = "counted with a doubt: 1 crowd regions: each counted once\n";

fn program_on(database: &TestDatabase) -> Program {
    Program::new(PROGRAM, &format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url()))
}

/// One that would fail if it asked its database anything.
fn program_without_database() -> Program {
    Program::new(PROGRAM, "database.url = 'postgres://127.0.0.1:1/none'\ndatabase.connect_timeout = '200ms'")
}

/// The arguments of `command` for tasks of a request of campaign `1001`.
fn into<'a>(command: &'a str, request: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--annotation-request-id", request, "--campaign-id", "1001"], more].concat()
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

fn tasks_in(database: &TestDatabase) -> Vec<String> {
    database.query("SELECT task_id FROM statistics ORDER BY task_id")
}

fn rules_in(database: &TestDatabase) -> Vec<String> {
    database.query("SELECT id || ' ' || coalesce(counting_rule, '') FROM annotation_requests ORDER BY id")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Tasks, instances, attributes and frames.
type Totals = [u64; 4];

fn totals_of_rows(rows: &[Value]) -> Totals {
    let sum = |field: &str| rows.iter().map(|row| row[field].as_u64().unwrap()).sum();
    [rows.len().try_into().unwrap(), sum("instanceNum"), sum("attributeNum"), sum("frameNum")]
}

fn totals_of_summary(table: &str) -> Totals {
    ["tasks", "instances", "attributes", "frames"].map(|name| {
        let words = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let mut totals = words.filter(|words| words.len() == 3 && words[0] == name && words[1] == "total");
        totals.next_back().unwrap()[2].parse().unwrap()
    })
}

fn answered(service: &RunningService, request: &str) -> Vec<Value> {
    let response = service.get(&format!("/statistics?annotationRequestId={request}&limit=100"));
    assert_eq!(response.verdict(), (200, 2000, "Success"));
    response.data["data"].as_array().unwrap().clone()
}

#[test]
fn counted_piped_imported_and_answered_every_sample_has_the_same_numbers() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let service = RunningService::on(&database);
    for (number, (format, sample)) in samples::ALL.into_iter().enumerate() {
        let file = program.write("export", sample);
        for rule in CountingRule::ALL.map(CountingRule::name) {
            let [piped, direct] =
                ["piped", "direct"].map(|way| format!("{way}-{number}-{}", rule.as_str().replace('/', "-")));
            let summary = program.run(&["count", "--summary", "--count", rule.as_str(), &file]);
            let lines = program.run(&into("count", &piped, &["--count", rule.as_str(), &file]));
            let import = program.run_with(&["import"], &[], lines.out.as_bytes());
            assert_done(&import, "standard input: ");
            let reported = program.run(&into("import", &direct, &["--count", rule.as_str(), &file]));
            assert_done(&reported, &format!("{file}: "));
            assert!(reported.out.ends_with(&format!(", a {format} export counted by {rule}\n")), "{reported:?}");
            assert_eq!((&lines.err, &reported.err), (&summary.err, &summary.err), "the report is the same");
            let rows = answered(&service, &direct);
            assert_eq!(rows, answered(&service, &piped), "{format} {rule}");
            assert_eq!(totals_of_rows(&rows), totals_of_summary(&summary.out), "{format} {rule}");
            assert!(rows.iter().all(|row| row["poolType"] == 5 && row["status"] == 11 && row["campaignId"] == "1001"));
        }
    }
    let recorded = rules_in(&database);
    assert_eq!(recorded.len(), samples::ALL.len() * 6);
    assert!(recorded.contains(&"direct-0-keyframes-2 keyframes/2".to_owned()), "{recorded:?}");
    assert!(recorded.contains(&"piped-3-appearances-2 appearances/2".to_owned()), "{recorded:?}");
}

#[test]
fn a_request_keeps_the_rule_that_it_was_first_counted_by() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file = program.write("a.json", TWO_IMAGES);
    assert_done(&program.run(&into("import", "R", &[&file])), &format!("{file}: 2 inserted, "));
    assert_eq!(rules_in(&database), ["R objects/2"], "the default");
    let conflict = "annotation request `R` is counted by `objects/2`, not `keyframes/2`";
    let run = program.run(&into("import", "R", &["--count", "keyframes", &file]));
    assert_refused(&run, 1, &format!("{file}: task number 1: {conflict}"));
    assert!(run.err.contains(
        "count it by the rule of the request (--count, --annotations), or record it in a request of its own"
    ));
    let lines = program.run(&into("count", "R", &["--count", "keyframes", &file]));
    let run = program.run_with(&["import"], &[], lines.out.as_bytes());
    assert_refused(&run, 1, &format!("standard input:1: countingRule: {conflict}"));
    assert_done(
        &program.run(&into("import", "R", &[&file])),
        &format!("{file}: 0 inserted, 0 updated, 2 unchanged in "),
    );
}

#[test]
fn pool_and_status_of_the_tasks_are_those_that_were_said() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file = program.write("a.json", TWO_IMAGES);
    let stage = ["--pool-type", "3", "--pool-name", "spot check", "--status", "8", &file];
    assert_done(&program.run(&into("import", "R", &stage)), &format!("{file}: 2 inserted, "));
    let stages = database.query("SELECT DISTINCT pool_type || ' ' || pool_name || ' ' || status FROM statistics");
    assert_eq!(stages, ["3 spot check 8"]);
}

#[test]
fn what_was_not_counted_is_told_after_each_file_also_in_a_dry_run_and_for_packed_input() {
    let program = program_without_database();
    let [plain, packed] = [("a.json", TWO_IMAGES.as_bytes().to_vec()), ("b", gzip(TWO_IMAGES.as_bytes()))]
        .map(|(name, bytes)| program.write(name, bytes));
    for file in [&plain, &packed] {
        let run = program.run(&into("import", "R", &["--dry-run", file]));
        let reported = "2 tasks, no errors; nothing was recorded (dry run), a coco export counted by objects/2";
        assert_done(&run, &format!("{file}: {reported}\n"));
        assert_eq!(run.err, format!("{file}: {CROWD}"));
    }
    let zstd = zstd::encode_all(TWO_IMAGES.as_bytes(), 1).unwrap();
    let run = program.run_with(&into("import", "R", &["--dry-run", "--json"]), &[], &zstd);
    let outcome =
        json!({ "file": "standard input", "tasks": 2, "dryRun": true, "format": "coco", "countingRule": "objects/2" });
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), outcome);
    assert_eq!(run.err, format!("standard input: {CROWD}"));
}

#[test]
fn of_several_exports_each_is_recorded_whole_or_not_at_all() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let first = program.write("first.json", TWO_IMAGES);
    let renumbered = TWO_IMAGES.replace(r#"{"id":1},{"id":2}]"#, r#"{"id":11},{"id":12}]"#);
    let second = program.write("second.json", renumbered.replace(r#""image_id":"#, r#""image_id":1"#));
    let run = program.run(&into("import", "R", &[&first, &second, &first]));
    assert_done(&run, &format!("{first}: 2 inserted, "));
    assert!(run.out.contains(&format!("\n{second}: 2 inserted, ")), "{run:?}");
    assert!(run.out.contains(&format!("\n{first}: 0 inserted, 0 updated, 2 unchanged in ")), "the same file again");
    assert_eq!(run.err, format!("{first}: {CROWD}{second}: {CROWD}{first}: {CROWD}"));

    let database = TestDatabase::new();
    let program = program_on(&database);
    let first = program.write("first.xml", samples::CVAT_IMAGES);
    let damaged = samples::CVAT_IMAGES.replace("id=\"0\"", "id=\"7\"").replace("label=\"night\"", "label=\"light\"");
    let damaged = program.write("damaged.xml", damaged);
    let run = program.run(&into("import", "R", &[&first, &damaged, &first]));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.starts_with(&format!("{first}: 2 inserted, ")) && run.out.lines().count() == 1, "{run:?}");
    let error = "line 9, byte 654, annotations/image/tag: label `light` is not in the file's `labels` (read as cvat, which the \
        content looks like)";
    assert!(run.err.contains(&format!("error: {damaged}: {error}\nnothing of {damaged} was recorded\n")), "{run:?}");
    assert_eq!(tasks_in(&database), ["0", "1"]);
}

#[test]
fn exports_that_number_their_tasks_anew_never_replace_each_other() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let [first, second] = ["first.json", "second.json"].map(|name| program.write(name, TWO_IMAGES));
    let run = program.run(&into("import", "R", &[&first, &second]));
    assert_eq!(run.code, Some(1), "{run:?}");
    let error = "task 1 is in another of these files too: where each of them numbers its tasks from the start, take each into \
        a request of its own, or all of them with --task-id source-name, which makes ids of the names of images, items and files";
    assert!(run.err.contains(&format!("error: {second}: {error}\n")), "{run:?}");
    let run = program.run(&into("count", "R", &[&first, &second]));
    assert!(run.code == Some(1) && run.out.ends_with(&format!("\nincomplete: {second}: {error}\n")), "{run:?}");
    let import = program.run_with(&["import"], &[], run.out.as_bytes());
    assert_refused(&import, 1, "standard input:3: ");
    assert_eq!(tasks_in(&database), ["1", "2"]);
}

#[test]
fn exports_and_json_lines_are_told_apart_and_never_taken_for_each_other() {
    let program = program_without_database();
    let export = program.write("a.json", TWO_IMAGES);
    let lines = program.write("a.jsonl", program.run(&into("count", "R", &[&export])).out);
    let run = program.run(&["import", &export]);
    assert_refused(&run, 3, "");
    let is_export = format!(
        "{export} has errors; nothing was recorded\n{export}: a coco export, not JSON Lines: name the request of its tasks \
         with --annotation-request-id and --campaign-id\n"
    );
    assert_refused(&program.run(&["import", "--dry-run", &export]), 1, &is_export);
    let counted = "byte 0: the file has JSON Lines of statistics, which are counted already: import them without";
    for format in Format::ALL {
        let run = program.run(&into("import", "R", &["--dry-run", "--format", format.name(), &lines]));
        assert_refused(&run, 1, &format!("{lines} has errors; nothing was recorded\n{lines}: {counted}"));
    }
    assert_refused(&program.run(&["count", "--summary", &lines]), 1, &format!("{lines}: {counted}"));
    assert_done(&program.run(&["import", "--dry-run", &lines]), &format!("{lines}: 2 tasks, no errors"));
}

#[test]
fn options_of_exports_without_a_request_are_refused_with_the_next_step() {
    let program = program_without_database();
    let file = program.write("a.json", TWO_IMAGES);
    let next = "name the request of their tasks with --annotation-request-id and --campaign-id";
    for (arguments, reported) in [
        (&["import", "--format", "coco", &file][..], "--format is about annotation files: "),
        (&["import", "--count", "objects", &file], "--count is about annotation files: "),
        (&["import", "--pool-name", "p", &file], "--pool-name is about annotation files: "),
        (&["import", "--campaign-id", "C", &file], "--campaign-id is about annotation files: "),
    ] {
        let run = program.run(arguments);
        assert_refused(&run, 2, reported);
        assert!(run.err.contains(next), "{run:?}");
    }
    for (arguments, reported) in [
        (&["import", "--annotation-request-id", "R", &file][..], "--annotation-request-id needs --campaign-id: "),
        (&["count", "--status", "7", &file], "--status is about annotation files: "),
        (&into("import", "", &[&file]), "--annotation-request-id: must not be empty"),
        (&into("import", "R", &["--pool-type", "9", &file]), "--pool-type: 9 is not a pool type"),
    ] {
        assert_refused(&program.run(arguments), 2, reported);
    }
    for wrong in [&["--format", "yolo"], &["--count", "boxes"], &["--status", "x"]] {
        assert_eq!(program.run(&into("import", "R", wrong)).code, Some(2));
    }
}

#[test]
fn counted_without_a_request_each_task_is_a_line_of_what_its_file_knows() {
    let program = program_without_database();
    let file = program.write("a.json", TWO_IMAGES);
    let run = program.run(&["count", &file]);
    let lines = [
        r#"{"countingRule":"objects/2","itemKinds":{"dog":"slot","dog/fur":"input"},"id":1,"instanceInfo":{"dog":2,"dog/fur":1},"instanceNum":2,"attributeNum":1,"frameNum":1}"#,
        r#"{"countingRule":"objects/2","itemKinds":{"dog":"slot"},"id":2,"instanceInfo":{"dog":1},"instanceNum":1,"attributeNum":0,"frameNum":1}"#,
    ];
    let expected = lines.map(|line| format!("{line}\n")).concat();
    assert_eq!((run.code, &run.out), (Some(0), &expected), "{run:?}");
    let next = "to import these tasks, name their request: --annotation-request-id and --campaign-id\n";
    assert!(run.err.ends_with(next), "{run:?}");
    let refused = program.run_with(&["import", "--dry-run"], &[], run.out.as_bytes());
    assert_refused(&refused, 1, "standard input has errors; nothing was recorded\nstandard input:1: ");
    assert!(refused.err.contains("annotationRequestId"), "{refused:?}");
}
