//! `annotation-statistics share`, and whom the program takes for a user of a proxy.

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Run, Serving, TestDatabase, record, task, wait_until};
use serde_json::{Value, json};

fn program_on(database: &TestDatabase, more: &str) -> Program {
    let settings = "server.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nserver.drain_time = '1ms'\ndatabase.connect_timeout = '10s'
database.deadline = '60s'\ndatabase.queue_wait = '60s'\ndatabase.statement_timeout = '60s'";
    Program::new(PROGRAM, &format!("{settings}\n{more}\ndatabase.url = {:?}", database.url()))
}

#[track_caller]
fn shared(run: &Run) -> Value {
    assert_eq!(run.code, Some(0), "{run:?}");
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[track_caller]
fn assert_refused(run: &Run, code: i32, why: &str) {
    assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{run:?}");
    assert!(run.err.contains(why), "{why}: {run:?}");
}

fn status(serving: &Serving, target: &str) -> u16 {
    serving.connect().fetch("GET", target, "").status
}

#[tokio::test]
async fn a_link_shows_its_requests_until_it_expires_or_its_key_ends() {
    let database = TestDatabase::new();
    record(&database, [task("order 7", 1), task("b", 2)]).await;
    let program = program_on(&database, "server.public_url = 'https://stats.example/x/'");
    for arguments in [&["--id", "ak-1"][..], &["--id", "ak-2", "--scope", "write"]] {
        assert_eq!(program.run(&[&["keys", "add"], arguments].concat()).code, Some(0));
    }
    let expires = "2100-01-01T00:00:00Z";
    let run = program.run(&["share", "--key", "ak-1", "--expires", expires, "--json", "order 7", "b", "b"]);
    let mut made = shared(&run);
    let url = made["url"].take();
    let rest = json!({ "url": null, "key": "ak-1", "expires": expires, "annotationRequestIds": ["order 7", "b"] });
    assert_eq!(made, rest);
    let target = url.as_str().unwrap().strip_prefix("https://stats.example/x").unwrap();
    assert!(
        target.starts_with("/?annotationRequestId=order%207&annotationRequestId=b&share=4102444800000."),
        "{target}"
    );

    let serving = program.serve(&[]);
    assert_eq!(status(&serving, target), 200);
    assert_eq!(status(&serving, &target.replacen('/', "/statistics/summary", 1)), 200);
    assert_eq!(status(&serving, &target.replace("order%207", "c")), 401);
    let plain = program.run(&["share", "--key", "ak-1", "b"]);
    assert_eq!(status(&serving, plain.out.trim().strip_prefix("https://stats.example/x").unwrap()), 200);
    assert_eq!(program.run(&["keys", "rotate", "ak-1", "--grace", "0s"]).code, Some(0));
    wait_until("the link has ended with the secret", || status(&serving, target) == 401);

    for (arguments, why) in [
        (&["--key", "ak-9", "b"][..], "there is no key `ak-9`"),
        (&["--key", "ak-2", "b"], "the key `ak-2` may not read"),
        (&["--key", "ak-1", "--expires", "2020-01-01T00:00:00Z", "b"], "--expires is in the past"),
        (&["--key", "ak-1", ""], "empty"),
    ] {
        assert_refused(&program.run(&[&["share"], arguments].concat()), 1, why);
    }
}

#[test]
fn a_header_that_any_client_could_send_names_no_user() {
    let database = TestDatabase::without_schema();
    let header = "auth.user_header = 'X-Remote-User'";
    for (settings, why) in [
        (
            format!("{header}\nauth.users = ['alice=ak-1']"),
            "auth.user_header cannot be used: any client could send that header",
        ),
        (format!("{header}\nserver.trusted_proxies = ['10.0.0.0/8']"), "there is no user (auth.users)"),
        ("auth.users = ['alice=ak-1']".into(), "name the header of the proxy"),
        (
            format!("{header}\nserver.trusted_proxies = ['10.0.0.0/8']\nauth.users = ['alice']"),
            "is not a user and the id of a key",
        ),
        ("server.public_url = 'stats.example'".into(), "server.public_url cannot be used: it is an address like"),
    ] {
        assert_refused(&program_on(&database, &settings).run(&["serve"]), 2, why);
    }
}
