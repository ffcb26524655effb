//! Statements of small requests, made with a key that everybody knows.

use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKind, ItemKinds, ItemLabel,
    ItemSums, OperationItemKey, Place, PoolName, PoolType, PreviousStatement, PublicKey, RecordedTask, RequestTotals,
    Revision, RowFrame, SignedStatement, SourceName, StatedItem, StatementFacts, StatementFormat, StatementName,
    Statistics, StatisticsParts, Summary, TaskId, TaskStatus, Totals,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::time::{Duration, SystemTime};

/// The first key of RFC 8032, as openssl writes it.
pub(crate) const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

/// Its public half, as `openssl pkey -pubout` writes it.
pub(crate) const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
";

pub(crate) fn key() -> SigningKey {
    SigningKey::from_pem(KEY).unwrap()
}

/// The second key of RFC 8032.
pub(crate) fn other_key() -> SigningKey {
    let line = "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7";
    SigningKey::from_pem(&format!("-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----\n")).unwrap()
}

/// The public halves of both.
pub(crate) fn keys() -> [PublicKey; 2] {
    [other_key().public_key().clone(), key().public_key().clone()]
}

/// What a statement is made of.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) facts: StatementFacts,
    pub(crate) tasks: Vec<RecordedTask>,
}

/// A statement with all that a client gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) statement: SignedStatement,
    pub(crate) frames: Vec<RowFrame>,
}

impl Made {
    /// The rows as `rows.jsonl.zst` has them.
    pub(crate) fn zstd(&self) -> Vec<u8> {
        self.frames.iter().flat_map(|frame| &frame.zstd).copied().collect()
    }

    /// The rows as `rows.jsonl` has them.
    pub(crate) fn rows(&self) -> Vec<u8> {
        self.frames.iter().flat_map(|frame| zstd::decode_all(frame.zstd.as_slice()).unwrap()).collect()
    }
}

/// Makes the statement.
pub(crate) fn make(sample: &Sample) -> Result<Made, BoxError> {
    let mut draft = SignedFormat::new(key()).begin(sample.facts.clone())?;
    let mut frames = Vec::new();
    for task in &sample.tasks {
        frames.extend(draft.take(task)?);
    }
    let statement = draft.finish()?;
    frames.extend(statement.last_frame.clone());
    Ok(Made { statement, frames })
}

/// The same with a changed document, signed again.
pub(crate) fn resigned(made: &Made, changes: &[(&str, &str)]) -> Made {
    let mut document = String::from_utf8(made.statement.body.clone()).unwrap();
    for (from, to) in changes {
        assert!(document.contains(from), "{from}");
        document = document.replacen(from, to, 1);
    }
    let mut signed = made.clone();
    signed.statement.signature = key().sign(document.as_bytes());
    signed.statement.body = document.into_bytes();
    signed
}

/// A task of the request `R` and the campaign `1001`.
pub(crate) fn task(id: i64, pool_type: PoolType, items: &[(&str, i64)], slots: usize) -> RecordedTask {
    let sum = |items: &[(&str, i64)]| count(items.iter().map(|(_, count)| count).sum());
    let counts = items.iter().map(|(key, number)| (OperationItemKey::new(*key).unwrap(), count(*number)));
    let parts = StatisticsParts {
        id: TaskId::from(id),
        source_name: None,
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new("a pool").unwrap(),
        pool_type,
        instance_info: InstanceInfo::new(counts).unwrap(),
        instance_num: sum(&items[..slots]),
        attribute_num: sum(&items[slots..]),
        frame_num: count(2),
    };
    RecordedTask {
        place: Place::from(1),
        annotation_request_id: AnnotationRequestId::new("R").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        item_kinds: ItemKinds::default(),
        statistics: Statistics::new(parts).unwrap(),
    }
}

/// So many tasks of two items.
pub(crate) fn tasks(number: i64) -> Vec<RecordedTask> {
    let pool = |id| if id % 3 == 0 { PoolType::Check } else { PoolType::Complete };
    (1..=number).map(|id| task(id, pool(id), &[("car", 2), ("car/color", id % 2)], 1)).collect()
}

/// The statement `2026-11`, the third one, of these tasks.
pub(crate) fn sample(tasks: Vec<RecordedTask>) -> Sample {
    let previous = PreviousStatement {
        number: NonZeroU64::new(2).unwrap(),
        sha256: annotation_statistics_domain::Sha256([0xab; 32]),
    };
    let facts = StatementFacts {
        name: StatementName::new("2026-11").unwrap(),
        number: NonZeroU64::new(3).unwrap(),
        previous: Some(previous),
        summary: summary(&tasks),
        created_at: SystemTime::UNIX_EPOCH + Duration::from_micros(1_764_550_800_123_456),
    };
    Sample { facts, tasks }
}

/// The sums of tasks, with a taxonomy that orders a `bus`, which no task has.
pub(crate) fn summary(tasks: &[RecordedTask]) -> Summary {
    let (mut groups, mut items) = (BTreeMap::<_, Totals>::new(), BTreeMap::<&str, ItemSums>::new());
    for RecordedTask { statistics, .. } in tasks {
        let group = groups.entry((statistics.pool_type(), statistics.status())).or_default();
        group.tasks += 1;
        group.instances += wide(statistics.instance_num());
        group.attributes += wide(statistics.attribute_num());
        group.frames += wide(statistics.frame_num());
        for (key, count) in statistics.instance_info().iter() {
            let item = items.entry(key).or_insert_with(|| no_sums(key));
            item.count += wide(count);
            item.tasks += u64::from(count > Count::ZERO);
        }
    }
    let request = RequestTotals {
        id: AnnotationRequestId::new("R").unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(1_764_550_800_000_000),
        task_count: tasks.len().try_into().unwrap(),
        groups: groups.into_iter().map(|((pool_type, status), totals)| (pool_type, status, totals)).collect(),
    };
    Summary::new(vec![request], items.into_values().collect()).unwrap().with_stated_items(taxonomy())
}

fn taxonomy() -> Vec<StatedItem> {
    let stated = |key: &str, label: &str, kind| StatedItem {
        key: OperationItemKey::new(key).unwrap(),
        label: Some(ItemLabel::new(label).unwrap()),
        kind: Some(kind),
        is_found: false,
        is_whitelisted: true,
    };
    vec![stated("bus", "Bus", ItemKind::Slot), stated("car", "Car \"é\"", ItemKind::Slot)]
}

fn no_sums(key: &str) -> ItemSums {
    let (key, stated_kind) = (OperationItemKey::new(key).unwrap(), (key == "car").then_some(ItemKind::Slot));
    ItemSums { key, count: 0, tasks: 0, tasks_of_slots: 0, tasks_of_inputs: 0, stated_kind }
}

/// With a name of what it was made of.
pub(crate) fn named(mut task: RecordedTask, name: &str) -> RecordedTask {
    let parts = StatisticsParts::from(task.statistics);
    let source_name = Some(SourceName::new(name).unwrap());
    task.statistics = Statistics::new(StatisticsParts { source_name, ..parts }).unwrap();
    task
}

/// The same, and with the kind of an item.
pub(crate) fn described(task: RecordedTask, name: &str, item: &str, kind: ItemKind) -> RecordedTask {
    let mut described = named(task, name);
    described.item_kinds.insert(OperationItemKey::new(item).unwrap(), kind);
    described
}

fn count(number: i64) -> Count {
    Count::try_from(number).unwrap()
}

fn wide(count: Count) -> u128 {
    u128::from(u64::from(count))
}
