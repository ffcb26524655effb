//! `statement` makes, lists, fetches and verifies statements, and holds their keys.

mod database;
mod fetch;
mod keys;
mod making;
mod verify;

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Run, TestDatabase, record, task};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// The key that is made for each program.
const KEY_FILE: &str = "signing-key.pem";

/// A program on this database, with a key of its own.
fn program_on(database: &TestDatabase) -> Program {
    let program = without_key(database);
    let made = program.run(&["statement", "keygen"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    program
}

/// The same, but the key is not made.
fn without_key(database: &TestDatabase) -> Program {
    let settings = "database.connect_timeout = '10s'\nstatements.signing_key_file = 'signing-key.pem'";
    Program::new(PROGRAM, &format!("{settings}\ndatabase.url = {:?}", database.url()))
}

/// Two tasks of the request `a`, one of them delivered, and none of `bare`.
async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    let open = task("a", 2).counts(3, 4).pool(annotation_statistics_domain::PoolType::Annotation, "annotation");
    record(&database, [task("a", 304_500_000_000_000_707), open]).await;
    database
}

const OF_A: [&str; 2] = ["--annotation-request-id", "a"];

/// `statement` with these arguments, of the request `a`.
fn run(program: &Program, arguments: &[&str]) -> Run {
    program.run(&[&["statement"], arguments, &OF_A].concat())
}

/// What a run that succeeds prints as JSON.
#[track_caller]
fn json(run: &Run) -> Value {
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{run:?}");
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[track_caller]
fn assert_refused(run: &Run, code: i32, reason: &str) {
    assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{run:?}");
    assert!(run.err.starts_with("error: ") && run.err.contains(reason), "{reason}: {run:?}");
}

#[test]
fn a_new_key_is_for_its_owner_only_and_never_overwrites_another() {
    let program = Program::new(PROGRAM, "no settings are read");
    let made = json(&program.run(&["statement", "keygen", "--json"]));
    let pem = fs::read_to_string(program.path(KEY_FILE)).unwrap();
    assert_eq!(program.path(KEY_FILE).metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let key = annotation_statistics_statements::SigningKey::from_pem(&pem).unwrap();
    let public_key = annotation_statistics_statements::public_key_to_pem(key.public_key());
    assert_eq!(
        made,
        serde_json::json!({ "file": KEY_FILE, "keyId": key.public_key().id.as_str(), "publicKey": public_key })
    );
    let again = program.run(&["statement", "keygen"]);
    assert_refused(&again, 1, "the signing key signing-key.pem: it is there, and never overwritten");
    assert_eq!(fs::read_to_string(program.path(KEY_FILE)).unwrap(), pem);

    let second = program.run(&["statement", "keygen", "--out", "second.pem"]);
    let start = "made second.pem, which only its owner can read\n\nkey ";
    assert!(second.code == Some(0) && second.out.starts_with(start), "{second:?}");
    assert!(second.out.contains("\nnext: let statements.signing_key_file "), "{second:?}");
    assert_ne!(fs::read_to_string(program.path("second.pem")).unwrap(), pem);
    let nowhere = program.run(&["statement", "keygen", "--out", "missing/key.pem"]);
    assert_refused(&nowhere, 1, "the signing key missing/key.pem: ");
}

/// A text with `HEX16`, `HEX64`, `TIME` and `PUBLIC KEY` in place of what differs from run to run.
pub(crate) fn normalised(text: &str) -> String {
    text.split_inclusive([' ', '\n']).map(normalised_word).collect()
}

fn normalised_word(word: &str) -> String {
    if word.starts_with("MCowBQYDK2VwAyEA") {
        return "PUBLIC KEY\n".to_owned();
    }
    let core = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    let is_hex = core.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let is_time = core.len() >= 20 && core.starts_with("20") && core.ends_with('Z') && core.as_bytes()[10] == b'T';
    let name = match core.len() {
        16 | 64 if is_hex => format!("HEX{}", core.len()),
        _ if is_time => "TIME".to_owned(),
        _ => return word.to_owned(),
    };
    word.replace(core, &name)
}
