//! Regions and attributes of Label Studio: what belongs together, what was drawn, and what is an attribute.

use crate::read_all;
use annotation_statistics_formats::CountingRule::{self, Appearances, Keyframes, Objects};

/// What is read of a task whose only annotation has this result.
fn counted(result: &str, rule: CountingRule) -> Vec<String> {
    let file = format!(r#"[{{"id":1,"data":{{}},"annotations":[{{"result":[{result}]}}]}}]"#);
    read_all(file.as_bytes(), None, rule).unwrap().lines().map(str::to_owned).collect()
}

/// A region of a video of 30 frames that is there in 2 to 4 and 8 to 9.
const LIVES: &str = r#"[{"frame":2,"enabled":true,"x":1},{"frame":4,"enabled":false,"x":1},
    {"frame":8,"enabled":true,"x":1},{"frame":9,"enabled":false,"x":1}]"#;

fn assert_each_rule(result: &str, expected: [(CountingRule, &[&str]); 3]) {
    for (rule, lines) in expected {
        assert_eq!(counted(result, rule), lines, "{rule}");
    }
}

#[test]
fn keyframes_that_a_time_line_repeats_are_there_once_whichever_entry_comes_first() {
    let shape = format!(
        r#"{{"id":"v","type":"videorectangle","value":{{"framesCount":30,"sequence":{LIVES},"labels":["arm"]}}}}"#
    );
    let again = format!(r#"{{"id":"v","type":"timelinelabels","value":{{"framesCount":30,"sequence":{LIVES}}}}}"#);
    let span =
        r#"{"id":"t","type":"timelinelabels","value":{"ranges":[{"start":3,"end":6}],"timelinelabels":["hop"]}}"#;
    for entries in [[&shape, &again, span], [&again, span, &shape], [span, &again, &shape]] {
        assert_each_rule(
            &entries.join(","),
            [
                (Objects, &["1 | arm=1 hop=1 | | 30"]),
                (Appearances, &["1 | arm=5 hop=4 | | 30"]),
                (Keyframes, &["1 | arm=4 hop=1 | | 30"]),
            ],
        );
    }
    let labelled = again.replace(r#""framesCount""#, r#""timelinelabels":["arm"],"framesCount""#);
    assert_eq!(
        counted(&[&shape, labelled.as_str()].join(","), Objects),
        ["1 | arm=1 | | 30"],
        "one label twice is one"
    );
}

#[test]
fn ranges_and_keyframes_of_a_region_count_a_frame_once() {
    let spans = r#"{"id":"t","type":"timelinelabels","value":{"framesCount":30,"timelinelabels":["hop"],
        "ranges":[{"start":3,"end":6},{"start":3,"end":6},{"start":5,"end":8.0}]}}"#;
    let shape = format!(r#"{{"id":"t","type":"videorectangle","value":{{"sequence":{LIVES}}}}}"#);
    assert_each_rule(
        spans,
        [(Objects, &["1 | hop=1 | | 30"]), (Appearances, &["1 | hop=6 | | 30"]), (Keyframes, &["1 | hop=2 | | 30"])],
    );
    assert_each_rule(
        &[spans, &shape].join(","),
        [(Objects, &["1 | hop=1 | | 30"]), (Appearances, &["1 | hop=8 | | 30"]), (Keyframes, &["1 | hop=6 | | 30"])],
    );
}

#[test]
fn frames_that_the_tool_computed_are_visible_and_not_drawn() {
    let result = r#"{"id":"v","type":"videorectangle","value":{"framesCount":30,"labels":["arm"],"sequence":[
        {"frame":2,"enabled":true,"auto":false},{"frame":3,"enabled":true,"auto":true},{"frame":4,"auto":true},
        {"frame":5,"enabled":false,"auto":null},{"frame":8.0,"enabled":null},{"frame":9,"enabled":false}]}}"#;
    let computed = "not counted: 2 shapes between keyframes, computed by the tool";
    assert_each_rule(
        result,
        [
            (Objects, &["1 | arm=1 | | 30"]),
            (Appearances, &["1 | arm=6 | | 30"]),
            (Keyframes, &["1 | arm=4 | | 30", computed]),
        ],
    );
}

#[test]
fn no_region_is_in_more_frames_than_the_video_has() {
    let beyond = "counted with a doubt: 1 objects said to be in frames that their task does not have: counted in no more \
        frames than it has";
    let invisible = "not counted: 1 tracks that are never visible";
    let region = |start: u64, end: u64| {
        format!(
            r#"{{"id":"v","type":"videorectangle","value":{{"framesCount":10,"labels":["arm"],"sequence":[
            {{"frame":{start},"enabled":true}},{{"frame":{end},"enabled":false}}]}}}}"#
        )
    };
    assert_each_rule(
        &region(9, 14),
        [
            (Objects, &["1 | arm=1 | | 10", beyond]),
            (Appearances, &["1 | arm=2 | | 10", beyond]),
            (Keyframes, &["1 | arm=1 | | 10", beyond]),
        ],
    );
    let nowhere: &[&str] = &["1 | | | 10", invisible];
    assert_each_rule(&region(11, 14), [(Objects, nowhere), (Appearances, nowhere), (Keyframes, nowhere)]);
    let empty = r#"{"id":"v","type":"videorectangle","value":{"framesCount":10,"labels":["arm"],"sequence":[]}}"#;
    assert_each_rule(empty, [(Objects, nowhere), (Appearances, nowhere), (Keyframes, nowhere)]);
}

