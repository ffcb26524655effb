//! Statements in memory, and what was recorded when they were made.

use crate::test_support::{ports, settings, state_of};
use crate::{ApiSettings, ApiState, Ports};
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignId, CampaignScope, Count, CountingRuleName, CreatedStatement, ExportTarget,
    FrameStart, InstanceInfo, ItemSums, NewStatement, OperationItemKey, Place, PoolName, PoolType, PublishedKey,
    RecordedTask, RequestTotals, Revision, RowFrame, SigningKeyId, Statement, StatementError, StatementFacts,
    StatementFormat, StatementHead, StatementName, StatementNumber, StatementRepository, Statistics, StatisticsParts,
    Summary, TaskId, TaskStatus, Totals,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::SystemTime;

/// The key of RFC 8410.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

/// The statements of one name, by request.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) statements: BTreeMap<AnnotationRequestId, (Statement, Vec<RowFrame>)>,
    /// Known requests that have none.
    pub(super) unstated: Vec<AnnotationRequestId>,
}

/// A request with this many tasks: each third one is complete, and each second one has a car of a color.
pub(super) fn tasks(id: &str, count: u32) -> Vec<RecordedTask> {
    let key = |name: &str| OperationItemKey::new(name).unwrap();
    let task = |number: u32| {
        let (cars, colors) = (number % 5, u32::from(number.is_multiple_of(2)));
        let is_complete = number.is_multiple_of(3);
        let items = [(key("car"), Count::from(cars)), (key("car/color"), Count::from(colors))];
        let parts = StatisticsParts {
            id: TaskId::from(1_000_000_000_000_000_000 + i64::from(number)),
            source_name: None,
            status: TaskStatus::from(if is_complete { 11 } else { 3 }),
            campaign_id: CampaignId::new("1001").unwrap(),
            pool_name: PoolName::new(if is_complete { "complete pool" } else { "annotation pool" }).unwrap(),
            pool_type: if is_complete { PoolType::Complete } else { PoolType::Annotation },
            instance_info: InstanceInfo::new(items).unwrap(),
            instance_num: Count::from(cars),
            attribute_num: Count::from(colors),
            frame_num: Count::ONE,
        };
        RecordedTask {
            place: Place::from(u64::from(number)),
            annotation_request_id: AnnotationRequestId::new(id).unwrap(),
            counting_rule: Some(CountingRuleName::OBJECTS_2),
            item_kinds: annotation_statistics_domain::ItemKinds::default(),
            statistics: Statistics::new(parts).unwrap(),
        }
    };
    (1..=count).map(task).collect()
}

/// The sums over these tasks of one request, and what each request adds.
pub(super) fn summary_of(ids: &[&str], tasks: &[RecordedTask]) -> Summary {
    let (mut requests, mut items) = (Vec::new(), BTreeMap::<&str, (u128, u64)>::new());
    for id in ids {
        let mut groups = BTreeMap::<_, Totals>::new();
        let own = tasks.iter().filter(|task| task.annotation_request_id.as_str() == *id);
        for task in own.clone().map(|task| &task.statistics) {
            let [instances, attributes, frames] = super::rows::numbers(task);
            let group = groups.entry((task.pool_type(), task.status())).or_default();
            group.tasks += 1;
            group.instances += instances;
            group.attributes += attributes;
            group.frames += frames;
            for (key, count) in task.instance_info().iter().filter(|(_, count)| u64::from(*count) > 0) {
                let item = items.entry(key).or_default();
                *item = (item.0 + u128::from(u64::from(count)), item.1 + 1);
            }
        }
        requests.push(RequestTotals {
            id: AnnotationRequestId::new(*id).unwrap(),
            campaign_id: CampaignId::new("1001").unwrap(),
            counting_rule: Some(CountingRuleName::OBJECTS_2),
            revision: Revision::from(1_744_122_000_000_000),
            task_count: u64::try_from(own.count()).unwrap(),
            groups: groups.into_iter().map(|((pool, status), totals)| (pool, status, totals)).collect(),
        });
    }
    let sums = |(key, (count, tasks)): (&str, (u128, u64))| ItemSums {
        key: OperationItemKey::new(key).unwrap(),
        count,
        tasks,
        tasks_of_slots: u64::from(key == "car"),
        tasks_of_inputs: u64::from(key != "car"),
        stated_kind: None,
    };
    Summary::new(requests, items.into_iter().map(sums).collect()).unwrap()
}

