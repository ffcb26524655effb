//! Which task is this? No export replaces the tasks of another one, and none is lost.

use super::{assert_done, assert_refused, gzip, into, program_on, program_without_database, rules_in, tasks_in};
use annotation_statistics_formats::stable_id;
use annotation_statistics_tests::{RunningService, TestDatabase};

/// Another delivery: other images with the same numbers.
const FIRST: &str = r#"{"images":[{"id":1,"file_name":"a.jpg"},{"id":2,"file_name":"b.jpg"}],"annotations":[
    {"id":1,"image_id":1,"category_id":1}],"categories":[{"id":1,"name":"car"}]}"#;
const SECOND: &str = r#"{"images":[{"id":1,"file_name":"c.jpg"},{"id":3,"file_name":"d.jpg"}],"annotations":[
    {"id":1,"image_id":1,"category_id":1}],"categories":[{"id":1,"name":"car"}]}"#;

/// A scene, whose id is made of the name of the file.
const SCENE: &str =
    r#"{"openlabel":{"metadata":{"schema_version":"1.0.0"},"objects":{"1":{"name":"a","type":"Car"}}}}"#;

fn names_in(database: &TestDatabase) -> Vec<String> {
    database.query("SELECT coalesce(source_name, '') FROM statistics ORDER BY position")
}

#[test]
fn a_second_delivery_with_the_same_numbers_is_refused_and_one_by_names_is_appended() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let [first, second] =
        [("first.json", FIRST), ("second.json", SECOND)].map(|(name, text)| program.write(name, text));
    assert_done(&program.run(&into("import", "R", &[&first])), &format!("{first}: 2 inserted, "));
    let run = program.run(&into("import", "R", &[&second]));
    let conflict = format!("{second}: task number 1: task 1 of annotation request `R` is `a.jpg`, not `c.jpg`: ");
    assert_refused(&run, 1, &conflict);
    assert!(run.err.contains("--task-id source-name"), "{run:?}");
    assert_eq!(
        (tasks_in(&database), names_in(&database)),
        (vec!["1".into(), "2".into()], vec!["a.jpg".into(), "b.jpg".into()])
    );

    let by_name = |request, files: &[&str]| {
        let arguments = [&["--task-id", "source-name"], files].concat();
        program.run(&into("import", request, &arguments))
    };
    let run = by_name("N", &[&first, &second]);
    assert_done(&run, &format!("{first}: 2 inserted, "));
    assert!(run.out.contains(&format!("\n{second}: 2 inserted, ")), "{run:?}");
    let again = by_name("N", &[&second]);
    assert_done(&again, &format!("{second}: 0 inserted, 0 updated, 2 unchanged in "));
    let of_names = database.query("SELECT task_id FROM statistics WHERE annotation_request_id = 'N' ORDER BY position");
    assert_eq!(of_names, ["a.jpg", "b.jpg", "c.jpg", "d.jpg"].map(|name| stable_id(name).to_string()));

    let mixed = by_name("R", &[&first]);
    let number = stable_id("a.jpg");
    let reported =
        format!("{first}: task number 1: task {number} of annotation request `R` is made of `a.jpg`, as task 1 is: ");
    assert_refused(&mixed, 1, &reported);
    assert!(mixed.err.contains("import all exports of a request with --task-id source-name, or none"), "{mixed:?}");
}

