//! What annotation files list of what may be drawn and filled in, in the taxonomies of their requests.

use super::{PROGRAM, assert_done, into, program_on, samples};
use annotation_statistics_formats::Format;
use annotation_statistics_tests::{Program, RunningService, TestDatabase};
use rustix::process::Signal;
use serde_json::{Value, json};

const TAXONOMY: &str = "/annotation-requests/R/taxonomy";

/// A project of CVAT: two labels with attributes, one of a tag.
const CVAT: &str = "<annotations><version>1.1</version><meta><task><id>1</id><labels>
    <label><name>car</name><type>rectangle</type><attributes><attribute><name>color</name><input_type>select</input_type>
    <values>red\nblue</values></attribute></attributes></label>
    <label><name>night</name><type>tag</type><attributes></attributes></label></labels></task></meta>
    <image id='0' name='a.jpg'><box label='car'><attribute name='color'>red</attribute></box></image></annotations>";

fn coco(categories: &str) -> String {
    format!(
        r#"{{"images":[{{"id":1}}],"categories":[{categories}],
        "annotations":[{{"id":1,"image_id":1,"category_id":1,"bbox":[1]}}]}}"#
    )
}

const CAR: &str = r#"{"id":1,"name":"car"}"#;
const CAR_AND_BUS: &str = r#"{"id":1,"name":"car"},{"id":2,"name":"a/b","keypoints":["x"]}"#;

fn operator(key: &str, kind: &str, label: &str, operator_type: &str) -> Value {
    json!({ "key": key, "kind": kind, "label": label, "type": operator_type, "required": false })
}

fn with_children(mut operator: Value, children: &[Value]) -> Value {
    operator["children"] = children.into();
    operator
}

fn car() -> Value {
    operator("car", "slot", "car", "any")
}

/// All of a taxonomy but the revision, which is different each time.
fn taxonomy_of(service: &RunningService, request: &str) -> Value {
    let mut data = service.get(&format!("/annotation-requests/{request}/taxonomy")).data;
    assert!(data.as_object_mut().unwrap().remove("revision").is_some_and(|revision| revision.is_i64()), "{data}");
    data
}

/// What is filled in orders nothing.
fn filled_in(operators: &[Value]) -> Value {
    json!({ "operators": operators, "operatorKeys": [], "source": "import" })
}

fn import(program: &Program, request: &str, file: &str) -> String {
    let file = program.write("export", file);
    let run = program.run(&into("import", request, &[&file]));
    assert_done(&run, &format!("{file}: "));
    run.err
}

#[test]
fn what_a_file_lists_is_the_taxonomy_of_a_request_that_has_none() {
    let database = TestDatabase::new();
    let (program, service) = (program_on(&database), RunningService::on(&database));
    let slot = |name: &str| operator(name, "slot", name, "any");
    let scalabel = r#"{"frames":[{"name":"a.jpg","labels":[{"id":1,"category":"car","box2d":{}}]}],"config":{
        "attributes":[{"name":"lost","toolType":"switch"}],"categories":[{"name":"car"},{"name":"bus"}]}}"#;
    let lost = |of: &str| with_children(slot(of), &[operator(&format!("{of}/lost"), "input", "lost", "switch")]);
    let cvat = with_children(
        operator("car", "slot", "car", "rectangle"),
        &[operator("car/color", "input", "color", "select")],
    );
    for (request, file, expected) in [
        ("coco", samples::COCO, vec![slot("dog"), slot("grass")]),
        ("cvat", CVAT, vec![cvat, operator("/night", "input", "night", "tag")]),
        ("datumaro", samples::DATUMARO, vec![slot("car"), slot("tom")]),
        ("scalabel", scalabel, vec![lost("car"), lost("bus")]),
        ("platform", samples::PLATFORM, vec![slot("car")]),
    ] {
        import(&program, request, file);
        assert_eq!(taxonomy_of(&service, request), filled_in(&expected), "{request}");
    }
    let nothing = json!({ "operators": [], "operatorKeys": [] });
    for format in [Format::LabelStudio, Format::OpenLabel] {
        let (_, sample) = samples::ALL.into_iter().find(|(of, _)| *of == format).unwrap();
        import(&program, format.name(), sample);
        assert_eq!(taxonomy_of(&service, format.name()), nothing, "{format} has no list");
    }
}

