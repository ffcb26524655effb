//! An export in ascending order of the ids of the tasks.

use super::{ALL, Before, Call, Notes, many, summary, taken};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, ExportError, ItemKind, RepositoryError, Statistics,
};
use annotation_statistics_tests::{Implementation, record, statistics_of, task};
use std::sync::{Arc, Mutex};

/// `export_by_task_id` MUST hand over all tasks of the request as `export` does, in ascending order of their ids.
pub(super) async fn obligation_13(data: &impl Implementation) {
    let stating = task("a", -9).instance_info(&[("late", 2)], 2, 0).stating("late", ItemKind::Slot);
    record(data, many("a").chain([task("b", 1), stating, task("a", -8).instance_info(&[("late", 1)], 1, 0)])).await;
    let mut rows = statistics_of(data, &["a"]).await.page.rows;
    rows.sort_by_key(Statistics::id);
    let calls = export(data, ALL).await.unwrap();
    assert_eq!(calls[0], Call::Begin(Box::new(summary(data, &["a"]).await)));
    let tasks = taken(&calls);
    assert_eq!(tasks.iter().map(|task| task.statistics.clone()).collect::<Vec<_>>(), rows);
    let stated: Vec<_> =
        tasks.iter().filter(|task| !task.item_kinds.is_empty()).map(|task| task.place.number()).collect();
    assert_eq!((stated, calls.last()), (vec![1], Some(&Call::Drop)), "with the first task that has the item");
    let elsewhere = CampaignScope::Only([CampaignId::new("2002").unwrap()].into());
    let refused = export(data, &elsewhere).await.unwrap_err();
    assert!(matches!(refused, ExportError::Repository(RepositoryError::UnknownAnnotationRequests(_))), "{refused:?}");
}

async fn export(data: &impl Implementation, scope: &CampaignScope) -> Result<Vec<Call>, ExportError> {
    let calls = Arc::<Mutex<Vec<Call>>>::default();
    let before: Before = Box::new(|_| Ok(()));
    let target = Box::new(Notes { calls: Arc::clone(&calls), before });
    data.exporter().export_by_task_id(&AnnotationRequestId::new("a").unwrap(), scope, target).await?;
    let calls = calls.lock().unwrap().clone();
    Ok(calls)
}
