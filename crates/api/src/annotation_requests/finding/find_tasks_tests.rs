use crate::Ports;
use crate::test_support::{TASK_PLACES, compact, get, ports, settings, state_of};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, FoundTaskPlaces, MockAnnotationRequestFinder, PoolName, PoolType, SourceName,
    TaskId, TaskPlace, TaskPosition, TaskStatus,
};
use std::sync::Arc;

fn place() -> TaskPlace {
    TaskPlace {
        annotation_request_id: AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        task_id: TaskId::from(1_146_703_288_430_264_321),
        source_name: Some(SourceName::new("frames/000017.jpg").unwrap()),
        status: TaskStatus::LABELS_APPROVED,
        pool_name: PoolName::new("complete pool").unwrap(),
        pool_type: PoolType::Complete,
    }
}

#[actix_web::test]
async fn the_requests_of_a_task_are_served_as_the_documentation_shows_them() {
    let position = TaskPosition { annotation_request_id: place().annotation_request_id, position: 7 };
    let last = FoundTaskPlaces { tasks: vec![place()], next: None };
    let first = FoundTaskPlaces { next: Some(position.clone()), ..last.clone() };
    let mut finder = MockAnnotationRequestFinder::new();
    finder.expect_find_tasks().returning(move |search, _| {
        assert!(search.after.as_ref().is_none_or(|after| *after == position));
        Ok(if search.after.is_some() { last.clone() } else { first.clone() })
    });
    let state = state_of(Ports { finder: Arc::new(finder), ..ports() }, settings());
    let url = "/rosetta-open/tasks?taskId=1146703288430264321";
    let body: serde_json::Value = serde_json::from_str(get(state.clone(), url).await.text()).unwrap();
    let next = body["data"]["next"].as_str().unwrap();
    let response = get(state, &format!("{url}&cursor={next}")).await;
    assert_eq!((response.status, response.text()), (200, compact(TASK_PLACES).as_str()));
}
