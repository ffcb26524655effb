//! Holds implementations of the `StatisticsRecorder` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, PoolType, RecordError, Recorded, RecordedTask, RepositoryError, Statistics,
    StatisticsRecorder, TaskStream,
};
use annotation_statistics_tests::{
    Implementation, InMemoryStatistics, Task, TestDatabase, ask, held_to, ids, obligations_of, page, record, stream,
    task, task_ids, walk,
};
use std::collections::HashSet;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

#[rustfmt::skip]
mod postgres {
    use super::{TestDatabase, held_to};

    held_to! { TestDatabase:
        obligation_01_record_must_record_all_of_the_tasks_or_none_of_them
        obligation_02_a_task_that_its_request_does_not_have_yet_must_be_appended_to_the_request_in_the_order_of_the_stream
        obligation_03_a_task_that_its_request_has_must_be_updated_in_its_place
        obligation_04_a_task_that_already_stands_as_given_must_be_left_alone_and_counted_as_unchanged
        obligation_05_a_requests_campaign_must_be_the_one_it_was_first_recorded_with_a_task_with_another_campaign_must_fail_with_campaign_conflict
        obligation_06_a_task_that_comes_twice_in_one_stream_must_fail_with_duplicate_task
        obligation_07_an_error_of_the_stream_itself_must_be_given_back_as_input_with_nothing_recorded
        obligation_08_writers_to_one_request_at_the_same_time_must_not_lose_double_or_reorder_a_task_and_must_not_deadlock
        obligation_09_the_stream_must_be_read_once_in_order_with_memory_that_does_not_grow_with_its_length
        obligation_10_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable
    }
}

/// All but 9: memory is where it keeps what is recorded.
#[rustfmt::skip]
mod in_memory {
    use super::{InMemoryStatistics, held_to};

    held_to! { InMemoryStatistics:
        obligation_01_record_must_record_all_of_the_tasks_or_none_of_them
        obligation_02_a_task_that_its_request_does_not_have_yet_must_be_appended_to_the_request_in_the_order_of_the_stream
        obligation_03_a_task_that_its_request_has_must_be_updated_in_its_place
        obligation_04_a_task_that_already_stands_as_given_must_be_left_alone_and_counted_as_unchanged
        obligation_05_a_requests_campaign_must_be_the_one_it_was_first_recorded_with_a_task_with_another_campaign_must_fail_with_campaign_conflict
        obligation_06_a_task_that_comes_twice_in_one_stream_must_fail_with_duplicate_task
        obligation_07_an_error_of_the_stream_itself_must_be_given_back_as_input_with_nothing_recorded
        obligation_08_writers_to_one_request_at_the_same_time_must_not_lose_double_or_reorder_a_task_and_must_not_deadlock
        obligation_10_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable
    }
}

#[test]
fn the_tests_are_the_obligations_that_the_port_documents() {
    let obligations = obligations_of(include_str!("../../crates/domain/src/statistics_recorder.rs"));
    assert_eq!(postgres::NAMES, obligations);
    let without_9: Vec<_> = obligations.iter().filter(|name| !name.starts_with("obligation_09_")).collect();
    assert_eq!(in_memory::NAMES.iter().collect::<Vec<_>>(), without_9);
}

async fn obligation_01_record_must_record_all_of_the_tasks_or_none_of_them(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 2)]).await;
    let before = ask(data, &["a", "b"]).await;
    let good = || vec![task("a", 1).frames(9), task("a", 3), task("new", 4)];
    let broken: [(&str, Vec<Task>); 2] = [
        ("a task twice", [good(), vec![task("new", 4)]].concat()),
        ("another campaign", [good(), vec![task("b", 5).campaign("2")]].concat()),
    ];
    for (reason, tasks) in broken {
        data.recorder().record(stream(tasks)).await.expect_err(reason);
        assert_eq!(ask(data, &["a", "b"]).await, before, "{reason}");
        let new = data.repository().find_page(&ids(&["new"]), page(1, 10)).await;
        assert!(matches!(new, Err(RepositoryError::UnknownAnnotationRequests(_))), "{reason}: {new:?}");
    }
    assert_eq!(record(data, good()).await, Recorded { inserted: 2, updated: 1, unchanged: 0 });
    assert_eq!(task_ids(&ask(data, &["a", "b", "new"]).await.page.rows), [1, 3, 2, 4]);
}

async fn obligation_02_a_task_that_its_request_does_not_have_yet_must_be_appended_to_the_request_in_the_order_of_the_stream(
    data: &impl Implementation,
) {
    let first = record(data, [task("a", 9), task("b", 9), task("a", 3), task("a", 5)]).await;
    let second = record(data, [task("a", 5), task("a", 8), task("a", 9).frames(7), task("a", -1), task("b", 1)]).await;
    assert_eq!(first, Recorded { inserted: 4, updated: 0, unchanged: 0 });
    assert_eq!(second, Recorded { inserted: 3, updated: 1, unchanged: 1 });
    assert_eq!(task_ids(&ask(data, &["a"]).await.page.rows), [9, 3, 5, 8, -1]);
    assert_eq!(task_ids(&ask(data, &["b"]).await.page.rows), [9, 1], "the same number in another request");
}

