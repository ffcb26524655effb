//! Holds implementations of the `AnnotationRequestRegistry` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, CampaignId, CampaignScope, CountingRuleName, Precondition, RegistryError,
    RepositoryError, Revision, TaskId,
};
use annotation_statistics_tests::{
    Implementation, held_to, ids, new_request, page, record, register, statistics_of, stream, task, task_ids,
};

mod found_tasks;
use found_tasks::{obligation_06, obligation_15, obligation_17};

mod statements;
mod unavailable;
use statements::obligation_18;
use unavailable::obligation_16;

held_to! { "annotation_request_registry",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_14 obligation_15 obligation_16
        obligation_18
    , postgres only:
        obligation_17
}

/// Where requests are sharded, a task is deleted by a statement for each table: the same obligations for that.
mod postgres_as_if_sharded {
    use annotation_statistics_tests::{AsIfSharded, Implementation, held_to};

    macro_rules! held_to_each {
        ($($obligation:ident)+) => {
            $(held_to!(@test "annotation_request_registry", Implementation, AsIfSharded, $obligation);)+
        };
    }

    held_to_each! {
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_14 obligation_15 obligation_16
    }
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

/// `register` of an unknown request MUST make it known, in the given campaign and without tasks.
async fn obligation_01(data: &impl Implementation) {
    let reported =
        data.registry().register(new_request("a", "C", Some("objects/2")), Precondition::None).await.unwrap();
    assert_eq!((reported.campaign_id.as_str(), reported.task_count), ("C", 0));
    assert_eq!(reported.counting_rule, Some(CountingRuleName::OBJECTS_2));
    assert_eq!(reported.created_at, reported.updated_at);
    assert_eq!(find(data, "a").await, reported);
    let response = statistics_of(data, &["a"]).await;
    assert_eq!((response.page.count, response.revisions), (0, vec![reported.revision]));
}

/// `register` of a known request MUST return it as it is and change nothing, where the campaign and the counting rule
/// agree or no rule is given.
async fn obligation_02(data: &impl Implementation) {
    register(data, "ruled", Some("x/1")).await;
    record(data, [task("ruled", 1), task("unruled", 1), task("unruled", 2)]).await;
    for (request, rule, tasks) in [("ruled", None, 1), ("ruled", Some("x/1"), 1), ("unruled", None, 2)] {
        let before = find(data, request).await;
        assert_eq!(register(data, request, rule).await, before, "{request}, {rule:?}");
        assert_eq!((before.task_count, find(data, request).await), (tasks, before));
    }
}

/// `register` with another campaign MUST fail with `CampaignConflict`, whatever the precondition.
async fn obligation_03(data: &impl Implementation) {
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

/// A counting rule MUST be set by `register` where a request has neither a rule nor tasks, and fail with
/// `CountingRuleConflict` where the request has another rule, or tasks without one.
async fn obligation_04(data: &impl Implementation) {
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

/// `find` MUST return a request as the last finished change left it.
async fn obligation_05(data: &impl Implementation) {
    let mut last = Revision::from(0);
    record(data, [task("a", 1), task("a", 2), task("other", 1)]).await;
    for (tasks, deleted, expected) in [(vec![], None, 2), (vec![task("a", 3)], None, 3), (vec![], Some(2), 2)] {
        record(data, tasks).await;
        if let Some(task) = deleted {
            assert_eq!(delete_task(data, "a", task).await.unwrap(), find(data, "a").await);
        }
        let reported = find(data, "a").await;
        assert_eq!((reported.task_count, reported.id.as_str(), reported.campaign_id.as_str()), (expected, "a", "1001"));
        assert_eq!(statistics_of(data, &["a"]).await.revisions, [reported.revision]);
        assert!(reported.revision > last && reported.updated_at >= reported.created_at);
        last = reported.revision;
    }
}

/// `delete` MUST remove the request and all of its tasks, and return how many those were, and a revision that is later
/// than any that the request had.
async fn obligation_07(data: &impl Implementation) {
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
    assert_eq!(task_ids(&statistics_of(data, &["a", "b"]).await.page.rows), [7, 1], "nothing of the first a is left");
}

/// `delete_task` MUST remove one task and nothing else, and those behind it MUST move up in their order.
async fn obligation_08(data: &impl Implementation) {
    let mut tasks: Vec<_> = (0..300).map(|number| task("a", number * 37 % 1009).frames(3)).collect();
    record(data, tasks.clone().into_iter().chain([task("b", 37)])).await;
    // The last one, the first one, and some in the middle.
    for position in [299, 0, 149, 1, 148, 294] {
        let gone = tasks.remove(position).statistics().id();
        let reported = delete_task(data, "a", gone.get()).await.unwrap();
        assert_eq!(reported.task_count, u64::try_from(tasks.len()).unwrap());
        let response = statistics_of(data, &["a"]).await;
        assert_eq!((response.page.count, response.revisions), (reported.task_count, vec![reported.revision]));
        let expected: Vec<_> = tasks.iter().map(annotation_statistics_tests::Task::statistics).collect();
        assert_eq!(response.page.rows, expected, "without the one at {position}");
    }
    assert_eq!(task_ids(&statistics_of(data, &["b"]).await.page.rows), [37], "the same number in another request");
}

/// A task that was deleted and is recorded again MUST be appended to its request.
async fn obligation_09(data: &impl Implementation) {
    record(data, [task("a", 1), task("a", 2), task("a", 3)]).await;
    delete_task(data, "a", 1).await.unwrap();
    record(data, [task("a", 4), task("a", 1), task("a", 3).frames(9)]).await;
    assert_eq!(task_ids(&statistics_of(data, &["a"]).await.page.rows), [2, 3, 4, 1]);
}

/// A request that was deleted and is known again MUST have a later revision than it had before and than its deletion.
async fn obligation_10(data: &impl Implementation) {
    let mut last = Revision::from(0);
    for round in 0..10 {
        let reported = match round % 2 {
            0 => register(data, "a", None).await.revision,
            _ => record(data, [task("a", 1)]).await.revision.unwrap(),
        };
        assert!(reported > last);
        last = data.registry().delete(&id("a"), ALL, Precondition::None).await.unwrap().revision;
        assert!(last > reported);
    }
}

/// What is not there, or is of a campaign outside the scope, MUST fail with `UnknownAnnotationRequest` or
/// `UnknownTask`.
async fn obligation_11(data: &impl Implementation) {
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
    assert_eq!(statistics_of(data, &["ours", "theirs"]).await.page.count, 2);
}

/// Where a precondition does not hold, the change MUST fail with `PreconditionFailed`.
async fn obligation_12(data: &impl Implementation) {
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
            Err(RegistryError::PreconditionFailed(error)) => {
                assert_eq!((error.annotation_request_id.as_str(), error.current), (request, current));
            }
            other => panic!("{request}: {other:?}"),
        }
    }
    let holds = |reported: &AnnotationRequest| Precondition::Revision(vec![Revision::from(1), reported.revision]);
    let reported = registry.register(new_request("a", "1001", None), holds(&before)).await.unwrap();
    let reported = registry.delete_task(&id("a"), TaskId::from(1), ALL, holds(&reported)).await.unwrap();
    assert_eq!(registry.delete(&id("a"), ALL, holds(&reported)).await.unwrap().tasks, 1);
}

/// A change that fails MUST leave everything as it was.
async fn obligation_13(data: &impl Implementation) {
    record(data, [task("a", 1), task("a", 2)]).await;
    let (registry, moved) = (data.registry(), || Precondition::Revision(vec![]));
    let before = (find(data, "a").await, statistics_of(data, &["a"]).await);
    registry.register(new_request("a", "other", None), Precondition::None).await.unwrap_err();
    registry.register(new_request("a", "1001", Some("x/1")), Precondition::None).await.unwrap_err();
    registry.register(new_request("n", "1001", None), moved()).await.unwrap_err();
    registry.delete(&id("a"), ALL, moved()).await.unwrap_err();
    registry.delete_task(&id("a"), TaskId::from(1), ALL, moved()).await.unwrap_err();
    delete_task(data, "a", 9).await.unwrap_err();
    assert_eq!((find(data, "a").await, statistics_of(data, &["a"]).await), before);
    registry.find(&id("n"), ALL).await.unwrap_err();
}

/// Tasks deleted while others record into the same request MUST leave the order of the rest without gap or double, and
/// MUST NOT deadlock.
async fn obligation_14(data: &impl Implementation) {
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
    let left = task_ids(&statistics_of(data, &["a"]).await.page.rows);
    assert_eq!((left.first(), left.len()), (Some(&1), 37), "1 was never deleted, and 3 writers recorded 12 each");
    for writer in 1..=3 {
        let own: Vec<_> = left.iter().copied().filter(|number| number / 1000 == writer).collect();
        assert_eq!(own, (0..ROUNDS).map(|round| writer * 1000 + round).collect::<Vec<_>>());
    }
}
