//! Pages of any size, one after the other.

use annotation_statistics_tests::{
    Implementation, InMemoryStatistics, Task, TestDatabase, ids, record, register, task, walk,
};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[test]
fn the_concatenated_pages_are_the_full_list() {
    concatenate_pages(&TestDatabase::empty());
    concatenate_pages(&InMemoryStatistics::empty());
}

/// No gap, no double, the count constant, whatever is asked in pages of whatever size.
fn concatenate_pages(data: &impl Implementation) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let case = std::cell::Cell::new(0);
    let requests = proptest::collection::vec(0_i64..12, 1..6);
    let checked = runner.run(&(requests, 1_u32..9), |(task_counts, limit)| {
        case.set(case.get() + 1);
        let names: Vec<String> = (0..task_counts.len()).map(|number| format!("{}/{number}", case.get())).collect();
        let (requested, mut expected) = (ids(&names.iter().map(String::as_str).collect::<Vec<_>>()), Vec::new());
        for (id, tasks) in requested.as_slice().iter().zip(task_counts) {
            runtime.block_on(register(data, id.as_str(), None));
            expected.extend((0..tasks).map(|number| task(id.as_str(), number * 7 % 13)));
        }
        let count = u64::try_from(expected.len()).unwrap();
        let rows: Vec<_> = expected.iter().map(Task::statistics).collect();
        runtime.block_on(record(data, expected));
        let (walked, counts) = runtime.block_on(walk(&*data.repository(), &requested, limit));
        assert_eq!(walked, rows);
        assert!(counts.iter().all(|reported| *reported == count), "{counts:?} for {count}");
        Ok(())
    });
    checked.unwrap();
}
