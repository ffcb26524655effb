//! A small export: two requests, tasks with items that not all have, and texts that spreadsheets trip over.

use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKinds, ItemSums,
    OperationItemKey, Place, PoolName, PoolType, RecordedTask, RequestTotals, Revision, SourceName, Statistics,
    StatisticsParts, Summary, TaskId, TaskStatus, Totals,
};
use annotation_statistics_exports::ExportOptions;
use jiff::{Timestamp, ZonedDateTime};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// A task of a request: its items with their counts, of which the first `slots` are instances.
pub(crate) fn task(request: &str, id: i64, items: &[(&str, i64)], slots: usize) -> RecordedTask {
    let sum = |items: &[(&str, i64)]| count(items.iter().map(|(_, count)| count).sum());
    let keys = items.iter().map(|(key, number)| (OperationItemKey::new(*key).unwrap(), count(*number)));
    let statistics = StatisticsParts {
        id: TaskId::from(id),
        source_name: (id == -7).then(|| SourceName::new("=night/0007.jpg").unwrap()),
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("=cmd|'/c calc'!A0").unwrap(),
        pool_name: PoolName::new("pool, \"complete\"").unwrap(),
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::new(keys).unwrap(),
        instance_num: sum(&items[..slots]),
        attribute_num: sum(&items[slots..]),
        frame_num: count(3),
    };
    RecordedTask {
        place: Place::from(1),
        annotation_request_id: AnnotationRequestId::new(request).unwrap(),
        counting_rule: (request == "b").then_some(CountingRuleName::OBJECTS_2),
        item_kinds: ItemKinds::default(),
        statistics: Statistics::new(statistics).unwrap(),
    }
}

fn count(number: i64) -> Count {
    Count::try_from(number).unwrap()
}

pub(crate) fn tasks() -> Vec<RecordedTask> {
    vec![
        task("-a", 1_146_703_288_430_264_321, &[("car", 2), ("=bus", 1)], 2),
        task("-a", -7, &[("color", 5), ("car", 0)], 0),
        task("b", 9_223_372_036_854_775_807, &[], 0),
        task("b", 4, &[("car", 9_007_199_254_740_993), ("id", 1)], 1),
    ]
}

/// What is reported before the tasks.
pub(crate) fn summary(tasks: &[RecordedTask]) -> Summary {
    let wide = |count: Count| u128::from(u64::from(count));
    let mut requests: Vec<RequestTotals> = Vec::new();
    let mut items: BTreeMap<&str, ItemSums> = BTreeMap::new();
    for RecordedTask { annotation_request_id, counting_rule, statistics, .. } in tasks {
        if requests.last().is_none_or(|last| last.id != *annotation_request_id) {
            requests.push(RequestTotals {
                id: annotation_request_id.clone(),
                campaign_id: statistics.campaign_id().clone(),
                counting_rule: counting_rule.clone(),
                revision: Revision::from(1_764_504_000_123_456),
                task_count: 0,
                groups: vec![(statistics.pool_type(), statistics.status(), Totals::default())],
            });
        }
        let request = requests.last_mut().unwrap();
        request.task_count += 1;
        let totals = &mut request.groups[0].2;
        totals.tasks += 1;
        totals.instances += wide(statistics.instance_num());
        totals.attributes += wide(statistics.attribute_num());
        totals.frames += wide(statistics.frame_num());
        for (key, count) in statistics.instance_info().iter().filter(|(_, count)| count.get() > 0) {
            let key_of = OperationItemKey::new(key).unwrap();
            let none =
                ItemSums { key: key_of, count: 0, tasks: 0, tasks_of_slots: 0, tasks_of_inputs: 0, stated_kind: None };
            let item = items.entry(key).or_insert(none);
            item.count += wide(count);
            item.tasks += 1;
            item.tasks_of_slots += u64::from(statistics.attribute_num() == Count::ZERO);
            item.tasks_of_inputs += u64::from(statistics.instance_num() == Count::ZERO);
        }
    }
    Summary::new(requests, items.into_values().collect()).unwrap()
}

/// When all exports are made.
pub(crate) fn clock() -> ZonedDateTime {
    in_zone("UTC")
}

/// The same time in this zone.
pub(crate) fn in_zone(name: &str) -> ZonedDateTime {
    let time: Timestamp = "2026-11-30T12:00:00.987Z".parse().unwrap();
    time.in_tz(name).unwrap()
}

/// Bytes that outlive their writer.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The whole file.
pub(crate) fn export(options: ExportOptions, tasks: &[RecordedTask]) -> Result<Written, BoxError> {
    export_with(options, &summary(tasks), tasks)
}

/// The same with other sums.
pub(crate) fn export_with(
    options: ExportOptions,
    summary: &Summary,
    tasks: &[RecordedTask],
) -> Result<Written, BoxError> {
    export_at(clock(), options, summary, tasks)
}

/// The same at another time, or in another time zone.
pub(crate) fn export_at(
    time: ZonedDateTime,
    options: ExportOptions,
    summary: &Summary,
    tasks: &[RecordedTask],
) -> Result<Written, BoxError> {
    let written = Written::default();
    let mut target = options.target(move || time.clone(), written.clone());
    target.begin(summary)?;
    for task in tasks {
        target.take(task)?;
    }
    target.finish()?;
    Ok(written)
}
