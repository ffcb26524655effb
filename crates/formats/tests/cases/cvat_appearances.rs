//! In how many frames of its task an object of CVAT is.

use super::cvat::{INVISIBLE, counted, of_ten_frames, track};
use annotation_statistics_formats::CountingRule::{Appearances, Keyframes, Objects};

const BEYOND: &str = "counted with a doubt: 1 objects said to be in frames that their task does not have: counted in no more frames than it has";

/// What is expected of a file of ten frames with tracks of cars: how many by each rule, and what is reported by each.
fn assert_cars(frames: &[&str], expected: [u64; 3], remark: &str, reason: &str) {
    let tracks: String = frames.iter().map(|frames| track("car", frames)).collect();
    for (said, cars) in of_ten_frames(&tracks).iter().zip(expected) {
        let said = said.replace("not counted: 6 shapes between keyframes, computed by the tool", "");
        let cars = if cars == 0 { String::new() } else { format!(" car={cars}") };
        assert_eq!(said, format!("7 (street) |{cars} | | 10{remark}"), "{reason}");
    }
}

#[test]
fn between_the_shapes_of_a_file_that_lists_frames_nothing_is_visible() {
    assert_cars(&["0k 1 2 3 6 7 8 9k"], [1, 8, 2], "", "frames 4 and 5 were deleted");
    assert_cars(&["0k 9k", "0k 1 2 3 4 5 6"], [2, 9, 3], "", "the first computed shape is in the last track");
    assert_cars(&["0k 1 2 3 4 5 6", "0k 9k"], [2, 9, 3], "", "the first computed shape is in the first track");
    assert_cars(&["0k 5ko 8k", "0o 1o", "2k 3 4 5 6 7 8"], [2, 9, 3], INVISIBLE, "outside");
    assert_cars(&["0k 9k"], [1, 10, 2], "", "keyframes only");
    assert_cars(&["0k 4ko 8k"], [1, 6, 2], "", "keyframes only, not visible in between");
}

#[test]
fn attributes_and_every_task_of_a_project_count_as_the_file_lists_frames() {
    let task = |id| {
        format!(
            "<task><id>{id}</id><name>t{id}</name><size>10</size><mode>interpolation</mode><source>v{id}.mp4</source></task>"
        )
    };
    let project = format!("<project><id>3</id><name>p</name><tasks>{}{}</tasks></project>", task(1), task(2));
    let track = |task, second| {
        format!(
            "<track label=\"car\" task_id=\"{task}\"><box frame=\"2\" keyframe=\"1\"><attribute name=\"color\">red</attribute></box>\
             <box frame=\"5\" keyframe=\"{second}\"/></track>"
        )
    };
    let file = |second| {
        let tracks = format!("{}{}", track(1, 1), track(2, second));
        format!("<annotations><meta>{project}<source>other.mp4</source></meta>{tracks}</annotations>")
    };
    let both = |counts: &str| [1, 2].map(|id| format!("{id} (v{id}.mp4) | {counts} | 10"));
    assert_eq!(counted(&file(0), Appearances), both("car=2 | car/color=1"));
    assert_eq!(counted(&file(1), Appearances), both("car=8 | car/color=3"));
    assert_eq!(counted(&file(0), Objects), both("car=1 | car/color=1"));
}

#[test]
fn a_job_of_scattered_frames_has_no_more_appearances_than_frames() {
    let job = |tracks: &str| {
        format!(
            "<annotations><meta><job><id>55</id><size>3</size><mode>interpolation</mode><start_frame>0</start_frame>\
             <stop_frame>99</stop_frame></job></meta>{tracks}</annotations>"
        )
    };
    let said = |cars, remark: &str| [format!("55 (file) | car={cars} | | 3"), remark.to_owned()];
    assert_eq!(counted(&job(&track("car", "3k 57 88")), Appearances), said(3, "")[..1]);
    assert_eq!(
        counted(&job(&track("car", "3k 57k 88k")), Appearances),
        said(3, BEYOND),
        "which frames it has is not said"
    );
    assert_eq!(counted(&job(&track("car", "3k 40 57 88")), Appearances), said(3, BEYOND));
    assert_eq!(counted(&job(&track("car", "3k 4k 5k 6k 7")), Keyframes)[0], said(3, "")[0]);
}

#[test]
fn an_object_is_in_no_other_frames_than_those_of_its_task() {
    for (frames, expected, reason) in [
        ("8k 9k 10k 11k 12", [1, 2, 4], "after the end"),
        ("0k 1k 2k 3k 4k 5k 6k 7k 8k 9k 10k 11", [1, 10, 10], "more than there are"),
        ("12k 13k", [1, 1, 2], "a visible object is in a frame, whatever its number is"),
        ("0k 20ko 30k", [1, 10, 2], "keyframes only, one of them after the end"),
    ] {
        let tracks = track("car", frames);
        let lines = of_ten_frames(&tracks);
        for ((said, cars), rule) in lines.iter().zip(expected).zip(["objects", "appearances", "keyframes"]) {
            let said = said.replace("not counted: 1 shapes between keyframes, computed by the tool", "");
            assert_eq!(said, format!("7 (street) | car={cars} | | 10{BEYOND}"), "{reason}, {rule}");
        }
    }
    assert_cars(&["3k 4k 20ko"], [1, 7, 2], "", "outside after the end");
}

#[test]
fn frames_before_the_start_and_off_the_step_make_no_appearances() {
    let file = |frames: &str| {
        format!(
            "<annotations><meta><task><id>6</id><size>4</size><start_frame>10</start_frame><stop_frame>19</stop_frame>\
             <frame_filter>step=3</frame_filter></task></meta>{}</annotations>",
            track("car", frames)
        )
    };
    for (frames, cars, remark) in [
        ("10k 13 16 19k", 4, None),
        ("7k 10 13", 2, Some(BEYOND)),
        ("10k 11 12 13", 2, Some(BEYOND)),
        ("10k 13k 14ko", 2, None),
        ("11k 14ko", 1, None),
        ("7k 13ko", 1, None),
        ("11k 12ko 16k", 2, Some(BEYOND)),
    ] {
        let lines: Vec<_> =
            [Some(&*format!("6 (file) | car={cars} | | 4")), remark].into_iter().flatten().map(str::to_owned).collect();
        assert_eq!(counted(&file(frames), Appearances), lines, "{frames}");
    }
}

#[test]
fn a_track_that_is_never_visible_is_reported_and_is_no_object() {
    assert_cars(&["0ko", "0k 4ko"], [1, 4, 1], INVISIBLE, "outside in all of its shapes");
    assert_cars(&["", "0k 4ko"], [1, 4, 1], INVISIBLE, "without shapes");
    let point = |outside| format!("<points label=\"a\" outside=\"{outside}\"/>");
    let skeleton = |first: u8, second: u8| {
        let elements = format!("{}{}", point(first), point(second));
        of_ten_frames(&format!(
            "<track label=\"man\"><skeleton frame=\"0\" keyframe=\"1\">{elements}</skeleton></track>"
        ))
    };
    let elements = "not counted: 2 elements of skeletons and their attributes";
    for said in skeleton(1, 1) {
        assert_eq!(said, format!("7 (street) | | | 10{elements}{INVISIBLE}"));
    }
    for (said, men) in skeleton(1, 0).iter().zip([1, 10, 1]) {
        assert_eq!(*said, format!("7 (street) | man={men} | | 10{elements}"));
    }
}
