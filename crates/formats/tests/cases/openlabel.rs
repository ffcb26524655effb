//! OpenLABEL and VCD as people's files have them: objects without a type, intervals, and what is no object.

use crate::read_all;
use annotation_statistics_formats::CountingRule::{self, Appearances, Keyframes, Objects};

fn counted(scene: &str, rule: CountingRule) -> Vec<String> {
    let file = format!(r#"{{"openlabel":{{"metadata":{{"schema_version":"1.0.0"}},{scene}}}}}"#);
    read_all(file.as_bytes(), None, rule).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn an_object_with_an_empty_type_counts_under_its_shape_and_is_reported() {
    let scene = r#""objects":{
        "0":{"type":"","object_data":{"text":[{"name":"info","val":"x"}]}},
        "1":{"type":null,"object_data":{"cuboid":[{"name":"c","val":[1],"attributes":{"num":[{"name":"n","val":1}]}}],
            "bbox":[{"name":"b","val":[1]}]}},
        "2":{"type":""},"3":{"type":"car"}},
        "frames":{"0":{"objects":{"2":{"type":"van"}}}}"#;
    let doubt = |times| {
        format!("counted with a doubt: {times} instances without a label: counted under the kind of their shape")
    };
    let counts = "file | car=1 cuboid=1 object=1 van=1 | cuboid/n=1 object/info=1 | 1";
    assert_eq!(counted(scene, Objects), [counts.to_owned(), doubt(2)]);
    assert_eq!(counted(scene, Appearances), [counts.to_owned(), doubt(2)]);
    let shapes = "file | cuboid=2 | cuboid/n=1 object/info=1 | 1";
    let without = "not counted: 3 objects without a shape";
    assert_eq!(counted(scene, Keyframes), [shapes.to_owned(), without.to_owned(), doubt(1)]);
}

#[test]
fn what_is_no_object_is_reported_by_its_kind_once_wherever_it_is() {
    let scene = r#""frames":{"0":{"actions":{"a":{},"b":{}},"events":{"a":{}},"relations":{"r":{}}},"1":{"actions":{"a":{}},
        "contexts":{"c":{}},"relations":{"r":{}}}},"actions":{"a":{"type":"run"}},"events":null,"contexts":{"c":{"type":"rain"}},
        "tags":{"t":{"type":"night","tag_data":{"num":[{"name":"n","val":1}]}},"u":{"type":"x"}},"relations":{"r":{"type":"is"}}"#;
    let lines = [
        "file | | | 2",
        "not counted: 1 relations",
        "not counted: 2 actions",
        "not counted: 1 events",
        "not counted: 1 contexts",
        "not counted: 2 tags of the scene",
    ];
    for rule in CountingRule::ALL {
        assert_eq!(counted(scene, rule), lines, "{rule}");
    }
}

#[test]
fn an_object_is_in_no_more_frames_than_its_scene_has() {
    let beyond = "counted with a doubt: 1 objects said to be in frames that their task does not have: counted in no more frames than it has";
    for (intervals, times, remark, reason) in [
        (&[(0, 4), (3, 6)][..], 7, None, "intervals that overlap"),
        (&[(5, 6), (0, 9), (5, 6)], 10, None, "an interval within another, in any order"),
        (&[(0, 9), (0, 9)], 10, None, "equal intervals"),
        (&[(0, 99)], 10, Some(beyond), "more frames than there are"),
        (&[(0, u64::MAX)], 10, Some(beyond), "as many frames as can be said"),
    ] {
        let written = |(start, end): &(u64, u64)| format!(r#"{{"frame_start":{start},"frame_end":{end}}}"#);
        let intervals = intervals.iter().map(written).collect::<Vec<_>>().join(",");
        let scene = format!(
            r#""frame_intervals":[{{"frame_start":0,"frame_end":6}},{{"frame_start":4,"frame_end":9}}],
            "objects":{{"1":{{"type":"car","frame_intervals":[{intervals}]}}}}"#
        );
        let line = |count| std::iter::once(format!("file | car={count} | | 10")).chain(remark.map(str::to_owned));
        assert_eq!(counted(&scene, Appearances), line(times).collect::<Vec<_>>(), "{reason}");
        assert_eq!(counted(&scene, Objects), line(1).collect::<Vec<_>>(), "{reason}");
    }
}

#[test]
fn what_is_said_of_an_object_and_again_in_each_frame_is_in_no_more_frames_than_there_are() {
    let data = r#"{"object_data":{"text":[{"name":"color","val":"red"}]}}"#;
    let scene = format!(
        r#""objects":{{"1":{{"type":"car","object_data":{{"text":[{{"name":"color","val":"red"}}]}}}}}},
        "frames":{{"0":{{"objects":{{"1":{data}}}}},"1":{{"objects":{{"1":{data}}}}}}}"#
    );
    assert_eq!(counted(&scene, Appearances), ["file | car=2 | car/color=2 | 2"]);
    assert_eq!(counted(&scene, Keyframes)[0], "file | | car/color=3 | 2");
}
