//! `statement verify`, over files alone.

use super::{assert_refused, json};
use crate::PROGRAM;
use crate::statement_sample::{Made, PUBLIC_KEY, key, make, other_key, sample, tasks};
use annotation_statistics_domain::{PreviousStatement, StatementName};
use annotation_statistics_statements::public_key_to_pem;
use annotation_statistics_tests::{Program, Run};
use serde_json::json;
use std::fs;

/// A program without settings, with the statement `2026-11` of the request `R` in a folder.
fn program() -> (Program, Made) {
    let program = Program::new(PROGRAM, "no settings are read");
    let made = make(&sample(tasks(300))).unwrap();
    write(&program, "2026-11", &made);
    program.write("trusted.pem", PUBLIC_KEY);
    (program, made)
}

fn write(program: &Program, folder: &str, made: &Made) {
    fs::create_dir(program.path(folder)).unwrap();
    let files: [(&str, &[u8]); 4] = [
        ("statement.json", &made.statement.body),
        ("statement.sig", &made.statement.signature),
        ("rows.jsonl", &made.rows()),
        ("public-key.pem", PUBLIC_KEY.as_bytes()),
    ];
    for (name, bytes) in files {
        program.write(&format!("{folder}/{name}"), bytes);
    }
}

fn verify(program: &Program, arguments: &[&str]) -> Run {
    program.run(&[&["statement", "verify"], arguments].concat())
}

const VERIFIED: &str = "\
statement 3 of R, 2026-11, is as it was signed

            all  delivered
tasks       300        200
instances   600        400
attributes  150        100
frames      600        400

made    2025-12-01T01:00:00.123456Z
key     21fe31dfa154a261
";

const UNTRUSTED: &str = "\
note: the key came with the statement, and proves nothing by itself: compare its id with the one that you were given another
way, or name that one with --public-key or --key-id
";

#[test]
fn what_is_as_it_was_signed_is_verified_by_a_key_that_is_trusted() {
    let (program, made) = program();
    let verified = verify(&program, &["2026-11", "--public-key", "trusted.pem"]);
    assert_eq!((verified.code, verified.err.as_str()), (Some(0), ""), "{verified:?}");
    let digests = format!(
        "sha256  {}  statement.json\n        {}  rows.jsonl\n",
        made.statement.sha256, made.statement.rows.sha256
    );
    assert_eq!(verified.out, format!("{VERIFIED}{digests}"));
    let by_id = verify(&program, &["2026-11/statement.json", "--key-id", "21fe31dfa154a261"]);
    assert_eq!((by_id.code, by_id.out, by_id.err.as_str()), (Some(0), verified.out.clone(), ""));

    let untrusted = verify(&program, &["2026-11"]);
    assert_eq!((untrusted.code, &untrusted.out, untrusted.err.as_str()), (Some(0), &verified.out, UNTRUSTED));
    let sums = |number: u64, instances: u64, attributes: u64, frames: u64| json!({ "taskNum": number, "instanceNum": instances, "attributeNum": attributes, "frameNum": frames });
    let expected = json!({
        "verified": true, "annotationRequestId": "R", "name": "2026-11", "number": 3, "keyId": "21fe31dfa154a261",
        "sha256": made.statement.sha256.to_string(), "isTrustedKey": false,
        "total": sums(300, 600, 150, 600), "delivered": sums(200, 400, 100, 400),
    });
    assert_eq!(json(&verify(&program, &["2026-11", "--json"])), expected);
}

#[test]
fn files_may_have_other_names_and_the_rows_be_compressed_or_come_from_standard_input() {
    let (program, made) = program();
    fs::remove_file(program.path("2026-11/rows.jsonl")).unwrap();
    program.write("2026-11/rows.jsonl.zst", made.zstd());
    let trusted = ["--public-key", "trusted.pem"];
    assert_eq!(verify(&program, &[&["2026-11"], &trusted[..]].concat()).code, Some(0));

    let [document, signature, rows] = [
        ("november.json", made.statement.body.as_slice()),
        ("november.signature", &made.statement.signature),
        ("november.rows", &made.rows()),
    ]
    .map(|(name, bytes)| program.write(name, bytes));
    let named = ["statement", "verify", &document, "--signature", &signature, "--public-key", "trusted.pem", "--rows"];
    assert_eq!(program.run(&[&named[..], &[&rows]].concat()).code, Some(0));
    for bytes in [made.rows(), made.zstd()] {
        assert_eq!(program.run_with(&[&named[..], &["-"]].concat(), &[], &bytes).code, Some(0));
    }
    let other = program.write("other.pem", public_key_to_pem(other_key().public_key()));
    let several = ["2026-11", "--public-key", &other, "--public-key", "trusted.pem"];
    assert_eq!(verify(&program, &several).code, Some(0), "that of the document among several");
}

