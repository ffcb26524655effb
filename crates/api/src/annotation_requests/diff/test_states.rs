//! Statements that are kept, and tasks that are recorded now.

use crate::test_support::{TestResponse, ports, send, settings, state_of};
use crate::{ApiSettings, ApiState, Ports, PrimaryPorts};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignId, CampaignScope, Count, CountingRuleName, ExportError,
    ExportTarget, FrameStart, InstanceInfo, ItemKinds, ItemSums, MockStatementRepository, MockStatisticsRepository,
    MockSummaryRepository, OperationItemKey, Place, PoolName, PoolType, RecordedTask, RequestTotals, Revision,
    RowFrame, Statement, StatementError, StatementFacts, StatementFormat, StatementHead, StatementName,
    StatementNumber, Statistics, StatisticsExporter, StatisticsParts, Summary, TaskFilter, TaskId, TaskStatus, Totals,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

const URL: &str = "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b/diff";

pub(super) async fn get(state: ApiState, query: &str, headers: &[(&str, &str)]) -> TestResponse {
    let request = TestRequest::get().uri(&format!("{URL}{query}"));
    send(state, headers.iter().fold(request, |request, header| request.insert_header(*header))).await
}

/// Tasks of October: two are complete, one is not, one does not change, and one goes.
pub(super) fn october() -> Vec<Statistics> {
    let id = 1_146_703_288_430_264_300;
    vec![
        done(id + 1, &[("car", 2), ("car/color", 2)]),
        done(id + 2, &[("car", 1)]),
        open(id + 3, &[("car", 4)]),
        open(id + 4, &[]),
        done(id + 5, &[("bus", 7)]),
    ]
}

/// One was reworked, one reopened, one delivered, one removed, and one added.
pub(super) fn november() -> Vec<Statistics> {
    let id = 1_146_703_288_430_264_300;
    vec![
        done(id + 1, &[("car", 3), ("car/color", 2)]),
        open(id + 2, &[("car", 1)]),
        done(id + 3, &[("car", 4)]),
        open(id + 4, &[]),
        open(id + 9, &[("truck", 1)]),
    ]
}

pub(super) fn statements() -> Vec<Kept> {
    vec![
        Kept::new("2026-10", 1, 1_744_122_000_000_000, &october()),
        Kept::new("2026-11", 2, 1_744_208_400_000_000, &november()),
    ]
}

/// The first one of RFC 8032.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

pub(super) fn id() -> AnnotationRequestId {
    AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap()
}

/// A task in the complete pool; an item with a slash is of attributes.
pub(super) fn done(id: i64, items: &[(&str, i64)]) -> Statistics {
    task(id, (PoolType::Complete, "complete pool", 11), items)
}

/// A task that is checked.
pub(super) fn open(id: i64, items: &[(&str, i64)]) -> Statistics {
    task(id, (PoolType::Check, "check pool", 6), items)
}

fn task(id: i64, (pool_type, pool, status): (PoolType, &str, i32), items: &[(&str, i64)]) -> Statistics {
    let sum = |is_attribute| {
        let of_kind = items.iter().filter(|(key, _)| key.contains('/') == is_attribute);
        Count::try_from(of_kind.map(|(_, count)| count).sum::<i64>()).unwrap()
    };
    let counts =
        items.iter().map(|(key, count)| (OperationItemKey::new(*key).unwrap(), Count::try_from(*count).unwrap()));
    let parts = StatisticsParts {
        id: TaskId::from(id),
        source_name: None,
        status: TaskStatus::from(status),
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new(pool).unwrap(),
        pool_type,
        instance_info: InstanceInfo::new(counts).unwrap(),
        instance_num: sum(false),
        attribute_num: sum(true),
        frame_num: Count::ONE,
    };
    Statistics::new(parts).unwrap()
}

fn number(count: Count) -> u128 {
    u128::from(u64::from(count))
}

