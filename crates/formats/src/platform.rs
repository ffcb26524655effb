//! The annotation platform's own file: a list of tasks, one task, or one task a line; or a response of its API, with a
//! task, a list of tasks or a page of them in `data`.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | an exported task, by its `taskId` |
//! | instance | an element of `slots`, `slotsChildren` or `childrenOnly`; key = the annotation's `key` |
//! | attribute | an `input` whose `value` is not empty; key = the annotation's `key` |
//! | frames | the outer length of `taskParams.record.attachment` for a `*_SEQUENCE` of lists or of URLs; otherwise 1 |
//!
//! # Counting rules
//!
//! A slot counts once under `objects`; under `appearances` in each frame that its `timeSeries` shows it in: after the
//! last `appear` it persists, after a `disappear` it is gone, and `result.metadata.invalidFrame` show nothing; under
//! `keyframes` once for each `appear`. Without a `timeSeries` it counts once. A slot that no frame shows is no object and
//! is reported; one that is shown past the end of the task counts in the frames that there are, and is reported. An input
//! counts once under every rule.
//!
//! # Traps
//!
//! * Frame numbers are strings: 10 comes after 9, not after 1.
//! * A flat list of camera objects is one frame, also for a `*_SEQUENCE`.
//! * Annotations nest: a slot's `children` are annotations again.
//! * A multi-select counts once; `false` and `0` are values.
//! * A response that is no success, or has no `data`, is an error. Tasks that its page counts, but that are on other pages,
//!   are reported.
//! * The source name of a task is the URL of its only attachment, without the query, which changes with each export.
//! * `taskParams.operators` are what may be drawn and filled in, with labels, and their `children`, and those of the options
//!   of an input. What is drawn as a part of something else is a part, whatever its `type` says. Limits are not read.
//! * `hints` and `record.metadata.preprocessedData` are labels made before the work: never counted, but reported.

mod attachment;
mod items;
mod operators;
mod slots;

use crate::input::{Bytes, Id, JsonInput, Name};
use crate::platform::attachment::Attachment;
use crate::platform::items::PlatformItems;
use crate::platform::operators::Operators;
use crate::platform::slots::{Input, Instances, Slot};
use crate::task_counts::count_of;
use crate::task_reader::TaskReader;
use crate::{CountingRule, FilePlace, FoundOperators, ReadError, Remark, Report, TaskCounts};
use std::collections::BTreeMap;
use struson::reader::ValueType;

pub(crate) struct Platform<'input> {
    json: JsonInput<'input>,
    items: PlatformItems<Task>,
    operators: Operators,
    rule: CountingRule,
}

/// What is known of a task while its members are read.
#[derive(Default)]
struct Task {
    id: Option<i64>,
    attachment_type: String,
    attachment: Attachment,
    invalid_frames: Vec<u64>,
    slots: BTreeMap<String, Instances>,
    inputs: BTreeMap<String, u64>,
    hints: u64,
    empty: u64,
    projected: u64,
}

impl<'input> Platform<'input> {
    pub(crate) fn new(input: Bytes<'input>, rule: CountingRule) -> Self {
        Self { json: JsonInput::new(input), items: PlatformItems::new(), operators: Operators::default(), rule }
    }
}

impl TaskReader for Platform<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        let operators = &mut self.operators;
        let task = self.items.next(&mut self.json, report, |task, json, name| match name {
            "taskId" => task.take_id(json),
            "taskParams" => members(json, |json, name| match name {
                "record" => members(json, |json, name| task.record(json, name)),
                "operators" => operators.read(json),
                _ => json.skip(),
            }),
            "result" => members(json, |json, name| task.result(json, name)),
            _ => json.skip(),
        })?;
        let Some(task) = task else { return Ok(None) };
        report.add(Remark::Hint, task.hints);
        report.add(Remark::EmptyAnnotation, task.empty);
        report.add(Remark::Projected, task.projected);
        let Some(id) = task.id else { return Err(self.json.error("`taskId` is missing")) };
        task.finish(id, self.rule, report).map(Some).map_err(|reason| self.json.error(format!("task {id}: {reason}")))
    }

    fn found_operators(&self) -> Option<&FoundOperators> {
        Some(&self.operators.found)
    }

    fn place(&self) -> FilePlace {
        self.json.place()
    }
}

