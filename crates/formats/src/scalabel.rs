//! Scalabel, and BDD100K, which is written in it: a list of frames, or an object with `frames`.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | a frame, by its name; where labels are tracked, a video, by its `videoName` |
//! | instance | a label; in a video a track id; key = `category`, without one its geometry |
//! | attribute | an entry of a label's `attributes` that has a value: key `category/attribute`; of a frame's: `/attribute` |
//! | frames | 1; in a video its frames |
//!
//! # Counting rules
//!
//! In a video `objects` counts a track once, and each key that it has a value for once; `appearances` counts a track and
//! its keys once in each frame that has it; `keyframes` counts every label that is not computed (`manualShape: false`).
//! A frame's own attributes count once a video under `objects`, once a frame otherwise.
//!
//! # Traps
//!
//! * Labels are tracked where one id is in two frames of a video. A lone frame with a `videoName` is a frame, and two
//!   of its labels with one id are two labels.
//! * The frames of a video are together. One that comes back after another video is an error, because it was
//!   counted already.
//! * A task has no number here: its id is the [`stable_id`](crate::stable_id()) of `videoName`, of `videoName/name`, or
//!   of `name` without a video.
//! * Old BDD100K has a file an image, with a name of its own: the task is `name/timestamp`, the attributes of the file
//!   are its attributes, and `objects` are its labels.
//! * Labels of `groups`, which are frames of several cameras together, are not counted, and reported.
//! * A label with neither a category nor a geometry says nothing: it is left out with its attributes, and reported.
//! * `false` is a value of an attribute, and `occluded`, `truncated` and `crowd` are attributes: annotators set them here.

mod config;
mod frame;
mod video;

use crate::counting::Numbers;
use crate::input::{Bytes, JsonInput, JsonItems, Name, NamesWithValue};
use crate::scalabel::config::add_config;
use crate::scalabel::frame::{Frame, Group};
use crate::scalabel::video::{Tracks, count_frame};
use crate::task_reader::TaskReader;
use crate::{CountingRule, FilePlace, FoundOperators, ReadError, Remark, Report, TaskCounts};
use std::collections::{HashSet, VecDeque};

pub(crate) struct Scalabel<'input> {
    json: JsonInput<'input>,
    items: JsonItems,
    rule: CountingRule,
    /// The name of the file as it says it, and its attributes: old BDD100K has them.
    name: Name,
    attributes: NamesWithValue,
    found: FoundOperators,
    video: Option<Video>,
    videos: HashSet<u64>,
    ready: VecDeque<TaskCounts>,
    has_given: bool,
    ended: bool,
}

/// The video that is being read: as one task, and as a task a frame while no label is known to be tracked.
struct Video {
    name: String,
    frame_names: HashSet<u64>,
    numbers: Numbers,
    /// The last frame that each track was in, by its number.
    last_frames: Vec<usize>,
    tracks: Tracks,
    frames: Option<Vec<(TaskCounts, Report)>>,
}

impl Video {
    fn new(name: &str, rule: CountingRule) -> Result<Self, String> {
        Ok(Self {
            frame_names: HashSet::new(),
            numbers: Numbers::default(),
            last_frames: Vec::new(),
            tracks: Tracks::new(name, rule)?,
            name: name.to_owned(),
            frames: Some(Vec::new()),
        })
    }

    fn add(&mut self, frame: &Frame, rule: CountingRule) -> Result<(), String> {
        let index = self.frame_names.len();
        if !self.frame_names.insert(crate::stable_id::hash(&frame.name.0)) {
            return Err(format!("frame `{}` is given twice", frame.name.0));
        }
        let mut is_tracked = false;
        let ids = frame.labels().iter().map(|label| {
            let number = Some(&label.id.0).filter(|id| !id.is_empty()).map(|id| self.numbers.of(id));
            match number.and_then(|number| self.last_frames.get_mut(number)) {
                Some(last) => is_tracked |= std::mem::replace(last, index) < index,
                None => self.last_frames.extend(number.map(|_| index)),
            }
            number
        });
        let ids: Vec<_> = ids.collect();
        self.tracks.add(frame, &ids)?;
        if is_tracked {
            self.frames = None;
        }
        if let Some(frames) = &mut self.frames {
            frames.push(count_frame(frame, rule)?);
        }
        Ok(())
    }

