//! Several writers and a reader at once, over requests that are on all nodes of a cluster.

use annotation_statistics_storage::verify;
use annotation_statistics_tests::{Envelope, RunningService, TestDatabase};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const WRITERS: usize = 8;
const ROUNDS: usize = 12;
const REQUESTS: usize = 6;
/// Recorded together, and changed together.
const BATCH: usize = 5;
/// What each task of a batch has at first, and when it was changed.
const INSTANCES: [i64; 2] = [1, 3];
const PATIENT: &str = "writes.start_timeout = '60s'\nwrites.queue_wait = '60s'\napi.max_limit = 10000";

/// The batch of this writer and round.
fn batch(writer: usize, round: usize, instances: i64) -> String {
    let task = |number: usize| {
        json!({
            "id": (writer * ROUNDS + round) * BATCH + number, "status": 1, "poolName": "pool", "poolType": 0,
            "instanceInfo": {"car": instances}, "instanceNum": instances, "attributeNum": 0, "frameNum": 1
        })
    };
    Value::from((0..BATCH).map(task).collect::<Vec<_>>()).to_string()
}

/// Each round records a batch in another request, and changes it.
fn write(service: &RunningService, writer: usize) {
    for round in 0..ROUNDS {
        let target = format!("/annotation-requests/r{}/statistics", (writer + round) % REQUESTS);
        for instances in INSTANCES {
            let response = service.fetch_json("PUT", &target, "", &batch(writer, round, instances));
            assert_eq!(response.status, 200, "{response:?}");
        }
    }
}

/// Reads all tasks of these requests as one page, which must have each batch as a whole, as it was or is.
fn read(service: &RunningService, requests: impl Iterator<Item = usize>) -> BTreeMap<i64, i64> {
    let ids: Vec<String> = requests.map(|number| format!("annotationRequestId=r{number}")).collect();
    let page = service.get(&format!("/statistics?{}&limit={}", ids.join("&"), WRITERS * ROUNDS * BATCH));
    assert_eq!(page.verdict(), (200, 2000, "Success"));
    assert_whole(&page);
    let number = |row: &Value, name: &str| row[name].as_i64().unwrap();
    let rows = page.data["data"].as_array().unwrap();
    rows.iter().map(|row| (number(row, "id"), number(row, "instanceNum"))).collect()
}

fn assert_whole(page: &Envelope) {
    assert_eq!(page.count(), u64::try_from(page.task_ids().len()).unwrap(), "all tasks are on the page");
    let rows = page.data["data"].as_array().unwrap();
    for rows in rows.chunks(BATCH) {
        let ids: Vec<i64> = rows.iter().filter_map(|row| row["id"].as_i64()).collect();
        let first = ids[0];
        let expected: Vec<i64> = (0..).take(BATCH).map(|number| first + number).collect();
        assert_eq!((ids, first % 5), (expected, 0), "a batch is recorded together");
        assert!(rows.iter().all(|row| row["instanceNum"] == rows[0]["instanceNum"]), "and changed together: {rows:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_writers_and_a_reader_see_each_batch_as_a_whole_and_sums_add_up_in_the_end() {
    let database = TestDatabase::new();
    let service = RunningService::with(&database.url(), PATIENT);
    for number in 0..REQUESTS {
        let target = format!("/annotation-requests/r{number}");
        assert_eq!(service.fetch_json("PUT", &target, "", r#"{"campaignId":"1001"}"#).status, 200);
    }
    let writing = AtomicUsize::new(WRITERS);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (service, writing) = (&service, &writing);
            scope.spawn(move || {
                write(service, writer);
                writing.fetch_sub(1, Ordering::AcqRel);
            });
        }
        let mut reads = 0;
        while writing.load(Ordering::Acquire) > 0 {
            read(&service, reads % REQUESTS..(reads % REQUESTS + 1 + reads % 3).min(REQUESTS));
            reads += 1;
        }
    });
    let tasks = WRITERS * ROUNDS * BATCH;
    let expected: BTreeMap<i64, i64> = (0..).take(tasks).map(|id| (id, INSTANCES[1])).collect();
    assert_eq!(read(&service, 0..REQUESTS), expected, "nothing is lost, doubled or as it was before");
    let mut drifts = None;
    verify(&database.session_settings(), &mut |_| ()).map(|verified| drifts = Some(verified.drifts)).unwrap();
    assert_eq!(drifts, Some(0), "the stored sums are those of the tasks");
}
