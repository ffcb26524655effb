//! The lines of a file of all tasks that differ, which are the same in every format.

use super::changed_task::ChangedTask;
use super::known_sums::KnownSums;
use annotation_statistics_domain::{Count, Statistics};
use std::collections::{BTreeMap, BTreeSet};

/// The names of the columns.
pub(super) const COLUMNS: [&str; 17] = [
    "action",
    "delivery",
    "id",
    "measure",
    "operationItem",
    "label",
    "from",
    "to",
    "delta",
    "fromStatus",
    "toStatus",
    "fromPoolType",
    "toPoolType",
    "fromPoolName",
    "toPoolName",
    "fromSourceName",
    "toSourceName",
];

type CountOf = fn(&Statistics) -> Count;

/// What a task has besides operation items.
const TOTALS: [(&str, CountOf); 3] = [
    ("instanceNum", Statistics::instance_num),
    ("attributeNum", Statistics::attribute_num),
    ("frameNum", Statistics::frame_num),
];

/// A count of a task that differs, whether the count does or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountLine<'a> {
    pub(super) measure: &'static str,
    pub(super) item: Option<&'a str>,
    /// Earlier and later; none of a state that does not have the task.
    pub(super) counts: [Option<Count>; 2],
}

impl CountLine<'_> {
    /// By how much it has grown.
    pub(super) fn delta(&self) -> i64 {
        let [from, to] = self.counts.map(|count| count.map_or(0, Count::get));
        // Exact, as no count is negative.
        to.saturating_sub(from)
    }
}

/// Gives each count of a task: of its operation items in the byte order of their keys, then the others.
pub(super) fn each_count<E>(
    task: &ChangedTask<'_>,
    mut give: impl FnMut(CountLine<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let items = [task.from, task.to].map(|side| -> BTreeMap<&str, Count> {
        side.map(|task| task.instance_info().iter().collect()).unwrap_or_default()
    });
    let [from, to] = &items;
    let of = |side: Option<&Statistics>, items: &BTreeMap<&str, Count>, key| {
        side.map(|_| items.get(key).copied().unwrap_or(Count::ZERO))
    };
    for key in from.keys().chain(to.keys()).copied().collect::<BTreeSet<_>>() {
        give(CountLine {
            measure: "count",
            item: Some(key),
            counts: [of(task.from, from, key), of(task.to, to, key)],
        })?;
    }
    for (measure, count) in TOTALS {
        give(CountLine { measure, item: None, counts: [task.from.map(count), task.to.map(count)] })?;
    }
    Ok(())
}

/// The names of operation items for people, by their keys.
pub(super) fn labels(known: Option<&[KnownSums; 2]>) -> BTreeMap<String, String> {
    // Where both have one, the later one is that of now.
    let items = known.into_iter().flatten().flat_map(|side| &side.items);
    items.filter_map(|(key, item)| Some((key.as_str().to_owned(), item.label.clone()?))).collect()
}