fn summary(revision: i64, tasks: &[Statistics]) -> Summary {
    let (mut groups, mut items) = (BTreeMap::<_, Totals>::new(), BTreeMap::<_, (u128, u64)>::new());
    for task in tasks {
        let group = groups.entry((task.pool_type(), task.status())).or_default();
        group.tasks += 1;
        group.instances += number(task.instance_num());
        group.attributes += number(task.attribute_num());
        group.frames += number(task.frame_num());
        for (key, count) in task.instance_info().iter() {
            let item = items.entry(key.to_owned()).or_default();
            *item = (item.0 + number(count), item.1 + 1);
        }
    }
    let item = |(key, (count, tasks)): (String, (u128, u64))| {
        let of_inputs = if key.contains('/') { tasks } else { 0 };
        let key = OperationItemKey::new(key).unwrap();
        ItemSums { key, count, tasks, tasks_of_slots: tasks - of_inputs, tasks_of_inputs: of_inputs, stated_kind: None }
    };
    let request = RequestTotals {
        id: id(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(revision),
        task_count: u64::try_from(tasks.len()).unwrap(),
        groups: groups.into_iter().map(|((pool, status), totals)| (pool, status, totals)).collect(),
    };
    Summary::new(vec![request], items.into_iter().map(item).collect()).unwrap()
}

fn recorded(task: &Statistics) -> RecordedTask {
    RecordedTask {
        place: Place::from(1),
        annotation_request_id: id(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        item_kinds: ItemKinds::default(),
        statistics: task.clone(),
    }
}

/// A statement, and its frames; none: they must not be read.
pub(super) struct Kept {
    pub(super) statement: Statement,
    pub(super) frames: Option<Vec<RowFrame>>,
}

impl Kept {
    pub(super) fn new(name: &str, number: u64, revision: i64, tasks: &[Statistics]) -> Self {
        let key = SigningKey::from_pem(KEY).unwrap();
        let key_id = key.public_key().id.clone();
        let (name, number) = (StatementName::new(name).unwrap(), StatementNumber::new(number).unwrap());
        let created_at = SystemTime::UNIX_EPOCH;
        let facts = StatementFacts {
            name: name.clone(),
            number,
            previous: None,
            summary: summary(revision, tasks),
            created_at,
        };
        let mut draft = SignedFormat::new(key).begin(facts).unwrap();
        let mut frames: Vec<_> = tasks.iter().filter_map(|task| draft.take(&recorded(task)).unwrap()).collect();
        let signed = draft.finish().unwrap();
        frames.extend(signed.last_frame);
        let head = StatementHead {
            annotation_request_id: id(),
            campaign_id: CampaignId::new("1001").unwrap(),
            counting_rule: Some(CountingRuleName::OBJECTS_2),
            number,
            name,
            revision: Revision::from(revision),
            task_count: u64::try_from(tasks.len()).unwrap(),
            rows: signed.rows,
            sha256: signed.sha256,
            key_id,
            actor: "a key".to_owned(),
            created_at,
        };
        let statement = Statement { head, body: signed.body, signature: signed.signature };
        Self { statement, frames: Some(frames) }
    }
}

/// What an exporter exports.
pub(super) type Now = (Summary, Vec<RecordedTask>);

pub(super) fn now(revision: i64, tasks: &[Statistics]) -> Now {
    (summary(revision, tasks), tasks.iter().map(recorded).collect())
}

/// Exports these states, one after the other.
pub(super) struct Exporting(std::sync::Mutex<Vec<Now>>);

pub(super) fn exporting(states: Vec<Now>) -> Arc<Exporting> {
    Arc::new(Exporting(std::sync::Mutex::new(states)))
}

type Exported<'a> = Pin<Box<dyn Future<Output = Result<(), ExportError>> + Send + 'a>>;

impl StatisticsExporter for Exporting {
    fn export<'a, 'b, 'c, 'd, 'all>(
        &'a self,
        _: &'b AnnotationRequestIds,
        _: &'c TaskFilter,
        _: &'d CampaignScope,
        _: Box<dyn ExportTarget>,
    ) -> Exported<'all>
    where
        'a: 'all,
        'b: 'all,
        'c: 'all,
        'd: 'all,
        Self: 'all,
    {
        unreachable!("tasks are needed in the order of their ids")
    }

    fn export_by_task_id<'a, 'b, 'c, 'all>(
        &'a self,
        request: &'b AnnotationRequestId,
        _: &'c CampaignScope,
        mut target: Box<dyn ExportTarget>,
    ) -> Exported<'all>
    where
        'a: 'all,
        'b: 'all,
        'c: 'all,
        Self: 'all,
    {
        assert_eq!(request, &id());
        let (summary, tasks) = self.0.lock().unwrap().pop().unwrap();
        let export = move || {
            target.begin(&summary)?;
            tasks.iter().try_for_each(|task| target.take(task))?;
            target.finish()
        };
        Box::pin(async { tokio::task::spawn_blocking(export).await.unwrap().map_err(ExportError::Target) })
    }
}

/// A port with these statements.
pub(super) fn keeping(kept: Vec<Kept>) -> MockStatementRepository {
    let kept = Arc::new(kept);
    let mut statements = MockStatementRepository::new();
    let found = Arc::clone(&kept);
    statements.expect_find().returning(move |request, name, _| {
        let found = found.iter().find(|kept| kept.statement.head.name == *name);
        found.map(|kept| kept.statement.clone()).ok_or_else(|| StatementError::UnknownStatement {
            annotation_request_id: request.clone(),
            name: name.clone(),
        })
    });
    let listed = Arc::clone(&kept);
    statements.expect_list().returning(move |_, before, limit, _| {
        let heads = listed.iter().rev().map(|kept| kept.statement.head.clone());
        let heads = heads.filter(|head| before.is_none_or(|before| head.number < before));
        Ok(heads.take(usize::try_from(limit.get()).unwrap()).collect())
    });
    statements.expect_find_frames().returning(move |_, number, start, most| {
        let frames = kept.iter().find(|kept| kept.statement.head.number == number).unwrap().frames.as_ref().unwrap();
        let first = match start {
            FrameStart::Place(place) => usize::try_from(place).unwrap(),
            FrameStart::Task(task) => frames.iter().rposition(|frame| frame.first_task <= task).unwrap_or_default(),
        };
        Ok(frames.iter().skip(first).take(usize::try_from(most.get()).unwrap()).cloned().collect())
    });
    statements
}

pub(super) fn state(kept: Vec<Kept>, exporter: Arc<Exporting>) -> ApiState {
    state_with(keeping(kept), exporter, settings())
}

pub(super) fn state_with(
    statements: MockStatementRepository,
    exporter: Arc<dyn StatisticsExporter>,
    settings: ApiSettings,
) -> ApiState {
    state_of(Ports { statements: Arc::new(statements), exporter, ..ports() }, settings)
}

pub(super) fn with_primary(kept: Vec<Kept>, replica: Arc<Exporting>, primary: Arc<Exporting>) -> ApiState {
    state(kept, replica).with_primary(PrimaryPorts {
        repository: Arc::new(MockStatisticsRepository::new()),
        summaries: Arc::new(MockSummaryRepository::new()),
        exporter: primary,
    })
}
