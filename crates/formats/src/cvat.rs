//! CVAT XML 1.1, for images and for video, of a task, a job or a project.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | for images an `<image>`, by its `id`; for video the `<task>` (or `<job>`), by its `<id>` |
//! | instance | a shape or tag of an image, a track of a video; key = its label; a skeleton counts once |
//! | attribute | an `<attribute>` that has text; key `label/attribute` |
//! | frames | 1; of a video `<size>`, or what follows from `<start_frame>`, `<stop_frame>` and `<frame_filter>` |
//!
//! # Counting rules
//!
//! A track counts once under `objects`, with each attribute that a visible shape of it has text for once. Under
//! `appearances` it counts in each frame that it is visible in: a shape stands until the track's next one, the last
//! until the end of the task, and an `outside` one shows nothing. Under `keyframes` each shape counts that is a
//! keyframe and not outside.
//!
//! # Traps
//!
//! * Frame numbers are those of the video, so with `frame_filter` step=3 the next frame is 3 further.
//! * CVAT exports every interpolated frame of a track (`keyframe="0"`), other programs only the keyframes: both have
//!   the same appearances.
//! * Elements of a skeleton, and their attributes, stand inside it: not counted, told in the report.
//! * The images of a project are numbered anew in each of its tasks. There the id is the
//!   [`stable_id`](crate::stable_id) of `task/subset/name`.
//! * A label that the file does not list in `<labels>` is a fault, unless it lists none.
//! * A file has images or tracks; one with both is a fault.

use crate::cvat_meta::{Meta, TaskMeta};
use crate::cvat_shapes::{Shape, Track};
use crate::json_input::Bytes;
use crate::reading::TaskReader;
use crate::task_counts::count_of;
use crate::xml_input::{Element, XmlInput};
use crate::{CountingRule, FilePlace, ReadFault, Remark, Report, TaskCounts};
use std::collections::VecDeque;

pub(crate) struct Cvat<'input> {
    xml: XmlInput<'input>,
    rule: CountingRule,
    name: Option<String>,
    meta: Meta,
    has_images: bool,
    /// The videos, one for each task that the file tells of, once a track was met.
    videos: Option<Vec<Video>>,
    ready: VecDeque<TaskCounts>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Inside,
    Ended,
}

struct Video {
    counts: TaskCounts,
    frames: u64,
}

impl<'input> Cvat<'input> {
    pub(crate) fn new(input: Bytes<'input>, rule: CountingRule, name: Option<&str>) -> Self {
        Self {
            xml: XmlInput::new(input),
            rule,
            name: name.map(str::to_owned),
            meta: Meta::default(),
            has_images: false,
            videos: None,
            ready: VecDeque::new(),
            state: State::Start,
        }
    }

    fn start(&mut self) -> Result<(), ReadFault> {
        match self.xml.next_child()? {
            Some(root) if root.name == "annotations" => Ok(()),
            _ => Err(self.xml.fault("expected the element `annotations` of a CVAT file")),
        }
    }

    fn element(&mut self, element: &Element, report: &mut Report) -> Result<Option<TaskCounts>, ReadFault> {
        match element.name.as_str() {
            "meta" => self.meta.read(&mut self.xml)?,
            "image" => return self.image(element, report).map(Some),
            "track" => self.track(element, report)?,
            "version" => {
                let version = self.xml.text()?;
                if !version.starts_with("1.") {
                    return Err(self.xml.fault(format!("version `{version}` of CVAT XML is not known")));
                }
            }
            _ => {
                report.add(Remark::OtherKind, 1);
                self.xml.skip()?;
            }
        }
        Ok(None)
    }

    fn image(&mut self, image: &Element, report: &mut Report) -> Result<TaskCounts, ReadFault> {
        if self.videos.is_some() {
            return Err(self.xml.fault("an image after tracks: a file has one or the other"));
        }
        self.has_images = true;
        let mut counts = self.image_task(image)?;
        while let Some(element) = self.xml.next_child()? {
            let label = self.label_of(&element)?;
            let shape = Shape::read(&mut self.xml, report)?;
            let mut counted = counts.add_instances(&label, 1);
            for attribute in &shape.attributes {
                counted = counted.and_then(|()| counts.add_attributes(&label, attribute, 1));
            }
            counted.map_err(|reason| self.xml.fault(reason))?;
        }
        Ok(counts)
    }

