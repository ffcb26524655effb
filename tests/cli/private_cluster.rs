//! Which private database a command uses: the one of a running server from any folder, and no new one unless told to.

use crate::PROGRAM;
use annotation_statistics_tests::{Envelope, Program, Run, Serving};
use rustix::process::Signal;
use serde_json::{Value, json};

/// The folder of the database is that of the user's data.
const BY_DEFAULT: &str = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'
server.drain_time = '1ms'\ndatabase.connect_timeout = '10s'\ndatabase.deadline = '60s'\ndatabase.queue_wait = '60s'
database.statement_timeout = '60s'\ndatabase.lock_timeout = '60s'";

const TASK: &str = r#"{"annotationRequestId":"a","id":1,"status":11,"campaignId":"1001","poolName":"complete pool","poolType":5,"instanceInfo":{"car":1},"instanceNum":1,"attributeNum":0,"frameNum":1}"#;

const CREATE: &str = ", or make it now with --create";

/// As `make run` has it: a folder of its own.
fn of_a_clone() -> Program {
    let program = Program::new(PROGRAM, BY_DEFAULT);
    program.write(
        "settings.toml",
        format!("{BY_DEFAULT}\ndatabase.embedded_dir = 'data/postgres'\nauth.master_key_file = 'data/master.key'"),
    );
    program
}

/// Runs a command of another folder of the same user.
fn elsewhere(user: &Program, other: &Program, arguments: &[&str]) -> Run {
    let home = user.path("");
    other.run_with(arguments, &[("XDG_DATA_HOME", home.to_str().unwrap())], b"")
}

fn missing(folder: &std::path::Path, create: &str, elsewhere: &str) -> String {
    format!(
        "error: the setting database.embedded_dir cannot be used: there is no private database in {}: `annotation-statistics \
         serve` and `demo` make one{create}; database.url names another database{elsewhere}; it is \"\" (default)\n",
        folder.display()
    )
}

fn tasks_of(serving: &Serving) -> usize {
    Envelope::of(&serving.connect().fetch("GET", "/statistics?annotationRequestId=a", "")).task_ids().len()
}

#[test]
fn no_command_but_serve_and_demo_makes_a_private_database_unless_it_is_told_to() {
    let program = Program::new(PROGRAM, BY_DEFAULT);
    let (file, folder) = (program.write("tasks.jsonl", TASK), program.path("annotation-statistics/postgres"));
    for (arguments, create) in [
        (&["import", &file][..], CREATE),
        (&["migrate"], CREATE),
        (&["keys", "add"], CREATE),
        (&["keys", "list"], ""),
        (&["verify"], ""),
        (&["export", "a"], ""),
    ] {
        let run = program.run(arguments);
        assert_eq!((run.code, run.out.as_str(), run.err), (Some(2), "", missing(&folder, create, "")), "{arguments:?}");
    }
    assert!(!program.path("annotation-statistics").exists() && !program.path("data").exists());

    let made = program.run(&["import", "--create", &file]);
    assert!(made.code == Some(0) && made.out.starts_with(&format!("{file}: 1 inserted, ")), "{made:?}");
    let verified = program.run(&["verify"]);
    assert_eq!((verified.code, verified.out.starts_with("1 annotation requests with 1 tasks: ")), (Some(0), true));
    assert!(folder.join("cluster/PG_VERSION").exists());
}

#[test]
fn a_database_of_the_development_profile_in_the_folder_is_named() {
    let program = Program::new(PROGRAM, BY_DEFAULT);
    std::fs::create_dir_all(program.path("data/postgres/cluster")).unwrap();
    let run = program.run(&["verify"]);
    let hint = "; there is one in data/postgres: --env development uses it";
    assert_eq!(run.err, missing(&program.path("annotation-statistics/postgres"), "", hint));
}

