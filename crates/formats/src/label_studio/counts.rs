//! What was counted in the annotations of a Label Studio task.

use crate::label_studio::visibility::{Motion, Times};
use crate::task_counts::count_of;
use crate::{CountingRule, Remark, Report, TaskCounts};

/// What was counted in the annotations of a task, as far as that is known before the length of a video is.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) counts: TaskCounts,
    pub(super) report: Report,
    tracks: Vec<Track>,
}

/// A region of a video.
#[derive(Debug)]
struct Track {
    key: String,
    motion: Motion,
    /// The frames of its video, 0 where that is not said.
    frames: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { counts: TaskCounts::numbered(0), report: Report::default(), tracks: Vec::new() }
    }
}

impl Work {
    pub(super) fn add_track(&mut self, key: String, motion: Motion, frames: u64) {
        self.tracks.push(Track { key, motion, frames });
    }

    /// Counts the regions of a video of so many frames, 0 where that is not said. The error is the reason why that cannot
    /// be.
    pub(super) fn finish(self, frames: u64, rule: CountingRule, report: &mut Report) -> Result<TaskCounts, String> {
        let Self { mut counts, report: own, tracks } = self;
        report.merge(&own);
        report.add(Remark::UnknownLength, u64::from(frames == 0 && !tracks.is_empty()));
        let annotated = tracks.iter().map(|track| track.motion.least_frames()).max().unwrap_or_default();
        let frames = if frames == 0 { annotated.max(1) } else { frames };
        for Track { key, motion, frames: known } in tracks {
            let times = motion.times(if known == 0 { frames } else { known });
            counts.add_instances(&key, instances(&times, rule, report))?;
        }
        counts.frames = count_of(frames)?;
        Ok(counts)
    }
}

fn instances(times: &Times, rule: CountingRule, report: &mut Report) -> u64 {
    if times.visible == 0 {
        report.add(Remark::InvisibleObject, 1);
        return 0;
    }
    report.add(Remark::BeyondFrames, u64::from(times.is_beyond));
    match rule {
        CountingRule::Objects => 1,
        CountingRule::Appearances => times.visible,
        CountingRule::Keyframes => {
            report.add(Remark::ComputedShape, times.computed);
            times.drawn
        }
    }
}