async fn obligation_03_a_task_that_its_request_has_must_be_updated_in_its_place(data: &impl Implementation) {
    let original = task("a", 2);
    record(data, [task("a", 1), original.clone(), task("a", 3)]).await;
    for (changed, field) in [
        (original.clone().status(-7), "status"),
        (original.clone().pool(PoolType::Complete, "an\\other\t\"pool\"\n\r 池"), "pool name"),
        (original.clone().pool(PoolType::Algorithm, "complete pool"), "pool type"),
        (original.clone().instance_info(&[("k\\\t\"\n", 12), ("select-[e000f]", 44)], 12, 44), "keys"),
        (original.clone().instance_info(&[], 0, 0), "all counts"),
        (original.clone().instance_info(&[("zero", 0)], 0, 0), "a count of zero is not no count"),
        (original.clone().counts(12, 44).frames(0), "frames"),
        (original.clone().instance_info(&[("car", 56)], 56, 0), "instances"),
        (original.clone().instance_info(&[("car", 56)], 0, 56), "instances and attributes, not the counts by key"),
    ] {
        record(data, [changed.clone()]).await;
        let expected = [task("a", 1).statistics(), changed.statistics(), task("a", 3).statistics()];
        assert_eq!(ask(data, &["a"]).await.page.rows, expected, "{field}");
    }
}

async fn obligation_04_a_task_that_already_stands_as_given_must_be_left_alone_and_counted_as_unchanged(
    data: &impl Implementation,
) {
    let tasks = || (1..=5).map(|id| task("a", id).frames(3)).collect::<Vec<_>>();
    record(data, tasks()).await;
    let before = ask(data, &["a"]).await;
    assert_eq!(record(data, tasks().into_iter().rev()).await, Recorded { inserted: 0, updated: 0, unchanged: 5 });
    assert_eq!(ask(data, &["a"]).await, before);
    assert_eq!(record(data, []).await, Recorded::default());
}

async fn obligation_05_a_requests_campaign_must_be_the_one_it_was_first_recorded_with_a_task_with_another_campaign_must_fail_with_campaign_conflict(
    data: &impl Implementation,
) {
    record(data, [task("a", 1).campaign("1")]).await;
    for (tasks, expected, reason) in [
        (vec![task("b", 1), task("a", 1).campaign("2")], (2, "a", "1", "2"), "a known task"),
        (vec![task("a", 1).campaign("1"), task("a", 7).campaign("3")], (2, "a", "1", "3"), "a new task"),
        (vec![task("n", 1).campaign("9"), task("n", 2).campaign("8")], (2, "n", "9", "8"), "a new request"),
        (vec![task("a", 2).campaign("0"), task("n", 2).campaign("8")], (1, "a", "1", "0"), "the first of them"),
    ] {
        match data.recorder().record(stream(tasks)).await {
            Err(RecordError::CampaignConflict { place, annotation_request_id, recorded, given }) => assert_eq!(
                (place.number(), annotation_request_id.as_str(), recorded.as_str(), given.as_str()),
                expected,
                "{reason}"
            ),
            other => panic!("{reason}: {other:?}"),
        }
    }
    data.add_request_without_tasks(&AnnotationRequestId::new("bare").unwrap());
    record(data, [task("bare", 1).campaign("of its first task")]).await;
    let rows = ask(data, &["a", "bare"]).await.page.rows;
    let campaigns: Vec<_> = rows.iter().map(|row| row.campaign_id().as_str()).collect();
    assert_eq!(campaigns, ["1", "of its first task"]);
}

async fn obligation_06_a_task_that_comes_twice_in_one_stream_must_fail_with_duplicate_task(data: &impl Implementation) {
    record(data, [task("known", 1), task("known", 2)]).await;
    for (tasks, expected, reason) in [
        (vec![task("n", 1), task("n", 2), task("n", 1)], (3, 1, "n", 1), "new tasks"),
        (vec![task("known", 2), task("known", 2)], (2, 1, "known", 2), "known and unchanged"),
        (vec![task("known", 1).frames(5), task("n", 1), task("known", 1).frames(6)], (3, 1, "known", 1), "changed"),
        (vec![task("known", 9), task("n", 9), task("n", 9), task("known", 9)], (3, 2, "n", 9), "the first of them"),
    ] {
        match data.recorder().record(stream(tasks)).await {
            Err(RecordError::DuplicateTask { place, first, annotation_request_id, task }) => assert_eq!(
                (place.number(), first.number(), annotation_request_id.as_str(), task.get()),
                expected,
                "{reason}"
            ),
            other => panic!("{reason}: {other:?}"),
        }
    }
}

