//! Sums and their pages, from outside: a real socket, a real database, and writers meanwhile.

use annotation_statistics_domain::{PoolType, Precondition};
use annotation_statistics_tests::{
    Download, Envelope, RunningService, Task, TestDatabase, record, register, stream, task,
};
use serde_json::{Value, json};

fn sum(rows: &[Value], field: &str) -> u64 {
    rows.iter().map(|row| row[field].as_u64().unwrap()).sum()
}

/// The sums that a summary tells, by the rows of a full walk.
fn sums_of(rows: &[Value]) -> Value {
    json!({
        "taskNum": rows.len(),
        "instanceNum": sum(rows, "instanceNum"),
        "attributeNum": sum(rows, "attributeNum"),
        "frameNum": sum(rows, "frameNum"),
    })
}

/// All rows, page by page.
fn walk(service: &RunningService, ids: &str) -> Vec<Value> {
    let (mut rows, mut connection) = (Vec::new(), service.connect());
    for page in 1.. {
        let envelope = Envelope::of(&connection.fetch("GET", &format!("/statistics?{ids}&limit=7&offset={page}"), ""));
        let of_page = envelope.data["data"].as_array().unwrap().clone();
        if of_page.is_empty() {
            break;
        }
        rows.extend(of_page);
    }
    rows
}

/// What changes with every change of the requests.
fn state(service: &RunningService, ids: &str) -> String {
    service.fetch("GET", &format!("/statistics?{ids}"), "").header("etag").unwrap().to_owned()
}

fn summary(service: &RunningService, ids: &str) -> Value {
    let envelope = service.get(&format!("/statistics/summary?{ids}"));
    assert_eq!(envelope.verdict(), (200, 2000, "Success"));
    envelope.data
}

fn only_sums(data: &Value) -> Value {
    let fields = ["taskNum", "instanceNum", "attributeNum", "frameNum"];
    fields.into_iter().map(|field| (field.to_owned(), data[field].clone())).collect::<serde_json::Map<_, _>>().into()
}

