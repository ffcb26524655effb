//! Writes a task as a line of JSON, the form that `JsonLines` of the crate of formats reads.

use annotation_statistics_domain::{
    AnnotationRequestId, CountingRuleName, ItemKinds, RecordedTask, SourceName, Statistics,
};
use serde::Serialize;
use std::io::{self, Write};

/// Writes one task as a line of JSON that reads back as it was; its place is not written.
///
/// # Errors
/// Those of `output`.
pub fn write_line(output: &mut impl Write, task: &RecordedTask) -> io::Result<()> {
    let RecordedTask { annotation_request_id, counting_rule, item_kinds, statistics, .. } = task;
    let source_name = statistics.source_name();
    let line = LineToWrite { annotation_request_id, counting_rule, item_kinds, source_name, statistics };
    serde_json::to_writer(&mut *output, &line)?;
    output.write_all(b"\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineToWrite<'a> {
    annotation_request_id: &'a AnnotationRequestId,
    #[serde(skip_serializing_if = "Option::is_none")]
    counting_rule: &'a Option<CountingRuleName>,
    #[serde(skip_serializing_if = "ItemKinds::is_empty")]
    item_kinds: &'a ItemKinds,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_name: Option<&'a SourceName>,
    #[serde(flatten)]
    statistics: &'a Statistics,
}