#[test]
fn what_is_filled_in_is_compared_with_tasks_and_names_what_sums_and_page_show() {
    let database = TestDatabase::new();
    let (program, service) = (program_on(&database), RunningService::on(&database));
    import(&program, "cvat", CVAT);
    import(&program, "coco", samples::COCO);
    let conformance = service.get("/annotation-requests/cvat/conformance").data;
    let never: Vec<_> =
        conformance["operationItems"].as_array().unwrap().iter().map(|item| &item["neverUsed"]).collect();
    assert_eq!((never, &conformance["unknownItems"]), (vec![&json!(false), &json!(false), &json!(true)], &json!([])));
    let summary = service.get("/statistics/summary?annotationRequestId=cvat").data;
    let items = json!([
        { "key": "car", "label": "car", "kind": "slot", "count": 1, "taskNum": 1 },
        { "key": "car/color", "label": "color", "kind": "input", "count": 1, "taskNum": 1 },
    ]);
    assert_eq!(summary["operationItems"], items, "what is listed and not ordered has no line with zero");
    for (request, is_marked) in [("cvat", true), ("coco", false)] {
        let page = service.fetch("GET", &format!("/?annotationRequestId={request}"), "");
        assert_eq!(
            page.text().contains("Names beside keys are from imported annotation files"),
            is_marked,
            "{request}"
        );
    }
}

#[test]
fn another_file_adds_what_it_lists_and_the_same_one_changes_nothing() {
    let database = TestDatabase::new();
    let (program, service) = (program_on(&database), RunningService::on(&database));
    import(&program, "R", &coco(CAR));
    let first = service.get(TAXONOMY).data;
    import(&program, "R", &coco(CAR));
    assert_eq!(service.get(TAXONOMY).data, first, "to the revision");
    import(&program, "R", &coco(CAR_AND_BUS));
    let both = [car(), operator("a~1b", "slot", "a/b", "keypoints")];
    assert_eq!(taxonomy_of(&service, "R"), filled_in(&both));
    import(&program, "R", &coco(CAR));
    assert_eq!(taxonomy_of(&service, "R"), filled_in(&both), "and takes nothing away");
    let lines = program.run(&into("count", "lines", &[&program.write("export", coco(CAR))])).out;
    assert_done(&program.run_with(&["import"], &[], lines.as_bytes()), "standard input: 1 inserted, ");
    assert_eq!(taxonomy_of(&service, "lines"), json!({ "operators": [], "operatorKeys": [] }));
    let empty = r#"{"images":[],"annotations":[],"categories":[{"id":1,"name":"car"}]}"#;
    import(&program, "empty", empty);
    assert_eq!(taxonomy_of(&service, "empty"), filled_in(&[car()]), "of a file without tasks");
}

#[test]
fn what_was_stated_stays_and_replaces_what_was_filled_in() {
    let database = TestDatabase::new();
    let (program, service) = (program_on(&database), RunningService::on(&database));
    import(&program, "R", &coco(CAR_AND_BUS));
    let filled = service.get(TAXONOMY);
    let put = |body: &Value| service.fetch_json("PUT", TAXONOMY, "", &body.to_string()).status;
    assert_eq!(put(&filled.data), 200, "as it is, it is agreed on");
    let mut agreed = filled.data;
    assert!(agreed["revision"].take().as_i64() < service.get(TAXONOMY).data["revision"].as_i64());
    agreed["source"] = "stated".into();
    agreed.as_object_mut().unwrap().remove("revision");
    assert_eq!(taxonomy_of(&service, "R"), agreed);
    let bus = operator("bus", "slot", "Bus", "polygon");
    assert_eq!(put(&json!({ "operators": [bus.clone()] })), 200);
    let stated = service.get(TAXONOMY).data;
    assert_eq!(import(&program, "R", &coco(CAR_AND_BUS)), "");
    assert_eq!(service.get(TAXONOMY).data, stated, "to the revision");
    assert_eq!(taxonomy_of(&service, "R"), json!({ "operators": [bus], "operatorKeys": ["bus"], "source": "stated" }));
}