/// The members of an object; `null` is an object without members.
fn members(
    json: &mut JsonInput<'_>,
    each: impl FnMut(&mut JsonInput<'_>, &str) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    if json.peek()? == ValueType::Null { json.skip() } else { json.object(each) }
}

impl Task {
    fn take_id(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        let Id(id) = json.element()?;
        let number = id.parse().map_err(|_| json.error("expected a whole number of at most 64 bits"))?;
        self.id = Some(number);
        Ok(())
    }

    fn record(&mut self, json: &mut JsonInput<'_>, name: &str) -> Result<(), ReadError> {
        match name {
            "attachmentType" => self.attachment_type = json.element::<Name>()?.0,
            "attachment" => self.attachment = json.element()?,
            "metadata" if json.peek()? == ValueType::Object => json.object(|json, name| match name {
                "preprocessedData" => self.hints(json),
                _ => json.skip(),
            })?,
            _ => json.skip()?,
        }
        Ok(())
    }

    fn result(&mut self, json: &mut JsonInput<'_>, name: &str) -> Result<(), ReadError> {
        match name {
            "annotations" => json.array(|json| self.annotation(json)),
            "hints" => self.hints(json),
            "metadata" if json.peek()? == ValueType::Object => json.object(|json, name| match name {
                "invalidFrame" => json.array(|json| {
                    let frame = json.element::<Id>()?.0.parse();
                    self.invalid_frames.push(frame.map_err(|_| json.error("expected the number of a frame"))?);
                    Ok(())
                }),
                _ => json.skip(),
            }),
            _ => json.skip(),
        }
    }

    fn hints(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        if json.peek()? != ValueType::Array {
            return json.skip();
        }
        json.array(|json| {
            self.hints += 1;
            json.skip()
        })
    }

    /// An annotation and those within it: depth is bounded by the depth of the file.
    fn annotation(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        let mut key = String::new();
        let mut instances = Instances::default();
        let mut has_input = false;
        let mut is_known = false;
        json.object(|json, name| {
            is_known |= matches!(name, "slots" | "slotsChildren" | "childrenOnly" | "input");
            match name {
                "key" => key = json.element::<Name>()?.0,
                "slots" => json.array(|json| {
                    let slot = json.element()?;
                    self.slot(&mut instances, slot);
                    Ok(())
                })?,
                "slotsChildren" | "childrenOnly" => json.array(|json| self.parent(json, &mut instances))?,
                "input" => has_input = json.element::<Option<Input>>()?.is_some_and(|input| input.value.0),
                _ => json.skip()?,
            }
            Ok(())
        })?;
        self.empty += u64::from(!is_known);
        if key.is_empty() && (has_input || !instances.is_empty()) {
            return Err(json.error("`key` of the annotation is missing"));
        }
        if has_input {
            *self.inputs.entry(key.clone()).or_default() += 1;
        }
        if !instances.is_empty() {
            self.slots.entry(key).or_default().append(instances);
        }
        Ok(())
    }

    /// An instance with children.
    fn parent(&mut self, json: &mut JsonInput<'_>, instances: &mut Instances) -> Result<(), ReadError> {
        let mut instance = Slot::default();
        json.object(|json, name| match name {
            "slot" => {
                instance = json.element::<Option<Slot>>()?.unwrap_or_default();
                Ok(())
            }
            "children" => json.array(|json| self.annotation(json)),
            _ => json.skip(),
        })?;
        self.slot(instances, instance);
        Ok(())
    }

    fn slot(&mut self, instances: &mut Instances, slot: Slot) {
        self.projected += u64::from(slot.is_projection.0);
        instances.push(slot);
    }

    fn finish(self, id: i64, rule: CountingRule, report: &mut Report) -> Result<TaskCounts, String> {
        let mut counts = TaskCounts::numbered(id);
        if let Some(url) = self.attachment.only_url() {
            counts = counts.made_of(url);
        }
        let frames = self.attachment.frames(&self.attachment_type);
        counts.frames = count_of(frames)?;
        let mut invalid_frames = self.invalid_frames;
        invalid_frames.sort_unstable();
        invalid_frames.dedup();
        for (key, instances) in &self.slots {
            counts.add_slots(key, instances.count(rule, frames, &invalid_frames, report))?;
        }
        for (key, times) in &self.inputs {
            counts.add_inputs(key, *times)?;
        }
        Ok(counts)
    }
}
