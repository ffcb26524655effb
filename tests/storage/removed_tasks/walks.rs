//! What a client sees that reads page after page while tasks are removed.

use super::{ALL, id, remove};
use annotation_statistics_domain::{Revision, StatisticsPage, StatisticsRepository};
use annotation_statistics_storage::PackingLimits;
use annotation_statistics_tests::{TestDatabase, ids, page, record, task, task_ids};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

const LIMIT: u32 = 7;

/// Reads the pages of a request in the given order, and removes a task before each but the first.
async fn walk(pages: impl Iterator<Item = u64>, removed: &[i64]) -> (Vec<Vec<i64>>, Vec<i64>) {
    let database = TestDatabase::new();
    record(&database, (0..50).map(|number| task("a", number))).await;
    let mut met = Vec::new();
    for (number, gone) in pages.zip(std::iter::once(None).chain(removed.iter().copied().map(Some))) {
        if let Some(gone) = gone {
            remove(&database, gone).await;
            record(&database, [task("a", 1_000 + gone)]).await;
        }
        let found = database.repository().find_page(&ids(&["a"]), page(number, LIMIT), ALL).await.unwrap();
        met.push(task_ids(&found.page.rows));
    }
    let left = (0..50).filter(|number| !removed.contains(number)).collect();
    (met, left)
}

/// Some that were read, some that were not, and some of the page that comes next.
const REMOVALS: [[i64; 7]; 4] =
    [[0, 1, 2, 3, 4, 5, 6], [49, 48, 47, 46, 45, 44, 43], [25, 24, 26, 23, 27, 22, 28], [7, 20, 13, 40, 6, 31, 0]];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_from_the_last_page_to_the_first_misses_no_task_that_is_left() {
    for removed in REMOVALS {
        let (met, left) = walk((1..=8).rev(), &removed).await;
        let met: BTreeSet<i64> = met.into_iter().flatten().collect();
        let missed: Vec<&i64> = left.iter().filter(|number| !met.contains(number)).collect();
        assert_eq!(missed, Vec::<&i64>::new(), "removed {removed:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_from_the_first_page_on_meets_no_task_twice_and_misses_one_for_each_that_was_removed_before_it() {
    for removed in REMOVALS {
        let (met, left) = walk(1..=8, &removed).await;
        assert!(met[..7].iter().all(|rows| rows.len() == 7), "pages are full, as `count` says: {met:?}");
        let all: Vec<i64> = met.into_iter().flatten().collect();
        let met: BTreeSet<i64> = all.iter().copied().collect();
        assert_eq!(met.len(), all.len(), "removed {removed:?}");
        let missed = left.iter().filter(|number| !met.contains(number)).count();
        assert!(missed <= removed.len(), "{missed} for {removed:?}");
    }
}

/// The tasks of the request at each of its revisions.
type History = Arc<Mutex<HashMap<Revision, Vec<i64>>>>;

fn check(history: &History, found: &StatisticsPage, number: u64) {
    let history = history.lock().unwrap();
    let Some(tasks) = history.get(&found.revisions[0]) else { return };
    let first = usize::try_from((number - 1) * u64::from(LIMIT)).unwrap();
    let expected: Vec<i64> = tasks.iter().skip(first).take(7).copied().collect();
    assert_eq!(task_ids(&found.page.rows), expected, "page {number}");
    assert_eq!(found.page.count, u64::try_from(tasks.len()).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_is_of_one_snapshot_while_tasks_are_removed_and_recorded_and_gaps_are_packed() {
    let database = Arc::new(TestDatabase::new());
    let mut tasks: Vec<i64> = (0..120).collect();
    let recorded = record(&*database, tasks.clone().into_iter().map(|number| task("a", number))).await;
    let history: History = Arc::new(Mutex::new(HashMap::from([(recorded.revision.unwrap(), tasks.clone())])));
    let (changed, kept) = (Arc::clone(&database), Arc::clone(&history));
    let writer = tokio::spawn(async move {
        let limits = PackingLimits { step: 5, ..PackingLimits::default() };
        let registry = changed.registry().with_packing(limits);
        for round in 0..60_usize {
            let gone = tasks.remove(round * 37 % tasks.len());
            let revision = remove(&*changed, gone).await.revision;
            kept.lock().unwrap().insert(revision, tasks.clone());
            if round % 3 == 0 {
                registry.pack(&id()).await.unwrap();
            }
            if round % 7 == 0 {
                tasks.push(gone);
                let recorded = record(&*changed, [task("a", gone)]).await;
                kept.lock().unwrap().insert(recorded.revision.unwrap(), tasks.clone());
            }
        }
    });
    // As two servers do, each of which knows layouts of its own.
    let repositories = [database.repository(), database.repository()];
    while !writer.is_finished() {
        for number in [1, 9, 3, 17, 12] {
            for repository in &repositories {
                let found = repository.find_page(&ids(&["a"]), page(number, LIMIT), ALL).await.unwrap();
                check(&history, &found, number);
            }
        }
    }
    writer.await.unwrap();
    for number in 1..=12 {
        check(&history, &repositories[0].find_page(&ids(&["a"]), page(number, LIMIT), ALL).await.unwrap(), number);
    }
}
