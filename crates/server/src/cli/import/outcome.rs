//! The outcome of an input, as a line of text or as JSON.

use annotation_statistics_domain::{CountingRuleName, Recorded};
use annotation_statistics_formats::Format;
use serde_json::{Value, json};
use std::time::Duration;

/// An input whose outcome is printed.
pub(super) struct ImportOutcome {
    pub(super) file: String,
    /// Of an annotation file.
    pub(super) format: Option<Format>,
    /// By which an annotation file was counted.
    pub(super) rule: Option<CountingRuleName>,
}

impl ImportOutcome {
    pub(super) fn recorded(&self, recorded: Recorded, took: Duration) -> String {
        let Recorded { inserted, updated, unchanged, .. } = recorded;
        let rate = per_second(recorded.total(), took);
        format!(
            "{}: {inserted} inserted, {updated} updated, {unchanged} unchanged in {:.1} s ({rate} tasks/s){}",
            self.file,
            took.as_secs_f64(),
            self.by_rule()
        )
    }

    pub(super) fn recorded_json(&self, recorded: Recorded, took: Duration) -> String {
        self.with_export(json!({
            "file": self.file,
            "inserted": recorded.inserted,
            "updated": recorded.updated,
            "unchanged": recorded.unchanged,
            "seconds": took.as_secs_f64(),
            "tasksPerSecond": per_second(recorded.total(), took),
        }))
    }

    pub(super) fn checked(&self, tasks: u64) -> String {
        format!("{}: {tasks} tasks, no errors; nothing was recorded (dry run){}", self.file, self.by_rule())
    }

    pub(super) fn checked_json(&self, tasks: u64) -> String {
        self.with_export(json!({ "file": self.file, "tasks": tasks, "dryRun": true }))
    }

    fn by_rule(&self) -> String {
        let export = self.format.zip(self.rule.as_ref());
        export.map(|(format, rule)| format!(", a {format} export counted by {rule}")).unwrap_or_default()
    }

    fn with_export(&self, mut outcome: Value) -> String {
        if let (Some(members), Some((format, rule))) = (outcome.as_object_mut(), self.format.zip(self.rule.as_ref())) {
            members.insert("format".into(), format.name().into());
            members.insert("countingRule".into(), rule.as_str().into());
        }
        outcome.to_string()
    }
}

fn per_second(number: u64, took: Duration) -> u64 {
    let micros = took.as_micros().max(1);
    u64::try_from(u128::from(number) * 1_000_000 / micros).unwrap_or(u64::MAX)
}
