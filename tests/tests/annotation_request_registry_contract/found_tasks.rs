//! Tasks that are asked for by their ids.

use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestRegistry, CampaignId, CampaignScope, FoundTask, NamedTasks, RegistryError,
    SourceName, TaskId,
};
use annotation_statistics_tests::{Implementation, Task, TestDatabase, ask, record, task};

async fn find(
    data: &impl Implementation,
    request: &str,
    task: i64,
    scope: &CampaignScope,
) -> Result<FoundTask, RegistryError> {
    data.registry().find_task(&AnnotationRequestId::new(request).unwrap(), TaskId::from(task), scope).await
}

pub(super) async fn obligation_06_find_task_must_answer_a_task_of_the_request_as_the_last_finished_change_left_it_its_source_name_included(
    data: &impl Implementation,
) {
    record(data, [task("a", 1), task("a", i64::MIN).made_of("a/b.jpg"), task("b", 1).campaign("other")]).await;
    let expect = async |task: Task, id| {
        let revision = ask(data, &["a"]).await.revisions[0];
        let found = find(data, "a", id, &CampaignScope::All).await.unwrap();
        assert_eq!(found, FoundTask { statistics: task.statistics(), revision });
        found.statistics.source_name().map(SourceName::to_string)
    };
    assert_eq!(expect(task("a", 1), 1).await, None);
    assert_eq!(expect(task("a", i64::MIN).made_of("a/b.jpg"), i64::MIN).await.as_deref(), Some("a/b.jpg"));
    record(data, [task("a", 1).frames(7)]).await;
    expect(task("a", 1).frames(7), 1).await;
    let ours = CampaignScope::Only([CampaignId::new("1001").unwrap()].into());
    for (request, id, scope, is_task, reason) in [
        ("a", 2, &ours, true, "the request has no such task"),
        ("c", 1, &ours, false, "there is no such request"),
        ("b", 1, &ours, false, "it is of another campaign"),
    ] {
        let refused = find(data, request, id, scope).await.unwrap_err();
        let told = if is_task {
            matches!(refused, RegistryError::UnknownTask { task, .. } if task.get() == id)
        } else {
            matches!(refused, RegistryError::UnknownAnnotationRequest(_))
        };
        assert!(told, "{reason}: {refused:?}");
    }
}

pub(super) async fn obligation_15_find_named_must_answer_the_tasks_of_the_request_that_were_made_of_a_source_in_their_order_at_most_as_many_as_asked_for_and_how_many_there_are(
    data: &impl Implementation,
) {
    let named = |id: i64| task("a", id).made_of("v/0001.jpg");
    record(data, [named(9), task("a", 1), named(-3), task("a", 2).made_of("V/0001.jpg"), named(5)]).await;
    record(data, [task("b", 9).made_of("v/0001.jpg"), task("c", 1).made_of("v/0001.jpg").campaign("other")]).await;
    let find = async |request: &str, name: &str, most, scope: &CampaignScope| {
        let (id, name) = (AnnotationRequestId::new(request).unwrap(), SourceName::new(name).unwrap());
        data.registry().find_named(&id, &name, most, scope).await
    };
    let revision = ask(data, &["a"]).await.revisions[0];
    for (name, most, count, tasks, reason) in [
        ("v/0001.jpg", 10, 3, vec![named(9), named(-3), named(5)], "in the order of the request"),
        ("v/0001.jpg", 2, 3, vec![named(9), named(-3)], "no more than asked for"),
        ("V/0001.jpg", 10, 1, vec![task("a", 2).made_of("V/0001.jpg")], "another case is another name"),
        ("x", 10, 0, vec![], "no task was made of it"),
    ] {
        let tasks = tasks.iter().map(Task::statistics).collect();
        let expected = NamedTasks { count, tasks, revision };
        assert_eq!(find("a", name, most, &CampaignScope::All).await.unwrap(), expected, "{reason}");
    }
    let ours = CampaignScope::Only([CampaignId::new("1001").unwrap()].into());
    for (request, reason) in [("c", "it is of another campaign"), ("d", "there is no such request")] {
        let refused = find(request, "v/0001.jpg", 1, &ours).await;
        assert!(matches!(refused, Err(RegistryError::UnknownAnnotationRequest(_))), "{reason}: {refused:?}");
    }
}

pub(super) async fn obligation_17_where_find_named_finds_several_tasks_that_need_more_memory_than_the_implementations_limit_it_must_fail_with_too_large_a_single_task_must_be_answered_whatever_its_size(
    database: &TestDatabase,
) {
    record(database, [1, 2].map(|id| task("a", id).items(100).made_of("v/0001.jpg"))).await;
    let (id, name) = (AnnotationRequestId::new("a").unwrap(), SourceName::new("v/0001.jpg").unwrap());
    let registry = database.registry().with_max_page(3_000);
    let refused = registry.find_named(&id, &name, 2, &CampaignScope::All).await;
    assert!(matches!(refused, Err(RegistryError::TooLarge { largest: 2_700..=3_700 })), "{refused:?}");
    let one = registry.find_named(&id, &name, 1, &CampaignScope::All).await.unwrap();
    assert_eq!((one.count, one.tasks.len()), (2, 1));
}
