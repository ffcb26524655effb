//! Tasks that are asked for by their ids.

use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestRegistry, CampaignId, CampaignScope, FoundTask, NamedTasks, RegistryError,
    SourceName, TaskId,
};
use annotation_statistics_tests::{Implementation, Task, TestDatabase, record, statistics_of, task};

async fn find(
    data: &impl Implementation,
    request: &str,
    task: i64,
    scope: &CampaignScope,
) -> Result<FoundTask, RegistryError> {
    data.registry().find_task(&AnnotationRequestId::new(request).unwrap(), TaskId::from(task), scope).await
}

/// `find_task` MUST return a task of the request as the last finished change left it, its source name included.
pub(super) async fn obligation_06(data: &impl Implementation) {
    record(data, [task("a", 1), task("a", i64::MIN).made_of("a/b.jpg"), task("b", 1).campaign("other")]).await;
    let expect = async |task: Task, id| {
        let revision = statistics_of(data, &["a"]).await.revisions[0];
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
        let reported = if is_task {
            matches!(refused, RegistryError::UnknownTask { task, .. } if task.get() == id)
        } else {
            matches!(refused, RegistryError::UnknownAnnotationRequest(_))
        };
        assert!(reported, "{reason}: {refused:?}");
    }
}

/// `find_named` MUST return the tasks of the request that were made of a source, in their order, at most as many as
/// requested, and how many there are.
pub(super) async fn obligation_15(data: &impl Implementation) {
    let named = |id: i64| task("a", id).made_of("v/0001.jpg");
    record(data, [named(9), task("a", 1), named(-3), task("a", 2).made_of("V/0001.jpg"), named(5)]).await;
    record(data, [task("b", 9).made_of("v/0001.jpg"), task("c", 1).made_of("v/0001.jpg").campaign("other")]).await;
    let find = async |request: &str, name: &str, most, scope: &CampaignScope| {
        let (id, name) = (AnnotationRequestId::new(request).unwrap(), SourceName::new(name).unwrap());
        data.registry().find_named(&id, &name, most, scope).await
    };
    let revision = statistics_of(data, &["a"]).await.revisions[0];
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

/// Where `find_named` finds several tasks that need more memory than the implementation's limit it MUST fail with
/// `TooLarge`; a single task MUST be returned whatever its size.
pub(super) async fn obligation_17(database: &TestDatabase) {
    record(database, [1, 2].map(|id| task("a", id).items(100).made_of("v/0001.jpg"))).await;
    let (id, name) = (AnnotationRequestId::new("a").unwrap(), SourceName::new("v/0001.jpg").unwrap());
    let registry = database.registry().with_max_page(3_000);
    let refused = registry.find_named(&id, &name, 2, &CampaignScope::All).await;
    assert!(matches!(refused, Err(RegistryError::TooLarge { largest: 2_700..=3_700 })), "{refused:?}");
    let one = registry.find_named(&id, &name, 1, &CampaignScope::All).await.unwrap();
    assert_eq!((one.count, one.tasks.len()), (2, 1));
}
