//! Data that cannot be reached.

use super::{ALL, delete_task, find, id};
use annotation_statistics_domain::{Precondition, RegistryError, SourceName, TaskId};
use annotation_statistics_tests::{Implementation, new_request, register};
use std::time::Instant;

/// Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
pub(super) async fn obligation_16<I: Implementation>(data: &I) {
    register(data, "a", None).await;
    data.cut_off();
    let (registry, started) = (data.registry(), Instant::now());
    for refused in [
        registry.find(&id("a"), ALL).await.map(drop),
        registry.find_task(&id("a"), TaskId::from(1), ALL).await.map(drop),
        registry.find_named(&id("a"), &SourceName::new("a").unwrap(), 1, ALL).await.map(drop),
        registry.register(new_request("a", "1001", None), Precondition::None).await.map(drop),
        registry.delete(&id("a"), ALL, Precondition::None).await.map(drop),
        delete_task(data, "a", 1).await.map(drop),
    ] {
        assert!(matches!(refused, Err(RegistryError::Unavailable(_))), "{refused:?}");
    }
    assert!(started.elapsed() < I::TIME_LIMIT * 6, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(find(data, "a").await.task_count, 0, "it heals by itself");
}
