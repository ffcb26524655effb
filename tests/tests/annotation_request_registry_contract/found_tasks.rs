//! Tasks that are asked for by their ids.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, FoundTask, RegistryError, SourceName, TaskId,
};
use annotation_statistics_tests::{Implementation, Task, ask, record, task};

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