#[test]
fn commands_in_other_folders_use_the_database_that_is_served() {
    let (server, other) = (of_a_clone(), Program::new(PROGRAM, BY_DEFAULT));
    let mut serving = server.serve(&[]);
    let file = other.write("tasks.jsonl", TASK);

    let imported = elsewhere(&server, &other, &["import", &file]);
    let folder = server.path("data/postgres");
    let used = format!("the database is {}, which a running server uses\n", folder.display());
    assert!(imported.code == Some(0) && imported.err.starts_with(&used), "{imported:?}");
    assert_eq!(tasks_of(&serving), 1);
    let added = elsewhere(&server, &other, &["keys", "add", "--id", "ak-1"]);
    assert!(added.code == Some(0) && server.path("data/master.key").exists(), "{added:?}");

    // A folder that is named is not looked for anywhere else.
    other.write("settings.toml", format!("{BY_DEFAULT}\ndatabase.embedded_dir = 'data/postgres'"));
    let named = elsewhere(&server, &other, &["verify"]);
    let hint =
        format!("; a running server uses {}: ANNOTATION_STATISTICS__DATABASE__EMBEDDED_DIR names it", folder.display());
    assert!(named.code == Some(2) && named.err.contains(&hint), "{named:?}");

    assert_eq!(serving.stop(Signal::TERM), Some(0), "{}", serving.log());
    other.write("settings.toml", BY_DEFAULT);
    let after = elsewhere(&server, &other, &["verify"]);
    assert_eq!(after.err, missing(&server.path("annotation-statistics/postgres"), "", ""));
}

#[test]
fn a_server_that_was_killed_serves_no_database() {
    let (server, other) = (of_a_clone(), Program::new(PROGRAM, BY_DEFAULT));
    let mut killed = server.serve(&[]);
    assert_eq!(killed.stop(Signal::KILL), None);
    let run = elsewhere(&server, &other, &["verify"]);
    assert_eq!(run.err, missing(&server.path("annotation-statistics/postgres"), "", ""));
    // The next one takes its database over.
    let mut next = server.serve(&[]);
    assert_eq!(next.stop(Signal::TERM), Some(0), "{}", next.log());
    assert_eq!(std::fs::read_dir(server.path("annotation-statistics/served")).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_missing_is_noticed_before_a_database_starts() {
    let program = Program::new(PROGRAM, BY_DEFAULT);
    let first = program.write("first.jsonl", TASK);
    for arguments in [&["import", "--create", "missing.jsonl"][..], &["import", "--create", &first, "missing.jsonl"]] {
        let run = program.run(arguments);
        let reported = "error: missing.jsonl: cannot be read: No such file or directory (os error 2)\n";
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(1), "", reported));
    }
    assert!(!program.path("annotation-statistics").exists());
}

#[test]
fn errors_of_commands_with_json_are_objects() {
    let program = Program::new(
        PROGRAM,
        "database.url = 'postgres://u@127.0.0.1:1/none'\ndatabase.connect_timeout = '200ms'\nimport.start_timeout = '200ms'",
    );
    let error = |run: &Run| -> Value { serde_json::from_str(run.err.lines().last().unwrap()).unwrap() };
    for (arguments, kind, code) in [
        (&["import", "--json", "missing.jsonl"][..], "input", 1),
        (&["import", "--json", "--status", "7"], "commandLine", 2),
        (&["import", "--json", "--dryrun"], "commandLine", 2),
        (&["verify", "--json"], "unavailable", 3),
        (&["keys", "list", "--json"], "unavailable", 3),
        (&["keys", "revoke", "--json"], "commandLine", 2),
        (&["--env", "missing", "config", "print", "--json"], "settings", 2),
    ] {
        let run = program.run(arguments);
        let error = error(&run);
        let expected = json!({ "error": { "kind": kind, "message": error["error"]["message"], "exitCode": code } });
        assert_eq!((error, run.code, run.out.as_str()), (expected, Some(code), ""), "{arguments:?}");
    }
}
