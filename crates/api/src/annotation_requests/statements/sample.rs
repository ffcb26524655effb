//! A statement of two frames, as a repository has it.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKinds, ItemSums,
    MockStatementRepository, OperationItemKey, Place, PoolName, PoolType, PublishedKey, RecordedTask, RequestTotals,
    Revision, RowFrame, Statement, StatementError, StatementFacts, StatementFormat, StatementHead, StatementName,
    Statistics, StatisticsParts, Summary, TaskId, TaskStatus, Totals,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The first key of RFC 8032, which is known to everyone.
pub(super) const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

/// How many tasks the statement has: one more than a frame.
pub(super) const TASKS: u64 = RowFrame::ROWS + 1;

pub(super) const ID: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

pub(super) fn key() -> SigningKey {
    SigningKey::from_pem(KEY).unwrap()
}

/// A statement and its frames.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) statement: Statement,
    pub(super) frames: Vec<RowFrame>,
}

pub(super) fn made_at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(1_744_122_000_123_456)
}

pub(super) fn published() -> PublishedKey {
    PublishedKey { key: key().public_key().clone(), created_at: made_at(), retired_at: None }
}

/// Makes the statement `2025-04`.
pub(super) fn sample() -> Sample {
    let facts = facts();
    let mut draft = SignedFormat::new(key()).begin(facts.clone()).unwrap();
    let mut frames: Vec<_> = tasks().filter_map(|task| draft.take(&task).unwrap()).collect();
    let signed = draft.finish().unwrap();
    frames.extend(signed.last_frame);
    let (request, _) = &facts.summary.requests()[0];
    let head = StatementHead {
        annotation_request_id: request.id.clone(),
        campaign_id: request.campaign_id.clone(),
        counting_rule: request.counting_rule.clone(),
        number: facts.number,
        name: facts.name,
        revision: request.revision,
        task_count: TASKS,
        rows: signed.rows,
        sha256: signed.sha256,
        key_id: key().public_key().id.clone(),
        actor: "ak-1".to_owned(),
        created_at: facts.created_at,
    };
    Sample { statement: Statement { head, body: signed.body, signature: signed.signature }, frames }
}

impl Sample {
    /// The rows as they are signed.
    pub(super) fn rows(&self) -> Vec<u8> {
        zstd::decode_all(self.zstd().as_slice()).unwrap()
    }

    pub(super) fn zstd(&self) -> Vec<u8> {
        self.frames.iter().flat_map(|frame| frame.zstd.clone()).collect()
    }

    /// A repository that has the statement under its name, and returns its frames one at a time.
    pub(super) fn repository(&self) -> MockStatementRepository {
        let (mut repository, sample) = (MockStatementRepository::new(), self.clone());
        repository.expect_find().returning(move |id, name, _| {
            if *name == sample.statement.head.name {
                return Ok(sample.statement.clone());
            }
            Err(StatementError::UnknownStatement { annotation_request_id: id.clone(), name: name.clone() })
        });
        let frames = self.frames.clone();
        repository.expect_find_frames().returning(move |_, _, start, _| {
            let annotation_statistics_domain::FrameStart::Place(place) = start else { return Ok(Vec::new()) };
            Ok(frames.iter().filter(|frame| frame.place == place).cloned().collect())
        });
        repository
    }
}

pub(super) fn facts() -> StatementFacts {
    let (tasks, counts) = (TASKS, u128::from(TASKS));
    let request = RequestTotals {
        id: AnnotationRequestId::new(ID).unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(1_744_122_000_000_000),
        task_count: tasks,
        groups: vec![(
            PoolType::Complete,
            TaskStatus::LABELS_APPROVED,
            Totals { tasks, instances: 12 * counts, attributes: 44 * counts, frames: counts },
        )],
    };
    let item = |key: &str, count: u128| ItemSums {
        key: OperationItemKey::new(key).unwrap(),
        count: count * counts,
        tasks,
        tasks_of_slots: 0,
        tasks_of_inputs: 0,
        stated_kind: None,
    };
    let items = vec![item("car", 12), item("color", 44)];
    StatementFacts {
        name: StatementName::new("2025-04").unwrap(),
        number: NonZeroU64::MIN,
        previous: None,
        summary: Summary::new(vec![request], items).unwrap(),
        created_at: made_at(),
    }
}

pub(super) fn tasks() -> impl Iterator<Item = RecordedTask> {
    (1..=i64::try_from(TASKS).unwrap()).map(|id| {
        let item = |key: &str, count: i64| (OperationItemKey::new(key).unwrap(), Count::try_from(count).unwrap());
        let parts = StatisticsParts {
            id: TaskId::from(1_146_703_288_430_264_320 + id),
            source_name: None,
            status: TaskStatus::LABELS_APPROVED,
            campaign_id: CampaignId::new("1001").unwrap(),
            pool_name: PoolName::new("complete pool").unwrap(),
            pool_type: PoolType::Complete,
            instance_info: InstanceInfo::new([item("car", 12), item("color", 44)]).unwrap(),
            instance_num: Count::try_from(12_i64).unwrap(),
            attribute_num: Count::try_from(44_i64).unwrap(),
            frame_num: Count::ONE,
        };
        RecordedTask {
            place: Place::from(u64::try_from(id).unwrap()),
            annotation_request_id: AnnotationRequestId::new(ID).unwrap(),
            counting_rule: Some(CountingRuleName::OBJECTS_2),
            item_kinds: ItemKinds::default(),
            statistics: Statistics::new(parts).unwrap(),
        }
    })
}

/// What signs with the key.
pub(super) fn signing() -> Arc<dyn StatementFormat> {
    Arc::new(SignedFormat::new(key()))
}