fn delivery(frames: u32) -> Vec<Task> {
    let tasks = (0..40).map(|number| {
        let pool = PoolType::ALL[usize::try_from(number % 6).unwrap()];
        let request = if number % 3 == 0 { "b" } else { "a" };
        task(request, number).counts(frames + 1, 2).frames(frames).pool(pool, "some pool")
    });
    tasks.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sums_are_those_of_a_full_walk_to_the_byte() {
    let database = TestDatabase::new();
    let slots = task("r 1", 1).instance_info(&[("car", 3)], 3, 0).frames(2);
    let both = task("r 1", 2).instance_info(&[("car", 1), ("color", 2)], 1, 2).status(6).pool(PoolType::Check, "check");
    record(&database, [slots, both, task("other", 3)]).await;
    register(&database, "bare", Some("keyframes/2")).await;
    let service = RunningService::on(&database);
    let data = summary(&service, "annotationRequestId=bare&annotationRequestId=r%201");
    let expected = json!({
        "taskNum": 2, "instanceNum": 4, "attributeNum": 2, "frameNum": 3,
        "operationItems": [
            {"key": "car", "kind": "slot", "count": 4, "taskNum": 2},
            {"key": "color", "kind": "input", "count": 2, "taskNum": 1},
        ],
        "poolTypes": [
            {"poolType": 2, "taskNum": 1, "instanceNum": 1, "attributeNum": 2, "frameNum": 1},
            {"poolType": 5, "taskNum": 1, "instanceNum": 3, "attributeNum": 0, "frameNum": 2},
        ],
        "statuses": [
            {"status": 6, "taskNum": 1, "instanceNum": 1, "attributeNum": 2, "frameNum": 1},
            {"status": 11, "taskNum": 1, "instanceNum": 3, "attributeNum": 0, "frameNum": 2},
        ],
        "requests": [
            {"annotationRequestId": "bare", "campaignId": "1001", "countingRule": "keyframes/2",
             "taskNum": 0, "instanceNum": 0, "attributeNum": 0, "frameNum": 0},
            {"annotationRequestId": "r 1", "campaignId": "1001", "countingRule": null,
             "taskNum": 2, "instanceNum": 4, "attributeNum": 2, "frameNum": 3},
        ],
    });
    assert_eq!(data, expected);
    let rows = walk(&service, "annotationRequestId=bare&annotationRequestId=r%201");
    assert_eq!(only_sums(&data), sums_of(&rows));
    let unknown = service.get("/statistics/summary?annotationRequestId=bare&annotationRequestId=none");
    assert_eq!(unknown.verdict(), (404, 53003, "Annotation request has not exists."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_progress_of_a_request_follows_its_tasks_into_the_complete_pool() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    let service = RunningService::on(&database);
    let progress = |status: &str, per_cent: f64| json!({"status": status, "completionPoolSchedule": per_cent, "completionSceneMap": {}});
    let read = || {
        let envelope = service.get("/annotation-request/task/schedule?annotationRequestId=a");
        assert_eq!(envelope.verdict(), (200, 2000, "Success"));
        envelope.data
    };
    assert_eq!(read(), progress("In Progress", 0.0));
    let in_check = |number| task("a", number).pool(PoolType::Check, "check");
    record(&database, [task("a", 1), in_check(2), in_check(3)]).await;
    assert_eq!(read(), progress("In Progress", 33.33));
    record(&database, [task("a", 2), task("a", 3)]).await;
    assert_eq!(read(), progress("Completed", 100.0));
    let unknown = service.get("/annotation-request/task/schedule?annotationRequestId=none");
    assert_eq!(unknown.verdict(), (404, 53003, "Annotation request has not exists."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_that_are_too_large_are_refused_with_what_to_do_whether_they_are_loaded_or_not() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1).items(10), task("b", 1).items(150), task("c", 1).items(1_000)]).await;
    let service = RunningService::with(&database.url(), "api.max_answer = 10000");
    summary(&service, "annotationRequestId=a");
    for request in ["b", "c"] {
        let refused = service.get(&format!("/statistics/summary?annotationRequestId=a&annotationRequestId={request}"));
        let message = "Payload Too Large: the sums are more than 10000 bytes: request those of fewer annotation requests, \
                       or the rows";
        assert_eq!(refused.verdict(), (413, 413, message), "{request}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_writes_the_sums_are_those_of_a_walk_that_nothing_changed_under() {
    const IDS: &str = "annotationRequestId=a&annotationRequestId=b";
    let database = TestDatabase::new();
    record(&database, delivery(0)).await;
    let service = RunningService::on(&database);
    let recorder = database.recorder();
    let writer = tokio::spawn(async move {
        use annotation_statistics_domain::StatisticsRecorder;
        for frames in 1..=30 {
            recorder.record(stream(delivery(frames)), Precondition::None).await.unwrap();
        }
    });
    let mut agreed = 0;
    loop {
        let is_last = writer.is_finished();
        let before = state(&service, IDS);
        let (data, rows) = (summary(&service, IDS), walk(&service, IDS));
        // The sums agree among themselves at any moment, and with the rows where no write came in between.
        assert_eq!(data["instanceNum"].as_u64().unwrap(), data["frameNum"].as_u64().unwrap() + 40);
        if before == state(&service, IDS) {
            assert_eq!(only_sums(&data), sums_of(&rows));
            agreed += 1;
        }
        if is_last {
            break;
        }
    }
    writer.await.unwrap();
    assert!(agreed > 0, "at least when the writer was done");
}

/// Whether a filter leaves a row.
type IsLeft = fn(&Value) -> bool;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filtered_sums_are_those_of_the_rows_that_are_left_and_of_an_export_of_the_same_filter() {
    let database = TestDatabase::new();
    record(&database, delivery(3)).await;
    let service = RunningService::on(&database);
    let ids = "annotationRequestId=b&annotationRequestId=a";
    let rows = walk(&service, ids);
    let filters: [(&str, IsLeft); 6] = [
        ("poolType=5", |row| row["poolType"] == 5),
        ("poolType=5,1&poolType=0", |row| [0, 1, 5].map(Value::from).contains(&row["poolType"])),
        ("status=11", |row| row["status"] == 11),
        ("status=2&poolType=5", |_| false),
        ("campaignId=1001", |_| true),
        ("campaignId=2", |_| false),
    ];
    for (filter, is_left) in filters {
        let left: Vec<Value> = rows.iter().filter(|row| is_left(row)).cloned().collect();
        assert_eq!(only_sums(&summary(&service, &format!("{ids}&{filter}"))), sums_of(&left), "{filter}");
        let export = Download::get(&service, &format!("/statistics/export?{ids}&{filter}&format=jsonl"));
        let numbers = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        let exported: Vec<Value> = export.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(numbers(&exported), numbers(&left), "{filter}");
    }
    let parts = summary(&service, &format!("{ids}&itemsBy=poolType,annotationRequestId"));
    let parts = parts["operationItemParts"].as_array().unwrap();
    let of_pool = |pool: i32| parts.iter().filter(move |part| part["poolType"] == pool);
    for pool in 0..6 {
        let counted: u64 = of_pool(pool).map(|part| part["count"].as_u64().unwrap()).sum();
        let rows: Vec<Value> = rows.iter().filter(|row| row["poolType"] == pool).cloned().collect();
        assert_eq!(counted, sum(&rows, "instanceNum") + sum(&rows, "attributeNum"), "pool type {pool}");
    }
}
