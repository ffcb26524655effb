//! Writers that record into the same requests at the same time.

use super::task::{stream, task};
use annotation_statistics_domain::{Precondition, StatisticsRecorder};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// How many writers there are.
pub const WRITERS: i64 = 8;
/// How often each writes.
pub const ROUNDS: i64 = 6;
/// The requests that all of them write to; each has the task -1 before.
pub const SHARED: [&str; 3] = ["a", "b", "c"];

/// Appends two tasks to each request in each round, and updates one that others update too, in an order of its
/// own.
pub async fn write_rounds(recorder: Arc<dyn StatisticsRecorder>, writer: i64, acknowledged: Arc<Mutex<BTreeSet<i64>>>) {
    for round in 0..ROUNDS {
        let new = [writer * 1000 + round * 2, writer * 1000 + round * 2 + 1];
        let mut requests = SHARED;
        requests.rotate_left(usize::try_from((writer + round) % 3).unwrap());
        if writer % 2 == 0 {
            requests.reverse();
        }
        let frames = u32::try_from(writer * 100 + round).unwrap();
        let tasks =
            requests.map(|request| [task(request, new[0]), task(request, -1).frames(frames), task(request, new[1])]);
        recorder.record(stream(tasks.concat()), Precondition::None).await.unwrap();
        acknowledged.lock().unwrap().extend(new);
    }
}
