//! Counts the labels of Scalabel frames: frame by frame, or over a video.

use crate::counting::Seen;
use crate::scalabel::frame::{Frame, Label};
use crate::task_counts::count_of;
use crate::{CountingRule, Remark, Report, TaskCounts};

/// A frame as a task of its own.
pub(super) fn count_frame(frame: &Frame, rule: CountingRule) -> Result<(TaskCounts, Report), String> {
    let name = match (frame.video_name.0.as_str(), frame.name.0.as_str()) {
        (_, "") => return Err("`name` is missing".to_owned()),
        ("", name) => name.to_owned(),
        (video, name) => format!("{video}/{name}"),
    };
    let mut task = TaskCounts::named(&name)?;
    let mut report = Report::default();
    for label in frame.labels() {
        if is_drawn(label, rule, &mut report) {
            add_instance(&mut task, label, &mut report)?;
            for attribute in &label.attributes.0 {
                task.add_attributes(label.key(), attribute, 1)?;
            }
        }
    }
    for attribute in &frame.attributes.0 {
        task.add_attributes("", attribute, 1)?;
    }
    Ok((task, report))
}

/// A video as a task.
pub(super) struct Tracks {
    rule: CountingRule,
    task: TaskCounts,
    report: Report,
    frames: u64,
    seen: Seen,
}

/// Stands for the video itself among the numbers of its tracks.
const VIDEO: usize = usize::MAX;

impl Tracks {
    /// The error is the reason why a task cannot have this name.
    pub(super) fn new(name: &str, rule: CountingRule) -> Result<Self, String> {
        Ok(Self { rule, task: TaskCounts::named(name)?, report: Report::default(), frames: 0, seen: Seen::default() })
    }

    /// Adds a frame; `tracks` has the number of each label's track, or `None` where a label has no id.
    pub(super) fn add(&mut self, frame: &Frame, tracks: &[Option<usize>]) -> Result<(), String> {
        self.frames += 1;
        self.task.frames = count_of(self.frames)?;
        if self.rule == CountingRule::Appearances {
            self.seen.forget();
        }
        for (label, track) in frame.labels().iter().zip(tracks) {
            self.add_label(label, *track)?;
        }
        for attribute in &frame.attributes.0 {
            if self.rule != CountingRule::Objects || self.seen.attribute(VIDEO, attribute) {
                self.task.add_attributes("", attribute, 1)?;
            }
        }
        Ok(())
    }

    fn add_label(&mut self, label: &Label, track: Option<usize>) -> Result<(), String> {
        if !is_drawn(label, self.rule, &mut self.report) {
            return Ok(());
        }
        let track = track.filter(|_| self.rule != CountingRule::Keyframes);
        if track.is_none_or(|track| self.seen.object(track)) {
            add_instance(&mut self.task, label, &mut self.report)?;
        } else if self.rule == CountingRule::Appearances {
            self.report.add(Remark::SameObjectInFrame, 1);
        }
        for attribute in &label.attributes.0 {
            if track.is_none_or(|track| self.seen.attribute(track, attribute)) {
                self.task.add_attributes(label.key(), attribute, 1)?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> (TaskCounts, Report) {
        (self.task, self.report)
    }
}

fn is_drawn(label: &Label, rule: CountingRule, report: &mut Report) -> bool {
    let is_computed = rule == CountingRule::Keyframes && label.manual_shape == Some(false);
    report.add(Remark::ComputedShape, u64::from(is_computed));
    !is_computed
}

fn add_instance(task: &mut TaskCounts, label: &Label, report: &mut Report) -> Result<(), String> {
    report.add(Remark::WithoutLabel, u64::from(label.category.0.is_empty()));
    task.add_instances(label.key(), 1)
}