#[test]
fn numbers_that_an_import_replaces_are_told() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file = program.write("first.json", FIRST);
    program.run(&into("import", "R", &[&file]));
    program.write("first.json", FIRST.replace(r#""id":1,"image_id":1"#, r#""id":1,"image_id":2"#));
    let again = program.run(&into("import", "R", &[&file]));
    assert_done(&again, &format!("{file}: 0 inserted, 2 updated, "));
    let reported = "2 tasks that were recorded have other numbers now: right where this is a new export of the same work, wrong \
        where it is other work";
    assert_eq!(again.err, format!("{file}: {reported}\n"));
}

#[test]
fn lines_keep_names_and_kinds_on_their_way_through_pipes_and_exports() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file =
        program.write("first.json", FIRST.replace("\"category_id\":1", r#""category_id":1,"attributes":{"fur":1}"#));
    let lines = program.run(&into("count", "R", &[&file])).out;
    let kinds = r#""itemKinds":{"car":"slot","car/fur":"input"},"sourceName":"a.jpg""#;
    assert!(lines.contains(kinds) && lines.matches("itemKinds").count() == 1, "{lines}");
    assert_done(&program.run_with(&["import"], &[], lines.as_bytes()), "standard input: 2 inserted, ");
    let exported = program.run(&["export", "--format", "jsonl", "R"]).out;
    assert_eq!(exported, lines, "to the byte");
    let csv = program.run(&["export", "R"]).out;
    assert!(
        csv.starts_with("annotationRequestId,countingRule,id,status,campaignId,poolName,poolType,sourceName,"),
        "{csv}"
    );
    let service = RunningService::on(&database);
    let summary = service.get("/statistics/summary?annotationRequestId=R");
    let items: Vec<_> =
        summary.data["operationItems"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(items, ["slot", "input"], "the tasks alone do not tell: each has both");
    let page = String::from_utf8(service.fetch("GET", "/?annotationRequestId=R", "").body).unwrap();
    assert!(page.contains("a.jpg</bdi></th>"), "{page}");
}

#[test]
fn a_file_is_the_same_task_whether_it_is_compressed_or_not_and_a_pipe_needs_a_name() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let [plain, packed] = [("x.json", SCENE.as_bytes().to_vec()), ("x.json.gz", gzip(SCENE.as_bytes()))]
        .map(|(name, bytes)| program.write(name, bytes));
    assert_done(&program.run(&into("import", "R", &[&plain])), &format!("{plain}: 1 inserted, "));
    assert_done(
        &program.run(&into("import", "R", &[&packed])),
        &format!("{packed}: 0 inserted, 0 updated, 1 unchanged"),
    );
    for arguments in [&["import"][..], &["count"], &["count", "--summary"]] {
        let run = program.run(&[&into(arguments[0], "R", &arguments[1..])[..], &[&plain, &packed]].concat());
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(
            run.err.contains(&format!(
                "{packed}: task {} (`x.json`) is in another of these files too",
                stable_id("x.json")
            )),
            "{run:?}"
        );
    }
    let piped = |arguments: &[&str]| program.run_with(&into("import", "R", arguments), &[], SCENE.as_bytes());
    let named = piped(&["--source-name", "second.json"]);
    assert_done(&named, "standard input: 1 inserted, ");
    let nameless = "standard input: the id of the task is made of the name of the file, and this has none: say what it \
        is called with --source-name";
    assert_refused(&piped(&[]), 1, nameless);
    assert_refused(
        &program.run(&into("import", "R", &["--source-name", "y", &plain, &packed])),
        2,
        "--source-name: names one input",
    );
    assert_refused(
        &program.run(&into("import", "R", &["--source-name", "", &plain])),
        2,
        "--source-name: must not be empty",
    );
    assert_eq!(names_in(&database), ["x.json", "second.json"]);
}

#[test]
fn what_import_refuses_is_counted_by_nobody() {
    let program = program_without_database();
    let [first, second] = ["first.json", "second.json"].map(|name| program.write(name, FIRST));
    let refused = format!("error: {second}: task 1 is in another of these files too: ");
    for arguments in [into("count", "R", &[&first, &second]), vec!["count", "--summary", &first, &second]] {
        let run = program.run(&arguments);
        assert!(run.code == Some(1) && run.err.contains(&refused), "{run:?}");
    }
    for arguments in [into("count", "R", &[&first, &first]), vec!["count", "--summary", &first, &first]] {
        assert_refused(&program.run(&arguments), 2, &format!("{first} is named twice: it would be counted twice"));
    }
}

#[test]
fn an_export_without_tasks_makes_its_request_known() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file = program.write("empty.json", r#"{"images":[],"annotations":[],"categories":[]}"#);
    assert_done(&program.run(&into("import", "R", &[&file])), &format!("{file}: 0 inserted, "));
    assert_eq!(rules_in(&database), ["R objects/2"]);
    let response = RunningService::on(&database).get("/statistics?annotationRequestId=R");
    assert_eq!((response.verdict(), response.count()), ((200, 2000, "Success"), 0));
    let other = ["import", "--annotation-request-id", "R", "--campaign-id", "7", &file];
    assert_refused(
        &program.run(&other),
        1,
        &format!("{file}: annotation request `R` belongs to campaign `1001`, not `7`"),
    );
    let other = program.run(&into("import", "R", &["--count", "keyframes", &file]));
    assert_refused(&other, 1, &format!("{file}: annotation request `R` is counted by `objects/2`, not `keyframes/2`"));
}

#[test]
fn what_an_earlier_version_of_a_rule_counted_is_not_mixed_with_this_one() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file = program.write("first.json", FIRST);
    let lines = program.run(&into("count", "new", &[&file])).out;
    let earlier = lines.replace("objects/2", "objects/1").replace("\"new\"", "\"old\"");
    assert_done(&program.run_with(&["import"], &[], earlier.as_bytes()), "standard input: 2 inserted, ");
    assert_done(&program.run_with(&["import"], &[], lines.as_bytes()), "standard input: 2 inserted, ");
    let run = program.run(&into("import", "old", &[&file]));
    let reported = "annotation request `old` is counted by `objects/1`, not `objects/2`: the request was counted by an earlier version";
    assert_refused(&run, 1, &format!("{file}: task number 1: {reported}"));
    let run = program.run_with(&["import"], &[], earlier.replace("\"old\"", "\"new\"").as_bytes());
    let reported = "annotation request `new` is counted by `objects/2`, not `objects/1`: the file was counted by an earlier version";
    assert_refused(&run, 1, &format!("standard input:1: countingRule: {reported}"));
    assert_eq!(program.run(&into("count", "R", &["--count", "objects/1", &file])).code, Some(2));
    assert_eq!(rules_in(&database), ["new objects/2", "old objects/1"]);
}

#[test]
fn whose_work_counts_is_part_of_the_rule() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let work = |id, cars| {
        let region = r#"{"type":"rectanglelabels","value":{"rectanglelabels":["car"]}}"#;
        format!(r#"{{"id":{id},"result":[{}]}}"#, vec![region; cars].join(","))
    };
    let file = format!(r#"[{{"id":1,"data":{{"image":"a.jpg"}},"annotations":[{},{}]}}]"#, work(1, 2), work(2, 3));
    let file = program.write("people.json", file);
    let reported = "counted with a doubt: 1 tasks with several annotations: all of them added up\n";
    let all = program.run(&into("import", "R", &[&file]));
    assert_done(&all, &format!("{file}: 1 inserted, "));
    assert_eq!(all.err, format!("{file}: {reported}"));
    let last = program.run(&into("import", "S", &["--annotations", "last", &file]));
    assert!(last.err.contains("the last was taken"), "{last:?}");
    assert_eq!(rules_in(&database), ["R objects/2", "S objects/2/last"]);
    assert_eq!(database.query("SELECT instance_num FROM statistics ORDER BY annotation_request_id"), ["5", "3"]);
    let mixed = program.run(&into("import", "S", &[&file]));
    assert_refused(
        &mixed,
        1,
        &format!("{file}: task number 1: annotation request `S` is counted by `objects/2/last`, not `objects/2`"),
    );
}
