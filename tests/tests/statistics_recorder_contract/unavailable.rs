//! Data that cannot be reached or changed.

use annotation_statistics_domain::{Precondition, RecordError};
use annotation_statistics_tests::{Implementation, record, stream, task};
use std::time::Instant;

pub(super) async fn obligation_16_where_the_data_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_unavailable<
    I: Implementation,
>(
    data: &I,
) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let refused = data.recorder().record(stream([task("a", 2)]), Precondition::None).await;
    assert!(matches!(refused, Err(RecordError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(record(data, [task("a", 2)]).await.inserted, 1, "it heals by itself");
}

pub(super) async fn obligation_17_check_ready_must_succeed_exactly_when_tasks_can_be_recorded(
    data: &impl Implementation,
) {
    let recorder = data.recorder();
    recorder.check_ready().await.unwrap();
    data.cut_off();
    let refused = recorder.check_ready().await;
    assert!(matches!(refused, Err(RecordError::Unavailable(_))), "{refused:?}");
    data.reconnect();
    recorder.check_ready().await.unwrap();
}
