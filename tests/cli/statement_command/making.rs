//! `statement create` and `list`.

use super::{OF_A, assert_refused, json, normalised, program_on, recorded, run, without_key};
use annotation_statistics_tests::{Program, record, task};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

const MADE: &str = "\
statement 1 of a, 2026-11, was made

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
async fn a_statement_is_made_once_by_its_name_whatever_is_recorded_afterwards() {
    let database = recorded().await;
    let program = program_on(&database);
    let made = run(&program, &["create", "2026-11"]);
    assert_eq!((made.code, &*normalised(&made.out), &*made.err), (Some(0), MADE, ""));

    record(&database, [task("a", 3)]).await;
    let again = run(&program, &["create", "2026-11"]);
    assert_eq!((again.code, again.err.as_str()), (Some(0), ""), "{again:?}");
    assert_eq!(again.out, made.out.replace("was made", "was there already, and is as it was"));

    let next = json(&run(&program, &["create", "2026-12", "--json"]));
    assert_eq!((&next["number"], &next["taskNum"], &next["isNew"]), (&json!(2), &json!(3), &json!(true)));
    let next = json(&run(&program, &["create", "2026-12", "--json"]));
    assert_eq!((&next["number"], &next["isNew"]), (&json!(2), &json!(false)));
}

const LISTED: &str = "\
number  name     made                  tasks  key               sha256 of statement.json                                          by
     2  INV-17   TIME      2  HEX16  HEX64  command line
     1  2026-11  TIME      2  HEX16  HEX64  command line
";

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_listed_the_latest_first() {
    let database = recorded().await;
    let program = program_on(&database);
    let none = run(&program, &["list"]);
    let hint = "annotation request `a` has no statements; `statement create` makes one\n";
    assert_eq!((none.code, none.out.as_str(), none.err.as_str()), (Some(0), "", hint));
    assert_eq!(run(&program, &["list", "--json"]).out, "");
    let made = ["2026-11", "INV-17"].map(|name| json(&run(&program, &["create", name, "--json"])));

    let listed = run(&program, &["list"]);
    assert_eq!((listed.code, &*normalised(&listed.out), &*listed.err), (Some(0), LISTED, ""));
    let lines: Vec<Value> =
        run(&program, &["list", "--json"]).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let heads = made.map(|mut made| {
        made.as_object_mut().unwrap().remove("isNew");
        made
    });
    assert_eq!(lines, [heads[1].clone(), heads[0].clone()]);
    let one = run(&program, &["list", "--limit", "1"]);
    assert_eq!((one.out.lines().count(), one.err.as_str()), (2, "there are more than 1; --limit lists more\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_is_refused_with_the_next_step() {
    let database = recorded().await;
    let program = without_key(&database);
    let create = ["create", "2026-11"];
    assert_refused(&run(&program, &create), 2, "the setting statements.signing_key_file cannot be used");
    assert_eq!(program.run(&["statement", "keygen"]).code, Some(0));
    fs::set_permissions(program.path("signing-key.pem"), Permissions::from_mode(0o644)).unwrap();
    assert_refused(&run(&program, &create), 2, "signing-key.pem");
    fs::set_permissions(program.path("signing-key.pem"), Permissions::from_mode(0o600)).unwrap();

    for (arguments, code, reason) in [
        (&["create", "a/b"][..], 2, "the name \"a/b\" must be 1 to 64 letters, digits and . _ -"),
        (&["create", ""], 2, "the name \"\" must be 1 to 64 letters"),
        (
            &["fetch", "2026-10"],
            1,
            "annotation request `a` has no statement `2026-10`; `annotation-statistics statement list`",
        ),
    ] {
        assert_refused(&run(&program, arguments), code, reason);
    }
    for arguments in [&["create", "2026-11"][..], &["list"], &["fetch", "2026-11"]] {
        let run = program.run(&[&["statement"], arguments, &["--annotation-request-id", "b"]].concat());
        assert_refused(&run, 1, "unknown annotation request: b");
    }
    let unreachable = ("ANNOTATION_STATISTICS__DATABASE__URL", "postgres://127.0.0.1:1/none");
    let patience = ("ANNOTATION_STATISTICS__IMPORT__START_TIMEOUT", "200ms");
    for arguments in [&["create", "2026-11"][..], &["list"], &["fetch", "2026-11"]] {
        let run = program.run_with(&[&["statement"], arguments, &OF_A].concat(), &[unreachable, patience], b"");
        assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{run:?}");
        assert!(run.err.contains("error: "), "{run:?}");
    }
    assert_eq!(database.query("SELECT count(*)::text FROM statements"), ["0"]);
    assert_eq!(leftovers(&program), ["err", "input", "out", "settings.toml", "signing-key.pem"]);
}

/// The names of all files of a program.
fn leftovers(program: &Program) -> Vec<String> {
    let entries = fs::read_dir(program.path("")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
