//! The `meta` of a CVAT file: its tasks and their labels.

use crate::ReadFault;
use crate::xml_input::XmlInput;
use std::collections::HashSet;

/// What a file says about itself.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    pub(crate) tasks: Vec<TaskMeta>,
    pub(crate) is_project: bool,
    labels: HashSet<String>,
}

/// What a file says about a task, or about a job, which is a part of one.
#[derive(Debug, Default)]
pub(crate) struct TaskMeta {
    pub(crate) id: Option<i64>,
    pub(crate) is_video: bool,
    size: Option<u64>,
    start: u64,
    stop: Option<u64>,
    step: Option<u64>,
}

impl Meta {
    pub(crate) fn read(&mut self, xml: &mut XmlInput<'_>) -> Result<(), ReadFault> {
        while let Some(element) = xml.next_child()? {
            match element.name.as_str() {
                "project" => {
                    self.is_project = true;
                    self.read(xml)?;
                }
                "tasks" => self.read(xml)?,
                "task" | "job" => {
                    let task = self.task(xml)?;
                    self.tasks.push(task);
                }
                "labels" => self.labels(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// Whether a label may stand in the file: one that lists no labels leaves them open.
    pub(crate) fn has_label(&self, label: &str) -> bool {
        self.labels.is_empty() || self.labels.contains(label)
    }

    fn task(&mut self, xml: &mut XmlInput<'_>) -> Result<TaskMeta, ReadFault> {
        let mut task = TaskMeta::default();
        while let Some(element) = xml.next_child()? {
            match element.name.as_str() {
                "id" => task.id = number(xml)?,
                "size" => task.size = number(xml)?,
                "start_frame" => task.start = number(xml)?.unwrap_or_default(),
                "stop_frame" => task.stop = number(xml)?,
                "mode" => task.is_video = xml.text()? == "interpolation",
                "frame_filter" => {
                    let filter = xml.text()?;
                    let wrong = || xml.fault(format!("`{filter}` is no frame filter"));
                    task.step = Some(step_of(&filter).ok_or_else(wrong)?);
                }
                "labels" => self.labels(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(task)
    }

    fn labels(&mut self, xml: &mut XmlInput<'_>) -> Result<(), ReadFault> {
        while let Some(label) = xml.next_child()? {
            if label.name != "label" {
                xml.skip()?;
                continue;
            }
            while let Some(element) = xml.next_child()? {
                if element.name == "name" {
                    self.labels.insert(xml.text()?);
                } else {
                    xml.skip()?;
                }
            }
        }
        Ok(())
    }
}

impl TaskMeta {
    /// From one frame of the task to the next.
    pub(crate) fn step(&self) -> u64 {
        self.step.unwrap_or(1)
    }

    /// The number of frames, where it is known.
    pub(crate) fn frames(&self) -> Option<u64> {
        let from_range = || Some(self.stop?.checked_sub(self.start)? / self.step() + 1);
        self.size.or_else(from_range)
    }

    /// The first frame number after the task, where it is known.
    pub(crate) fn end(&self) -> Option<u64> {
        self.frames().map(|frames| self.start.saturating_add(frames.saturating_mul(self.step())))
    }
}

/// The text of an element as a number; without text there is none.
fn number<N: std::str::FromStr>(xml: &mut XmlInput<'_>) -> Result<Option<N>, ReadFault> {
    let text = xml.text()?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| xml.fault(format!("`{text}` is not a whole number of at most 64 bits")))
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
    fn the_number_of_frames_is_the_size_or_follows_from_the_range() {
        let range = TaskMeta { start: 10, stop: Some(19), step: Some(3), ..TaskMeta::default() };
        assert_eq!((range.frames(), range.end()), (Some(4), Some(22)));
        let size = TaskMeta { size: Some(5), ..TaskMeta::default() };
        assert_eq!((size.frames(), size.end()), (Some(5), Some(5)));
        let backward = TaskMeta { start: 10, stop: Some(9), ..TaskMeta::default() };
        assert_eq!(backward.frames(), None);
        assert_eq!(TaskMeta::default().end(), None);
    }

    #[test]
    fn a_frame_filter_is_a_step_or_nothing() {
        for (filter, step) in
            [("", Some(1)), ("step=3", Some(3)), ("step=0", None), ("step=x", None), ("every 2", None)]
        {
            assert_eq!(step_of(filter), step, "{filter}");
        }
    }
}
