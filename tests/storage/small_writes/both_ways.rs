//! Whether a write goes through arrays or through a staging table, it does the same.

use annotation_statistics_domain::{
    CampaignScope, ItemKind, PoolType, Precondition, RecordError, Recorded, StatisticsRecorder, StatisticsRepository,
    TaskId,
};
use annotation_statistics_storage::PostgresStatisticsRecorder;
use annotation_statistics_tests::{Task, TestDatabase, ids, page, stream, task};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest::{collection::vec, strategy::Just};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// How many sequences of writes.
const CASES: u32 = 64;

/// All that is recorded, but when.
const TABLES: [&str; 7] = [
    "SELECT id, campaign_id, task_count, counting_rule, revision > 0, summed_revision = revision, \
     created_at = timestamptz 'epoch' + revision * interval '1 microsecond', \
     updated_at = timestamptz 'epoch' + revision * interval '1 microsecond' FROM annotation_requests ORDER BY id",
    "SELECT * FROM statistics ORDER BY annotation_request_id, position",
    "SELECT * FROM statistics_totals ORDER BY annotation_request_id, pool_type, status",
    "SELECT * FROM operation_item_totals ORDER BY annotation_request_id, item_key",
    "SELECT * FROM item_group_totals ORDER BY annotation_request_id, item_key, pool_type, status",
    "SELECT * FROM operation_items ORDER BY annotation_request_id, item_key",
    "SELECT annotation_request_id FROM deleted_annotation_requests ORDER BY annotation_request_id",
];

/// Sums by operation item, pool type and status that are not those of the tasks.
const DRIFTS: &str = "
    SELECT to_jsonb(t)::text FROM (
        SELECT t.annotation_request_id, t.pool_type, t.status, item.key AS item_key, sum(item.value::text::numeric) AS total,
               count(*) AS tasks, count(*) FILTER (WHERE t.attribute_num = 0) AS tasks_of_slots,
               count(*) FILTER (WHERE t.instance_num = 0) AS tasks_of_inputs
        FROM statistics AS t, jsonb_each(t.instance_info) AS item WHERE item.value <> '0' GROUP BY 1, 2, 3, 4
    ) AS t NATURAL FULL JOIN (SELECT *, true AS is_kept FROM item_group_totals) AS kept
    WHERE kept.is_kept IS NULL OR t.annotation_request_id IS NULL";

/// What became of the writes: success, and each conflict.
const OUTCOMES: [&str; 8] = [
    "",
    "CampaignConflict",
    "CountingRuleConflict",
    "DuplicateTask",
    "ItemKindConflict",
    "PreconditionFailed(PreconditionFailed",
    "SourceNameConflict",
    "SourceNameTaken",
];

/// One row of a write: few values each, so that rows of several writes meet.
#[derive(Debug, Clone)]
struct Row {
    request: u8,
    id: i64,
    name: Option<u8>,
    by_name: bool,
    campaign: u8,
    rule: u8,
    status: i32,
    pool: bool,
    items: u8,
    frames: u32,
    kind: Option<bool>,
}

#[derive(Debug, Clone, Copy)]
enum Condition {
    None,
    Known,
    Current,
    Stale,
}

#[derive(Debug, Clone)]
struct Write {
    rows: Vec<Row>,
    condition: Condition,
}

fn rarely<T: Clone + std::fmt::Debug + 'static>(usually: T, other: T) -> impl Strategy<Value = T> {
    prop_oneof![49 => Just(usually), 1 => Just(other)]
}

fn row() -> impl Strategy<Value = Row> {
    let name = prop_oneof![2 => Just(None), 1 => (0..3_u8).prop_map(Some)];
    let kind = prop_oneof![15 => Just(None), 4 => Just(Some(true)), 1 => Just(Some(false))];
    let place = (0..3_u8, 0..7_i64, name, any::<bool>(), rarely(1, 2), rarely(1, 2));
    let counted = (10..12_i32, any::<bool>(), 0..5_u8, 0..2_u32, kind);
    (place, counted).prop_map(|((request, id, name, by_name, campaign, rule), (status, pool, items, frames, kind))| {
        Row { request, id, name, by_name, campaign, rule, status, pool, items, frames, kind }
    })
}

fn write() -> impl Strategy<Value = Write> {
    let condition = prop_oneof![
        17 => Just(Condition::None),
        1 => Just(Condition::Known),
        1 => Just(Condition::Current),
        1 => Just(Condition::Stale)
    ];
    (vec(row(), 0..6), condition).prop_map(|(rows, condition)| Write { rows, condition })
}