#[test]
fn a_video_of_unknown_length_ends_with_the_last_frame_that_is_annotated() {
    let result = r#"{"id":"v","type":"videorectangle","value":{"labels":["arm"],"sequence":[{"frame":5}]}},
        {"id":"t","type":"timelinelabels","value":{"timelinelabels":["hop"],"ranges":[{"start":3,"end":12}]}}"#;
    let doubt = "counted with a doubt: 1 videos of unknown length: frames counted up to the last that is annotated";
    assert_each_rule(
        result,
        [
            (Objects, &["1 | arm=1 hop=1 | | 12", doubt]),
            (Appearances, &["1 | arm=8 hop=10 | | 12", doubt]),
            (Keyframes, &["1 | arm=1 hop=1 | | 12", doubt]),
        ],
    );
}

#[test]
fn a_taxonomy_with_a_place_labels_a_region_that_nothing_else_has_drawn() {
    let taxonomy = |id: &str, place: &str, paths: &str| {
        format!(r#"{{"id":"{id}","type":"taxonomy","from_name":"tx","value":{{{place}"taxonomy":{paths}}}}}"#)
    };
    let further = "not counted: 1 labels beyond a region's first";
    let without = "counted with a doubt: 1 instances without a label: counted under the kind of their shape";
    for (place, paths, expected, reason) in [
        (r#""start":0,"end":5,"text":"Oak","#, r#"[["Life","Plant"]]"#, &["1 | Life > Plant=1 | | 1"][..], "a text"),
        (r#""start":"0","startOffset":0,"#, r#"[["Life"]]"#, &["1 | Life=1 | | 1"], "a paragraph"),
        (r#""start":1.5,"end":2.5,"channel":0,"#, r#"[["Life"]]"#, &["1 | Life=1 | | 1"], "a recording"),
        (r#""x":0,"y":0,"width":1,"#, r#"[["Life"]]"#, &["1 | Life=1 | | 1"], "a box"),
        (r#""points":[[1,2]],"#, r#"[["Life"]]"#, &["1 | Life=1 | | 1"], "a polygon"),
        (r#""framesCount":9,"ranges":[{"start":2,"end":3}],"#, r#"[["Life"]]"#, &["1 | Life=1 | | 9"], "a time line"),
        (r#""start":0,"#, r#"[["Life","Plant"],["Rock"]]"#, &["1 | Life > Plant=1 | | 1", further], "two paths"),
        (r#""start":0,"#, r#"[["a/b","c"]]"#, &["1 | a~1b > c=1 | | 1"], "a name with a slash"),
        (r#""start":0,"#, "[[]]", &["1 | taxonomy=1 | | 1", without], "no path"),
        ("", r#"[["Life","Plant"],["Rock"]]"#, &["1 | | /tx=1 | 1"], "no place"),
        (r#""start":null,"ranges":[],"#, r#"[["Life"]]"#, &["1 | | /tx=1 | 1"], "no value of a place"),
        ("", "[[]]", &["1 | | | 1"], "neither a place nor a path"),
    ] {
        assert_eq!(counted(&taxonomy("a", place, paths), Objects), expected, "{reason}");
    }
    let place = r#""x":1,"y":1,"#;
    let about = taxonomy("r", place, r#"[["Life"]]"#);
    let drawn = r#"{"id":"r","type":"rectanglelabels","value":{"x":1,"y":1,"rectanglelabels":["Box"]}}"#;
    let other = taxonomy("s", place, r#"[["Rock"]]"#);
    for entries in [[&about, drawn, &other], [drawn, &other, &about], [&other, &about, drawn]] {
        assert_eq!(counted(&entries.join(","), Objects), ["1 | Box=1 Rock=1 | /tx=1 | 1"], "in whatever order");
    }
    let attribute = about.replace(r#""tx""#, r#""second""#);
    assert_eq!(counted(&[&about, attribute.as_str()].join(","), Objects), ["1 | Life=1 | /second=1 | 1"]);
    let both = [about.as_str(), &taxonomy("r", place, r#"[["Rock"]]"#)].join(",");
    assert_eq!(counted(&both, Objects), ["1 | Life=1 | | 1", further], "one control labels a region twice");
}

#[test]
fn an_attribute_without_a_value_is_none() {
    let result = r#"{"id":"a","type":"textarea","from_name":"a","value":{"text":[""]}},
        {"id":"b","type":"choices","from_name":"b","value":{"choices":["", null]}},
        {"id":"c","type":"taxonomy","from_name":"c","value":{"taxonomy":[[],[""]]}},
        {"id":"d","type":"textarea","from_name":"d","value":{"text":["","yes"]}},
        {"id":"e","type":"number","from_name":"e","value":{"number":0}},
        {"id":"f","type":"textarea","from_name":"f","value":{"text":""}}"#;
    assert_eq!(counted(result, Objects), ["1 | | /d=1 /e=1 | 1"]);
}
