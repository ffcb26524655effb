//! The `meta` of a CVAT file: its tasks and their labels.

use crate::cvat::frames::TaskFrames;
use crate::cvat::label_meta::LabelMeta;
use crate::input::XmlInput;
use crate::{FoundOperators, ReadError};
use std::collections::HashSet;

/// What a file says about itself.
#[derive(Debug, Default)]
pub(super) struct Meta {
    pub(super) tasks: Vec<TaskMeta>,
    pub(super) is_project: bool,
    /// What the file lists in `labels`.
    pub(super) found: FoundOperators,
    labels: HashSet<String>,
    source: Option<String>,
}

/// What a file says about a task, or about a job, which is a part of one.
#[derive(Debug, Clone, Default)]
pub(super) struct TaskMeta {
    pub(super) id: Option<i64>,
    pub(super) is_video: bool,
    pub(super) frames: TaskFrames,
    is_job: bool,
    name: Option<String>,
    source: Option<String>,
}

impl Meta {
    pub(super) fn read(&mut self, xml: &mut XmlInput<'_>) -> Result<(), ReadError> {
        while let Some(element) = xml.next_child()? {
            match element.name() {
                "project" => {
                    self.is_project = true;
                    self.read(xml)?;
                }
                "tasks" => self.read(xml)?,
                "task" | "job" => {
                    let task = TaskMeta { is_job: element.name() == "job", ..self.task(xml)? };
                    self.tasks.push(task);
                }
                "source" => self.source = name(xml)?,
                "labels" => self.labels(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// Whether a label may be in the file: one that lists no labels leaves them open.
    pub(super) fn has_label(&self, label: &str) -> bool {
        self.labels.is_empty() || self.labels.contains(label)
    }

    /// The video that a task was made of, where the file names it.
    pub(super) fn video_of<'meta>(&'meta self, task: &'meta TaskMeta) -> Option<&'meta str> {
        let of_file = self.source.as_deref().filter(|_| !self.is_project);
        task.source.as_deref().or(of_file)
    }

    /// What a video is called: by what it was made of, else by the task. Of a job, which is a part of that, with its id.
    pub(super) fn source_name(&self, task: &TaskMeta) -> Option<String> {
        let name = self.video_of(task).or(task.name.as_deref())?;
        let job = task.id.filter(|_| task.is_job);
        Some(job.map_or_else(|| name.to_owned(), |job| format!("{name}/{job}")))
    }

    fn task(&mut self, xml: &mut XmlInput<'_>) -> Result<TaskMeta, ReadError> {
        let mut task = TaskMeta::default();
        while let Some(element) = xml.next_child()? {
            match element.name() {
                "id" => task.id = number(xml)?,
                "name" => task.name = name(xml)?,
                "source" => task.source = name(xml)?,
                "size" => task.frames.size = number(xml)?,
                "start_frame" => task.frames.start = number(xml)?.unwrap_or_default(),
                "stop_frame" => task.frames.stop = number(xml)?,
                "mode" => task.is_video = xml.text()? == "interpolation",
                "frame_filter" => {
                    let filter = xml.text()?.to_owned();
                    let invalid = || xml.error(format!("`{filter}` is no frame filter"));
                    task.frames.step = Some(step_of(&filter).ok_or_else(invalid)?);
                }
                "labels" => self.labels(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(task)
    }

    fn labels(&mut self, xml: &mut XmlInput<'_>) -> Result<(), ReadError> {
        while let Some(label) = xml.next_child()? {
            if label.name() != "label" {
                xml.skip()?;
                continue;
            }
            let label = LabelMeta::read(xml)?;
            label.add_to(&mut self.found);
            self.labels.extend(label.name);
        }
        Ok(())
    }
}

impl TaskMeta {
    /// Whether the file says more of the task than that there is one.
    pub(super) fn is_known(&self) -> bool {
        self.id.is_some() || self.is_video || self.frames.number().is_some()
    }
}

/// The text of an element as a name; without text there is none.
fn name(xml: &mut XmlInput<'_>) -> Result<Option<String>, ReadError> {
    Ok(Some(xml.text()?).filter(|name| !name.is_empty()).map(str::to_owned))
}

/// The text of an element as a number; without text there is none.
fn number<N: std::str::FromStr>(xml: &mut XmlInput<'_>) -> Result<Option<N>, ReadError> {
    let text = xml.text()?.to_owned();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| xml.error(format!("`{text}` is not a whole number of at most 64 bits")))
}

/// The step of a filter such as `step=3`; `None` where the text is no filter.
fn step_of(filter: &str) -> Option<u64> {
    if filter.is_empty() {
        return Some(1);
    }
    filter.strip_prefix("step=")?.trim().parse().ok().filter(|step| *step > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_filter_is_a_step_or_nothing() {
        for (filter, step) in
            [("", Some(1)), ("step=3", Some(3)), ("step=0", None), ("step=x", None), ("every 2", None)]
        {
            assert_eq!(step_of(filter), step, "{filter}");
        }
    }
}
