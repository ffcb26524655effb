//! Tasks that come twice.

use annotation_statistics_domain::{Precondition, RecordError};
use annotation_statistics_tests::{Implementation, record, stream, task};

/// A task that comes twice in one stream MUST fail with `DuplicateTask`.
pub(super) async fn obligation_09(data: &impl Implementation) {
    record(data, [task("known", 1), task("known", 2)]).await;
    for (tasks, expected, reason) in [
        (vec![task("n", 1), task("n", 2), task("n", 1)], (3, 1, "n", 1), "new tasks"),
        (vec![task("known", 2), task("known", 2)], (2, 1, "known", 2), "known and unchanged"),
        (vec![task("known", 1).frames(5), task("n", 1), task("known", 1).frames(6)], (3, 1, "known", 1), "changed"),
        (vec![task("known", 9), task("n", 9), task("n", 9), task("known", 9)], (3, 2, "n", 9), "the first of them"),
    ] {
        match data.recorder().record(stream(tasks), Precondition::None).await {
            Err(RecordError::DuplicateTask { place, first, annotation_request_id, task }) => assert_eq!(
                (place.number(), first.number(), annotation_request_id.as_str(), task.get()),
                expected,
                "{reason}"
            ),
            other => panic!("{reason}: {other:?}"),
        }
    }
}
