//! Holds implementations of the `AnnotationRequestRegistry` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, CampaignId, CampaignScope, CountingRuleName, Precondition, RegistryError,
    RepositoryError, Revision, TaskId,
};
use annotation_statistics_tests::{
    Implementation, ask, held_to, ids, new_request, page, record, register, stream, task, task_ids,
};

#[path = "annotation_request_registry_contract/found_tasks.rs"]
mod found_tasks;
use found_tasks::{
    obligation_06_find_task_must_answer_a_task_of_the_request_as_the_last_finished_change_left_it_its_source_name_included,
    obligation_15_find_named_must_answer_the_tasks_of_the_request_that_were_made_of_a_source_in_their_order_at_most_as_many_as_asked_for_and_how_many_there_are,
    obligation_17_where_find_named_finds_several_tasks_that_need_more_memory_than_the_implementations_limit_it_must_fail_with_too_large_a_single_task_must_be_answered_whatever_its_size,
};

#[path = "annotation_request_registry_contract/unavailable.rs"]
mod unavailable;
use unavailable::obligation_16_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable;

held_to! { "domain/src/ports/annotation_request_registry.rs",
    everywhere:
        obligation_01_register_of_an_unknown_request_must_make_it_known_in_the_given_campaign_and_without_tasks
        obligation_02_register_of_a_known_request_must_answer_it_as_it_stands_and_change_nothing_where_the_campaign_and_the_counting_rule_agree_or_no_rule_is_given
        obligation_03_register_with_another_campaign_must_fail_with_campaign_conflict_whatever_the_precondition
        obligation_04_a_counting_rule_must_be_set_by_register_where_a_request_has_neither_a_rule_nor_tasks_and_fail_with_counting_rule_conflict_where_the_request_has_another_rule_or_tasks_without_one
        obligation_05_find_must_answer_a_request_as_the_last_finished_change_left_it
        obligation_06_find_task_must_answer_a_task_of_the_request_as_the_last_finished_change_left_it_its_source_name_included
        obligation_07_delete_must_remove_the_request_and_all_of_its_tasks_and_answer_how_many_those_were_and_a_revision_that_is_later_than_any_that_the_request_had
        obligation_08_delete_task_must_remove_one_task_and_nothing_else_and_those_behind_it_must_move_up_in_their_order
        obligation_09_a_task_that_was_deleted_and_is_recorded_again_must_be_appended_to_its_request
        obligation_10_a_request_that_was_deleted_and_is_known_again_must_have_a_later_revision_than_it_had_before_and_than_its_deletion
        obligation_11_what_is_not_there_or_is_of_a_campaign_outside_the_scope_must_fail_with_unknown_annotation_request_or_unknown_task
        obligation_12_where_a_precondition_does_not_hold_the_change_must_fail_with_precondition_failed
        obligation_13_a_change_that_fails_must_leave_everything_as_it_was
        obligation_14_tasks_deleted_while_others_record_into_the_same_request_must_leave_the_order_of_the_rest_without_gap_or_double_and_must_not_deadlock
        obligation_15_find_named_must_answer_the_tasks_of_the_request_that_were_made_of_a_source_in_their_order_at_most_as_many_as_asked_for_and_how_many_there_are
        obligation_16_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable
    , postgres only:
        obligation_17_where_find_named_finds_several_tasks_that_need_more_memory_than_the_implementations_limit_it_must_fail_with_too_large_a_single_task_must_be_answered_whatever_its_size
}

const ALL: &CampaignScope = &CampaignScope::All;

fn id(name: &str) -> AnnotationRequestId {
    AnnotationRequestId::new(name).unwrap()
}

async fn find(data: &impl Implementation, name: &str) -> AnnotationRequest {
    data.registry().find(&id(name), ALL).await.unwrap()
}

async fn delete_task(data: &impl Implementation, name: &str, task: i64) -> Result<AnnotationRequest, RegistryError> {
    data.registry().delete_task(&id(name), TaskId::from(task), ALL, Precondition::None).await
}

async fn obligation_01_register_of_an_unknown_request_must_make_it_known_in_the_given_campaign_and_without_tasks(
    data: &impl Implementation,
) {
    let told = data.registry().register(new_request("a", "C", Some("objects/2")), Precondition::None).await.unwrap();
    assert_eq!((told.campaign_id.as_str(), told.task_count), ("C", 0));
    assert_eq!(told.counting_rule, Some(CountingRuleName::OBJECTS_2));
    assert_eq!(told.created_at, told.updated_at);
    assert_eq!(find(data, "a").await, told);
    let answer = ask(data, &["a"]).await;
    assert_eq!((answer.page.count, answer.revisions), (0, vec![told.revision]));
}

