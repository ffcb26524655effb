//! Several people on one task of Label Studio.

use crate::line_of;
use annotation_statistics_formats::AnnotationChoice::{self, Accepted, All, First, GroundTruth, Last};
use annotation_statistics_formats::CountingRule::Appearances;
use annotation_statistics_formats::{ReadOptions, read};

fn counted(annotations: &[&str], choice: AnnotationChoice) -> Vec<String> {
    let file = format!(r#"{{"annotations":[{}],"id":1,"data":{{}}}}"#, annotations.join(","));
    let options = ReadOptions { annotations: choice, rule: Appearances, ..ReadOptions::default() };
    let mut tasks = read(file.as_bytes(), &options).unwrap();
    let mut lines: Vec<_> = tasks.by_ref().map(|task| line_of(&task.unwrap()).trim_end().to_owned()).collect();
    lines.extend(tasks.report().to_string().lines().map(str::to_owned));
    lines
}

fn annotation(label: &str, members: &str) -> String {
    format!(r#"{{"result":[{{"id":"a","type":"labels","value":{{"labels":["{label}","x"]}}}}]{members}}}"#)
}

const FURTHER: &str = "not counted: 1 labels beyond a region's first";
const SEVERAL: &str = "counted with a doubt: 1 tasks with several annotations: all of them added up";
const UNCHOSEN: &str = "not counted: 1 annotations of tasks that have several, left out by the choice of annotations";
const NOT_GROUND_TRUTH: &str = "not counted: 3 annotations that are no ground truth";
const GROUND_TRUTH: &str = "not counted: 1 ground truths, which judge the work and are none of it";
const ACCEPTED: &str = "counted with a doubt: 1 tasks with several annotations: those that were accepted were taken";
const TRUTH_TAKEN: &str = "counted with a doubt: 1 tasks with several annotations: the ground truth was taken";
const CANCELLED: &str = "not counted: 1 annotations that were cancelled";

#[test]
fn a_choice_says_whose_work_counts_and_the_rest_is_reported() {
    let annotations = [
        annotation("given-up", r#","was_cancelled":true"#),
        annotation("one", r#","reviews":[{"accepted":true},{"accepted":false}]"#),
        annotation("two", r#","reviews":[{"accepted":false},{"accepted":true}],"ground_truth":false"#),
        annotation("truth", r#","ground_truth":true,"last_action":"accepted""#),
    ];
    let annotations = annotations.each_ref().map(String::as_str);
    let twice = "not counted: 2 labels beyond a region's first";
    let first = "counted with a doubt: 1 tasks with several annotations: the first was taken";
    let last = "counted with a doubt: 1 tasks with several annotations: the last was taken";
    let not_accepted = "not counted: 1 annotations that were not accepted";
    let no_truth = "not counted: 2 annotations that are no ground truth";
    for (choice, expected) in [
        (All, &["1 | one=1 two=1 | | 1", CANCELLED, twice, GROUND_TRUTH, SEVERAL][..]),
        (First, &["1 | one=1 | | 1", CANCELLED, FURTHER, UNCHOSEN, GROUND_TRUTH, first]),
        (Last, &["1 | two=1 | | 1", CANCELLED, FURTHER, UNCHOSEN, GROUND_TRUTH, last]),
        (Accepted, &["1 | two=1 | | 1", CANCELLED, FURTHER, GROUND_TRUTH, not_accepted, ACCEPTED]),
        (AnnotationChoice::GroundTruth, &["1 | truth=1 | | 1", CANCELLED, FURTHER, no_truth, TRUTH_TAKEN]),
    ] {
        assert_eq!(counted(&annotations, choice), expected, "{choice}");
    }
}

#[test]
fn a_task_has_several_annotations_only_if_several_can_be_chosen() {
    let (work, truth) = (annotation("one", ""), annotation("truth", r#","ground_truth":1"#));
    let cancelled = annotation("one", r#","skipped":true,"ground_truth":true"#);
    for choice in [All, First, Last] {
        let expected = ["1 | one=1 | | 1", CANCELLED, FURTHER, GROUND_TRUTH];
        assert_eq!(counted(&[&cancelled, &work, &truth], choice), expected, "{choice}");
    }
    let empty = r#"{"result":[]}"#;
    let last = "counted with a doubt: 1 tasks with several annotations: the last was taken";
    assert_eq!(counted(&[&work, empty], Last), ["1 | | | 1", UNCHOSEN, last], "nothing is work, too");
    assert_eq!(counted(&[], First), ["1 | | | 1"]);
}

#[test]
fn what_was_taken_of_several_annotations_is_reported_by_every_choice() {
    let twice = "not counted: 2 labels beyond a region's first";
    let (work, truth) = (annotation("one", ""), annotation("truth", r#","ground_truth":1"#));
    let accepted = annotation("one", r#","last_action":"fixed_and_accepted""#);
    let not_accepted = |times| format!("not counted: {times} annotations that were not accepted");
    let two_accepted =
        "counted with a doubt: 1 tasks with several annotations that were accepted: all of these added up";
    let two_truths = "counted with a doubt: 1 tasks with several ground truths: all of these added up";
    let none_accepted = "not counted: 1 tasks with several annotations of which none was accepted: nothing was taken";
    let no_truth = "not counted: 1 tasks with several annotations of which none is a ground truth: nothing was taken";
    for (annotations, choice, expected) in [
        (&[&accepted, &accepted][..], Accepted, &["1 | one=2 | | 1", twice, ACCEPTED, two_accepted][..]),
        (
            &[&accepted, &work, &accepted],
            Accepted,
            &["1 | one=2 | | 1", twice, &not_accepted(1), ACCEPTED, two_accepted],
        ),
        (&[&accepted], Accepted, &["1 | one=1 | | 1", FURTHER]),
        (&[&accepted, &truth], Accepted, &["1 | one=1 | | 1", FURTHER, GROUND_TRUTH]),
        (&[&work, &work], Accepted, &["1 | | | 1", &not_accepted(2), none_accepted]),
        (&[&work], Accepted, &["1 | | | 1", &not_accepted(1)]),
        (&[&truth, &truth], GroundTruth, &["1 | truth=2 | | 1", twice, TRUTH_TAKEN, two_truths]),
        (&[&truth], GroundTruth, &["1 | truth=1 | | 1", FURTHER]),
        (&[&work, &work, &work], GroundTruth, &["1 | | | 1", NOT_GROUND_TRUTH, no_truth]),
    ] {
        let annotations: Vec<_> = annotations.iter().map(|annotation| annotation.as_str()).collect();
        assert_eq!(counted(&annotations, choice), expected, "{choice}");
    }
}

#[test]
fn the_length_of_a_video_is_the_same_for_everybody() {
    let video = r#"{"result":[{"id":"v","type":"videorectangle","value":{"framesCount":20,"labels":["arm"],
        "sequence":[{"frame":19}]}}]}"#;
    let span = r#"{"result":[{"id":"t","type":"timelinelabels","value":{"timelinelabels":["hop"],
        "ranges":[{"start":18,"end":25}]}}]}"#;
    let beyond = "counted with a doubt: 1 objects said to be in frames that their task does not have: counted in no more \
        frames than it has";
    for annotations in [[video, span], [span, video]] {
        assert_eq!(counted(&annotations, All), ["1 | arm=2 hop=3 | | 20", SEVERAL, beyond]);
    }
    let first = "counted with a doubt: 1 tasks with several annotations: the first was taken";
    assert_eq!(counted(&[span, video], First), ["1 | hop=3 | | 20", UNCHOSEN, first, beyond]);
}
