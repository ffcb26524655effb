//! `annotation-statistics keys`, and what the program refuses to serve without keys.

use crate::PROGRAM;
use annotation_statistics_tests::{
    Envelope, MetricsPage, Program, Run, Signer, SilentHost, TestDatabase, binaries, record, task,
};
use serde_json::Value;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

const QUERY: &str = "/statistics?annotationRequestId=a";

/// Access keys are on by default, and the master key is made in the program's folder.
fn program_on(database: &TestDatabase) -> Program {
    let settings = "server.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nserver.drain_time = '1ms'\ndatabase.connect_timeout = '10s'
database.deadline = '60s'\ndatabase.queue_wait = '60s'\ndatabase.statement_timeout = '60s'";
    Program::new(PROGRAM, &format!("{settings}\ndatabase.url = {:?}", database.url()))
}

fn json(run: &Run) -> Value {
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// The key that a run has shown.
fn shown(run: &Run) -> Signer {
    let shown = json(run);
    Signer::new(shown["key"].as_str().unwrap(), shown["secret"].as_str().unwrap())
}

#[tokio::test]
async fn a_key_is_made_used_rotated_listed_and_revoked() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let program = program_on(&database);
    let serving = program.serve(&[]);
    let code = |signer: &Signer| Envelope::of(&serving.connect().fetch("GET", QUERY, &signer.v1())).code;
    let wait_for = |signer: &Signer, expected: i64| {
        annotation_statistics_tests::wait_until("the server knows", || code(signer) == expected);
    };

    let added = program.run(&["keys", "add", "--id", "ak-1", "--v1", "--campaign", "1001", "--json"]);
    let master_key = program.path("annotation-statistics/master.key");
    assert!(added.err.contains(&format!("made the master key {}", master_key.display())), "{added:?}");
    assert_eq!(master_key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let first = shown(&added);
    wait_for(&first, 2000);

    let second = shown(&program.run(&["keys", "rotate", "ak-1", "--grace", "1h", "--json"]));
    wait_for(&second, 2000);
    assert_eq!(code(&first), 2000, "the one before is good yet");
    let third = shown(&program.run(&["keys", "rotate", "ak-1", "--grace", "0s", "--json"]));
    wait_for(&third, 2000);
    assert_eq!((code(&first), code(&second)), (401, 401));

    annotation_statistics_tests::wait_until("the use is listed", || {
        let listed = json(&program.run(&["keys", "list", "--json"]));
        let reported = |name: &str| listed[name].clone();
        assert_eq!(
            (reported("key"), reported("state"), reported("campaigns")),
            ("ak-1".into(), "good".into(), ["1001"].into())
        );
        listed["lastUsed"].is_string()
    });
    assert_eq!(program.run(&["keys", "revoke", "ak-1"]).out, "revoked ak-1\n");
    wait_for(&third, 402);
    assert!(program.run(&["keys", "list"]).out.contains("ak-1  revoked  read  yes  1001"));
}

#[tokio::test]
async fn what_cannot_be_done_with_a_key_is_told() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    assert_eq!(program.run(&["keys", "list"]).out, "there are no keys; `annotation-statistics keys add` makes one\n");
    assert_eq!(program.run(&["keys", "add", "--id", "ak-1"]).code, Some(0));
    let limited = ["keys", "add", "--id", "ak-2", "--scope", "write", "--id-prefix", "team-a/"];
    assert_eq!(program.run(&limited).code, Some(0));
    assert!(program.run(&["keys", "list"]).out.contains("ak-2  good   write  no  all        team-a/    -"));
    assert_eq!(program.run(&["keys", "revoke", "ak-2"]).code, Some(0));
    for (arguments, reported) in [
        (&["keys", "add", "--id", "ak-1"][..], "there is a key `ak-1` already"),
        (&["keys", "add", "--id", "a b"], "a key id is made of 1 to 64 letters"),
        (&["keys", "add", "--campaign", ""], "--campaign must not be empty"),
        (&["keys", "add", "--scope", "write", "--id-prefix", ""], "--id-prefix must not be empty"),
        (&["keys", "add", "--id-prefix", "team-a/"], "--id-prefix is for keys that write: add --scope write"),
        (&["keys", "add", "--secret-stdin"], "a secret is made of 16 to 255 visible ASCII characters"),
        (&["keys", "rotate", "ak-3"], "there is no key `ak-3`"),
        (&["keys", "rotate", "ak-2"], "the key `ak-2` is revoked"),
        (&["keys", "revoke", "ak-3"], "there is no key `ak-3`"),
    ] {
        let run = program.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{arguments:?}: {run:?}");
        assert!(run.err.contains(reported), "{arguments:?}: {run:?}");
    }
    let other = [("ANNOTATION_STATISTICS__AUTH__MASTER_KEY", &*"ab".repeat(32))];
    let run = program.run_with(&["keys", "add"], &other, b"");
    assert!(run.code == Some(1) && run.err.contains("not the master key that the other keys"), "{run:?}");
    let broken = [("ANNOTATION_STATISTICS__AUTH__MASTER_KEY", "canary")];
    let run = program.run_with(&["serve"], &broken, b"");
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("auth.master_key cannot be used") && !run.err.contains("canary"), "{run:?}");
    std::fs::remove_file(program.path("annotation-statistics/master.key")).unwrap();
    let run = program.run(&["keys", "add"]);
    assert!(run.code == Some(2) && run.err.contains("auth.master_key_file cannot be used"), "{run:?}");
}