async fn obligation_02_register_of_a_known_request_must_answer_it_as_it_stands_and_change_nothing_where_the_campaign_and_the_counting_rule_agree_or_no_rule_is_given(
    data: &impl Implementation,
) {
    register(data, "ruled", Some("x/1")).await;
    record(data, [task("ruled", 1), task("unruled", 1), task("unruled", 2)]).await;
    for (request, rule, tasks) in [("ruled", None, 1), ("ruled", Some("x/1"), 1), ("unruled", None, 2)] {
        let before = find(data, request).await;
        assert_eq!(register(data, request, rule).await, before, "{request}, {rule:?}");
        assert_eq!((before.task_count, find(data, request).await), (tasks, before));
    }
}

async fn obligation_03_register_with_another_campaign_must_fail_with_campaign_conflict_whatever_the_precondition(
    data: &impl Implementation,
) {
    register(data, "bare", None).await;
    record(data, [task("full", 1)]).await;
    // One that does not hold would tell the state to whom it does not concern.
    let (none, moved) = (Precondition::None, Precondition::Revision(vec![]));
    for (request, precondition) in [("bare", none), ("full", Precondition::Known), ("full", moved)] {
        match data.registry().register(new_request(request, "other", None), precondition).await {
            Err(RegistryError::CampaignConflict { annotation_request_id, recorded, given }) => {
                assert_eq!((annotation_request_id, recorded.as_str(), given.as_str()), (id(request), "1001", "other"));
            }
            other => panic!("{request}: {other:?}"),
        }
    }
}

async fn obligation_04_a_counting_rule_must_be_set_by_register_where_a_request_has_neither_a_rule_nor_tasks_and_fail_with_counting_rule_conflict_where_the_request_has_another_rule_or_tasks_without_one(
    data: &impl Implementation,
) {
    register(data, "bare", None).await;
    let ruled = register(data, "bare", Some("x/1")).await;
    assert_eq!(ruled.counting_rule.as_ref().map(CountingRuleName::as_str), Some("x/1"));
    assert_eq!(find(data, "bare").await, ruled);
    record(data, [task("full", 1)]).await;
    for (request, recorded) in [("bare", Some("x/1")), ("full", None)] {
        match data.registry().register(new_request(request, "1001", Some("y/1")), Precondition::None).await {
            Err(RegistryError::CountingRuleConflict(conflict)) => {
                assert_eq!(conflict.recorded.as_ref().map(CountingRuleName::as_str), recorded);
                assert_eq!((conflict.annotation_request_id, conflict.given.as_str()), (id(request), "y/1"));
            }
            other => panic!("{request}: {other:?}"),
        }
    }
}

async fn obligation_05_find_must_answer_a_request_as_the_last_finished_change_left_it(data: &impl Implementation) {
    let mut last = Revision::from(0);
    record(data, [task("a", 1), task("a", 2), task("other", 1)]).await;
    for (tasks, deleted, expected) in [(vec![], None, 2), (vec![task("a", 3)], None, 3), (vec![], Some(2), 2)] {
        record(data, tasks).await;
        if let Some(task) = deleted {
            assert_eq!(delete_task(data, "a", task).await.unwrap(), find(data, "a").await);
        }
        let told = find(data, "a").await;
        assert_eq!((told.task_count, told.id.as_str(), told.campaign_id.as_str()), (expected, "a", "1001"));
        assert_eq!(ask(data, &["a"]).await.revisions, [told.revision]);
        assert!(told.revision > last && told.updated_at >= told.created_at);
        last = told.revision;
    }
}

