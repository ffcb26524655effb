//! Random sheets and tasks, compared by maps.

use super::*;
use crate::sample::{ITEMS, Value, Written};
use crate::{CsvLines, CsvOptions};
use proptest::prelude::*;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [&str; 4] = ["d.jpg", "a.jpg", "c.jpg", "b.jpg"];
const MEASURES: [StatedMeasure; 7] =
    [BOX, CAR, COLOR, TREE, StatedMeasure::Instances, StatedMeasure::Attributes, StatedMeasure::Frames];

/// What the measures of a task are called, in their order.
fn measure_name(measure: StatedMeasure) -> &'static str {
    match measure {
        StatedMeasure::Item(place) => ITEMS[usize::from(place)],
        StatedMeasure::Instances => "instanceNum",
        StatedMeasure::Attributes => "attributeNum",
        StatedMeasure::Frames => "frameNum",
    }
}

/// Where a measure is among those of a task: `box`, `car`, `car/color`, `tree` are in the order of bytes.
fn rank(measure: StatedMeasure) -> usize {
    MEASURES.iter().position(|other| *other == measure).unwrap()
}

/// How a sheet names its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Id,
    SourceName,
}

impl By {
    fn tasks(self) -> SheetTasks {
        match self {
            Self::Id => SheetTasks::Ids,
            Self::SourceName => source_names(&NAMES),
        }
    }

    /// What the sheet calls a recorded task.
    fn name_of(self, task: &Statistics) -> Option<i64> {
        match self {
            Self::Id => Some(task.id().get()),
            Self::SourceName => {
                let name = task.source_name()?.as_str();
                NAMES.iter().position(|known| *known == name).map(|place| i64::try_from(place).unwrap())
            }
        }
    }

    fn text(self, task: i64) -> String {
        match self {
            Self::Id => task.to_string(),
            Self::SourceName => format!("={}", NAMES[usize::try_from(task).unwrap()]),
        }
    }
}

fn recorded_count(task: &Statistics, measure: StatedMeasure) -> i64 {
    let items: BTreeMap<_, _> = task.instance_info().iter().collect();
    match measure {
        StatedMeasure::Item(_) => items.get(measure_name(measure)).map_or(0, |count| count.get()),
        StatedMeasure::Instances => task.instance_num().get(),
        StatedMeasure::Attributes => task.attribute_num().get(),
        StatedMeasure::Frames => task.frame_num().get(),
    }
}

/// The same by maps.
struct Model<'a> {
    by: By,
    columns: &'a [StatedMeasure],
    firsts: BTreeMap<(i64, usize), (u32, i64)>,
    again: Vec<Value>,
    lines: Vec<String>,
}

impl<'a> Model<'a> {
    fn compare(by: By, columns: &'a [StatedMeasure], values: &[Value], tasks: &[Statistics]) -> Vec<String> {
        let mut model = Self { by, columns, firsts: BTreeMap::new(), again: Vec::new(), lines: Vec::new() };
        for value @ (line, task, measure, count) in values {
            match model.firsts.entry((*task, rank(*measure))) {
                Entry::Occupied(_) => model.again.push(*value),
                Entry::Vacant(first) => drop(first.insert((*line, *count))),
            }
        }
        let mut compared = BTreeSet::new();
        for task in tasks {
            let known = by.name_of(task).filter(|name| model.firsts.keys().any(|(task, _)| task == name));
            model.recorded(task, known.filter(|name| compared.insert(*name)));
        }
        model.rest(values, &compared);
        model.lines
    }

    fn recorded(&mut self, task: &Statistics, known: Option<i64>) {
        for measure in MEASURES.into_iter().filter(|measure| self.columns.contains(measure)) {
            let ours = recorded_count(task, measure);
            let stated = known.and_then(|name| self.firsts.get(&(name, rank(measure))).copied());
            let is_total = !matches!(measure, StatedMeasure::Item(_));
            let name = task.source_name().map_or(String::new(), |name| format!("={name}"));
            let of = format!("{}{name} {}", task.id(), measure_name(measure));
            self.lines.extend(match stated {
                Some((line, theirs)) if ours == theirs => Some(format!("matched {line} {of} {ours}:{theirs}")),
                Some((line, theirs)) => Some(format!("differing {line} {of} {ours}:{theirs}")),
                None => (ours > 0 || is_total && known.is_none()).then(|| format!("missing - {of} {ours}:0")),
            });
        }
    }

    fn rest(&mut self, values: &[Value], compared: &BTreeSet<i64>) {
        for value @ (line, task, measure, count) in values {
            let of = format!("{line} {} {} 0:{count}", self.by.text(*task), measure_name(*measure));
            if self.again.contains(value) {
                self.lines.push(format!("duplicate {of}"));
            } else if !compared.contains(task) {
                self.lines.push(format!("extra {of}"));
            }
        }
    }
}

fn count() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 0_i64..3, 1 => Just(i64::MAX)]
}

/// Lines of a task with some of these measures each.
fn values(columns: &[StatedMeasure]) -> impl Strategy<Value = Vec<Value>> + use<> {
    let line = (0_i64..4, proptest::sample::subsequence(columns.to_vec(), 0..=columns.len()), count());
    proptest::collection::vec(line, 0..9).prop_map(|lines| {
        let numbered = (2_u32..).zip(lines);
        let values = numbered.flat_map(|(line, (task, measures, count))| {
            measures.into_iter().map(move |measure| (line, task, measure, count))
        });
        values.collect()
    })
}