#[tokio::test]
async fn no_dump_of_the_database_has_a_secret() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    let given = "my-own-secret-0123456789";
    let run = program.run_with(&["keys", "add", "--id", "ak-1", "--secret-stdin", "--json"], &[], given.as_bytes());
    assert_eq!(json(&run)["secret"], given);
    let rotated = json(&program.run(&["keys", "rotate", "ak-1", "--json"]));
    let master_key = std::fs::read_to_string(program.path("annotation-statistics/master.key")).unwrap();

    let dump = Command::new(binaries().path("pg_dump")).arg(database.url()).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let dump = String::from_utf8(dump.stdout).unwrap();
    assert!(dump.contains("ak-1\t\\\\x"), "it has the key");
    for secret in [given, rotated["secret"].as_str().unwrap(), master_key.trim()] {
        let hex = secret.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        assert!(!dump.contains(secret) && !dump.contains(&hex));
    }
}

#[test]
fn without_access_keys_only_loopback_is_listened_on() {
    let off = "auth.enabled = false\ndatabase.embedded_dir = 'data'\nadmin.bind = '127.0.0.1:0'";
    for (settings, address) in [
        ("server.bind = '0.0.0.0:0'", "0.0.0.0:0"),
        ("server.bind = '[::]:0'", "[::]:0"),
        ("server.bind = '192.0.2.1:8080'", "192.0.2.1:8080"),
        ("server.bind = '[::ffff:192.0.2.1]:8080'", "[::ffff:192.0.2.1]:8080"),
    ] {
        let run = Program::new(PROGRAM, &format!("{off}\n{settings}")).run(&["serve"]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
        let reported = format!("the setting auth.enabled cannot be used: it is false, and {address} can be reached");
        assert!(run.err.contains(&reported) && run.err.contains("keys add"), "{run:?}");
    }
    let admin = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '0.0.0.0:0'";
    let run = Program::new(PROGRAM, admin).run(&["serve"]);
    assert!(run.code == Some(2) && run.err.contains("0.0.0.0:0 can be reached"), "{run:?}");
}

#[test]
fn without_access_keys_a_socket_of_a_supervisor_must_be_a_loopback_one_too() {
    let program =
        Program::new(PROGRAM, "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'");
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let address = listener.local_addr().unwrap();
    // A shell, because a socket is handed over as the fourth file, to the process of this very number.
    let handover = "exec 3<&0 0</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"";
    let run = Command::new("sh")
        .args(["-c", handover, "sh", PROGRAM, "--config"])
        .arg(program.path("settings.toml"))
        .current_dir(program.path(""))
        .stdin(Stdio::from(OwnedFd::from(listener)))
        .output()
        .unwrap();
    let reported = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{reported}");
    assert!(reported.contains(&format!("{address} can be reached from other machines")), "{reported}");
}

#[tokio::test]
async fn all_keys_that_were_made_before_a_moment_are_revoked_once_that_is_confirmed() {
    let database = TestDatabase::new();
    let program = program_on(&database);
    for id in ["ak-1", "ak-2", "ak-3", "ak-4"] {
        assert_eq!(program.run(&["keys", "add", "--id", id]).code, Some(0));
    }
    database.execute(
        "UPDATE access_keys SET created_at = '2026-11-01' WHERE id <> 'ak-4';
         UPDATE access_keys SET created_at = '2026-11-02 00:00:00.000001' WHERE id = 'ak-3'",
    );
    assert_eq!(program.run(&["keys", "revoke", "ak-2", "--json"]).out, "{\"revoked\":[\"ak-2\"]}\n");
    let all_before = ["keys", "revoke", "--all-before", "2026-11-02T00:00:00Z"];
    let reported = program.run(&all_before);
    assert_eq!((reported.code, reported.out.as_str()), (Some(2), ""), "{reported:?}");
    let expected =
        "nothing was revoked: 1 keys were made before 2026-11-02T00:00:00Z: ak-1; add --yes to revoke them for good";
    assert!(reported.err.contains(expected), "{reported:?}");

    let done = program.run(&[&all_before[..], &["--yes"]].concat());
    assert_eq!((done.code, done.out.lines().next()), (Some(0), Some("revoked ak-1")), "{done:?}");
    let again = program.run(&[&all_before[..], &["--yes", "--json"]].concat());
    assert_eq!(again.out, "{\"revoked\":[]}\n");
    let good = "SELECT id FROM access_keys WHERE revoked_at IS NULL ORDER BY id";
    assert_eq!(database.query(good), ["ak-3", "ak-4"]);
    for arguments in [&["keys", "revoke"][..], &["keys", "revoke", "ak-3", "--all-before", "2026-11-02T00:00:00Z"]] {
        assert_eq!(program.run(arguments).code, Some(2), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_far_from_the_databases_is_warned_of_and_measured() {
    let database = TestDatabase::new();
    // What is not named in full is looked for there first.
    database.execute(
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
             $$ SELECT pg_catalog.clock_timestamp() - interval '1 hour' $$;
         DO $$ BEGIN
             EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
         END $$",
    );
    let program = program_on(&database);
    let mut serving = program.serve(&[]);
    serving.wait_for_log(
        "the clock of this machine is +3600.0 s from that of the database, more than 5s (auth.max_clock_skew)",
    );
    let page = MetricsPage::of(&serving.connect_to_admin().fetch("GET", "/metrics", ""));
    let skew = page.value("annotation_statistics_clock_skew_seconds");
    assert!((skew - 3_600.0).abs() < 60.0, "{skew}");
}

#[test]
fn a_key_is_revoked_though_the_first_of_several_hosts_is_silent() {
    let database = TestDatabase::new();
    let added = program_on(&database).run(&["keys", "add", "--id", "ak-1"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    let (silent, (_proxy, url)) = (SilentHost::new(), database.behind_a_proxy());
    let url = url.replace("postgres@", &format!("postgres@{},", silent.address()));
    let run = Program::new(PROGRAM, &format!("database.url = {url:?}")).run(&["keys", "revoke", "ak-1"]);
    assert_eq!((run.code, run.out.as_str()), (Some(0), "revoked ak-1\n"), "{run:?}");
}