    fn image_task(&self, image: &Element) -> Result<TaskCounts, ReadFault> {
        if self.meta.is_project {
            let parts = ["task_id", "subset", "name"].map(|name| image.get(name).unwrap_or_default());
            return TaskCounts::named(&parts.join("/")).map_err(|reason| self.xml.fault(reason));
        }
        let id = image.get("id").ok_or_else(|| self.xml.fault("the image has no `id`"))?;
        let number =
            id.parse().map_err(|_| self.xml.fault(format!("`{id}` is not a whole number of at most 64 bits")))?;
        Ok(TaskCounts::numbered(number))
    }

    fn label_of(&self, element: &Element) -> Result<String, ReadFault> {
        let label = element.get("label").ok_or_else(|| self.xml.fault("the element has no `label`"))?;
        if !self.meta.has_label(label) {
            return Err(self.xml.fault(format!("label `{label}` is not in the file's `labels`")));
        }
        Ok(label.to_owned())
    }

    fn track(&mut self, element: &Element, report: &mut Report) -> Result<(), ReadFault> {
        if self.has_images {
            return Err(self.xml.fault("a track after images: a file has one or the other"));
        }
        let label = self.label_of(element)?;
        let index = self.task_of(element)?;
        let track = Track::read(&mut self.xml, report)?;
        self.begin_videos()?;
        let unknown = TaskMeta::default();
        let task = self.meta.tasks.get(index).unwrap_or(&unknown);
        let Some(video) = self.videos.as_mut().and_then(|videos| videos.get_mut(index)) else { return Ok(()) };
        if task.frames().is_none() {
            video.frames = video.frames.max(track.last_frame().map_or(0, |frame| frame.saturating_add(1)));
        }
        let times = track.count(self.rule, task, report);
        let mut counted = video.counts.add_instances(&label, times.instances);
        for (attribute, times) in times.attributes {
            counted = counted.and_then(|()| video.counts.add_attributes(&label, &attribute, times));
        }
        counted.map_err(|reason| self.xml.fault(reason))
    }

    /// The task that a track belongs to: a project says which.
    fn task_of(&self, track: &Element) -> Result<usize, ReadFault> {
        if !self.meta.is_project {
            return Ok(0);
        }
        let id = track.get("task_id").ok_or_else(|| self.xml.fault("the track has no `task_id`"))?;
        let is_it = |task: &TaskMeta| task.id.is_some_and(|known| known.to_string() == id);
        let index = self.meta.tasks.iter().position(is_it);
        index.ok_or_else(|| self.xml.fault(format!("task {id} is not in the file's `tasks`")))
    }

    fn begin_videos(&mut self) -> Result<(), ReadFault> {
        if self.videos.is_some() {
            return Ok(());
        }
        let unknown = [TaskMeta::default()];
        let tasks = if self.meta.tasks.is_empty() { &unknown[..] } else { &self.meta.tasks };
        let video = |task: &TaskMeta| {
            let counts = task.id.map_or_else(|| self.named(), |id| Ok(TaskCounts::numbered(id)))?;
            Ok(Video { counts, frames: task.frames().unwrap_or_default() })
        };
        self.videos = Some(tasks.iter().map(video).collect::<Result<_, ReadFault>>()?);
        Ok(())
    }

    fn named(&self) -> Result<TaskCounts, ReadFault> {
        let name = self.name.as_deref().ok_or_else(ReadFault::name_needed)?;
        TaskCounts::named(name).map_err(|reason| self.xml.fault(reason))
    }

    fn finish(&mut self, report: &mut Report) -> Result<(), ReadFault> {
        if self.xml.next_child()?.is_some() {
            return Err(self.xml.fault("expected the end of the file here"));
        }
        if !self.has_images && self.meta.tasks.iter().any(|task| task.is_video) {
            self.begin_videos()?;
        }
        for (index, video) in self.videos.take().unwrap_or_default().into_iter().enumerate() {
            let is_known = self.meta.tasks.get(index).is_some_and(|task| task.frames().is_some());
            report.add(Remark::UnknownLength, u64::from(!is_known));
            let frames = count_of(video.frames).map_err(|reason| self.xml.fault(reason))?;
            self.ready.push_back(TaskCounts { frames, ..video.counts });
        }
        Ok(())
    }
}

impl TaskReader for Cvat<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadFault> {
        if self.state == State::Start {
            self.start()?;
            self.state = State::Inside;
        }
        while self.state == State::Inside {
            if let Some(element) = self.xml.next_child()? {
                if let Some(task) = self.element(&element, report)? {
                    return Ok(Some(task));
                }
            } else {
                self.state = State::Ended;
                self.finish(report)?;
            }
        }
        Ok(self.ready.pop_front())
    }

    fn place(&self) -> FilePlace {
        self.xml.place()
    }
}
