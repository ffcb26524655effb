//! Holds implementations of the `StatisticsRecorder` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    BoxError, CampaignScope, CountingRuleName, PoolType, Precondition, RecordError, Recorded, RecordedTask,
    RepositoryError, Statistics, TaskStream,
};
use annotation_statistics_tests::{
    Implementation, PeakMemory, ROUNDS, SHARED, Task, WRITERS, ask, held_to, ids, numbers, page, record, register,
    stream, task, task_ids, walk, write_rounds,
};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

#[path = "statistics_recorder_contract/first_statements.rs"]
mod first_statements;
use first_statements::{
    obligation_07_a_tasks_source_name_must_be_the_first_that_it_is_given_another_must_fail_with_source_name_conflict_and_none_must_leave_it_as_it_is,
    obligation_08_the_kind_of_an_operation_item_must_be_the_first_that_is_stated_for_its_request_another_must_fail_with_item_kind_conflict,
    obligation_15_a_task_whose_id_is_made_of_its_source_name_must_not_be_recorded_beside_another_task_of_that_name_whose_id_is_not_nor_the_other_way_round_it_must_fail_with_source_name_taken,
};

#[path = "statistics_recorder_contract/duplicates.rs"]
mod duplicates;
use duplicates::obligation_09_a_task_that_comes_twice_in_one_stream_must_fail_with_duplicate_task;

#[path = "statistics_recorder_contract/unavailable.rs"]
mod unavailable;
use unavailable::{
    obligation_16_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable,
    obligation_17_check_ready_must_succeed_exactly_when_tasks_can_be_recorded,
};

// Memory is where the other one keeps what is recorded: 14 is not for it.
held_to! { "domain/src/ports/statistics_recorder.rs",
    everywhere:
        obligation_01_record_must_record_all_of_the_tasks_or_none_of_them
        obligation_02_a_task_that_its_request_does_not_have_yet_must_be_appended_to_the_request_in_the_order_of_the_stream
        obligation_03_a_task_that_its_request_has_must_be_updated_in_its_place
        obligation_04_a_task_that_already_stands_as_given_must_be_left_alone_and_counted_as_unchanged
        obligation_05_a_requests_campaign_must_be_the_one_it_was_first_recorded_or_registered_with_a_task_with_another_campaign_must_fail_with_campaign_conflict
        obligation_06_a_requests_counting_rule_must_be_the_first_that_a_task_states_while_the_request_has_no_tasks_a_task_that_states_another_must_fail_with_counting_rule_conflict
        obligation_07_a_tasks_source_name_must_be_the_first_that_it_is_given_another_must_fail_with_source_name_conflict_and_none_must_leave_it_as_it_is
        obligation_08_the_kind_of_an_operation_item_must_be_the_first_that_is_stated_for_its_request_another_must_fail_with_item_kind_conflict
        obligation_09_a_task_that_comes_twice_in_one_stream_must_fail_with_duplicate_task
        obligation_10_an_error_of_the_stream_itself_must_be_given_back_as_input_with_nothing_recorded
        obligation_11_where_the_precondition_does_not_hold_of_each_request_of_the_stream_it_must_fail_with_precondition_failed
        obligation_12_the_revision_must_be_told_where_all_tasks_were_of_one_request
        obligation_13_writers_to_one_request_at_the_same_time_must_not_lose_double_or_reorder_a_task_and_must_not_deadlock
        obligation_15_a_task_whose_id_is_made_of_its_source_name_must_not_be_recorded_beside_another_task_of_that_name_whose_id_is_not_nor_the_other_way_round_it_must_fail_with_source_name_taken
        obligation_16_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable
        obligation_17_check_ready_must_succeed_exactly_when_tasks_can_be_recorded
    , postgres only:
        obligation_14_the_stream_must_be_read_once_in_order_with_memory_that_does_not_grow_with_its_length
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
        data.recorder().record(stream(tasks), Precondition::None).await.expect_err(reason);
        assert_eq!(ask(data, &["a", "b"]).await, before, "{reason}");
        let new = data.repository().find_page(&ids(&["new"]), page(1, 10), &CampaignScope::All).await;
        assert!(matches!(new, Err(RepositoryError::UnknownAnnotationRequests(_))), "{reason}: {new:?}");
    }
    assert_eq!(numbers(record(data, good()).await), (2, 1, 0));
    assert_eq!(task_ids(&ask(data, &["a", "b", "new"]).await.page.rows), [1, 3, 2, 4]);
}

async fn obligation_02_a_task_that_its_request_does_not_have_yet_must_be_appended_to_the_request_in_the_order_of_the_stream(
    data: &impl Implementation,
) {
    let first = record(data, [task("a", 9), task("b", 9), task("a", 3), task("a", 5)]).await;
    let second = record(data, [task("a", 5), task("a", 8), task("a", 9).frames(7), task("a", -1), task("b", 1)]).await;
    assert_eq!(numbers(first), (4, 0, 0));
    assert_eq!(numbers(second), (3, 1, 1));
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
    assert_eq!(numbers(record(data, tasks().into_iter().rev()).await), (0, 0, 5));
    assert_eq!(ask(data, &["a"]).await, before);
    assert_eq!(record(data, []).await, Recorded::default());
}

