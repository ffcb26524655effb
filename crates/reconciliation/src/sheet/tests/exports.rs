//! Our own exports are sheets: what was written is what is read.

use super::values;
use crate::ItemNames;
use crate::sheet::{Sheet, SheetOptions};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Count, CountingRuleName, InstanceInfo, ItemKinds, ItemSums, OperationItemKey,
    Place, PoolName, PoolType, RecordedTask, RequestTotals, Revision, SourceName, Statistics, StatisticsParts, Summary,
    TaskId, TaskStatus, Totals,
};
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout};
use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};

/// Bytes that outlive their writer.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Items = BTreeMap<String, i64>;

fn task(id: i64, name: &str, items: &Items, frames: u32) -> RecordedTask {
    let count = |number: i64| Count::try_from(number).unwrap();
    let counts = items.iter().map(|(key, number)| (OperationItemKey::new(key.as_str()).unwrap(), count(*number)));
    let statistics = StatisticsParts {
        id: TaskId::from(id),
        source_name: SourceName::new(name).ok(),
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("=1+1").unwrap(),
        pool_name: PoolName::new("complete; pool,").unwrap(),
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::new(counts).unwrap(),
        instance_num: count(items.values().sum()),
        attribute_num: Count::ZERO,
        frame_num: Count::from(frames),
    };
    RecordedTask {
        place: Place::from(1),
        annotation_request_id: AnnotationRequestId::new("-request").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        item_kinds: ItemKinds::default(),
        statistics: Statistics::new(statistics).unwrap(),
    }
}

fn summary(tasks: &[RecordedTask]) -> Summary {
    let mut totals = Totals::default();
    let mut items: BTreeMap<&str, ItemSums> = BTreeMap::new();
    for task in tasks {
        totals.tasks += 1;
        totals.instances += u128::from(u64::from(task.statistics.instance_num()));
        totals.frames += u128::from(u64::from(task.statistics.frame_num()));
        for (name, count) in task.statistics.instance_info().iter().filter(|(_, count)| *count > Count::ZERO) {
            let key = OperationItemKey::new(name).unwrap();
            let none = ItemSums { key, count: 0, tasks: 0, tasks_of_slots: 0, tasks_of_inputs: 0, stated_kind: None };
            let item = items.entry(name).or_insert(none);
            item.count += u128::from(u64::from(count));
            item.tasks += 1;
            item.tasks_of_slots += 1;
        }
    }
    let request = RequestTotals {
        id: AnnotationRequestId::new("-request").unwrap(),
        campaign_id: CampaignId::new("=1+1").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(1_764_504_000_123_456),
        task_count: totals.tasks,
        groups: vec![(PoolType::Complete, TaskStatus::LABELS_APPROVED, totals)],
    };
    Summary::new(vec![request], items.into_values().collect()).unwrap()
}

fn export(format: ExportFormat, layout: Layout, tasks: &[RecordedTask]) -> Vec<u8> {
    let written = Written::default();
    let options = ExportOptions { format, layout, byte_order_mark: layout == Layout::Wide };
    let mut target = options.target(|| Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC), written.clone());
    target.begin(&summary(tasks)).unwrap();
    for task in tasks {
        target.take(task).unwrap();
    }
    target.finish().unwrap();
    written.0.lock().unwrap().clone()
}

/// What the sheet states, but for zeros, without its lines; each value is in it once.
fn stated(sheet: &[u8], worksheet: Option<&str>, tasks: &[RecordedTask]) -> BTreeSet<String> {
    let keys = tasks.iter().flat_map(|task| task.statistics.instance_info().iter());
    let keys: Vec<_> = keys.map(|(key, _)| OperationItemKey::new(key).unwrap()).collect();
    let names = ItemNames::new(keys.iter().map(|key| (key, None)));
    let request = Some(AnnotationRequestId::new("-request").unwrap());
    let options = SheetOptions { worksheet: worksheet.map(str::to_owned), request, ..SheetOptions::default() };
    let sheet = Sheet::read(Cursor::new(sheet), &options, &names).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(sheet.control_total, None);
    let values = values(&sheet);
    let without_line = |value: &String| value.split_once(": ").unwrap().1.to_owned();
    let all: BTreeSet<String> = values.iter().filter(|value| !value.ends_with(" 0")).map(without_line).collect();
    assert_eq!(all.len(), values.iter().filter(|value| !value.ends_with(" 0")).count());
    all
}

/// The values of tasks, of which some are in the sheet.
fn recorded(tasks: &[RecordedTask], has: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let values = tasks.iter().flat_map(|task| {
        let row = &task.statistics;
        let totals =
            [("instances", row.instance_num()), ("attributes", row.attribute_num()), ("frames", row.frame_num())];
        let totals = totals.into_iter().filter(|(name, _)| has(name));
        let items = row.instance_info().iter().filter(|_| has("items"));
        let counted = totals.chain(items).filter(|(_, count)| *count > Count::ZERO);
        counted.map(|(name, count)| format!("{} {name} {count}", row.id())).collect::<Vec<_>>()
    });
    values.collect()
}

fn read_back(tasks: &[RecordedTask]) {
    let all = recorded(tasks, |_| true);
    for (format, layout, worksheet, expected) in [
        (ExportFormat::Csv, Layout::Wide, None, &all),
        (ExportFormat::Csv, Layout::Long, None, &recorded(tasks, |name| name == "items")),
        (ExportFormat::JsonLines, Layout::Wide, None, &all),
        (ExportFormat::Xlsx, Layout::Wide, None, &all),
        (ExportFormat::Xlsx, Layout::Wide, Some("Items"), &recorded(tasks, |name| ["items", "frames"].contains(&name))),
        (ExportFormat::Xlsx, Layout::Long, Some("Tasks"), &recorded(tasks, |name| name != "items")),
    ] {
        let found = stated(&export(format, layout, tasks), worksheet, tasks);
        assert_eq!(found, *expected, "{format} {layout} {worksheet:?}");
    }
}

#[test]
fn an_export_reads_back_with_texts_that_spreadsheets_trip_over() {
    let items = |items: &[(&str, i64)]| items.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect();
    read_back(&[
        task(
            1_146_703_288_430_264_321,
            "a,\"b\"\r\n;c",
            &items(&[("car", 2), ("=bus", 1), (" car ", 3), ("total", 4)]),
            3,
        ),
        task(-7, "=night/0007.jpg", &items(&[("a\nb;\"c", 5), ("'tram", 7), ("\t=x", 8), ("id", 9)]), 0),
        task(i64::MAX, "total", &items(&[("car", 9_007_199_254_740_993), ("instanceNum", 1), ("1.5", 2)]), 1),
        task(0, "x", &items(&[]), 0),
    ]);
}

/// As people and platforms write keys, and worse; one of blanks alone is nothing in a cell.
const KEY: &str = "[^\0\u{1}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}]{0,8}[a-z=@+é類]{1,3}[ ,;\"'=\t\n]{0,2}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_export_reads_back(
        tasks in proptest::collection::btree_map(
            any::<i64>().prop_filter("none looks rounded", |id| id % 10 != 0),
            (proptest::collection::btree_map(KEY, 0..1_i64 << 60, 0..5), any::<u32>()),
            1..6,
        ),
    ) {
        let tasks: Vec<_> = tasks.iter().map(|(id, (items, frames))| task(*id, "a.jpg", items, *frames)).collect();
        read_back(&tasks);
    }
}
