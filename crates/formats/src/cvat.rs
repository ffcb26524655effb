//! CVAT XML 1.1, for images and for video, of a task, a job or a project.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | for images an `<image>`, by its `id`; for video the `<task>` (or `<job>`), by its `<id>` |
//! | source name | of an image its `name`, and before it the video that it is a frame of; of a video its `<source>`, else the `<name>` of the task, else the name of the file; of a job followed by `/` and its id |
//! | instance | a shape of an image, a track of a video; key = its label; a skeleton counts once |
//! | attribute | an `<attribute>` that has text; key `label/attribute`. A tag, which is of the whole image; key `/label` |
//! | frames | 1; of a video `<size>`, or what follows from `<start_frame>`, `<stop_frame>` and `<frame_filter>` |
//!
//! # Counting rules
//!
//! A track counts once under `objects`, with each attribute that a visible shape of it has text for once. Under
//! `appearances` it counts in each frame that it is visible in. Where a file has any shape with `keyframe="0"`, as
//! CVAT writes them, it lists every frame: each shape is one frame, and between two of them the object is not visible or
//! the frame was deleted. Where it has keyframes only, as other programs write them, a shape holds until the track's next
//! one, the last until the end of the task. Which of both it is holds for the whole file. Under `keyframes` each
//! visible shape counts that is a keyframe.
//!
//! # Traps
//!
//! * `outside` shapes, and skeletons of which all elements are, show nothing. A track that is never visible is no object
//!   under any rule, and reported. `outside` and `keyframe` are 1 or 0, or true or false as Python writes them; anything else
//!   is an error.
//! * Frame numbers are those of the video, so with `frame_filter` step=3 the next frame is 3 further. A shape in another
//!   frame than those of the task makes no appearance; a visible object makes one at least, and no more than the task
//!   has frames. Objects of which the file says otherwise are reported. A ground truth job has fewer frames than lie
//!   between its first and its last; which they are it does not say.
//! * A frame that comes twice in a track counts once where both shapes are equal, and is an error where they differ.
//! * Elements of a skeleton, and their attributes, are inside it, or as tracks inside its track: not counted, but reported.
//! * CVAT writes no tags for video. A tag beside the tracks counts once under every rule, a track of tags as any track.
//! * The images of a project are numbered again in each of its tasks. There the id is the
//!   [`stable_id`](crate::stable_id()) of `task/subset/name`.
//! * A file for video with nothing drawn has neither images nor tracks: it is the tasks of its `<meta>`.
//! * A label that the file does not list in `<labels>` is an error, unless it lists none. Blanks around a label are none
//!   of it. An empty label is reported, and counts under the kind of the shape.
//! * Sublabels of a skeleton, which are in `<labels>` with a `<parent>`, are not counted, and no operators.
//! * A file has images or tracks; one with both is an error.
//!
//! # Memory
//!
//! One image or one track is held: of a track some 100 bytes for each of its shapes, and the names of its attributes. Of
//! a video its counts are kept until the end of the file.

mod frames;
mod label;
mod label_meta;
mod meta;
mod shapes;
mod tracks;
mod videos;

use crate::cvat::label::Label;
use crate::cvat::meta::{Meta, TaskMeta};
use crate::cvat::shapes::{Shape, is_shape};
use crate::cvat::tracks::Track;
use crate::cvat::videos::Videos;
use crate::error::shortened;
use crate::input::{Bytes, Element, XmlInput, trimmed};
use crate::task_reader::TaskReader;
use crate::{CountingRule, FilePlace, FoundOperators, ReadError, Remark, Report, TaskCounts};
use std::collections::VecDeque;

