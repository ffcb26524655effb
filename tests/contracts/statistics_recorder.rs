//! Holds implementations of the `StatisticsRecorder` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    BoxError, CampaignScope, CountingRuleName, PoolType, Precondition, RecordError, Recorded, RecordedTask,
    RepositoryError,
};
use annotation_statistics_tests::{
    Implementation, ROUNDS, SHARED, Task, WRITERS, held_to, ids, numbers, page, record, register, statistics_of,
    stream, task, task_ids, walk, write_rounds,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

mod first_statements;
use first_statements::{obligation_07, obligation_08, obligation_15};

mod duplicates;
use duplicates::obligation_09;

mod unavailable;
use unavailable::{obligation_16, obligation_17};

// 14 measures the memory of its process: `tests/memory` has one. Memory is where the other implementation keeps what is
// recorded: 14 is not for it.
held_to! { "statistics_recorder",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_15 obligation_16 obligation_17
    , postgres only:
    , elsewhere:
        obligation_14
}

/// Small writes take another way than large ones: the same obligations where all of them take that of large ones.
mod postgres_with_a_staging_table {
    use annotation_statistics_tests::{Implementation, StagingDatabase, held_to};

    macro_rules! held_to_each {
        ($($obligation:ident)+) => {
            $(held_to!(@test "statistics_recorder", Implementation, StagingDatabase, $obligation);)+
        };
    }

    held_to_each! {
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_15
    }
}

/// Where requests are sharded, what a small write changes in one is a statement for each table: the same obligations for that.
mod postgres_as_if_sharded {
    use annotation_statistics_tests::{AsIfSharded, Implementation, held_to};

    macro_rules! held_to_each {
        ($($obligation:ident)+) => {
            $(held_to!(@test "statistics_recorder", Implementation, AsIfSharded, $obligation);)+
        };
    }

    held_to_each! {
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_15
    }
}

/// `record` MUST record all of the tasks or none of them.
async fn obligation_01(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 2)]).await;
    let before = statistics_of(data, &["a", "b"]).await;
    let good = || vec![task("a", 1).frames(9), task("a", 3), task("new", 4)];
    let broken: [(&str, Vec<Task>); 2] = [
        ("a task twice", [good(), vec![task("new", 4)]].concat()),
        ("another campaign", [good(), vec![task("b", 5).campaign("2")]].concat()),
    ];
    for (reason, tasks) in broken {
        data.recorder().record(stream(tasks), Precondition::None).await.expect_err(reason);
        assert_eq!(statistics_of(data, &["a", "b"]).await, before, "{reason}");
        let new = data.repository().find_page(&ids(&["new"]), page(1, 10), &CampaignScope::All).await;
        assert!(matches!(new, Err(RepositoryError::UnknownAnnotationRequests(_))), "{reason}: {new:?}");
    }
    assert_eq!(numbers(record(data, good()).await), (2, 1, 0));
    assert_eq!(task_ids(&statistics_of(data, &["a", "b", "new"]).await.page.rows), [1, 3, 2, 4]);
}

/// A task that its request does not have yet MUST be appended to the request, in the order of the stream.
async fn obligation_02(data: &impl Implementation) {
    let first = record(data, [task("a", 9), task("b", 9), task("a", 3), task("a", 5)]).await;
    let second = record(data, [task("a", 5), task("a", 8), task("a", 9).frames(7), task("a", -1), task("b", 1)]).await;
    assert_eq!(numbers(first), (4, 0, 0));
    assert_eq!(numbers(second), (3, 1, 1));
    assert_eq!(task_ids(&statistics_of(data, &["a"]).await.page.rows), [9, 3, 5, 8, -1]);
    assert_eq!(task_ids(&statistics_of(data, &["b"]).await.page.rows), [9, 1], "the same number in another request");
}

/// A task that its request has MUST be updated in its place.
async fn obligation_03(data: &impl Implementation) {
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
        assert_eq!(statistics_of(data, &["a"]).await.page.rows, expected, "{field}");
    }
}

