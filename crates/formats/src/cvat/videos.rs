//! The tasks of a CVAT file that has tracks: each is a video.

use crate::cvat::label::Label;
use crate::cvat::meta::TaskMeta;
use crate::cvat::shapes::Shape;
use crate::cvat::tracks::{Standing, Track};
use crate::task_counts::count_of;
use crate::{CountingRule, Remark, Report, TaskCounts};

/// What was counted in the videos of a file.
///
/// How long shapes hold is only known at the end of the file: the last of its tracks may be the first with a computed
/// shape. Until then all is counted both ways.
#[derive(Debug, Default)]
pub(super) struct Videos {
    tasks: Vec<Video>,
    lists_frames: bool,
    /// Objects in more frames than their task has, if shapes hold in one frame, and if they hold until the next.
    beyond: [u64; 2],
}

#[derive(Debug)]
struct Video {
    task: TaskMeta,
    last_frame: Option<u64>,
    /// What counts if shapes hold in one frame, and if they hold until the next.
    counts: [TaskCounts; 2],
}

/// How long shapes may hold, in the order of what is counted both ways.
const WAYS: [Standing; 2] = [Standing::OneFrame, Standing::UntilNext];

impl Videos {
    pub(super) fn push(&mut self, task: TaskMeta, counts: TaskCounts) {
        self.tasks.push(Video { task, last_frame: None, counts: [counts.clone(), counts] });
    }

    /// Counts a track of a video; the error is the reason why it cannot be counted.
    pub(super) fn add_track(
        &mut self,
        video: usize,
        label: &str,
        track: &Track,
        rule: CountingRule,
        report: &mut Report,
    ) -> Result<(), String> {
        self.lists_frames |= track.has_computed();
        let Some(video) = self.tasks.get_mut(video) else { return Ok(()) };
        video.last_frame = video.last_frame.max(track.last_frame());
        let Some(kind) = track.kind.as_deref().filter(|_| track.is_visible()) else {
            report.add(Remark::InvisibleObject, 1);
            return Ok(());
        };
        if rule == CountingRule::Keyframes {
            report.add(Remark::ComputedShape, u64::try_from(track.visible_computed()).unwrap_or(u64::MAX));
        }
        let label = Label::new(label, kind, report);
        for ((standing, counts), beyond) in WAYS.into_iter().zip(&mut video.counts).zip(&mut self.beyond) {
            let counted = track.count(rule, standing, &video.task.frames);
            *beyond = beyond.saturating_add(u64::from(counted.is_beyond));
            label.add(counts, counted.times)?;
            counted.attributes.iter().try_for_each(|(name, times)| label.add_attribute(counts, name, *times))?;
        }
        Ok(())
    }

    /// Counts a tag beside the tracks; the error is the reason why it cannot be counted.
    pub(super) fn add_tag(&mut self, video: usize, label: &Label<'_>, tag: &Shape) -> Result<(), String> {
        let counts = self.tasks.get_mut(video).map(|video| &mut video.counts);
        counts.into_iter().flatten().try_for_each(|counts| label.add_shape(counts, tag))
    }

    /// The tasks, once all tracks are known; the error is the reason why there cannot be so many frames.
    pub(super) fn finish(self, report: &mut Report) -> Result<Vec<TaskCounts>, String> {
        let [beyond, standing_beyond] = self.beyond;
        report.add(Remark::BeyondFrames, if self.lists_frames { beyond } else { standing_beyond });
        let task_of = |video: Video| {
            let [counts, standing_counts] = video.counts;
            let counts = if self.lists_frames { counts } else { standing_counts };
            report.add(Remark::UnknownLength, u64::from(video.task.frames.number().is_none()));
            let until_last = || video.last_frame.map_or(0, |frame| frame.saturating_add(1));
            let frames = count_of(video.task.frames.number().unwrap_or_else(until_last))?;
            Ok(TaskCounts { frames, ..counts })
        };
        self.tasks.into_iter().map(task_of).collect()
    }
}
