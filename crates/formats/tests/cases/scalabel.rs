//! Scalabel and BDD100K as people's files have them: tags of images, labels that say nothing, several videos.

use crate::read_all;
use annotation_statistics_formats::CountingRule::{self, Appearances, Objects};

fn counted(file: &str, rule: CountingRule) -> Vec<String> {
    read_all(file.as_bytes(), None, rule).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn tags_of_images_alone_are_scalabel() {
    for rule in CountingRule::ALL {
        for file in [
            r#"[{"name":"a.jpg","attributes":{"weather":"rainy","scene":""}},{"name":"b.jpg","attributes":{}}]"#,
            r#"[{"attributes":{"weather":"rainy"},"name":"a.jpg","timestamp":10000},{"name":"b.jpg","labels":null}]"#,
            r#"{"frames":[{"name":"a.jpg","attributes":{"weather":"rainy"},"labels":[]},{"name":"b.jpg"}]}"#,
        ] {
            assert_eq!(counted(file, rule), ["a.jpg | | /weather=1 | 1", "b.jpg | | | 1"], "{file}");
        }
    }
}

#[test]
fn a_label_without_category_and_geometry_is_left_out_and_one_without_category_counts_under_its_geometry() {
    let file = r#"[{"name":"a.jpg","labels":[{"id":1,"category":null,"box2d":null,"attributes":{"x":1}},{"id":2},
        {"id":3,"category":"","poly2d":[{"vertices":[[1,2]]}],"attributes":{"x":1}},{"category":null,"rle":{"counts":"a"}},{"category":"car"}]}]"#;
    let expected = [
        "a.jpg | car=1 poly2d=1 rle=1 | poly2d/x=1 | 1",
        "not counted: 2 labels with neither a category nor a geometry",
        "counted with a doubt: 2 instances without a label: counted under the kind of their shape",
    ];
    for rule in CountingRule::ALL {
        assert_eq!(counted(file, rule), expected, "{rule}");
    }
}

/// Two frames of a video with a track without a category, and labels that say nothing under the id of another.
const VIDEO: &str = r#"[
    {"name":"1","videoName":"v","labels":[{"id":"t","category":"","box2d":{"x1":1}},{"id":"e"},{"id":"f","category":"car"}]},
    {"name":"2","videoName":"v","labels":[{"id":"t","category":null,"box2d":{"x1":1}},{"id":"e"}]}]"#;

#[test]
fn a_track_without_a_category_is_reported_once_an_instance() {
    let empty = "not counted: 2 labels with neither a category nor a geometry".to_owned();
    let doubt = |times| {
        format!("counted with a doubt: {times} instances without a label: counted under the kind of their shape")
    };
    assert_eq!(counted(VIDEO, Objects), ["v | box2d=1 car=1 | | 2".to_owned(), empty.clone(), doubt(1)]);
    assert_eq!(counted(VIDEO, Appearances), ["v | box2d=2 car=1 | | 2".to_owned(), empty, doubt(2)]);
    let untracked = VIDEO.replacen(r#""id":"t","#, "", 1);
    let lines = &counted(&untracked, Objects)[..2];
    assert_eq!(lines, ["v/1 | box2d=1 car=1 | | 1", "v/2 | box2d=1 | | 1"], "empty labels track nothing");
}

#[test]
fn frames_of_two_videos_in_turn_are_refused_with_what_to_do() {
    let file = r#"[{"name":"1","videoName":"left","labels":[]},{"name":"1","videoName":"right","labels":[]},
        {"name":"2","videoName":"left","labels":[]}]"#;
    let error = read_all(file.as_bytes(), None, Objects).unwrap_err();
    assert!(
        error.contains("video `left` comes back after another one: sort the frames by `videoName` first"),
        "{error}"
    );
}
