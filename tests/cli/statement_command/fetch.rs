//! `statement fetch`, and `import` of what it has written.

use super::{assert_refused, json, normalised, program_on, recorded, run};
use crate::PROGRAM;
use annotation_statistics_tests::{Program, TestDatabase, record, task};
use serde_json::json;
use std::fs;

/// The names and the bytes of all files in a folder, in the order of their names.
fn content(program: &Program, folder: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(program.path(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect();
    files.sort();
    files
}

fn names(files: &[(String, Vec<u8>)]) -> Vec<&str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}

const FETCHED: &str = "\
statement 1 of a, 2026-11, is in 2026-11, and verified

            all  delivered
tasks         2          1
instances    15         12
attributes   48         44
frames        2          1

made    TIME
key     HEX16
sha256  HEX64  statement.json
        HEX64  rows.jsonl
";

#[tokio::test(flavor = "multi_thread")]
async fn the_files_to_hand_over_are_in_a_folder_that_is_verified() {
    let database = recorded().await;
    let program = program_on(&database);
    let made = json(&run(&program, &["create", "2026-11", "--json"]));
    let fetched = run(&program, &["fetch", "2026-11"]);
    assert_eq!((fetched.code, &*normalised(&fetched.out), &*fetched.err), (Some(0), FETCHED, ""));
    let files = content(&program, "2026-11");
    assert_eq!(names(&files), ["public-key.pem", "rows.jsonl", "statement.json", "statement.sig"]);
    let export = program.run(&["export", "--format", "jsonl", "a"]).out;
    let mut lines: Vec<_> = export.lines().collect();
    // The export is in the order in which they were recorded, the statement by id.
    lines.reverse();
    assert_eq!(String::from_utf8(files[1].1.clone()).unwrap(), format!("{}\n", lines.join("\n")));
    assert_eq!(files[3].1.len(), 64);

    let zstd = run(&program, &["fetch", "2026-11", "--zstd", "--out", "packed", "--json"]);
    let mut expected = made;
    expected.as_object_mut().unwrap().remove("isNew");
    expected["folder"] = json!("packed");
    assert_eq!(json(&zstd), expected);
    let packed = content(&program, "packed");
    assert_eq!(names(&packed), ["public-key.pem", "rows.jsonl.zst", "statement.json", "statement.sig"]);
    assert_eq!(zstd::decode_all(packed[1].1.as_slice()).unwrap(), files[1].1);
    for folder in ["2026-11", "packed"] {
        let verified = program.run(&["statement", "verify", folder, "--public-key", "2026-11/public-key.pem"]);
        assert_eq!(verified.code, Some(0), "{verified:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_stays_as_it_is_but_by_force() {
    let database = recorded().await;
    let program = program_on(&database);
    assert_eq!(run(&program, &["create", "first"]).code, Some(0));
    record(&database, [task("a", 3)]).await;
    assert_eq!(run(&program, &["create", "second"]).code, Some(0));
    let [first, second] = ["first", "second"].map(|name| {
        assert_eq!(run(&program, &["fetch", name]).code, Some(0));
        content(&program, name)
    });
    let again = run(&program, &["fetch", "first"]);
    let reported = "statement 1 of a, first, was in first already, and is verified\n";
    assert!(again.code == Some(0) && again.out.starts_with(reported), "{again:?}");

    let other = run(&program, &["fetch", "second", "--out", "first"]);
    assert_refused(&other, 1, "first has other content, and stays as it is: name another folder with --out, or");
    assert_eq!(content(&program, "first"), first);
    assert_eq!(run(&program, &["fetch", "second", "--out", "first", "--force"]).code, Some(0));
    assert_eq!(content(&program, "first"), second);
    assert!(!program.path("first.part").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_was_damaged_in_the_database_is_not_handed_over() {
    let database = recorded().await;
    let program = program_on(&database);
    assert_eq!(run(&program, &["create", "2026-11"]).code, Some(0));
    database.execute("UPDATE statements SET body = replace(convert_from(body, 'UTF8'), '15', '16')::bytea");
    let fetched = run(&program, &["fetch", "2026-11"]);
    assert_refused(&fetched, 1, "sign");
    assert!(!program.path("2026-11").exists() && !program.path("2026-11.part").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_statement_can_be_imported_and_are_the_same_again() {
    let database = recorded().await;
    let program = program_on(&database);
    assert_eq!(run(&program, &["create", "2026-11"]).code, Some(0));
    assert_eq!(run(&program, &["fetch", "2026-11"]).code, Some(0));
    let rows = program.path("2026-11/rows.jsonl");

    let other = TestDatabase::new();
    let settings = format!("database.connect_timeout = '10s'\ndatabase.url = {:?}", other.url());
    let reading = Program::new(PROGRAM, &settings);
    let imported = reading.run(&["import", rows.to_str().unwrap()]);
    assert!(imported.code == Some(0) && imported.out.contains(": 2 inserted, 0 updated"), "{imported:?}");
    // They were recorded in the order of their ids.
    assert_eq!(reading.run(&["export", "--format", "jsonl", "a"]).out, fs::read_to_string(&rows).unwrap());
}
