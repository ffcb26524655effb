//! The totals of `count --summary`, as a table.

use annotation_statistics_domain::{Count, OperationItemKey};
use annotation_statistics_formats::TaskCounts;
use std::collections::BTreeMap;
use std::fmt;

/// Totals over tasks.
#[derive(Debug, Default)]
pub(super) struct CountSummary {
    tasks: u64,
    frames: Count,
    instances: BTreeMap<OperationItemKey, Count>,
    attributes: BTreeMap<OperationItemKey, Count>,
}

impl CountSummary {
    /// Adds a task; `None` when a total becomes too large to be counted.
    pub(super) fn add(&mut self, task: &TaskCounts) -> Option<()> {
        self.tasks += 1;
        self.frames = self.frames.checked_add(task.frames)?;
        add_all(&mut self.instances, &task.instances)?;
        add_all(&mut self.attributes, &task.attributes)
    }
}

fn add_all(totals: &mut BTreeMap<OperationItemKey, Count>, more: &BTreeMap<OperationItemKey, Count>) -> Option<()> {
    for (key, count) in more {
        let total = totals.entry(key.clone()).or_default();
        *total = total.checked_add(*count)?;
    }
    Some(())
}

fn sum(counts: &BTreeMap<OperationItemKey, Count>) -> i128 {
    counts.values().map(|count| i128::from(count.get())).sum()
}

impl fmt::Display for CountSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.instances.keys().chain(self.attributes.keys());
        let width = keys.map(|key| key.as_str().chars().count()).max().unwrap_or(0).max("attributes".len());
        let mut line =
            |name: &str, kind: &str, number: i128| writeln!(formatter, "{name:<width$}  {kind:<9}  {number:>12}");
        for (kind, counts) in [("instance", &self.instances), ("attribute", &self.attributes)] {
            for (key, count) in counts {
                line(key.as_str(), kind, i128::from(count.get()))?;
            }
        }
        line("tasks", "total", i128::from(self.tasks))?;
        line("instances", "total", sum(&self.instances))?;
        line("attributes", "total", sum(&self.attributes))?;
        line("frames", "total", i128::from(self.frames.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::TaskId;

    #[test]
    fn the_table_is_aligned_and_ends_with_the_totals() {
        let key = |name: &str| OperationItemKey::new(name).unwrap();
        let task = TaskCounts {
            id: TaskId::from(1),
            source_name: None,
            instances: BTreeMap::from([(key("pedestrian crossing"), Count::from(2))]),
            attributes: BTreeMap::from([(key("car/color"), Count::from(11))]),
            frames: Count::ONE,
        };
        let mut summary = CountSummary::default();
        summary.add(&task).unwrap();
        summary.add(&task).unwrap();
        let lines = [
            "pedestrian crossing  instance              4",
            "car/color            attribute            22",
            "tasks                total                 2",
            "instances            total                 4",
            "attributes           total                22",
            "frames               total                 2",
            "",
        ];
        assert_eq!(summary.to_string(), lines.join("\n"));
    }
}