fn tasks() -> impl Strategy<Value = Vec<Statistics>> {
    let name =
        prop_oneof![Just(None), proptest::sample::select(&["e.jpg", "d.jpg", "a.jpg", "c.jpg"][..]).prop_map(Some)];
    let items = proptest::sample::subsequence(&["box", "bus", "car", "car/color"][..], 0..=4);
    let one = (0_i64..6, name, items, 0_i64..3, 0_i64..3);
    let one = one.prop_map(|(id, name, items, count, frames)| {
        let counts: Vec<_> = items.into_iter().map(|item| (item, count)).collect();
        task(id, name, &counts, frames)
    });
    proptest::collection::vec(one, 0..7)
}

/// Some columns and values in them; `bus` has no column, so it is recorded alone.
fn sheets() -> impl Strategy<Value = (Vec<StatedMeasure>, Vec<Value>)> {
    proptest::sample::subsequence(&MEASURES[4..], 0..=3)
        .prop_flat_map(|totals| {
            let items = prop_oneof![Just(MEASURES[..4].to_vec()), Just(Vec::new())];
            items.prop_map(move |items| [items, totals.clone()].concat())
        })
        .prop_flat_map(|columns| (Just(columns.clone()), values(&columns)))
}

fn measures(columns: &[StatedMeasure]) -> Measures {
    Measures {
        items: columns.contains(&CAR),
        instances: columns.contains(&StatedMeasure::Instances),
        attributes: columns.contains(&StatedMeasure::Attributes),
        frames: columns.contains(&StatedMeasure::Frames),
    }
}

/// The lines but for those of an item that the model does not know.
fn without_bus(written: &Written) -> Vec<String> {
    written.lines.iter().filter(|line| !line.contains(" bus ")).cloned().collect()
}

/// The sums of ours, theirs and delta of a CSV file, of each measure.
fn sums_of(file: &str) -> BTreeMap<String, [i128; 3]> {
    let mut sums: BTreeMap<String, [i128; 3]> = BTreeMap::new();
    for line in file.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let of_measure = sums.entry(cells[9].to_owned()).or_default();
        for (sum, cell) in of_measure.iter_mut().zip(&cells[5..8]) {
            *sum += cell.parse::<i128>().unwrap();
        }
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_comparison_is_what_maps_make_of_it((columns, values) in sheets(), tasks in tasks()) {
        for by in [By::Id, By::SourceName] {
            let sheet = Sheet { measures: measures(&columns), ..sheet(by.tasks(), &values) };
            let (found, written) = compare(sheet, &tasks);
            prop_assert_eq!(without_bus(&written), Model::compare(by, &columns, &values, &tasks));
            prop_assert_eq!(found.lines, u64::try_from(values.len()).unwrap());
            let theirs = |is: fn(StatedMeasure) -> bool| -> i128 {
                values.iter().filter(|(_, _, measure, _)| is(*measure)).map(|(.., count)| i128::from(*count)).sum()
            };
            let ours: i128 = tasks.iter().map(|task| i128::from(task.instance_info().total().get())).sum();
            let is_item = |measure| matches!(measure, StatedMeasure::Item(_));
            let (theirs, has_items) = (theirs(is_item), columns.contains(&CAR));
            prop_assert_eq!((found.ours.count, found.theirs.count), (has_items.then_some(ours), has_items.then_some(theirs)));
        }
    }

    #[test]
    fn a_sheet_of_sums_is_that_of_one_task_with_all_of_it((columns, mut values) in sheets(), tasks in tasks()) {
        for (_, task, ..) in &mut values {
            *task = 0;
        }
        let sheet = || Sheet { measures: measures(&columns), ..sheet(SheetTasks::None, &values) };
        let (found, _) = compare(sheet(), &tasks);
        let mut items: BTreeMap<&str, i64> = BTreeMap::new();
        for (key, count) in tasks.iter().flat_map(|task| task.instance_info().iter()) {
            *items.entry(key).or_default() += count.get();
        }
        let frames = tasks.iter().map(|task| task.frame_num().get()).sum();
        let all = task(0, None, &items.into_iter().collect::<Vec<_>>(), frames);
        prop_assert_eq!(&found, &compare(sheet(), &[all]).0);
        let ids = Sheet { tasks: SheetTasks::Ids, ..sheet() };
        prop_assert_eq!(found.theirs, compare(ids, &tasks).0.theirs);
    }

    #[test]
    fn a_file_of_all_lines_adds_up_to_the_sums((columns, values) in sheets(), tasks in tasks()) {
        let sheet = Sheet { measures: measures(&columns), ..sheet(SheetTasks::Ids, &values) };
        let lines = CsvLines::new(Vec::new(), CsvOptions::default()).unwrap();
        let mut comparison = Comparison::new(sheet, names(), lines);
        tasks.iter().try_for_each(|task| comparison.take(task)).unwrap();
        let (found, lines) = comparison.finish().unwrap();
        let sums = sums_of(std::str::from_utf8(&lines.into_output()).unwrap());
        let (ours, theirs, delta) = (found.ours, found.theirs, found.delta);
        for (name, expected) in [
            ("count", [ours.count, theirs.count, delta.count]),
            ("instanceNum", [ours.instance_num, theirs.instance_num, delta.instance_num]),
            ("attributeNum", [ours.attribute_num, theirs.attribute_num, delta.attribute_num]),
            ("frameNum", [ours.frame_num, theirs.frame_num, delta.frame_num]),
        ] {
            prop_assert_eq!(sums.get(name).copied().unwrap_or_default(), expected.map(Option::unwrap_or_default));
        }
    }
}