/// States these tasks of one request, which are in the order of their ids.
pub(super) fn stated(id: &str, tasks: &[RecordedTask]) -> (Statement, Vec<RowFrame>) {
    let format = SignedFormat::new(SigningKey::from_pem(KEY).unwrap());
    let summary = summary_of(&[id], tasks);
    let (request, totals) = summary.requests().first().unwrap().clone();
    let (name, number) = (StatementName::new("2026-11").unwrap(), StatementNumber::MIN);
    let created_at = SystemTime::UNIX_EPOCH;
    let facts = StatementFacts { name: name.clone(), number, previous: None, summary, created_at };
    let mut draft = format.begin(facts).unwrap();
    let mut frames: Vec<_> = tasks.iter().filter_map(|task| draft.take(task).unwrap()).collect();
    let made = draft.finish().unwrap();
    frames.extend(made.last_frame);
    let head = StatementHead {
        annotation_request_id: request.id,
        campaign_id: request.campaign_id,
        counting_rule: request.counting_rule,
        number,
        name,
        revision: request.revision,
        task_count: totals.tasks,
        rows: made.rows,
        sha256: made.sha256,
        key_id: format.public_key().id.clone(),
        actor: "a test".to_owned(),
        created_at,
    };
    (Statement { head, body: made.body, signature: made.signature }, frames)
}

impl Kept {
    /// The statements of these requests, with so many tasks each.
    pub(super) fn of(requests: &[(&str, u32)]) -> Self {
        let statement =
            |(id, count): &(&str, u32)| (AnnotationRequestId::new(*id).unwrap(), stated(id, &tasks(id, *count)));
        Self { statements: requests.iter().map(statement).collect(), unstated: Vec::new() }
    }

    /// A state that has these statements, and whose other ports must not be called.
    pub(super) fn state(self) -> ApiState {
        self.state_with(settings())
    }

    pub(super) fn state_with(self, settings: ApiSettings) -> ApiState {
        state_of(Ports { statements: Arc::new(self), ..ports() }, settings)
    }
}

#[async_trait]
impl StatementRepository for Kept {
    async fn create(
        &self,
        _: NewStatement,
        _: &CampaignScope,
        _: Arc<dyn StatementFormat>,
    ) -> Result<CreatedStatement, StatementError> {
        unreachable!("nothing is made")
    }

    async fn find(
        &self,
        id: &AnnotationRequestId,
        name: &StatementName,
        _: &CampaignScope,
    ) -> Result<Statement, StatementError> {
        match self.statements.get(id) {
            Some((statement, _)) if statement.head.name == *name => Ok(statement.clone()),
            None if !self.unstated.contains(id) => Err(StatementError::UnknownAnnotationRequest(id.clone())),
            _ => Err(StatementError::UnknownStatement { annotation_request_id: id.clone(), name: name.clone() }),
        }
    }

    async fn list(
        &self,
        _: &AnnotationRequestId,
        _: Option<StatementNumber>,
        _: NonZeroU32,
        _: &CampaignScope,
    ) -> Result<Vec<StatementHead>, StatementError> {
        unreachable!("nothing is listed")
    }

    async fn find_frames(
        &self,
        id: &AnnotationRequestId,
        _: StatementNumber,
        start: FrameStart,
        most: NonZeroU32,
    ) -> Result<Vec<RowFrame>, StatementError> {
        let FrameStart::Place(place) = start else { unreachable!("frames are found by their place") };
        let frames = self.statements[id].1.iter().filter(|frame| frame.place >= place);
        // Fewer than requested, as where frames are large.
        Ok(frames.take(usize::try_from(most.get().min(1)).unwrap()).cloned().collect())
    }

    async fn list_keys(&self) -> Result<Vec<PublishedKey>, StatementError> {
        unreachable!("no key is read")
    }

    async fn retire_key(&self, _: &SigningKeyId) -> Result<PublishedKey, StatementError> {
        unreachable!("no key is retired")
    }
}

/// Takes nothing but the first so many tasks.
pub(super) struct Full(pub(super) usize);

impl ExportTarget for Full {
    fn begin(&mut self, _: &Summary) -> Result<(), BoxError> {
        Ok(())
    }

    fn take(&mut self, _: &RecordedTask) -> Result<(), BoxError> {
        self.0 = self.0.checked_sub(1).ok_or("full")?;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        unreachable!("it is full before")
    }
}
