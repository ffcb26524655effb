//! What one key may take of what all keys share.

use super::two_tenants_on;
use annotation_statistics_tests::{LARGE, OpenDownload, RunningService, Signer, fill, wait_until};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// More than the writes have sessions and places to wait.
const CONNECTIONS: usize = 32;

/// Where nobody waits in vain for being slow: whoever is refused found no place.
const PATIENT: &str = "database.pool_size = 8\ndatabase.queue_wait = '20s'\nwrites.queue_wait = '20s'";

/// Rows for a request, of which each round has others.
fn rows(round: usize) -> String {
    let row = |task: usize| {
        format!(
            r#"{{"id":{task},"status":{},"poolName":"p","poolType":1,"instanceInfo":{{}},"instanceNum":0,"attributeNum":0,"frameNum":1}}"#,
            round % 17
        )
    };
    format!("[{}]", (1..=20).map(row).collect::<Vec<_>>().join(","))
}

/// Writes and reads without a pause, on many connections, until it is told to stop.
fn press(service: &RunningService, signer: &Signer, stop: &AtomicBool) {
    let (target, query) = ("/annotation-requests/a/statistics", "/statistics?annotationRequestId=a");
    let mut connection = service.connect();
    for round in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let body = rows(round);
        let headers = format!("Content-Type: application/json\r\n{}", signer.v2("PUT", target, &body));
        connection.fetch_with("PUT", target, &headers, &body);
        connection.fetch("GET", query, &signer.v2("GET", query, ""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_many_connections_keeps_no_other_key_from_writing_and_reading() {
    let (_data, service, [greedy, modest]) = two_tenants_on(PATIENT).await;
    let (stop, target, query) =
        (AtomicBool::new(false), "/annotation-requests/b/statistics", "/statistics?annotationRequestId=b");
    let responses: Vec<_> = thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| press(&service, &greedy, &stop));
        }
        let mut connection = service.connect();
        let responses = (0..40).map(|round| {
            let body = rows(round);
            let headers = format!("Content-Type: application/json\r\n{}", modest.v2("PUT", target, &body));
            let written = connection.fetch_with("PUT", target, &headers, &body).status;
            (written, connection.fetch("GET", query, &modest.v2("GET", query, "")).status)
        });
        let responses = responses.collect();
        stop.store(true, Ordering::Relaxed);
        responses
    });
    assert_eq!(responses, [(200, 200); 40]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_whose_exports_nobody_reads_keeps_no_other_key_from_exporting() {
    let limits = "export.queue_wait = '60s'\nexport.reader_timeout = '60s'\nserver.write_timeout = '60s'";
    let (data, service, [greedy, modest]) = two_tenants_on(limits).await;
    fill(&data.database, LARGE);
    let large = "/statistics/export?annotationRequestId=large&format=jsonl";
    let unread: Vec<_> = (0..4)
        .map(|_| {
            let mut connection = service.connect();
            connection.send_request("GET", large, &greedy.v2("GET", large, ""));
            connection
        })
        .collect();
    wait_until("two of them have begun and two wait", || {
        let number =
            |name| service.metrics().value(&format!("annotation_statistics_database_{name}{{pool=\"export\"}}"));
        (number("work_total") - 2.0).abs() < 0.5 && (number("waiting") - 2.0).abs() < 0.5
    });
    let small = "/statistics/export?annotationRequestId=b";
    let exported = OpenDownload::start(&service, "GET", small, &modest.v2("GET", small, "")).finish();
    assert_eq!((exported.status, exported.is_whole, exported.text().lines().count()), (200, true, 2));
    drop(unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_whose_bodies_do_not_end_keeps_no_other_key_from_sending_one() {
    let limits = "api.max_body = 1000\napi.max_bodies = 18000\napi.max_bodies_per_key = 9000\n\
                  server.body_timeout = '1h'\nserver.body_grace = '1h'";
    let (_data, service, [greedy, modest]) = two_tenants_on(limits).await;
    let body = format!("[{}]", " ".repeat(898));
    let fetch = |signer: &Signer, request: &str| {
        let target = format!("/annotation-requests/{request}/statistics");
        service.fetch_json("PUT", &target, &signer.v2("PUT", &target, &body), &body).status
    };
    assert_eq!((fetch(&greedy, "a"), fetch(&modest, "b")), (200, 200));
    let endless: Vec<_> = (0..10)
        .map(|_| {
            let mut connection = service.connect();
            let target = "/annotation-requests/a/statistics";
            let head = "Content-Type: application/json\r\nContent-Length: 900\r\n";
            connection.send_request("PUT", target, &format!("{head}{}", greedy.v2("PUT", target, &body)));
            connection.send(&body.as_bytes()[..899]);
            connection
        })
        .collect();
    wait_until("its bodies take what one key may have", || fetch(&greedy, "a") == 503);
    assert_eq!(fetch(&modest, "b"), 200);
    drop(endless);
}
