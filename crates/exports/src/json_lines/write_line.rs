//! Writes a task as a line of JSON, the form that `JsonLines` of the crate of formats reads.

use annotation_statistics_domain::RecordedTask;
use annotation_statistics_domain::wire::{ANNOTATION_REQUEST_ID, COUNTING_RULE, ITEM_KINDS, SOURCE_NAME};
use serde::Serialize;
use std::io::{self, Write};

/// Writes one task as a line of JSON that reads back as it was; its place is not written.
///
/// # Errors
/// Those of `output`.
pub fn write_line(output: &mut impl Write, task: &RecordedTask) -> io::Result<()> {
    output.write_all(b"{")?;
    write_member(output, ANNOTATION_REQUEST_ID, &task.annotation_request_id)?;
    if let Some(rule) = &task.counting_rule {
        write_member(output, COUNTING_RULE, rule)?;
    }
    if !task.item_kinds.is_empty() {
        write_member(output, ITEM_KINDS, &task.item_kinds)?;
    }
    if let Some(name) = task.statistics.source_name() {
        write_member(output, SOURCE_NAME, name)?;
    }
    task.statistics.write_members(output)?;
    output.write_all(b"}\n")
}

/// A member that others follow; its name needs no escaping.
fn write_member(output: &mut impl Write, name: &str, value: &impl Serialize) -> io::Result<()> {
    output.write_all(b"\"")?;
    output.write_all(name.as_bytes())?;
    output.write_all(b"\":")?;
    serde_json::to_writer(&mut *output, value)?;
    output.write_all(b",")
}