#[test]
fn what_is_not_as_it_was_signed_ends_with_code_1() {
    let (program, made) = program();
    let other = program.write("other.pem", public_key_to_pem(other_key().public_key()));
    let (document, rows) =
        (String::from_utf8(made.statement.body.clone()).unwrap(), String::from_utf8(made.rows()).unwrap());
    program.write("changed.json", document.replacen("600", "601", 1));
    program.write("changed.sig", [0; 64]);
    program.write("changed.jsonl", rows.replacen("\"frameNum\":2", "\"frameNum\":3", 1));
    program.write("shorter.jsonl", rows.trim_end().rsplit_once('\n').unwrap().0);
    program.write("no-zstd.jsonl", [&made.zstd()[..100], b"x"].concat());
    let signature = ["--signature", "2026-11/statement.sig", "--rows", "2026-11/rows.jsonl"];
    for (arguments, reason) in [
        ([&["changed.json"], &signature[..]].concat(), "the signature is not that of this document by the key "),
        (vec!["2026-11", "--signature", "changed.sig"], "the signature is not that of this document by the key "),
        (vec!["2026-11", "--rows", "changed.jsonl"], "the rows: "),
        (vec!["2026-11", "--rows", "shorter.jsonl"], "the rows: "),
        (vec!["2026-11", "--rows", "no-zstd.jsonl"], "the rows cannot be read behind line "),
        (vec!["2026-11", "--rows", "trusted.pem"], "the rows: line 1: "),
        (vec!["trusted.pem", "--signature", "changed.sig", "--rows", "changed.jsonl"], "the document: "),
        (
            vec!["2026-11", "--key-id", "0123456789abcdef"],
            "it is signed with the key 21fe31dfa154a261, not with 0123456789abcdef",
        ),
        (vec!["2026-11", "--name", "2026-12"], "name: the document has `2026-11`, expected was `2026-12`"),
        (
            vec!["2026-11", "--annotation-request-id", "S"],
            "annotationRequestId: the document has `R`, expected was `S`",
        ),
        (vec!["2026-11", "--previous", "2026-11/statement.json"], "it does not follow the previous statement: "),
    ] {
        assert_refused(&verify(&program, &[&arguments[..], &["--public-key", "trusted.pem"]].concat()), 1, reason);
    }
    assert_refused(&verify(&program, &["2026-11", "--public-key", &other]), 1, "21fe31dfa154a261");
    let scripts = verify(&program, &["2026-11", "--name", "x", "--json"]);
    let error: serde_json::Value = serde_json::from_str(&scripts.err).unwrap();
    assert_eq!(
        (scripts.code, &error["error"]["kind"], &error["error"]["exitCode"]),
        (Some(1), &json!("untrue"), &json!(1))
    );
}

#[test]
fn what_cannot_be_read_ends_with_code_3_and_a_wrong_command_line_with_2() {
    let (program, made) = program();
    for (arguments, reason) in [
        (&["missing"][..], "missing.sig cannot be read: "),
        (&["2026-11", "--signature", "missing"], "missing cannot be read: "),
        (&["2026-11", "--rows", "missing"], "missing cannot be read: "),
        (&["2026-11", "--rows", "2026-11"], "the rows cannot be read behind line 0: "),
        (&["2026-11", "--previous", "missing"], "missing cannot be read: "),
        (&["2026-11", "--public-key", "settings.toml"], "settings.toml cannot be read: it has no PUBLIC KEY block"),
    ] {
        assert_refused(&verify(&program, arguments), 3, reason);
    }
    for (arguments, reason) in [
        (&["2026-11", "--name", "a/b"][..], "the name \"a/b\" must be 1 to 64 letters"),
        (&["2026-11", "--key-id", "x"], "the key \"x\" must be 16 hexadecimal digits"),
        (&["2026-11", "--annotation-request-id", ""], "--annotation-request-id must not be empty"),
    ] {
        assert_refused(&verify(&program, arguments), 2, reason);
    }
    program.write("2026-11/rows.jsonl.zst", made.zstd());
    let both = "both 2026-11/rows.jsonl and 2026-11/rows.jsonl.zst are there: name one of them with --rows";
    assert_refused(&verify(&program, &["2026-11"]), 3, both);
}

#[test]
fn a_statement_follows_the_one_that_it_names() {
    let (program, first) = program();
    let mut next = sample(tasks(301));
    next.facts.name = StatementName::new("2026-12").unwrap();
    next.facts.number = next.facts.number.checked_add(1).unwrap();
    next.facts.previous = Some(PreviousStatement { number: 3.try_into().unwrap(), sha256: first.statement.sha256 });
    write(&program, "2026-12", &make(&next).unwrap());
    let arguments =
        ["2026-12", "--public-key", "trusted.pem", "--previous", "2026-11/statement.json", "--name", "2026-12"];
    let verified = verify(&program, &arguments);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert_eq!(key().public_key().id.as_str(), "21fe31dfa154a261");
}