pub(crate) struct Cvat<'input> {
    xml: XmlInput<'input>,
    rule: CountingRule,
    name: Option<String>,
    meta: Meta,
    has_images: bool,
    /// The videos, one for each task that the file mentions, once a track was met.
    videos: Option<Videos>,
    ready: VecDeque<TaskCounts>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Inside,
    Ended,
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

    fn start(&mut self) -> Result<(), ReadError> {
        match self.xml.next_child()? {
            Some(root) if root.name() == "annotations" => Ok(()),
            _ => Err(self.xml.error("expected the element `annotations` of a CVAT file")),
        }
    }

    fn element(&mut self, element: &Element, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        match element.name() {
            "meta" if self.has_images || self.videos.is_some() => {
                return Err(self.xml.error("`meta` must come before what was drawn: it says what the tasks are"));
            }
            "meta" => self.meta.read(&mut self.xml)?,
            "image" => return self.image(element, report).map(Some),
            "track" => self.track(element, report)?,
            "tag" => self.tag(element, report)?,
            "version" => {
                let version = self.xml.text()?.to_owned();
                if !version.starts_with("1.") {
                    return Err(self.xml.error(format!("version `{version}` of CVAT XML is not known")));
                }
            }
            _ => {
                report.add(Remark::UnknownElement, 1);
                self.xml.skip()?;
            }
        }
        Ok(None)
    }

    fn image(&mut self, image: &Element, report: &mut Report) -> Result<TaskCounts, ReadError> {
        if self.videos.is_some() {
            return Err(self.xml.error("an image after tracks: a file has one or the other"));
        }
        self.has_images = true;
        let mut counts = self.image_task(image)?;
        while let Some(element) = self.xml.next_child()? {
            if !is_shape(&element) {
                report.add(Remark::UnknownElement, 1);
                self.xml.skip()?;
                continue;
            }
            if let Some((label, shape)) = self.shape(&element, report)? {
                label.add_shape(&mut counts, &shape).map_err(|reason| self.xml.error(reason))?;
            }
        }
        Ok(counts)
    }

    fn image_task(&self, image: &Element) -> Result<TaskCounts, ReadError> {
        let name = image.get("name").unwrap_or_default();
        if self.meta.is_project {
            let [task, subset] = ["task_id", "subset"].map(|part| image.get(part).unwrap_or_default());
            let name = format!("{task}/{subset}/{name}");
            return TaskCounts::named(&name).map_err(|reason| self.xml.error(reason));
        }
        let id = image.get("id").ok_or_else(|| self.xml.error("the image has no `id`"))?;
        let number =
            id.parse().map_err(|_| self.xml.error(format!("`{id}` is not a whole number of at most 64 bits")))?;
        let counts = TaskCounts::numbered(number);
        // Frames of every video have the same names.
        let video = self.meta.tasks.first().filter(|task| task.is_video).and_then(|task| self.meta.video_of(task));
        Ok(match video {
            Some(video) if !name.is_empty() => counts.made_of(&format!("{video}/{name}")),
            _ => counts.made_of(name),
        })
    }

    /// A shape without a track, with what it counts as; `None` where nothing of it is visible.
    fn shape<'element>(
        &mut self,
        element: &'element Element,
        report: &mut Report,
    ) -> Result<Option<(Label<'element>, Shape)>, ReadError> {
        let name = self.label_of(element)?;
        let shape = Shape::read(element, &mut self.xml, report)?;
        if shape.is_outside {
            report.add(Remark::InvisibleShape, 1);
            return Ok(None);
        }
        Ok(Some((Label::new(name, element.name(), report), shape)))
    }

    /// The name of the label that an element has, which may be empty.
    fn label_of<'element>(&self, element: &'element Element) -> Result<&'element str, ReadError> {
        let label = element.get("label").ok_or_else(|| self.xml.error("the element has no `label`"))?;
        let label = trimmed(label);
        if label.is_empty() || self.meta.has_label(label) {
            return Ok(label);
        }
        Err(self.xml.error(format!("label `{}` is not in the file's `labels`", shortened(label))))
    }

    fn track(&mut self, element: &Element, report: &mut Report) -> Result<(), ReadError> {
        let label = self.label_of(element)?;
        let video = self.video_of(element)?;
        let mark = self.xml.mark();
        let track = Track::read(&mut self.xml, report)?;
        let rule = self.rule;
        let counted = self.begin_videos()?.add_track(video, label, &track, rule, report);
        counted.map_err(|reason| self.xml.error_at(mark, reason))
    }

    fn tag(&mut self, element: &Element, report: &mut Report) -> Result<(), ReadError> {
        let video = self.video_of(element)?;
        let Some((label, tag)) = self.shape(element, report)? else { return Ok(()) };
        let counted = self.begin_videos()?.add_tag(video, &label, &tag);
        counted.map_err(|reason| self.xml.error(reason))
    }

    /// The task that a track or a tag belongs to: a project says which.
    fn video_of(&self, element: &Element) -> Result<usize, ReadError> {
        if self.has_images {
            return Err(self.xml.error(format!("a {} after images: a file has one or the other", element.name())));
        }
        if !self.meta.is_project {
            return Ok(0);
        }
        let id = element.get("task_id").ok_or_else(|| self.xml.error("the element has no `task_id`"))?;
        let is_it = |task: &TaskMeta| task.id.is_some_and(|known| known.to_string() == id);
        let index = self.meta.tasks.iter().position(is_it);
        index.ok_or_else(|| self.xml.error(format!("task {id} is not in the file's `tasks`")))
    }

    fn begin_videos(&mut self) -> Result<&mut Videos, ReadError> {
        if self.videos.is_none() {
            let unknown = [TaskMeta::default()];
            let tasks = if self.meta.tasks.is_empty() { &unknown[..] } else { &self.meta.tasks };
            self.videos = Some(self.videos_of(tasks.iter())?);
        }
        Ok(self.videos.get_or_insert_default())
    }

    fn videos_of<'meta>(&self, tasks: impl Iterator<Item = &'meta TaskMeta>) -> Result<Videos, ReadError> {
        let mut videos = Videos::default();
        for task in tasks {
            videos.push(task.clone(), self.video_task(task)?);
        }
        Ok(videos)
    }

    fn video_task(&self, task: &TaskMeta) -> Result<TaskCounts, ReadError> {
        if let Some(id) = task.id {
            let name = self.meta.source_name(task).or_else(|| self.name.clone());
            return Ok(TaskCounts::numbered(id).made_of(&name.unwrap_or_default()));
        }
        let name = self.name.as_deref().ok_or_else(ReadError::name_needed)?;
        TaskCounts::named(name).map_err(|reason| self.xml.error(reason))
    }

    fn finish(&mut self, report: &mut Report) -> Result<(), ReadError> {
        if self.xml.next_child()?.is_some() {
            return Err(self.xml.error("expected the end of the file here"));
        }
        let videos = match self.videos.take() {
            Some(videos) => videos,
            None if self.has_images => Videos::default(),
            None => self.videos_of(self.meta.tasks.iter().filter(|task| task.is_known()))?,
        };
        let tasks = videos.finish(report).map_err(|reason| self.xml.error(reason))?;
        self.ready.extend(tasks);
        Ok(())
    }
}

impl TaskReader for Cvat<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
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

    fn found_operators(&self) -> Option<&FoundOperators> {
        Some(&self.meta.found)
    }

    fn place(&self) -> FilePlace {
        self.xml.place()
    }
}