/// A task that is already as given MUST be left alone and counted as unchanged.
async fn obligation_04(data: &impl Implementation) {
    let tasks = || (1..=5).map(|id| task("a", id).frames(3)).collect::<Vec<_>>();
    record(data, tasks()).await;
    let before = statistics_of(data, &["a"]).await;
    assert_eq!(numbers(record(data, tasks().into_iter().rev()).await), (0, 0, 5));
    assert_eq!(statistics_of(data, &["a"]).await, before);
    assert_eq!(record(data, []).await, Recorded::default());
}

/// A request's campaign MUST be the one it was first recorded or registered with; a task with another campaign MUST
/// fail with `CampaignConflict`.
async fn obligation_05(data: &impl Implementation) {
    record(data, [task("a", 1).campaign("1")]).await;
    for (tasks, expected, reason) in [
        (vec![task("b", 1), task("a", 1).campaign("2")], (2, "a", "1", "2"), "a known task"),
        (vec![task("a", 1).campaign("1"), task("a", 7).campaign("3")], (2, "a", "1", "3"), "a new task"),
        (vec![task("n", 1).campaign("9"), task("n", 2).campaign("8")], (2, "n", "9", "8"), "a new request"),
        (vec![task("a", 2).campaign("0"), task("n", 2).campaign("8")], (1, "a", "1", "0"), "the first of them"),
    ] {
        match data.recorder().record(stream(tasks), Precondition::None).await {
            Err(RecordError::CampaignConflict { place, annotation_request_id, recorded, given }) => assert_eq!(
                (place.number(), annotation_request_id.as_str(), recorded.as_str(), given.as_str()),
                expected,
                "{reason}"
            ),
            other => panic!("{reason}: {other:?}"),
        }
    }
    register(data, "registered", None).await;
    let refused = data.recorder().record(stream([task("registered", 1).campaign("2")]), Precondition::None).await;
    assert!(matches!(refused, Err(RecordError::CampaignConflict { .. })), "{refused:?}");
    record(data, [task("registered", 1)]).await;
}