async fn obligation_07_an_error_of_the_stream_itself_must_be_given_back_as_input_with_nothing_recorded(
    data: &impl Implementation,
) {
    record(data, [task("a", 1)]).await;
    let before = ask(data, &["a"]).await;
    for good in [0, 1, 5000] {
        let tasks = (0..good).map(|id| Ok(task("a", id).frames(9).at(1)));
        let fault: Result<RecordedTask, BoxError> = Err("line 7: \"no\tJSON\"".into());
        match data.recorder().record(Box::new(tasks.chain([fault]))).await {
            Err(RecordError::Input(cause)) => assert_eq!(cause.to_string(), "line 7: \"no\tJSON\""),
            other => panic!("after {good} good tasks: {other:?}"),
        }
        assert_eq!(ask(data, &["a"]).await, before, "after {good} good tasks");
    }
}

const WRITERS: i64 = 8;
const ROUNDS: i64 = 6;
const SHARED: [&str; 3] = ["a", "b", "c"];

async fn obligation_08_writers_to_one_request_at_the_same_time_must_not_lose_double_or_reorder_a_task_and_must_not_deadlock(
    data: &impl Implementation,
) {
    record(data, SHARED.map(|request| task(request, -1))).await;
    let acknowledged = Arc::new(Mutex::new(HashSet::from([-1])));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write_rounds(data.recorder(), writer, Arc::clone(&acknowledged))))
        .collect();
    let repository = data.repository();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        let present = acknowledged.lock().unwrap().clone();
        let (rows, _) = walk(&*repository, &ids(&["b"]), 7).await;
        let met: HashSet<i64> = task_ids(&rows).into_iter().collect();
        assert_eq!(met.len(), rows.len(), "no task is met twice");
        assert!(met.is_superset(&present), "no task is missed");
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for request in SHARED {
        let tasks = task_ids(&ask(data, &[request]).await.page.rows);
        assert_eq!(tasks.len(), usize::try_from(1 + WRITERS * ROUNDS * 2).unwrap(), "none is lost or doubled");
        for writer in 0..WRITERS {
            let own: Vec<i64> = tasks.iter().copied().filter(|id| *id >= 0 && id / 1000 == writer).collect();
            let expected: Vec<i64> = (0..ROUNDS * 2).map(|number| writer * 1000 + number).collect();
            assert_eq!(own, expected, "those of a writer stand in the order in which it gave them");
        }
    }
}

/// Appends two tasks to each request in each round, and updates one that others update too, in an order of its own.
async fn write_rounds(recorder: Arc<dyn StatisticsRecorder>, writer: i64, acknowledged: Arc<Mutex<HashSet<i64>>>) {
    for round in 0..ROUNDS {
        let new = [writer * 1000 + round * 2, writer * 1000 + round * 2 + 1];
        let mut requests = SHARED;
        requests.rotate_left(usize::try_from((writer + round) % 3).unwrap());
        if writer % 2 == 0 {
            requests.reverse();
        }
        let frames = u32::try_from(writer * 100 + round).unwrap();
        let tasks =
            requests.map(|request| [task(request, new[0]), task(request, -1).frames(frames), task(request, new[1])]);
        recorder.record(stream(tasks.concat())).await.unwrap();
        acknowledged.lock().unwrap().extend(new);
    }
}

async fn obligation_09_the_stream_must_be_read_once_in_order_with_memory_that_does_not_grow_with_its_length(
    data: &impl Implementation,
) {
    const TASKS: u64 = 200_000;
    const MEGABYTE: u64 = 1 << 20;
    let recorder = data.recorder();
    let read = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&read);
    // Read in order and once: each task is made from the number of those read before.
    let tasks: TaskStream = Box::new(std::iter::from_fn(move || {
        let place = counted.fetch_add(1, Ordering::Relaxed);
        (place < TASKS).then(|| Ok(task("a", i64::try_from(place).unwrap()).at(place)))
    }));
    let kept = TASKS * u64::try_from(size_of::<RecordedTask>() + size_of::<Statistics>()).unwrap();
    assert!(kept > 32 * MEGABYTE, "whoever kept them would need {kept} bytes at least");
    let peak = PeakMemory::start();
    assert_eq!(recorder.record(tasks).await.unwrap().inserted, TASKS);
    if let Some(grown) = peak.grown() {
        assert!(grown < 16 * MEGABYTE, "{grown} bytes more than before");
    }
    assert_eq!(read.load(Ordering::Relaxed), TASKS + 1, "up to its end and not further");
    let last = data.repository().find_page(&ids(&["a"]), page(TASKS, 1)).await.unwrap();
    assert_eq!(task_ids(&last.page.rows), [i64::try_from(TASKS).unwrap() - 1]);
}

/// How the most memory that this process had at any time grows; known on Linux only.
struct PeakMemory(Option<u64>);

impl PeakMemory {
    fn start() -> Self {
        // Forgets the peak so far.
        let forgotten = fs::write("/proc/self/clear_refs", "5");
        Self(forgotten.ok().and_then(|()| Self::peak()))
    }

    fn grown(&self) -> Option<u64> {
        Some(Self::peak()?.saturating_sub(self.0?))
    }

    fn peak() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

async fn obligation_10_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable<
    I: Implementation,
>(
    data: &I,
) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let refused = data.recorder().record(stream([task("a", 2)])).await;
    assert!(matches!(refused, Err(RecordError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(record(data, [task("a", 2)]).await.inserted, 1, "it heals by itself");
}