    fn finish(self, ready: &mut VecDeque<TaskCounts>, report: &mut Report) {
        let one = || std::iter::once(self.tracks.finish()).collect();
        for (task, remarks) in self.frames.unwrap_or_else(one) {
            report.merge(&remarks);
            ready.push_back(task);
        }
    }
}

impl<'input> Scalabel<'input> {
    pub(crate) fn new(input: Bytes<'input>, rule: CountingRule) -> Self {
        Self {
            json: JsonInput::new(input),
            items: JsonItems::new(Some("frames")),
            rule,
            name: Name::default(),
            attributes: NamesWithValue::default(),
            found: FoundOperators::default(),
            video: None,
            videos: HashSet::new(),
            ready: VecDeque::new(),
            has_given: false,
            ended: false,
        }
    }

    fn advance(&mut self, report: &mut Report) -> Result<bool, ReadError> {
        let (name, attributes, found) = (&mut self.name, &mut self.attributes, &mut self.found);
        self.items.advance(&mut self.json, |json, member| match member {
            "name" => {
                *name = json.element()?;
                Ok(())
            }
            "attributes" => {
                *attributes = json.element()?;
                Ok(())
            }
            "config" => {
                add_config(&json.element()?, found);
                Ok(())
            }
            "groups" => json.array(|json| {
                let labels = json.element::<Group>()?.labels.map_or(0, |labels| labels.len());
                report.add(Remark::GroupLabel, u64::try_from(labels).unwrap_or(u64::MAX));
                Ok(())
            }),
            _ => json.skip(),
        })
    }

    /// The attributes of a file with a name hold for its only task; those of other files are reported.
    fn count_attributes_of_file(&mut self, report: &mut Report) -> Result<(), ReadError> {
        let names = std::mem::take(&mut self.attributes.0);
        match self.ready.make_contiguous() {
            [task] if !self.has_given && !self.name.0.is_empty() => {
                let counted = names.iter().try_for_each(|name| task.add_attributes("", name, 1));
                counted.map_err(|reason| self.json.error(reason))
            }
            _ => {
                report.add(Remark::FileAttribute, u64::try_from(names.len()).unwrap_or(u64::MAX));
                Ok(())
            }
        }
    }

    fn take_frame(&mut self, report: &mut Report) -> Result<(), ReadError> {
        let mut frame: Frame = self.json.element()?;
        report.add(Remark::EmptyLabel, frame.drop_empty_labels());
        let named = frame.name_after(&self.name.0);
        named.map_err(|(member, reason)| self.json.error_of_member(member, reason))?;
        let name = frame.video_name.0.as_str();
        if self.video.as_ref().is_some_and(|video| video.name != name) {
            self.end_video(report);
        }
        let counted = if name.is_empty() { self.lone_frame(&frame, report) } else { self.frame_of_video(&frame) };
        counted.map_err(|reason| self.json.error(reason))
    }

    fn frame_of_video(&mut self, frame: &Frame) -> Result<(), String> {
        let name = frame.video_name.0.as_str();
        let mut video = match self.video.take() {
            Some(video) => video,
            None if !self.videos.insert(crate::stable_id::hash(name)) => {
                return Err(format!(
                    "video `{name}` comes back after another one: sort the frames by `videoName` first"
                ));
            }
            None => Video::new(name, self.rule)?,
        };
        video.add(frame, self.rule)?;
        self.video = Some(video);
        Ok(())
    }

    fn lone_frame(&mut self, frame: &Frame, report: &mut Report) -> Result<(), String> {
        let (task, remarks) = count_frame(frame, self.rule)?;
        report.merge(&remarks);
        self.ready.push_back(task);
        Ok(())
    }

    fn end_video(&mut self, report: &mut Report) {
        if let Some(video) = self.video.take() {
            video.finish(&mut self.ready, report);
        }
    }
}

impl TaskReader for Scalabel<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        loop {
            if let Some(task) = self.ready.pop_front() {
                self.has_given = true;
                return Ok(Some(task));
            }
            if self.ended {
                return Ok(None);
            }
            if self.advance(report)? {
                self.take_frame(report)?;
            } else {
                self.ended = true;
                self.end_video(report);
                self.count_attributes_of_file(report)?;
            }
        }
    }

    fn found_operators(&self) -> Option<&FoundOperators> {
        Some(&self.found)
    }

    fn place(&self) -> FilePlace {
        self.json.place()
    }
}