impl Row {
    fn task(&self, case: u32) -> Task {
        let name = self.name.map(|name| format!("name {name}"));
        let id = match &name {
            Some(name) if self.by_name => TaskId::of_name(name).get(),
            _ => self.id,
        };
        let pool = if self.pool { (PoolType::Check, "check pool") } else { (PoolType::Complete, "complete pool") };
        let row = task(&request(case, self.request), id).campaign(&self.campaign.to_string()).status(self.status);
        let row = row.pool(pool.0, pool.1).frames(self.frames);
        let row = match self.items {
            0 => row.instance_info(&[], 0, 0),
            1 => row.instance_info(&[("zero", 0)], 0, 0),
            2 => row.instance_info(&[("car", 2)], 2, 0),
            3 => row.instance_info(&[("car", 2), ("color", 1)], 2, 1),
            _ => row.instance_info(&[("color\t\"\\", 3)], 0, 3),
        };
        // One of the three requests has no rule.
        let row = if self.request > 0 { row.counted_by(&format!("objects/{}", self.rule)) } else { row };
        let row = name.map_or(row.clone(), |name| row.made_of(&name));
        self.kind.map_or(row.clone(), |slot| row.stating("car", if slot { ItemKind::Slot } else { ItemKind::Input }))
    }
}

fn request(case: u32, number: u8) -> String {
    format!("{case:03} {number}")
}

/// A database, and a recorder that takes one of both ways.
struct Way {
    database: TestDatabase,
    recorder: PostgresStatisticsRecorder,
}

impl Way {
    fn of_writes_above(few: usize) -> Self {
        let database = TestDatabase::new();
        let recorder = database.recorder().staging_above(few);
        Self { database, recorder }
    }

    async fn make(&self, case: u32, write: &Write) -> Result<Recorded, RecordError> {
        let current = match write.rows.first() {
            Some(row) => {
                let asked = ids(&[&request(case, row.request)]);
                let found = self.database.repository().find_page(&asked, page(1, 1), &CampaignScope::All).await;
                found.map(|found| found.revisions).unwrap_or_default()
            }
            None => Vec::new(),
        };
        let condition = match write.condition {
            Condition::None => Precondition::None,
            Condition::Known => Precondition::Known,
            Condition::Current => Precondition::Revision(current),
            Condition::Stale => Precondition::Revision(Vec::new()),
        };
        let tasks: Vec<Task> = write.rows.iter().map(|row| row.task(case)).collect();
        self.recorder.record(stream(tasks), condition).await
    }

    fn tables(&self) -> Vec<Vec<String>> {
        let mut session = self.database.session();
        TABLES.iter().map(|table| session.query(&format!("SELECT to_jsonb(t)::text FROM ({table}) AS t"))).collect()
    }
}

/// What is said of a write, but for the revisions, which are times.
fn said(done: Result<Recorded, RecordError>) -> String {
    match done {
        Ok(Recorded { inserted, updated, unchanged, revision }) => {
            format!("{inserted} {updated} {unchanged} {}", revision.is_some())
        }
        Err(RecordError::PreconditionFailed(failed)) => {
            format!("{} {}", failed.annotation_request_id, failed.current.is_some())
        }
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn random_writes_leave_the_same_tables_whichever_way_they_take() {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (arrays, staging) = (Way::of_writes_above(usize::MAX), Way::of_writes_above(0));
    let (case, outcomes) = (Cell::new(0), RefCell::new(BTreeMap::new()));
    let tried = runner.run(&vec(write(), 1..10), |writes| {
        case.set(case.get() + 1);
        for write in &writes {
            let done = runtime.block_on(arrays.make(case.get(), write));
            let error = done.as_ref().err().map(|error| format!("{error:?}")).unwrap_or_default();
            *outcomes.borrow_mut().entry(error.split(' ').next().unwrap().to_owned()).or_insert(0) += 1;
            assert_eq!(said(done), said(runtime.block_on(staging.make(case.get(), write))), "{write:?}");
        }
        assert_eq!(arrays.tables(), staging.tables());
        assert_eq!(arrays.database.query(DRIFTS), [""; 0]);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
    let outcomes = outcomes.into_inner();
    assert_eq!(outcomes.keys().map(String::as_str).collect::<Vec<_>>(), OUTCOMES, "all were met: {outcomes:?}");
}
