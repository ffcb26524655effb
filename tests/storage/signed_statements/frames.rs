//! The rows of statements, a bounded number of bytes at a time.

use super::{format, id, make, statements};
use annotation_statistics_domain::{FrameStart, StatementNumber, StatementRepository, TaskId};
use annotation_statistics_tests::{TestDatabase, record, task};
use std::num::NonZeroU32;

async fn places(database: &TestDatabase, start: FrameStart, most: u32) -> Vec<u64> {
    let most = NonZeroU32::new(most).unwrap();
    let frames = statements(database).find_frames(&id(), StatementNumber::MIN, start, most).await.unwrap();
    frames.iter().map(|frame| frame.place).collect()
}

#[tokio::test]
async fn frames_that_are_large_come_fewer_at_a_time_and_one_at_least() {
    let database = TestDatabase::new();
    record(&database, (0..1_300).map(|number| task("a", number))).await;
    make(&database, "2026-11", format()).await.unwrap();
    assert_eq!(places(&database, FrameStart::Place(0), 100).await, [0, 1, 2, 3, 4, 5]);
    // 3 MiB each, and one of 5 MiB: at most 4 MiB at a time.
    database
        .execute("UPDATE statement_chunks SET zstd = decode(repeat('00', (3 + 2 * (chunk = 2)::int) << 20), 'hex')");
    for (first, expected) in [(0, [0]), (1, [1]), (2, [2]), (3, [3])] {
        assert_eq!(places(&database, FrameStart::Place(first), 100).await, expected);
    }
    assert_eq!(
        places(&database, FrameStart::Task(TaskId::from(600)), 100).await,
        [2],
        "it begins with that of task 512"
    );
    assert_eq!(places(&database, FrameStart::Task(TaskId::from(-1)), 100).await, [0]);
}