async fn obligation_07_delete_must_remove_the_request_and_all_of_its_tasks_and_answer_how_many_those_were_and_a_revision_that_is_later_than_any_that_the_request_had(
    data: &impl Implementation,
) {
    record(data, (0..500).map(|number| task("a", number)).chain([task("b", 1)])).await;
    register(data, "bare", None).await;
    for (request, tasks) in [("a", 500), ("bare", 0)] {
        let last = find(data, request).await.revision;
        let deleted = data.registry().delete(&id(request), ALL, Precondition::None).await.unwrap();
        assert_eq!(deleted.tasks, tasks);
        assert!(deleted.revision > last, "{deleted:?}, {last:?}");
        let gone = data.repository().find_page(&ids(&[request]), page(1, 10), ALL).await;
        assert!(matches!(gone, Err(RepositoryError::UnknownAnnotationRequests(_))), "{gone:?}");
    }
    record(data, [task("a", 7)]).await;
    assert_eq!(task_ids(&ask(data, &["a", "b"]).await.page.rows), [7, 1], "nothing of the first a is left");
}

async fn obligation_08_delete_task_must_remove_one_task_and_nothing_else_and_those_behind_it_must_move_up_in_their_order(
    data: &impl Implementation,
) {
    let mut tasks: Vec<_> = (0..300).map(|number| task("a", number * 37 % 1009).frames(3)).collect();
    record(data, tasks.clone().into_iter().chain([task("b", 37)])).await;
    // The last one, the first one, and some in the middle.
    for position in [299, 0, 149, 1, 148, 294] {
        let gone = tasks.remove(position).statistics().id();
        let told = delete_task(data, "a", gone.get()).await.unwrap();
        assert_eq!(told.task_count, u64::try_from(tasks.len()).unwrap());
        let answer = ask(data, &["a"]).await;
        assert_eq!((answer.page.count, answer.revisions), (told.task_count, vec![told.revision]));
        let expected: Vec<_> = tasks.iter().map(annotation_statistics_tests::Task::statistics).collect();
        assert_eq!(answer.page.rows, expected, "without the one at {position}");
    }
    assert_eq!(task_ids(&ask(data, &["b"]).await.page.rows), [37], "the same number in another request");
}

async fn obligation_09_a_task_that_was_deleted_and_is_recorded_again_must_be_appended_to_its_request(
    data: &impl Implementation,
) {
    record(data, [task("a", 1), task("a", 2), task("a", 3)]).await;
    delete_task(data, "a", 1).await.unwrap();
    record(data, [task("a", 4), task("a", 1), task("a", 3).frames(9)]).await;
    assert_eq!(task_ids(&ask(data, &["a"]).await.page.rows), [2, 3, 4, 1]);
}

async fn obligation_10_a_request_that_was_deleted_and_is_known_again_must_have_a_later_revision_than_it_had_before_and_than_its_deletion(
    data: &impl Implementation,
) {
    let mut last = Revision::from(0);
    for round in 0..10 {
        let told = match round % 2 {
            0 => register(data, "a", None).await.revision,
            _ => record(data, [task("a", 1)]).await.revision.unwrap(),
        };
        assert!(told > last);
        last = data.registry().delete(&id("a"), ALL, Precondition::None).await.unwrap().revision;
        assert!(last > told);
    }
}

async fn obligation_11_what_is_not_there_or_is_of_a_campaign_outside_the_scope_must_fail_with_unknown_annotation_request_or_unknown_task(
    data: &impl Implementation,
) {
    record(data, [task("ours", 1).campaign("ours"), task("theirs", 1).campaign("theirs")]).await;
    let ours = &CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    let registry = data.registry();
    for (request, scope) in [("theirs", ours), ("nobody's", ours), ("nobody's", ALL)] {
        let (request, none) = (id(request), Precondition::None);
        let task = TaskId::from(1);
        // With a precondition that does not hold, too: that would tell that there is something.
        let moved = Precondition::Revision(vec![]);
        for refused in [
            registry.find(&request, scope).await.map(drop),
            registry.delete(&request, scope, none.clone()).await.map(drop),
            registry.delete(&request, scope, moved).await.map(drop),
            registry.delete_task(&request, task, scope, none).await.map(drop),
        ] {
            assert!(
                matches!(&refused, Err(RegistryError::UnknownAnnotationRequest(id)) if *id == request),
                "{refused:?}"
            );
        }
    }
    assert_eq!(registry.find(&id("ours"), ours).await.unwrap().task_count, 1);
    let refused = registry.delete_task(&id("ours"), TaskId::from(7), ours, Precondition::None).await.unwrap_err();
    assert!(matches!(&refused, RegistryError::UnknownTask { .. }), "{refused:?}");
    assert_eq!(refused.to_string(), "annotation request `ours` has no task 7");
    assert_eq!(ask(data, &["ours", "theirs"]).await.page.count, 2);
}

