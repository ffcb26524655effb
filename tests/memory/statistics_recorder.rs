//! The obligation of a recorder that is about memory.

use annotation_statistics_domain::{
    CampaignScope, Precondition, RecordedTask, Statistics, StatisticsRecorder, StatisticsRepository, TaskStream,
};
use annotation_statistics_tests::{PeakMemory, TestDatabase, ids, page, print_obligation, task, task_ids};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const TASKS: u64 = 200_000;

/// The stream MUST be read once, in order, with memory that does not grow with its length.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn obligation_14() {
    print_obligation("statistics_recorder", "obligation_14");
    let data = &TestDatabase::new();
    let recorder = data.recorder();
    let read = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&read);
    // Read in order and once: each task is made from the number of those read before.
    let tasks: TaskStream = Box::new(std::iter::from_fn(move || {
        let place = counted.fetch_add(1, Ordering::Relaxed);
        (place < TASKS).then(|| Ok(task("a", i64::try_from(place).unwrap()).at(place)))
    }));
    let kept = TASKS * u64::try_from(size_of::<RecordedTask>() + size_of::<Statistics>()).unwrap();
    assert!(kept > 32 << 20, "whoever kept them would need {kept} bytes at least");
    let peak = PeakMemory::start();
    assert_eq!(recorder.record(tasks, Precondition::None).await.unwrap().inserted, TASKS);
    if let Some(grown) = peak.grown() {
        assert!(grown < 16 << 20, "{grown} bytes more than before");
    }
    assert_eq!(read.load(Ordering::Relaxed), TASKS + 1, "up to its end and not further");
    let last = data.repository().find_page(&ids(&["a"]), page(TASKS, 1), &CampaignScope::All).await.unwrap();
    assert_eq!(task_ids(&last.page.rows), [i64::try_from(TASKS).unwrap() - 1]);
}
