//! Label Studio's JSON export: a list of tasks, one task, or one task a line.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | a task, by its `id` |
//! | instance | a region of a `result` of any of `annotations` that is not `was_cancelled`; key = its label, without one its type |
//! | attribute | choices, text, number, rating, taxonomy, date, comparison or ranking with a value, of a region or of the task; key = `from_name` |
//! | frames | 1; of a video the `framesCount` of its regions |
//!
//! # Counting rules
//!
//! A region of a video counts once under `objects`; in each frame in which it is enabled under `appearances`, where a
//! disabled keyframe still shows it and the frames after it do not; and once for each keyframe of its `sequence`
//! under `keyframes`. A span of a time line counts its frames and its ranges.
//!
//! # Traps
//!
//! * Several entries of a `result` with one `id` are one region: its shape (`rectangle`), its label (`labels`) and what
//!   was answered about it (`choices`).
//! * A region with several labels counts under its first; the others are told in the report.
//! * A multi-select answer counts once, however much is selected.
//! * Every annotation of a task counts, so a task that two people annotated has both.
//! * Predictions and drafts are not counted and told in the report. `completions` is the old name of `annotations`, and
//!   `skipped` that of `was_cancelled`.
//! * The minimal export (`JSON_MIN`) has no `annotations` and is refused.

use crate::json_input::{Bytes, JsonInput};
use crate::json_items::JsonItems;
use crate::json_values::Flag;
use crate::label_studio_result::{Entry, ResultCounts};
use crate::reading::TaskReader;
use crate::task_counts::count_of;
use crate::{AnnotationChoice, CountingRule, FilePlace, ReadFault, Remark, Report, TaskCounts};

pub(crate) struct LabelStudio<'input> {
    json: JsonInput<'input>,
    items: JsonItems,
    rule: CountingRule,
    annotations: AnnotationChoice,
}

/// What is known of a task while its members are read.
struct Task {
    counts: TaskCounts,
    id: Option<i64>,
    frames: u64,
    is_annotated: bool,
}

impl<'input> LabelStudio<'input> {
    pub(crate) fn new(input: Bytes<'input>, rule: CountingRule, annotations: AnnotationChoice) -> Self {
        Self { json: JsonInput::new(input), items: JsonItems::new(None), rule, annotations }
    }
}

impl TaskReader for LabelStudio<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadFault> {
        if !self.items.advance(&mut self.json, |json, _| json.skip())? {
            return Ok(None);
        }
        let rule = self.rule;
        let mut task = Task { counts: TaskCounts::numbered(0), id: None, frames: 1, is_annotated: false };
        self.json.object(|json, name| match name {
            "id" => {
                task.id = Some(json.element()?);
                Ok(())
            }
            "annotations" | "completions" => {
                task.is_annotated = true;
                json.array(|json| annotation(json, rule, &mut task, report))
            }
            "drafts" => told(json, report, Remark::Draft),
            "predictions" => told(json, report, Remark::Prediction),
            _ => json.skip(),
        })?;
        let Some(id) = task.id else { return Err(self.json.fault("`id` of the task is missing")) };
        if !task.is_annotated {
            let reason = "`annotations` of the task is missing: the full JSON export is needed, not the minimal one";
            return Err(self.json.fault(reason));
        }
        let frames = count_of(task.frames).map_err(|reason| self.json.fault(reason))?;
        Ok(Some(TaskCounts { id: id.into(), frames, ..task.counts }))
    }

    fn place(&self) -> FilePlace {
        self.json.place()
    }
}

fn annotation(
    json: &mut JsonInput<'_>,
    rule: CountingRule,
    task: &mut Task,
    report: &mut Report,
) -> Result<(), ReadFault> {
    let mut result = ResultCounts::default();
    let mut is_cancelled = false;
    json.object(|json, name| match name {
        "result" => json.array(|json| {
            let entry: Entry = json.element()?;
            result.add(entry);
            Ok(())
        }),
        "was_cancelled" | "skipped" => {
            is_cancelled |= json.element::<Flag>()?.0;
            Ok(())
        }
        _ => json.skip(),
    })?;
    if is_cancelled {
        report.add(Remark::CancelledAnnotation, 1);
        return Ok(());
    }
    task.frames = task.frames.max(result.frames());
    result.count(rule, &mut task.counts, report).map_err(|reason| json.fault(reason))
}

/// Tells how many elements of a list, or members of an object, are not counted.
fn told(json: &mut JsonInput<'_>, report: &mut Report, remark: Remark) -> Result<(), ReadFault> {
    json.array(|json| {
        report.add(remark, 1);
        json.skip()
    })
}