async fn obligation_12_where_a_precondition_does_not_hold_the_change_must_fail_with_precondition_failed(
    data: &impl Implementation,
) {
    record(data, [task("a", 1), task("a", 2)]).await;
    let (registry, before) = (data.registry(), find(data, "a").await);
    let moved = || Precondition::Revision(vec![Revision::from(before.revision.number() - 1)]);
    for (refused, request, current) in [
        (registry.register(new_request("a", "1001", None), moved()).await.map(drop), "a", Some(before.revision)),
        (registry.register(new_request("n", "1001", None), moved()).await.map(drop), "n", None),
        (registry.register(new_request("n", "1001", None), Precondition::Known).await.map(drop), "n", None),
        (registry.delete(&id("a"), ALL, moved()).await.map(drop), "a", Some(before.revision)),
        (registry.delete_task(&id("a"), TaskId::from(1), ALL, moved()).await.map(drop), "a", Some(before.revision)),
    ] {
        match refused {
            Err(RegistryError::PreconditionFailed(fault)) => {
                assert_eq!((fault.annotation_request_id.as_str(), fault.current), (request, current));
            }
            other => panic!("{request}: {other:?}"),
        }
    }
    let holds = |told: &AnnotationRequest| Precondition::Revision(vec![Revision::from(1), told.revision]);
    let told = registry.register(new_request("a", "1001", None), holds(&before)).await.unwrap();
    let told = registry.delete_task(&id("a"), TaskId::from(1), ALL, holds(&told)).await.unwrap();
    assert_eq!(registry.delete(&id("a"), ALL, holds(&told)).await.unwrap().tasks, 1);
}

async fn obligation_13_a_change_that_fails_must_leave_everything_as_it_was(data: &impl Implementation) {
    record(data, [task("a", 1), task("a", 2)]).await;
    let (registry, moved) = (data.registry(), || Precondition::Revision(vec![]));
    let before = (find(data, "a").await, ask(data, &["a"]).await);
    registry.register(new_request("a", "other", None), Precondition::None).await.unwrap_err();
    registry.register(new_request("a", "1001", Some("x/1")), Precondition::None).await.unwrap_err();
    registry.register(new_request("n", "1001", None), moved()).await.unwrap_err();
    registry.delete(&id("a"), ALL, moved()).await.unwrap_err();
    registry.delete_task(&id("a"), TaskId::from(1), ALL, moved()).await.unwrap_err();
    delete_task(data, "a", 9).await.unwrap_err();
    assert_eq!((find(data, "a").await, ask(data, &["a"]).await), before);
    registry.find(&id("n"), ALL).await.unwrap_err();
}

async fn obligation_14_tasks_deleted_while_others_record_into_the_same_request_must_leave_the_order_of_the_rest_without_gap_or_double_and_must_not_deadlock(
    data: &impl Implementation,
) {
    const ROUNDS: i64 = 12;
    record(data, (0..ROUNDS * 2).map(|number| task("a", number))).await;
    let writers = (1..=3).map(|writer| {
        let recorder = data.recorder();
        tokio::spawn(async move {
            for round in 0..ROUNDS {
                let tasks = [task("a", writer * 1000 + round), task("a", 1).frames(u32::try_from(round).unwrap())];
                recorder.record(stream(tasks), Precondition::None).await.unwrap();
            }
        })
    });
    let deleters = (0..2).map(|deleter| {
        let registry = data.registry();
        tokio::spawn(async move {
            for round in (0..ROUNDS).filter(|round| round * 2 + deleter != 1) {
                let gone = TaskId::from(round * 2 + deleter);
                registry.delete_task(&id("a"), gone, ALL, Precondition::None).await.unwrap();
            }
        })
    });
    for done in writers.chain(deleters).collect::<Vec<_>>() {
        done.await.unwrap();
    }
    let left = task_ids(&ask(data, &["a"]).await.page.rows);
    assert_eq!((left.first(), left.len()), (Some(&1), 37), "1 was never deleted, and 3 writers recorded 12 each");
    for writer in 1..=3 {
        let own: Vec<_> = left.iter().copied().filter(|number| number / 1000 == writer).collect();
        assert_eq!(own, (0..ROUNDS).map(|round| writer * 1000 + round).collect::<Vec<_>>());
    }
}
