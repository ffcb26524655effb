//! What is known of a Label Studio task while its members are read.

use crate::error::shortened;
use crate::input::{Flag, JsonInput};
use crate::label_studio::choice::{Annotation, Chosen};
use crate::label_studio::source::{name_of, source_name};
use crate::{AnnotationChoice, ReadError, ReadOptions, Remark, Report, TaskCounts, TaskIds};
use serde_json::Value as Json;
use struson::reader::ValueType;

/// The members that show what an object without annotations is, which is no task, and what must be done with it.
const NOT_TASKS: [(&str, &str); 5] = [
    ("annotation_id", MINIMAL),
    ("annotator", MINIMAL),
    ("tasks", "this is a page of Label Studio's API; it is not read yet: export the project as JSON"),
    ("result", "this is one annotation of a target storage; it is not read yet: export the project as JSON"),
    ("lead_time", MINIMAL),
];

const MINIMAL: &str = "`annotations` of the task is missing: the full JSON export is needed, not the minimal one";

/// What is known of a task while its members are read.
pub(super) struct Task {
    choice: AnnotationChoice,
    chosen: Chosen,
    id: Option<i64>,
    file_upload: Option<String>,
    /// The name in its `data`.
    of_data: Option<String>,
    /// How many annotations it says to have.
    total: u64,
    /// How many it has; `None` without a list of them.
    listed: Option<u64>,
    /// The explanation of [`NOT_TASKS`] that comes first of those that fit.
    explanation: Option<usize>,
}

impl Task {
    pub(super) fn new(choice: AnnotationChoice) -> Self {
        let chosen = Chosen::new(choice);
        let (id, file_upload, of_data) = (None, None, None);
        Self { choice, chosen, id, file_upload, of_data, total: 0, listed: None, explanation: None }
    }

    /// Takes the value of a member.
    pub(super) fn member(
        &mut self,
        json: &mut JsonInput<'_>,
        name: &str,
        report: &mut Report,
    ) -> Result<(), ReadError> {
        let fitting = NOT_TASKS.iter().position(|(member, _)| *member == name);
        self.explanation = self.explanation.into_iter().chain(fitting).min();
        match name {
            "id" => self.id = json.element()?,
            "annotations" | "completions" => {
                self.listed.get_or_insert_default();
                json.array(|json| self.annotation(json, report))?;
            }
            "drafts" => report_elements(json, report, Remark::Draft)?,
            "predictions" => report_elements(json, report, Remark::Prediction)?,
            "total_annotations" => self.total = json.element::<Json>()?.as_u64().unwrap_or_default(),
            "file_upload" => self.file_upload = text(json)?,
            "data" => self.of_data = name_in_data(json)?,
            _ => json.skip()?,
        }
        Ok(())
    }

    fn annotation(&mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<(), ReadError> {
        if matches!(json.peek()?, ValueType::Number | ValueType::String) {
            let reason =
                "only the id of the annotation is here: export the project as JSON, with the annotations in it";
            return Err(json.error(reason));
        }
        let mut annotation = Annotation::default();
        json.object(|json, name| {
            match name {
                "result" => json.array(|json| {
                    annotation.result.add(json.element()?);
                    Ok(())
                })?,
                "was_cancelled" | "skipped" => annotation.is_cancelled |= json.element::<Flag>()?.0,
                "ground_truth" => annotation.is_ground_truth |= json.element::<Flag>()?.0,
                "reviews" if self.choice == AnnotationChoice::Accepted => annotation.reviews = json.element()?,
                "last_action" if self.choice == AnnotationChoice::Accepted => {
                    annotation.last_action = json.element()?;
                }
                _ => json.skip()?,
            }
            Ok(())
        })?;
        self.listed = self.listed.map(|listed| listed + 1);
        self.chosen.add(annotation, report).map_err(|reason| json.error(reason))
    }

    /// What was counted of the task; the error is the reason why that cannot be.
    pub(super) fn finish(self, options: &ReadOptions, report: &mut Report) -> Result<TaskCounts, String> {
        self.check_annotations()?;
        report.add(Remark::MissingAnnotation, self.total.saturating_sub(self.chosen.submitted()));
        let name = source_name(self.file_upload, self.of_data);
        let identity = identity(self.id, name.as_deref(), options.task_ids)?;
        let counts = self.chosen.finish(options.rule, report)?;
        Ok(TaskCounts { id: identity.id, source_name: identity.source_name, ..counts })
    }

    fn check_annotations(&self) -> Result<(), String> {
        let total = self.total;
        let not_task = self.explanation.and_then(|index| NOT_TASKS.get(index));
        match (self.listed, not_task) {
            (None, Some((_, explanation))) => Err((*explanation).to_owned()),
            (Some(0) | None, _) if total > 0 => Err(format!(
                "the task says to have {total} annotations (`total_annotations`) and none is here: export the project as \
                 JSON, with the annotations in it"
            )),
            (None, None) => Err("`annotations` of the task is missing: export the project as JSON".to_owned()),
            (Some(_), _) => Ok(()),
        }
    }
}

/// The task without its counts.
fn identity(id: Option<i64>, name: Option<&str>, task_ids: TaskIds) -> Result<TaskCounts, String> {
    match (id, name, task_ids) {
        (Some(id), Some(name), _) => Ok(TaskCounts::numbered(id).made_of(name)),
        (Some(id), None, _) => Ok(TaskCounts::numbered(id)),
        (None, Some(name), TaskIds::OfSourceName) => TaskCounts::named(name),
        (None, Some(name), TaskIds::OfFile) => Err(format!(
            "`id` of the task is missing: with `--task-id source-name` it is made of the name `{}`",
            shortened(name)
        )),
        (None, None, _) => {
            Err("`id` of the task is missing, and nothing in it names a file that an id could be made of: \
             import the tasks into Label Studio and export the project as JSON"
                .to_owned())
        }
    }
}

/// Reports how many elements of a list are not counted.
fn report_elements(json: &mut JsonInput<'_>, report: &mut Report, remark: Remark) -> Result<(), ReadError> {
    json.array(|json| {
        report.add(remark, 1);
        json.skip()
    })
}

/// The next value, if it is a text.
fn text(json: &mut JsonInput<'_>) -> Result<Option<String>, ReadError> {
    if json.peek()? == ValueType::String { json.element().map(Some) } else { json.skip().map(|()| None) }
}

/// The first name of a file in the data of a task.
fn name_in_data(json: &mut JsonInput<'_>) -> Result<Option<String>, ReadError> {
    if json.peek()? != ValueType::Object {
        json.skip()?;
        return Ok(None);
    }
    let mut found = None;
    json.begin_object()?;
    while json.has_next()? {
        json.name()?;
        if found.is_some() {
            json.skip()?;
        } else {
            found = text(json)?.as_deref().and_then(name_of).map(str::to_owned);
        }
    }
    json.end_object()?;
    Ok(found)
}
