//! Sheets, tasks and compared lines for tests.

use crate::sheet::{Measures, SheetTasks, Stated, StatedMeasure};
use crate::{ComparedLine, ComparedLines, Comparison, ItemNames, Reconciliation, Sheet, Sums, TaskName};
use annotation_statistics_domain::{
    BoxError, CampaignId, Count, InstanceInfo, ItemLabel, OperationItemKey, PoolName, PoolType, SourceName, Statistics,
    StatisticsParts, TaskId, TaskStatus,
};

/// The items of each sheet, not in the order of their keys.
pub(crate) const ITEMS: [&str; 4] = ["car", "box", "car/color", "tree"];
pub(crate) const CAR: StatedMeasure = StatedMeasure::Item(0);
pub(crate) const BOX: StatedMeasure = StatedMeasure::Item(1);
pub(crate) const COLOR: StatedMeasure = StatedMeasure::Item(2);
pub(crate) const TREE: StatedMeasure = StatedMeasure::Item(3);

/// A line, a task, and what is stated of it.
pub(crate) type Value = (u32, i64, StatedMeasure, i64);

/// Columns for all that values are of.
pub(crate) fn columns(values: &[Value]) -> Measures {
    let has = |is: fn(StatedMeasure) -> bool| values.iter().any(|(_, _, measure, _)| is(*measure));
    Measures {
        items: has(|measure| matches!(measure, StatedMeasure::Item(_))),
        instances: has(|measure| measure == StatedMeasure::Instances),
        attributes: has(|measure| measure == StatedMeasure::Attributes),
        frames: has(|measure| measure == StatedMeasure::Frames),
    }
}

/// With columns for what is stated.
pub(crate) fn sheet(tasks: SheetTasks, values: &[Value]) -> Sheet {
    let stated = values.iter().map(|(line, task, measure, count)| Stated {
        task: *task,
        count: *count,
        line: *line,
        measure: *measure,
    });
    let mut lines: Vec<u32> = values.iter().map(|(line, ..)| *line).collect();
    lines.dedup();
    Sheet {
        stated: stated.collect(),
        tasks,
        items: ITEMS.map(str::to_owned).into(),
        measures: columns(values),
        sheet_lines: u64::try_from(lines.len()).unwrap(),
        control_total: None,
        ignored_columns: Vec::new(),
    }
}

pub(crate) fn source_names(names: &[&str]) -> SheetTasks {
    SheetTasks::SourceNames(names.iter().map(|name| (*name).into()).collect())
}

pub(crate) fn key(key: &str) -> OperationItemKey {
    OperationItemKey::new(key).unwrap()
}

/// The label of `car` is "A car".
pub(crate) fn names() -> ItemNames {
    let (car, label) = (key("car"), ItemLabel::new("A car").unwrap());
    ItemNames::new([(&car, Some(&label)), (&key("box"), None)])
}

/// A task; an item with a slash is of attributes.
pub(crate) fn task(id: i64, source_name: Option<&str>, items: &[(&str, i64)], frames: i64) -> Statistics {
    let sum = |is_attribute| {
        let of_kind = items.iter().filter(|(key, _)| key.contains('/') == is_attribute);
        Count::try_from(of_kind.map(|(_, count)| count).sum::<i64>()).unwrap()
    };
    let counts = items.iter().map(|(item, count)| (key(item), Count::try_from(*count).unwrap()));
    let parts = StatisticsParts {
        id: TaskId::from(id),
        source_name: source_name.map(|name| SourceName::new(name).unwrap()),
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new("complete pool").unwrap(),
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::new(counts).unwrap(),
        instance_num: sum(false),
        attribute_num: sum(true),
        frame_num: Count::try_from(frames).unwrap(),
    };
    Statistics::new(parts).unwrap()
}

/// Writes each line down, such as `differing 3 7=a.jpg car 1:2`: its class, line, task, measure, ours and theirs; and adds up
/// the deltas.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) lines: Vec<String>,
    pub(crate) deltas: Vec<(String, i128)>,
    pub(crate) labels: Vec<Option<String>>,
}

impl ComparedLines for Written {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        let task = match line.task {
            TaskName::None => "sum".to_owned(),
            TaskName::Id(id) => id.to_string(),
            TaskName::SourceName(_) => String::new(),
        };
        let source_name = line.source_name.map_or(String::new(), |name| format!("={name}"));
        let place = line.line.map_or("-".to_owned(), |line| line.to_string());
        let class = format!("{:?}", line.class).to_lowercase();
        let (name, measure) = (line.measure.name(), line.measure.key().unwrap_or(line.measure.name()));
        self.lines.push(format!("{class} {place} {task}{source_name} {measure} {}:{}", line.ours, line.theirs));
        self.deltas.push((name.to_owned(), line.delta()));
        self.labels.push(line.label.map(str::to_owned));
        Ok(())
    }
}

/// Compares, and holds the result to what is always true.
pub(crate) fn compare(sheet: Sheet, tasks: &[Statistics]) -> (Reconciliation, Written) {
    let mut comparison = Comparison::new(sheet, names(), Written::default());
    for task in tasks {
        comparison.take(task).unwrap();
    }
    let (found, written) = comparison.finish().unwrap();
    hold(&found, &written);
    (found, written)
}

/// Classes add up to the lines, and deltas to ours - theirs.
pub(crate) fn hold(found: &Reconciliation, written: &Written) {
    let count = |class: &str| {
        let lines = written.lines.iter().filter(|line| line.starts_with(class));
        u64::try_from(lines.count()).unwrap()
    };
    let classes = ["matched", "differing", "missing", "extra", "duplicate"].map(count);
    assert_eq!(classes, [found.matched, found.differing, found.missing, found.extra, found.duplicate]);
    assert_eq!(found.matched + found.differing + found.extra + found.duplicate, found.lines);
    let delta = |name: &str, sum: Option<i128>| {
        let deltas = written.deltas.iter().filter(|(measure, _)| measure == name);
        sum.map(|_| deltas.map(|(_, delta)| delta).sum::<i128>())
    };
    let Sums { count, instance_num, attribute_num, frame_num } = found.delta;
    let deltas = Sums {
        count: delta("count", count),
        instance_num: delta("instanceNum", instance_num),
        attribute_num: delta("attributeNum", attribute_num),
        frame_num: delta("frameNum", frame_num),
    };
    assert_eq!(found.delta, deltas, "the deltas of the lines add up to that of the sums");
    assert_eq!(found.delta, found.ours.minus(found.theirs));
}
