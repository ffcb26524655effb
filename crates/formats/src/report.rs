//! What a file holds that was not counted, or counted with a doubt.

use std::collections::BTreeMap;
use std::fmt;

/// What a file holds that was not counted and why, and what was counted with a doubt.
///
/// Complete once all tasks are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    remarks: BTreeMap<Remark, u64>,
}

macro_rules! remarks {
    ($($(#[$doc:meta])* $name:ident $doubt:literal $text:literal)*) => {
        /// A reason why something was not counted, or was counted with a doubt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Remark {
            $($(#[$doc])* $name,)*
        }

        impl Remark {
            /// Whether it was counted, with a doubt; otherwise it was not counted.
            pub fn was_counted(self) -> bool {
                match self {
                    $(Self::$name => $doubt,)*
                }
            }

            /// The reason in words.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

remarks! {
    /// An annotation that its annotator gave up.
    CancelledAnnotation false "annotations that were cancelled"
    /// The output of a model.
    Prediction false "predictions of a model"
    /// Work that was not submitted.
    Draft false "drafts that were not submitted"
    /// A pre-label shown to the annotator.
    Hint false "hints: labels made before the work"
    /// A region with several labels counts under its first.
    FurtherLabel false "labels beyond a region's first"
    /// A relation between regions or objects.
    Relation false "relations"
    /// A part of a skeleton, or an attribute of such a part: the skeleton is what counts.
    SkeletonElement false "elements of skeletons and their attributes"
    /// A shape that the tool computed, under the rule `keyframes`.
    ComputedShape false "shapes between keyframes, computed by the tool"
    /// An object without a drawn shape, under the rule `keyframes`.
    ObjectWithoutShape false "objects without a shape"
    /// Another label of the same object in the same frame.
    SameObjectInFrame false "further shapes of an object in a frame that shows it already"
    /// A sentence about an image.
    Caption false "captions"
    /// A number computed of the content, such as a hash.
    ComputedFeature false "hashes and features computed by a program"
    /// What a tool notes of a shape by itself: whether it is occluded, its track, its rotation.
    ToolValue false "values that the tool writes itself"
    /// A shape that is marked as not visible.
    InvisibleShape false "shapes that are marked as outside: nothing is visible there"
    /// A tracked object that no frame shows.
    InvisibleObject false "tracks that are never visible"
    /// The work of a person that the choice of annotations leaves out.
    UnchosenAnnotation false "annotations of tasks that have several, left out by the choice of annotations"
    /// An annotation that is made to judge others.
    GroundTruth false "ground truths, which judge the work and are none of it"
    /// An annotation that is no ground truth, where ground truths are requested.
    NoGroundTruth false "annotations that are no ground truth"
    /// An annotation that was not accepted, where accepted ones are requested.
    NotAccepted false "annotations that were not accepted"
    /// A task of which no work was accepted, where accepted work is requested.
    NoneAccepted false "tasks with several annotations of which none was accepted: nothing was taken"
    /// A task without a ground truth, where ground truths are requested.
    NoneGroundTruth false "tasks with several annotations of which none is a ground truth: nothing was taken"
    /// A label without a category and a geometry.
    EmptyLabel false "labels with neither a category nor a geometry"
    /// What a scene of OpenLABEL states about what happens in it.
    Action false "actions"
    /// What a scene of OpenLABEL states about what happens at a point in time.
    Event false "events"
    /// What a scene of OpenLABEL states about its surroundings.
    Context false "contexts"
    /// What is said of a scene of OpenLABEL as a whole.
    SceneTag false "tags of the scene"
    /// Labels that show one object in several cameras.
    GroupLabel false "labels of groups of cameras"
    /// What TACO says of the background of its images.
    SceneAnnotation false "scene_annotations"
    /// An attribute of a file of Scalabel, which is of none of its tasks.
    FileAttribute false "attributes of a whole file with several tasks"
    /// A task that a response of the platform counts, but does not have.
    OtherPage false "tasks that are on other pages of the platform's response"
    /// What a file of COCO says of its images.
    ImageAttribute false "attributes of images"
    /// What a file of COCO says of all segments of an image.
    PanopticAttribute false "attributes of panoptic annotations"
    /// What a file of COCO says of a segment.
    SegmentAttribute false "attributes of panoptic segments"
    /// An element of a list of which COCO says nothing.
    OtherList false "elements of lists that are none of COCO's"
    /// What a program noted of an item of Datumaro.
    ItemNote false "entries of `attr` of items"
    /// An element of a CVAT file that CVAT does not write.
    UnknownElement false "unknown XML elements: neither shapes nor tags"
    /// An annotation of the platform with neither a slot nor an input.
    EmptyAnnotation false "annotations with neither slots nor an input"
    /// A region that stands for many objects.
    Crowd true "crowd regions: each counted once"
    /// A shape that was computed by projecting another one.
    Projected true "shapes derived by projection"
    /// An instance without a label.
    WithoutLabel true "instances without a label: counted under the kind of their shape"
    /// A task of which several people's work was added up.
    SeveralAnnotations true "tasks with several annotations: all of them added up"
    /// A task of which the work of one of several people was taken.
    FirstAnnotation true "tasks with several annotations: the first was taken"
    /// A task of which the work of one of several people was taken.
    LastAnnotation true "tasks with several annotations: the last was taken"
    /// A task of which the work that was accepted was taken.
    AcceptedAnnotation true "tasks with several annotations: those that were accepted were taken"
    /// A task of which several pieces of work were accepted.
    SeveralAccepted true "tasks with several annotations that were accepted: all of these added up"
    /// A task of which the ground truth was taken, and not the work of others.
    TakenGroundTruth true "tasks with several annotations: the ground truth was taken"
    /// A task that has several ground truths.
    SeveralGroundTruths true "tasks with several ground truths: all of these added up"
    /// A task that says to have more annotations than the file has.
    MissingAnnotation true "annotations that tasks say to have, but that are not in the file"
    /// An annotation whose id is another one's, too.
    RepeatedId true "annotations with an id that another one has: each counted"
    /// An annotation that may be the output of a model.
    Scored true "annotations with a score, as models give them"
    /// A row of a track that is there twice, and is the same.
    RepeatedShape true "shapes of a track that come twice and are equal: each counted once"
    /// An object that is in more frames than there are, or in others.
    BeyondFrames true "objects said to be in frames that their task does not have: counted in no more frames than it has"
    /// A video whose number of frames the file does not say.
    UnknownLength true "videos of unknown length: frames counted up to the last that is annotated"
}

impl Report {
    pub(crate) fn add(&mut self, remark: Remark, times: u64) {
        if times > 0 {
            let sum = self.remarks.entry(remark).or_default();
            *sum = sum.saturating_add(times);
        }
    }

    /// The remarks that were made, and how often.
    pub fn iter(&self) -> impl Iterator<Item = (Remark, u64)> {
        self.remarks.iter().map(|(remark, times)| (*remark, *times))
    }

    /// How often a remark was made.
    pub fn times(&self, remark: Remark) -> u64 {
        self.remarks.get(&remark).copied().unwrap_or_default()
    }

    /// Whether everything was counted, without a doubt.
    pub fn is_empty(&self) -> bool {
        self.remarks.is_empty()
    }

    /// Adds the remarks of another file.
    pub fn merge(&mut self, other: &Self) {
        for (remark, times) in other.iter() {
            self.add(remark, times);
        }
    }
}

impl fmt::Display for Report {
    /// One line a remark: `not counted: 3 annotations that were cancelled`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (remark, times) in self.iter() {
            let what = if remark.was_counted() { "counted with a doubt" } else { "not counted" };
            writeln!(formatter, "{what}: {times} {}", remark.text())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_was_left_out_and_what_is_doubtful() {
        let mut report = Report::default();
        report.add(Remark::Crowd, 2);
        report.add(Remark::Draft, 0);
        let mut other = Report::default();
        other.add(Remark::CancelledAnnotation, 1);
        other.add(Remark::Crowd, 1);
        report.merge(&other);
        let expected = "not counted: 1 annotations that were cancelled\n\
                        counted with a doubt: 3 crowd regions: each counted once\n";
        assert_eq!(report.to_string(), expected);
        assert_eq!(report.times(Remark::Draft), 0);
        assert!(!report.is_empty());
    }
}