async fn obligation_05_a_requests_campaign_must_be_the_one_it_was_first_recorded_or_registered_with_a_task_with_another_campaign_must_fail_with_campaign_conflict(
    data: &impl Implementation,
) {
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

async fn obligation_06_a_requests_counting_rule_must_be_the_first_that_a_task_states_while_the_request_has_no_tasks_a_task_that_states_another_must_fail_with_counting_rule_conflict(
    data: &impl Implementation,
) {
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
    let rules = ask(data, &["a", "registered", "unstated"]).await.counting_rules;
    let rules: Vec<_> = rules.iter().map(|rule| rule.as_ref().map_or("", CountingRuleName::as_str)).collect();
    assert_eq!(rules, ["objects/2", "keyframes/2", ""]);
}

async fn obligation_10_an_error_of_the_stream_itself_must_be_given_back_as_input_with_nothing_recorded(
    data: &impl Implementation,
) {
    record(data, [task("a", 1)]).await;
    let before = ask(data, &["a"]).await;
    for good in [0, 1, 5000] {
        let tasks = (0..good).map(|id| Ok(task("a", id).frames(9).at(1)));
        let fault: Result<RecordedTask, BoxError> = Err("line 7: \"no\tJSON\"".into());
        match data.recorder().record(Box::new(tasks.chain([fault])), Precondition::None).await {
            Err(RecordError::Input(cause)) => assert_eq!(cause.to_string(), "line 7: \"no\tJSON\""),
            other => panic!("after {good} good tasks: {other:?}"),
        }
        assert_eq!(ask(data, &["a"]).await, before, "after {good} good tasks");
    }
}

async fn obligation_11_where_the_precondition_does_not_hold_of_each_request_of_the_stream_it_must_fail_with_precondition_failed(
    data: &impl Implementation,
) {
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
            Err(RecordError::PreconditionFailed(fault)) => {
                assert_eq!((fault.annotation_request_id.as_str(), fault.current), (failed, current), "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
    assert_eq!(ask(data, &["a", "b"]).await.page.count, 0, "nothing is recorded");
    for (requests, precondition) in [(["a", "b"], of_both), (["a", "b"], Precondition::Known)] {
        let tasks = requests.map(|request| task(request, 1));
        data.recorder().record(stream(tasks), precondition).await.unwrap();
    }
    let refused = data.recorder().record(stream([task("a", 2)]), of_a).await;
    assert!(matches!(refused, Err(RecordError::PreconditionFailed(_))), "it has moved on: {refused:?}");
}

async fn obligation_12_the_revision_must_be_told_where_all_tasks_were_of_one_request(data: &impl Implementation) {
    for (tasks, expected, reason) in [
        (vec![task("a", 1), task("a", 2)], true, "a new request"),
        (vec![task("a", 1)], true, "nothing changes"),
        (vec![task("a", 1).frames(5)], true, "a task changes"),
        (vec![task("a", 1), task("b", 1)], false, "two requests"),
        (vec![], false, "no task"),
    ] {
        let told = record(data, tasks).await.revision;
        let current = ask(data, &["a"]).await.revisions;
        assert_eq!(told, current.first().copied().filter(|_| expected), "{reason}");
    }
}

async fn obligation_13_writers_to_one_request_at_the_same_time_must_not_lose_double_or_reorder_a_task_and_must_not_deadlock(
    data: &impl Implementation,
) {
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
        let tasks = task_ids(&ask(data, &[request]).await.page.rows);
        assert_eq!(tasks.len(), usize::try_from(1 + WRITERS * ROUNDS * 2).unwrap(), "none is lost or doubled");
        for writer in 0..WRITERS {
            let own: Vec<i64> = tasks.iter().copied().filter(|id| *id >= 0 && id / 1000 == writer).collect();
            let expected: Vec<i64> = (0..ROUNDS * 2).map(|number| writer * 1000 + number).collect();
            assert_eq!(own, expected, "those of a writer stand in the order in which it gave them");
        }
    }
}

async fn obligation_14_the_stream_must_be_read_once_in_order_with_memory_that_does_not_grow_with_its_length(
    data: &impl Implementation,
) {
    const TASKS: u64 = 200_000;
    let recorder = data.recorder();
    let read = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&read);
    // Read in order and once: each task is made from the number of those read before.
    let tasks: TaskStream = Box::new(std::iter::from_fn(move || {
        let place = counted.fetch_add(1, Ordering::Relaxed);
        (place < TASKS).then(|| Ok(task("a", i64::try_from(place).unwrap()).at(place)))
    }));
    let kept = TASKS * u64::try_from(size_of::<RecordedTask>() + size_of::<Statistics>()).unwrap();
    assert!(kept > 32 << 20, "whoever kept them would need {kept} bytes at least");
    let peak = PeakMemory::start();
    assert_eq!(recorder.record(tasks, Precondition::None).await.unwrap().inserted, TASKS);
    if let Some(grown) = peak.grown() {
        assert!(grown < 16 << 20, "{grown} bytes more than before");
    }
    assert_eq!(read.load(Ordering::Relaxed), TASKS + 1, "up to its end and not further");
    let last = data.repository().find_page(&ids(&["a"]), page(TASKS, 1), &CampaignScope::All).await.unwrap();
    assert_eq!(task_ids(&last.page.rows), [i64::try_from(TASKS).unwrap() - 1]);
}
