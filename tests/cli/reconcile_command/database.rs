//! A sheet against an annotation request of the database.

use super::{SHEET, reconcile, tasks};
use crate::PROGRAM;
use annotation_statistics_tests::{Program, Run, TestDatabase, record, register, task};

fn program_on(database: &TestDatabase) -> Program {
    Program::new(PROGRAM, &format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url()))
}

/// What follows the verdict.
const REPORT: &str = "
           values
matched         3  both have the same number
differing       1  both have it, with another number
missing         1  only ours: the sheet does not have it
extra           1  only theirs: it is not recorded
duplicate       1  an earlier line of the sheet has it already

                 ours  theirs  ours - theirs
operation items    14      18             -4

line 8 of the sheet, with its sums, adds up
columns that were not compared: Price

class      line                task  counted    label  ours  theirs  ours - theirs
differing     4                   2  car        Auto      3       5             -2
missing          304500000000000707  car/color            4       0             +4
duplicate     5                   2  car        Auto      0       5             -5
extra         7                   9  car        Auto      0       1             -1
";

#[track_caller]
fn assert_agrees(run: &Run, what: &str) {
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{what}: {run:?}");
    assert!(run.out.contains(" agrees with the annotation request `a`, revision 1"), "{what}: {run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_export_of_a_request_agrees_with_it() {
    let database = TestDatabase::new();
    let named = (1..30).map(|id| task("a", 304_500_000_000_001_000 + id).made_of(&format!("={id}, \"street\".jpg")));
    let plain = tasks().into_iter().chain([task("a", 5).counts(0, 0).frames(31), task("b", 1)]);
    record(&database, named.chain(plain)).await;
    let program = program_on(&database);
    for (file, layout) in [
        ("wide.csv", &["--layout", "wide"][..]),
        ("long.csv", &["--layout", "long"]),
        ("bom.csv", &["--bom"]),
        ("wide.xlsx", &[]),
        ("long.xlsx", &["--layout", "long"]),
        ("tasks.jsonl", &[]),
    ] {
        let exported = program.run(&[&["export", "-o", file], layout, &["a"]].concat());
        assert_eq!(exported.code, Some(0), "{exported:?}");
        let run = program.run(&["reconcile", file, "--annotation-request-id", "a"]);
        assert_agrees(&run, file);
        let over_files = program.run(&["export", "-o", "rows.jsonl", "a"]);
        assert_eq!(over_files.code, Some(0));
        assert_eq!(program.run(&["reconcile", file, "--rows", "rows.jsonl"]).code, Some(0), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn differences_are_those_of_the_files_with_labels_and_nothing_is_changed() {
    let database = TestDatabase::new();
    record(&database, tasks()).await;
    let operator = "'slot', 'box', false, NULL, NULL, true)";
    database.execute(&format!("INSERT INTO request_items VALUES ('a', 'car', 0, NULL, 'Auto', NULL, {operator}"));
    let state = database.query("SELECT revision::text FROM annotation_requests");
    let program = program_on(&database);
    for sheet in [SHEET.to_owned(), SHEET.replace("car,", "Auto,")] {
        let run = reconcile(&program, &sheet, &["--annotation-request-id", "a"]);
        let next = "error: 4 differences; -o differences.csv writes all of them\n";
        assert_eq!((run.code, run.err.as_str()), (Some(1), next), "{run:?}");
        let (first, rest) = run.out.split_once('\n').unwrap();
        assert_eq!(first, format!("sheet.csv differs from the annotation request `a`, revision {}", state[0]));
        assert_eq!(rest, REPORT);
    }
    let sums = reconcile(&program, "item,count\nAuto,9\ncar/color,5\n", &["--annotation-request-id", "a"]);
    assert_agrees(&sums, "sums");
    assert_eq!(database.query("SELECT revision::text FROM annotation_requests"), state);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_request_and_one_without_tasks_are_told_apart() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    let program = program_on(&database);
    let run = reconcile(&program, SHEET, &["--annotation-request-id", "x", "-o", "out.csv"]);
    let unknown = "error: unknown annotation requests: x\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(3), "", unknown));
    assert!(!program.path("out.csv").exists());
    let run = reconcile(&program, SHEET, &["--annotation-request-id", "a"]);
    assert_eq!((run.code, run.out.contains("extra           5  only theirs")), (Some(1), true), "{run:?}");
}