#[test]
fn an_import_that_records_nothing_fills_nothing_in() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let file = program.write("damaged", coco(CAR).replace(r#""bbox":[1]"#, r#""bbox":[1"#));
    assert_eq!(program.run(&into("import", "R", &[&file])).code, Some(1));
    let file = program.write("export", coco(CAR));
    assert_eq!(program.run(&into("import", "R", &["--dry-run", &file])).code, Some(0));
    let mut holding = database.session();
    holding.execute("BEGIN; LOCK TABLE statistics IN ACCESS EXCLUSIVE MODE");
    let mut importing = program.start(&into("import", "R", &[&file]));
    database.wait_for_locks(1);
    assert_eq!(importing.stop(Signal::INT), Some(130), "{}", importing.log());
    holding.execute("ROLLBACK");
    let tables = "SELECT id FROM annotation_requests UNION ALL SELECT item_key FROM request_items";
    assert_eq!(database.query(tables), [""; 0]);
}

#[test]
fn an_import_that_is_stopped_while_it_fills_in_says_so_and_does_all_of_it_the_next_time() {
    let database = TestDatabase::new();
    let settings = format!("database.url = {:?}\nimport.stop_timeout = '100ms'", database.url());
    let program = Program::new(PROGRAM, &settings);
    let file = program.write("export", coco(CAR));
    let mut holding = database.session();
    holding.execute("BEGIN; LOCK TABLE request_items IN ACCESS EXCLUSIVE MODE");
    let mut importing = program.start(&into("import", "R", &[&file]));
    database.wait_for_locks(1);
    importing.signal(Signal::INT);
    assert_eq!(importing.end().code(), Some(4), "{}", importing.log());
    let reported = "export are recorded, and whether what it lists is filled in is unknown: stopped by a signal during COMMIT; \
        import it again, which changes nothing where it is\n";
    assert!(importing.log().ends_with(reported), "{}", importing.log());
    holding.execute("ROLLBACK");
    assert_eq!(super::tasks_in(&database), ["1"]);
    let run = program.run(&into("import", "R", &[&file]));
    assert_done(&run, &format!("{file}: 0 inserted, 0 updated, 1 unchanged in "));
    assert_eq!(taxonomy_of(&RunningService::on(&database), "R"), filled_in(&[car()]));
}

#[test]
fn what_a_taxonomy_cannot_have_is_remarked() {
    let database = TestDatabase::new();
    let (program, service) = (program_on(&database), RunningService::on(&database));
    let many: Vec<_> = (1..=1_001).map(|id| format!(r#"{{"id":{id},"name":"{id}"}}"#)).collect();
    let remarks = import(&program, "R", &coco(&many.join(",")));
    assert!(
        remarks.ends_with(
            "export: the taxonomy is not filled in: with what the file lists it would have more than 1000 operators\n"
        ),
        "{remarks}"
    );
    assert_eq!(taxonomy_of(&service, "R"), json!({ "operators": [], "operatorKeys": [] }));
    let long = format!(r#"{CAR},{{"id":2,"name":"{}"}}"#, "x".repeat(256));
    let remarks = import(&program, "R", &coco(&long));
    assert!(remarks.contains("export: the taxonomy is filled in without 1 that the file lists: "), "{remarks}");
    assert_eq!(taxonomy_of(&service, "R"), filled_in(&[car()]));
}

#[test]
fn a_taxonomy_that_was_stated_costs_an_import_one_statement() {
    let database = TestDatabase::on_its_own_server();
    let (program, service) = (program_on(&database), RunningService::on(&database));
    import(&program, "R", &coco(CAR));
    let stated = json!({ "operators": [car()] }).to_string();
    assert_eq!(service.fetch_json("PUT", TAXONOMY, "", &stated).status, 200);
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET log_statement = ''all''', current_database()); END $$",
    );
    database.query("SELECT 'the import begins'");
    import(&program, "R", &coco(CAR_AND_BUS));
    let log = database.server_log();
    let (_, log) = log.split_once("the import begins").unwrap();
    let statements: Vec<_> = log.split("LOG:  ").skip(1).filter_map(|entry| entry.lines().next()).collect();
    let committed = statements.iter().rposition(|statement| statement.ends_with("COMMIT")).unwrap();
    let [after] = &statements[committed + 1..] else { panic!("{statements:#?}") };
    assert!(
        after.ends_with(": SELECT is_found FROM request_items WHERE annotation_request_id = $1 LIMIT 1"),
        "{after}"
    );
}
