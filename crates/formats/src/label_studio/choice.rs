//! Which of the annotations of a Label Studio task count.

use crate::label_studio::counts::Work;
use crate::label_studio::result::ResultCounts;
use crate::{AnnotationChoice, CountingRule, Remark, Report, TaskCounts};
use serde_json::Value as Json;

/// An annotation of a task: the work of one person.
#[derive(Debug, Default)]
pub(super) struct Annotation {
    pub(super) result: ResultCounts,
    pub(super) is_cancelled: bool,
    pub(super) is_ground_truth: bool,
    /// What reviewers said of it, in whatever order.
    pub(super) reviews: Json,
    /// What was last done with it.
    pub(super) last_action: Json,
}

/// The annotations of a task that count, while they are read.
#[derive(Debug)]
pub(super) struct Chosen {
    choice: AnnotationChoice,
    work: Work,
    /// How many can be chosen from.
    candidates: u64,
    /// How many the choice leaves out for what they are: not accepted, or no ground truth.
    unfit: u64,
    /// How many were not cancelled.
    submitted: u64,
    /// The frames of the video, 0 where that is not said.
    frames: u64,
}

impl Annotation {
    /// Whether a reviewer accepted it. The last review decides; where no review is given, the last action does.
    fn is_accepted(&self) -> bool {
        let reviews = self.reviews.as_array().into_iter().flatten().filter_map(|review| {
            let created_at = review.get("created_at").and_then(Json::as_str).unwrap_or_default();
            Some((created_at, review.get("accepted")?.as_bool()?))
        });
        let by_last_action = || matches!(self.last_action.as_str(), Some("accepted" | "fixed_and_accepted"));
        // Of reviews of the same time, or without one, this is the last in the file.
        reviews.max_by_key(|(created_at, _)| *created_at).map_or_else(by_last_action, |(_, accepted)| accepted)
    }
}

impl Chosen {
    pub(super) fn new(choice: AnnotationChoice) -> Self {
        Self { choice, work: Work::default(), candidates: 0, unfit: 0, submitted: 0, frames: 0 }
    }

    /// Counts an annotation if it is chosen; the error is the reason why that cannot be.
    pub(super) fn add(&mut self, annotation: Annotation, report: &mut Report) -> Result<(), String> {
        // However long the video is, it is so for every annotator.
        self.frames = self.frames.max(annotation.result.frames());
        self.submitted += u64::from(!annotation.is_cancelled);
        if let Some(remark) = self.why_not(&annotation) {
            report.add(remark, 1);
            self.unfit += u64::from(matches!(remark, Remark::NotAccepted | Remark::NoGroundTruth));
            return Ok(());
        }
        self.candidates += 1;
        match self.choice {
            AnnotationChoice::First if self.candidates > 1 => return Ok(()),
            AnnotationChoice::Last => self.work = Work::default(),
            AnnotationChoice::All
            | AnnotationChoice::First
            | AnnotationChoice::Accepted
            | AnnotationChoice::GroundTruth => {}
        }
        annotation.result.count(&mut self.work)
    }

    /// Why an annotation can never be chosen.
    fn why_not(&self, annotation: &Annotation) -> Option<Remark> {
        if annotation.is_cancelled {
            return Some(Remark::CancelledAnnotation);
        }
        match (self.choice, annotation.is_ground_truth) {
            (AnnotationChoice::GroundTruth, is_ground_truth) => (!is_ground_truth).then_some(Remark::NoGroundTruth),
            (_, true) => Some(Remark::GroundTruth),
            (AnnotationChoice::Accepted, false) => (!annotation.is_accepted()).then_some(Remark::NotAccepted),
            (AnnotationChoice::All | AnnotationChoice::First | AnnotationChoice::Last, false) => None,
        }
    }

    /// How many annotations were not cancelled.
    pub(super) fn submitted(&self) -> u64 {
        self.submitted
    }

    /// Reports what was taken of a task with several annotations.
    fn report_choice(&self, report: &mut Report) {
        let further = self.candidates.saturating_sub(1);
        let several = u64::from(further > 0);
        let is_empty = self.candidates == 0;
        let of_several = u64::from(self.candidates.saturating_add(self.unfit) > 1);
        match self.choice {
            AnnotationChoice::All => report.add(Remark::SeveralAnnotations, several),
            AnnotationChoice::First => report.add(Remark::FirstAnnotation, several),
            AnnotationChoice::Last => report.add(Remark::LastAnnotation, several),
            AnnotationChoice::Accepted => {
                report.add(if is_empty { Remark::NoneAccepted } else { Remark::AcceptedAnnotation }, of_several);
                report.add(Remark::SeveralAccepted, several);
            }
            AnnotationChoice::GroundTruth => {
                report.add(if is_empty { Remark::NoneGroundTruth } else { Remark::TakenGroundTruth }, of_several);
                report.add(Remark::SeveralGroundTruths, several);
            }
        }
        if matches!(self.choice, AnnotationChoice::First | AnnotationChoice::Last) {
            report.add(Remark::UnchosenAnnotation, further);
        }
    }

    /// What was counted; the error is the reason why that cannot be.
    pub(super) fn finish(self, rule: CountingRule, report: &mut Report) -> Result<TaskCounts, String> {
        self.report_choice(report);
        self.work.finish(self.frames, rule, report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_last_review_decides_and_without_reviews_the_last_action() {
        let [yes, no] = [true, false].map(|accepted| json!({ "accepted": accepted }));
        let at = |accepted: bool, time: &str| json!({ "accepted": accepted, "created_at": time });
        for (reviews, last_action, expected, reason) in [
            (json!([yes]), json!(null), true, "accepted"),
            (json!([no, yes]), json!("rejected"), true, "accepted after a rejection"),
            (json!([yes, no]), json!("accepted"), false, "rejected after an acceptance"),
            (json!([at(false, "2024-02-01"), at(true, "2024-01-01")]), json!(null), false, "the latest comes first"),
            (json!([no, { "accepted": null }]), json!(null), false, "a review that says nothing"),
            (json!([]), json!("accepted"), true, "no review"),
            (json!(null), json!("fixed_and_accepted"), true, "reviews are missing"),
            (json!([12, 13]), json!("accepted"), true, "reviews are given by their ids"),
            (json!([12]), json!("updated"), false, "changed later"),
            (json!(null), json!("submitted"), false, "never reviewed"),
            (json!(null), json!(null), false, "nothing is stated"),
        ] {
            let annotation = Annotation { reviews, last_action, ..Annotation::default() };
            assert_eq!(annotation.is_accepted(), expected, "{reason}");
        }
    }
}
