//! Data that cannot be reached or changed.

use annotation_statistics_domain::{Precondition, RecordError};
use annotation_statistics_tests::{Implementation, record, stream, task};
use std::time::Instant;

/// Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
pub(super) async fn obligation_16<I: Implementation>(data: &I) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let refused = data.recorder().record(stream([task("a", 2)]), Precondition::None).await;
    assert!(matches!(refused, Err(RecordError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(record(data, [task("a", 2)]).await.inserted, 1, "it heals by itself");
}

/// `check_ready` MUST succeed exactly when tasks can be recorded.
pub(super) async fn obligation_17(data: &impl Implementation) {
    let recorder = data.recorder();
    recorder.check_ready().await.unwrap();
    data.cut_off();
    let refused = recorder.check_ready().await;
    assert!(matches!(refused, Err(RecordError::Unavailable(_))), "{refused:?}");
    data.reconnect();
    recorder.check_ready().await.unwrap();
}
