//! The lines about a database that stands still name it, and nothing else.

use super::{PROGRAM, QUERY, lines};
use annotation_statistics_tests::{Fault, KeyDatabase, KeyHolder, Program, Serving, Signer, record, task, wait_until};
use rustix::process::Signal;
use std::thread;

const CHANGE: &str = "/annotation-requests/b";
const BODY: &str = r#"{"campaignId":"1001"}"#;

/// Asks so many reads and so many changes at once, all of which are refused.
fn refused(serving: &Serving, signer: &Signer, reads: usize, changes: usize) {
    thread::scope(|scope| {
        for _ in 0..reads {
            scope.spawn(|| {
                let response = serving.connect().fetch("GET", &format!("{QUERY}a"), &signer.v1());
                assert_eq!(response.status, 503, "{response:?}");
            });
        }
        for _ in 0..changes {
            scope.spawn(|| {
                let headers = format!("Content-Type: application/json\r\n{}", signer.v2("PUT", CHANGE, BODY));
                let response = serving.connect().fetch_with("PUT", CHANGE, &headers, BODY);
                assert_eq!(response.status, 503, "{response:?}");
            });
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_stands_still_no_line_says_that_there_are_too_few_sessions() {
    let data = KeyDatabase::empty();
    record(&data.database, [task("a", 1)]).await;
    let signer = data.add_writer("ak-1");
    let (proxy, url) = data.database.behind_a_proxy();
    let settings = format!(
        "server.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nserver.drain_time = '1ms'\ndatabase.url = {url:?}
auth.master_key = '{}'\nlog.max_diagnostics_per_second = 1000000",
        KeyDatabase::MASTER_KEY
    );
    let program = Program::new(PROGRAM, &settings);
    let mut serving = program.serve(&[]);
    wait_until("ready", || serving.connect().fetch("GET", "/health/ready", "").status == 200);
    proxy.set(Fault::Stall);
    // As many as have a session or a place to wait: which of them there are too few of is not known for an eighth of a second.
    refused(&serving, &signer, 12, 4);
    refused(&serving, &signer, 60, 30);
    proxy.set(Fault::None);
    assert_eq!(serving.stop(Signal::TERM), Some(0));
    let causes: Vec<String> =
        lines(&serving).iter().filter_map(|line| Some(line.get("cause")?.as_str()?.to_owned())).collect();
    let advice: Vec<&String> = causes.iter().filter(|cause| cause.contains("raise ")).collect();
    assert!(advice.is_empty(), "{advice:#?}");
    for named in [
        "the queue for a database session is full: the database does not respond: ",
        "(database.queue_wait): the database does not respond: ",
        "the used nonces cannot be reached: the queue",
    ] {
        assert!(causes.iter().any(|cause| cause.contains(named)), "{named}: {causes:#?}");
    }
}
