//! What is counted in the samples, by each rule.

use crate::{read_all, samples};
use annotation_statistics_formats::CountingRule::{self, Appearances, Keyframes, Objects};

fn assert_counts(sample: &str, rule: CountingRule, expected: &[&str]) {
    let read = read_all(sample.as_bytes(), None, rule).unwrap();
    assert_eq!(read.lines().collect::<Vec<_>>(), expected, "{rule}");
}

#[test]
fn coco_counts_annotations_by_image_whatever_comes_first_in_the_file() {
    for rule in CountingRule::ALL {
        let expected = [
            "40 (b.jpg) | dog=1 grass=1 | dog/x=1 dog/z=1 | 1",
            "9 | dog=1 grass=2 | | 1",
            "5 | | | 1",
            "not counted: 1 captions",
            "counted with a doubt: 1 crowd regions: each counted once",
        ];
        assert_counts(samples::COCO, rule, &expected);
    }
}

#[test]
fn label_studio_counts_regions_by_their_label_and_attributes_by_their_control() {
    let image = "1 (a.jpg) | Car=1 City=1 polygon=1 | /color=1 /note=1 /stars=1 | 1";
    let report = [
        "not counted: 1 annotations that were cancelled",
        "not counted: 2 predictions of a model",
        "not counted: 1 drafts that were not submitted",
        "not counted: 1 labels beyond a region's first",
        "not counted: 1 relations",
        "counted with a doubt: 1 instances without a label: counted under the kind of their shape",
    ];
    // 11 to 20 and 50 to 100: the frame of the disabled keyframe shows it, those after it do not.
    for (rule, times) in [(Objects, 1), (Appearances, 61), (Keyframes, 3)] {
        let video = format!("2 (a.mp4) | Man={times} | | 100");
        assert_counts(samples::LABEL_STUDIO, rule, &[&[image, video.as_str()][..], &report[..]].concat());
    }
}

#[test]
fn cvat_counts_shapes_and_tags_by_image_and_a_skeleton_once() {
    let expected = [
        "0 (a.jpg) | car=2 person & dog=1 | /night=1 car/color=1 person & dog/age=1 | 1",
        "1 (b.jpg) | | | 1",
        "not counted: 2 elements of skeletons and their attributes",
    ];
    assert_counts(samples::CVAT_IMAGES, Objects, &expected);
}

#[test]
fn cvat_counts_tracks_in_the_frames_that_the_file_lists() {
    let elements = "not counted: 2 elements of skeletons and their attributes";
    assert_counts(samples::CVAT_VIDEO, Objects, &["6 (file) | car=1 pose=1 van=1 | van/color=1 | 4", elements]);
    assert_counts(samples::CVAT_VIDEO, Appearances, &["6 (file) | car=1 pose=1 van=2 | van/color=2 | 4", elements]);
    let computed = "not counted: 1 shapes between keyframes, computed by the tool";
    assert_counts(
        samples::CVAT_VIDEO,
        Keyframes,
        &["6 (file) | car=1 pose=1 van=1 | van/color=1 | 4", elements, computed],
    );
}

#[test]
fn images_of_a_cvat_project_are_known_by_their_names() {
    let project = samples::CVAT_IMAGES.replace("<task>", "<project><tasks><task>");
    let project = project.replace("</task>", "</task></tasks></project>");
    let project = project.replace("id=\"1\" name", "id=\"0\" subset=\"Train\" task_id=\"5\" name");
    let read = read_all(project.as_bytes(), None, Objects).unwrap();
    assert!(read.contains("\n5/Train/b.jpg | | | 1\n"), "{read}");
}

#[test]
fn openlabel_counts_objects_frames_or_shapes() {
    let relations = "not counted: 1 relations";
    let objects = "file | Bus=1 Car=2 | Bus/plate=1 Car/color=1 Car/near=1 Car/pos=1 Car/speed=1 | 3";
    assert_counts(samples::OPENLABEL, Objects, &[objects, relations]);
    let appearances = "file | Bus=1 Car=5 | Bus/plate=1 Car/color=2 Car/near=1 Car/pos=1 Car/speed=1 | 3";
    assert_counts(samples::OPENLABEL, Appearances, &[appearances, relations]);
    let keyframes = "file | Car=4 | Bus/plate=1 Car/color=3 Car/near=1 Car/pos=1 Car/speed=1 | 3";
    assert_counts(samples::OPENLABEL, Keyframes, &[keyframes, relations, "not counted: 2 objects without a shape"]);
    let vcd = samples::OPENLABEL.replacen("openlabel", "vcd", 1);
    assert_counts(&vcd, Objects, &[objects, relations]);
}

#[test]
fn scalabel_counts_tracks_in_videos_and_labels_in_frames() {
    let rest = ["w/1 | car=2 | | 1", "x.jpg | box3d=1 | /scene=1 | 1", "y.jpg | | | 1"];
    let doubt = "counted with a doubt: 1 instances without a label: counted under the kind of their shape";
    for (rule, video, remarks) in [
        (Objects, "v | bus=1 car=1 | /weather=1 car/occluded=1 | 2", &[][..]),
        (
            Appearances,
            "v | bus=1 car=2 | /weather=2 car/occluded=2 | 2",
            &["not counted: 1 further shapes of an object in a frame that shows it already"][..],
        ),
        (
            Keyframes,
            "v | car=3 | /weather=2 car/occluded=3 | 2",
            &["not counted: 1 shapes between keyframes, computed by the tool"][..],
        ),
    ] {
        assert_counts(samples::SCALABEL, rule, &[&[video][..], &rest[..], remarks, &[doubt][..]].concat());
    }
}

#[test]
fn datumaro_counts_classifications_as_attributes() {
    let expected = [
        "a | car=1 mask=1 tom=1 | /tom=1 car/color=1 tom/score=1 | 1",
        "b | | | 1",
        "not counted: 1 elements of skeletons and their attributes",
        "not counted: 1 hashes and features computed by a program",
        "counted with a doubt: 1 instances without a label: counted under the kind of their shape",
    ];
    assert_counts(samples::DATUMARO, Objects, &expected);
    let (categories, items) = samples::DATUMARO.rsplit_once("\"items\"").unwrap();
    let categories = categories.trim_end().trim_end_matches(',').trim_start_matches('{');
    let items_first = format!("{{\"items\"{},{categories}}}", items.strip_suffix('}').unwrap());
    assert_counts(&items_first, Objects, &expected);
}

#[test]
fn the_platform_counts_slots_in_the_frames_that_show_them() {
    let rest = ["2 | | | 1", "3 (u) | | | 1"];
    let report =
        ["not counted: 3 hints: labels made before the work", "counted with a doubt: 1 shapes derived by projection"];
    // The first car is visible in 1 to 9, but for 3 and 7; the second in 2 and 3, but for 3; the third is still.
    for (rule, cars) in [(Objects, 3), (Appearances, 9), (Keyframes, 4)] {
        let task = format!("300000000000000001 | car={cars} group=1 van=1 wheel=2 | color=1 ok=1 | 10");
        assert_counts(samples::PLATFORM, rule, &[&[task.as_str()][..], &rest[..], &report[..]].concat());
    }
}

#[test]
fn tasks_may_stand_one_a_line() {
    let lines = "{\"id\":1,\"data\":{},\"annotations\":[]}\n{\"id\":2,\"data\":{},\"annotations\":[]}\n";
    assert_counts(lines, Objects, &["1 | | | 1", "2 | | | 1"]);
}
