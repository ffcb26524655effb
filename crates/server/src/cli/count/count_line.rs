//! What was counted in a task, as a line of JSON that belongs to no annotation request.

use annotation_statistics_domain::{Count, CountingRuleName, ItemKind, SourceName};
use annotation_statistics_formats::TaskCounts;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The fields of a row of the public API that an annotation file can know.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CountLine<'a> {
    counting_rule: &'a str,
    item_kinds: BTreeMap<&'a str, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_name: Option<&'a str>,
    id: i64,
    instance_info: BTreeMap<&'a str, i128>,
    instance_num: i128,
    attribute_num: i128,
    frame_num: i64,
}

/// Writes what was counted in a task.
///
/// # Errors
/// Those of `output`.
pub(super) fn write_count_line(output: &mut impl Write, task: &TaskCounts, rule: &CountingRuleName) -> io::Result<()> {
    let sum = |counts: &BTreeMap<_, Count>| counts.values().map(|count| i128::from(count.get())).sum();
    let mut instance_info = BTreeMap::new();
    for (key, count) in task.instances.iter().chain(&task.attributes) {
        *instance_info.entry(key.as_str()).or_default() += i128::from(count.get());
    }
    let line = CountLine {
        counting_rule: rule.as_str(),
        item_kinds: task.item_kinds().map(|(key, kind)| (key.as_str(), ItemKind::name(kind))).collect(),
        source_name: task.source_name.as_ref().map(SourceName::as_str),
        id: task.id.get(),
        instance_info,
        instance_num: sum(&task.instances),
        attribute_num: sum(&task.attributes),
        frame_num: task.frames.get(),
    };
    serde_json::to_writer(&mut *output, &line)?;
    output.write_all(b"\n")
}
