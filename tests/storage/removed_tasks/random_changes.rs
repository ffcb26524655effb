//! Any changes and reads, one after the other, against a list in memory.

use super::{ALL, counter, drifts, id};
use annotation_statistics_domain::{AnnotationRequestRegistry, Precondition, StatisticsRepository, TaskId};
use annotation_statistics_storage::{PackingLimits, PostgresAnnotationRequestRegistry, PostgresStatisticsRepository};
use annotation_statistics_tests::{TestDatabase, ids, page, record, task, task_ids};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tokio::runtime::Runtime;

#[derive(Debug, Clone)]
enum Change {
    /// So many tasks more.
    Record(u8),
    /// The one at this place, as a share of all.
    Remove(u8),
    /// So many tasks at a time.
    Pack(u8),
    /// By a server that has read before, and by one that has not.
    Read { page: u8, limit: u8 },
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => (1_u8..8).prop_map(Change::Record),
        5 => any::<u8>().prop_map(Change::Remove),
        1 => (1_u8..6).prop_map(Change::Pack),
        3 => (1_u8..9, 1_u8..12).prop_map(|(page, limit)| Change::Read { page, limit }),
    ]
}

struct World {
    database: TestDatabase,
    knowing: PostgresStatisticsRepository,
    registry: PostgresAnnotationRequestRegistry,
    tasks: Vec<i64>,
    recorded: i64,
}

impl World {
    fn new(as_if_sharded: bool) -> Self {
        let database = TestDatabase::new();
        let (mut knowing, mut registry) = (database.repository(), database.registry());
        if as_if_sharded {
            (knowing, registry) = (knowing.as_if_sharded(), registry.as_if_sharded());
        }
        Self { knowing, registry, database, tasks: Vec::new(), recorded: 0 }
    }

    async fn run(&mut self, change: &Change) {
        match *change {
            Change::Record(tasks) => {
                let new: Vec<i64> = (self.recorded..self.recorded + i64::from(tasks)).collect();
                let new_tasks = new.clone().into_iter().map(|id| task("a", id).status(i32::try_from(id % 3).unwrap()));
                record(&self.database, new_tasks).await;
                self.recorded += i64::from(tasks);
                self.tasks.extend(new);
            }
            Change::Remove(_) if self.tasks.is_empty() => {}
            Change::Remove(share) => {
                let gone = self.tasks.remove(usize::from(share) * self.tasks.len() / 256);
                self.registry.delete_task(&id(), TaskId::from(gone), ALL, Precondition::None).await.unwrap();
            }
            Change::Pack(step) => {
                let limits = PackingLimits { step: step.into(), ..PackingLimits::default() };
                self.database.registry().with_packing(limits).pack(&id()).await.unwrap();
            }
            Change::Read { page, limit } => self.read(page.into(), limit.into()).await,
        }
    }

    async fn read(&self, number: u64, limit: u32) {
        if self.recorded == 0 {
            return;
        }
        let first = (usize::try_from(number).unwrap() - 1) * usize::try_from(limit).unwrap();
        let expected: Vec<i64> = self.tasks.iter().skip(first).take(limit.try_into().unwrap()).copied().collect();
        for repository in [&self.knowing, &self.database.repository()] {
            let found = repository.find_page(&ids(&["a"]), page(number, limit), ALL).await.unwrap();
            assert_eq!(task_ids(&found.page.rows), expected);
            assert_eq!(found.page.count, u64::try_from(self.tasks.len()).unwrap());
        }
    }
}

#[test]
fn whatever_is_recorded_removed_packed_and_read_is_as_in_a_list() {
    assert_as_in_a_list(false);
}

#[test]
fn whatever_is_recorded_removed_packed_and_read_as_if_sharded_is_as_in_a_list() {
    assert_as_in_a_list(true);
}

fn assert_as_in_a_list(as_if_sharded: bool) {
    let runtime = Runtime::new().unwrap();
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let checked = runner.run(&prop::collection::vec(change(), 1..40), |changes| {
        let mut world = World::new(as_if_sharded);
        runtime.block_on(async {
            for change in &changes {
                world.run(change).await;
            }
            world.read(1, 1_000).await;
        });
        assert_eq!(drifts(&world.database), Vec::<String>::new());
        let tasks = world.tasks.len().to_string();
        assert!(counter(&world.database).iter().all(|counter| counter.split(' ').next() == Some(tasks.as_str())));
        Ok(())
    });
    checked.unwrap();
}