/// A request's counting rule MUST be the first that a task states while the request has no tasks; a task that states
/// another MUST fail with `CountingRuleConflict`.
async fn obligation_06(data: &impl Implementation) {
    register(data, "registered", Some("keyframes/2")).await;
    record(data, [task("unstated", 1), task("a", 1), task("a", 2).counted_by("objects/2")]).await;
    for (tasks, expected, reason) in [
        (
            vec![task("a", 1), task("a", 9).counted_by("objects/1")],
            (2, "a", "objects/2", "objects/1"),
            "another version",
        ),
        (vec![task("registered", 1).counted_by("x")], (1, "registered", "keyframes/2", "x"), "set before it had tasks"),
        (
            vec![task("unstated", 2).counted_by("x")],
            (1, "unstated", "", "x"),
            "its tasks were counted, nobody knows how",
        ),
        (vec![task("n", 1).counted_by("y"), task("n", 2).counted_by("x")], (2, "n", "y", "x"), "two in one stream"),
    ] {
        match data.recorder().record(stream(tasks), Precondition::None).await {
            Err(RecordError::CountingRuleConflict { place, conflict }) => {
                let recorded = conflict.recorded.as_ref().map_or("", CountingRuleName::as_str);
                let id = conflict.annotation_request_id.as_str();
                assert_eq!((place.number(), id, recorded, conflict.given.as_str()), expected, "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
    record(data, [task("registered", 1), task("a", 3), task("a", 4).counted_by("objects/2")]).await;
    let rules = statistics_of(data, &["a", "registered", "unstated"]).await.counting_rules;
    let rules: Vec<_> = rules.iter().map(|rule| rule.as_ref().map_or("", CountingRuleName::as_str)).collect();
    assert_eq!(rules, ["objects/2", "keyframes/2", ""]);
}

/// An error of the stream itself MUST be given back as `Input`, with nothing recorded.
async fn obligation_10(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    let before = statistics_of(data, &["a"]).await;
    for good in [0, 1, 5000] {
        let tasks = (0..good).map(|id| Ok(task("a", id).frames(9).at(1)));
        let error: Result<RecordedTask, BoxError> = Err("line 7: \"no\tJSON\"".into());
        match data.recorder().record(Box::new(tasks.chain([error])), Precondition::None).await {
            Err(RecordError::Input(cause)) => assert_eq!(cause.to_string(), "line 7: \"no\tJSON\""),
            other => panic!("after {good} good tasks: {other:?}"),
        }
        assert_eq!(statistics_of(data, &["a"]).await, before, "after {good} good tasks");
    }
}

/// Where the precondition does not hold of each request of the stream it MUST fail with `PreconditionFailed`.
async fn obligation_11(data: &impl Implementation) {
    let a = register(data, "a", None).await.revision;
    let b = register(data, "b", None).await.revision;
    let (of_a, of_both) = (Precondition::Revision(vec![a]), Precondition::Revision(vec![b, a]));
    for (requests, precondition, failed, current, reason) in [
        (vec!["a", "n"], Precondition::Known, "n", None, "an unknown request"),
        (vec!["n"], of_a.clone(), "n", None, "an unknown request has no revision"),
        (vec!["b", "a"], of_a.clone(), "b", Some(b), "another revision"),
        (vec!["a"], Precondition::Revision(vec![]), "a", Some(a), "no revision is accepted"),
    ] {
        let tasks: Vec<Task> = requests.iter().map(|request| task(request, 1)).collect();
        match data.recorder().record(stream(tasks), precondition).await {
            Err(RecordError::PreconditionFailed(error)) => {
                assert_eq!((error.annotation_request_id.as_str(), error.current), (failed, current), "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
    assert_eq!(statistics_of(data, &["a", "b"]).await.page.count, 0, "nothing is recorded");
    for (requests, precondition) in [(["a", "b"], of_both), (["a", "b"], Precondition::Known)] {
        let tasks = requests.map(|request| task(request, 1));
        data.recorder().record(stream(tasks), precondition).await.unwrap();
    }
    let refused = data.recorder().record(stream([task("a", 2)]), of_a).await;
    assert!(matches!(refused, Err(RecordError::PreconditionFailed(_))), "it has moved on: {refused:?}");
}

/// The revision MUST be returned where all tasks were of one request.
async fn obligation_12(data: &impl Implementation) {
    for (tasks, expected, reason) in [
        (vec![task("a", 1), task("a", 2)], true, "a new request"),
        (vec![task("a", 1)], true, "nothing changes"),
        (vec![task("a", 1).frames(5)], true, "a task changes"),
        (vec![task("a", 1), task("b", 1)], false, "two requests"),
        (vec![], false, "no task"),
    ] {
        let reported = record(data, tasks).await.revision;
        let current = statistics_of(data, &["a"]).await.revisions;
        assert_eq!(reported, current.first().copied().filter(|_| expected), "{reason}");
    }
}

/// Writers to one request at the same time MUST NOT lose, double or reorder a task, and MUST NOT deadlock.
async fn obligation_13(data: &impl Implementation) {
    record(data, SHARED.map(|request| task(request, -1))).await;
    let acknowledged = Arc::new(Mutex::new(BTreeSet::from([-1])));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write_rounds(data.recorder(), writer, Arc::clone(&acknowledged))))
        .collect();
    let repository = data.repository();
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        let present: BTreeSet<i64> = acknowledged.lock().unwrap().clone();
        let (rows, _) = walk(&*repository, &ids(&["b"]), 7).await;
        let met: BTreeSet<i64> = task_ids(&rows).into_iter().collect();
        assert_eq!(met.len(), rows.len(), "no task is met twice");
        assert!(met.is_superset(&present), "no task is missed");
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for request in SHARED {
        let tasks = task_ids(&statistics_of(data, &[request]).await.page.rows);
        assert_eq!(tasks.len(), usize::try_from(1 + WRITERS * ROUNDS * 2).unwrap(), "none is lost or doubled");
        for writer in 0..WRITERS {
            let own: Vec<i64> = tasks.iter().copied().filter(|id| *id >= 0 && id / 1000 == writer).collect();
            let expected: Vec<i64> = (0..ROUNDS * 2).map(|number| writer * 1000 + number).collect();
            assert_eq!(own, expected, "those of a writer stand in the order in which it gave them");
        }
    }
}
