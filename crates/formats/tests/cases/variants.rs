//! What other programs, and older versions, write differently.

use crate::read_all;
use annotation_statistics_formats::CountingRule::{self, Appearances, Objects};
use annotation_statistics_formats::{Format, ReadOptions, read};

fn counted(file: &str, rule: CountingRule) -> Vec<String> {
    read_all(file.as_bytes(), None, rule).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn an_empty_list_of_attributes_has_none_and_any_other_list_is_a_error() {
    let coco = |attributes: &str| {
        format!(
            r#"{{"images":[{{"id":1}}],"annotations":[{{"id":1,"image_id":1,"category_id":1,"attributes":{attributes}}}],
            "categories":[{{"id":1,"name":"dog"}}]}}"#
        )
    };
    assert_eq!(counted(&coco("[]"), Objects), ["1 | dog=1 | | 1"]);
    let error = read_all(coco(r#"["red"]"#).as_bytes(), None, Objects).unwrap_err();
    assert!(error.contains("$.annotations[0].attributes[0]: invalid type: sequence, expected an object"), "{error}");
}

#[test]
fn coco_keypoints_and_masks_count_as_any_annotation() {
    let file = r#"{"info":{},"licenses":[],"images":[{"id":1,"file_name":"a.jpg"}],"categories":[{"id":1,"name":"person",
        "keypoints":["nose"],"skeleton":[[1,2]]}],"annotations":[
        {"id":900100002299,"image_id":1,"category_id":1,"iscrowd":1,"segmentation":{"counts":"abc","size":[2,2]},"area":1.5},
        {"id":2,"image_id":1,"category_id":1,"iscrowd":0,"segmentation":[[1,2.5]],"keypoints":[1,2,2],"num_keypoints":1}]}"#;
    let doubt = "counted with a doubt: 1 crowd regions: each counted once";
    assert_eq!(counted(file, Objects), ["1 (a.jpg) | person=2 | | 1", doubt]);
}

#[test]
fn completions_of_old_label_studio_count_unless_they_were_skipped() {
    let file = r#"{"id":3,"completions":[
        {"id":1,"result":[{"id":"a","type":"rectanglelabels","from_name":"l","value":{"rectanglelabels":["Car"]}}]},
        {"id":2,"skipped":true,"result":[{"id":"b","type":"rectanglelabels","value":{"rectanglelabels":["Car"]}}]},
        {"id":3,"was_cancelled":true,"skipped":false,"result":[{"id":"c","type":"labels","value":{"labels":["Car"]}}]}],
        "data":{"image":"a.jpg"},"predictions":[]}"#;
    assert_eq!(counted(file, Objects), ["3 (a.jpg) | Car=1 | | 1", "not counted: 2 annotations that were cancelled"]);
}

#[test]
fn the_minimal_export_of_label_studio_is_known_and_refused() {
    let file =
        r#"[{"image":"a.jpg","id":1,"label":[{"x":1,"rectanglelabels":["Car"]}],"annotator":1,"annotation_id":7}]"#;
    let error = read_all(file.as_bytes(), None, Objects).unwrap_err();
    assert!(error.contains("the full JSON export is needed, not the minimal one"), "{error}");
}

#[test]
fn spans_of_a_label_studio_time_line_count_their_frames() {
    let file = r#"[{"id":1,"data":{"video":"a.mp4"},"annotations":[{"result":[
        {"id":"a","type":"timelinelabels","value":{"ranges":[{"start":3,"end":5},{"start":9,"end":9}],"timelinelabels":["Run"]}},
        {"id":"v","type":"videorectangle","value":{"framesCount":20,"sequence":[{"frame":1,"enabled":true}]}},
        {"id":"v","type":"labels","value":{"labels":["Man"]}}]}]}]"#;
    assert_eq!(counted(file, Objects), ["1 (a.mp4) | Man=1 Run=1 | | 20"]);
    assert_eq!(counted(file, Appearances), ["1 (a.mp4) | Man=20 Run=4 | | 20"]);
}

/// One file an image, `objects` instead of `labels`, a frame without a name, attributes of the whole file at its end.
const OLD_BDD100K: &str = r#"{"name":"0000f77c","frames":[{"timestamp":10000,"objects":[
    {"category":"car","id":0,"attributes":{"occluded":false},"box2d":{"x1":1}},
    {"category":"lane/road curb","id":1,"attributes":{"direction":"parallel"},"poly2d":[[1,2,"L"]]}]}],
    "attributes":{"weather":"clear","scene":"city street"}}"#;

#[test]
fn a_file_of_old_bdd100k_is_a_task_with_the_attributes_of_the_file() {
    let keys = "car=1 lane~1road curb=1 | /scene=1 /weather=1 car/occluded=1 lane~1road curb/direction=1";
    assert_eq!(counted(OLD_BDD100K, Objects), [format!("0000f77c/10000 | {keys} | 1")]);
    let frame = r#"{"timestamp":10000,"objects":["#;
    let two =
        OLD_BDD100K.replace(frame, &format!(r#"{{"timestamp":9000,"objects":[{{"category":"car","id":0}}]}},{frame}"#));
    assert_eq!(counted(&two, Objects), [format!("0000f77c | {keys} | 2")], "a track");
    assert_eq!(counted(&two, Appearances), [format!("0000f77c | {} | 2", keys.replacen("car=1", "car=2", 1))]);
    let untracked = two.replace(r#"{"category":"car","id":0}"#, "");
    let lines = counted(&untracked, Objects);
    assert_eq!(lines[0], "0000f77c/9000 | | | 1");
    assert!(lines[2].starts_with("not counted: 2 attributes of a whole file"), "attributes of two tasks: {lines:?}");
    let both = OLD_BDD100K.replace(r#""objects":["#, r#""labels":[],"objects":["#);
    assert!(read_all(both.as_bytes(), None, Objects).is_err(), "labels under both names");
}

#[test]
fn labels_of_groups_of_scalabel_frames_are_reported() {
    let file = r#"{"frames":[{"name":"a.jpg","labels":[{"id":"1","category":"car","box2d":{"x1":1}}]}],
        "groups":[{"name":"g","frames":["a.jpg"],"labels":[{"id":"1","category":"car","box3d":{"x":1}}]},
        {"name":"h","frames":["b.jpg"],"labels":null}],"config":{"categories":[{"name":"car"}]}}"#;
    let remark = "not counted: 1 labels of groups of cameras";
    assert_eq!(counted(file, Objects), ["a.jpg | car=1 | | 1", remark]);
}

#[test]
fn scalabel_frames_without_labels_are_known() {
    let file = r#"[{"name":"a.jpg","timestamp":10000.5,"attributes":{"scene":"tunnel"}},{"name":"b.jpg","url":"b"}]"#;
    assert_eq!(read(file.as_bytes(), &ReadOptions::default()).unwrap().format(), Format::Scalabel);
    assert_eq!(counted(file, Objects), ["a.jpg | | /scene=1 | 1", "b.jpg | | | 1"]);
}

#[test]
fn datumaro_tracks_are_items_each_with_what_the_tool_wrote() {
    let file = r#"{"dm_format_version":"1.0","media_type":2,"infos":{},"categories":{"label":{"label_groups":[],"labels":[
        {"name":"car","parent":"","attributes":[]}],"attributes":["occluded"]},"mask":{"colormap":[]}},"items":[
        {"id":"f0","annotations":[{"id":0,"type":"bbox","attributes":{"occluded":false,"track_id":1,"keyframe":true},
          "group":0,"label_id":0,"z_order":0,"bbox":[1,2,3,4]}],"attr":{"frame":0},"image":{"path":"f0.png","size":[1,2]}},
        {"id":"f1","annotations":[{"id":0,"type":"polygon","attributes":{},"group":0,"label_id":0,"points":[1.5]}]}]}"#;
    let remark = "not counted: 3 values that the tool writes itself";
    assert_eq!(counted(file, Objects), ["f0 | car=1 | | 1", "f1 | car=1 | | 1", remark]);
}

#[test]
fn a_scene_of_openlabel_without_frames_has_one() {
    let file = r#"{"openlabel":{"metadata":{"schema_version":"1.0.0","tagged_file":"a.png"},"streams":{"cam":{"type":"camera"}},
        "coordinate_systems":{"odom":{"type":"scene_cs"}},"ontologies":{"0":"https://example.org"},"objects":{
        "4fc":{"name":"car1","type":"car","object_data":{"bbox":[{"name":"shape","val":[1,2,3,4],"coordinate_system":"cam",
          "attributes":{"boolean":[{"name":"visible","val":false}]}}],"boolean":[{"name":"parked","val":true}],
          "cuboid":[{"name":"c","val":[1]}],"poly2d":[{"name":"p","val":[1],"mode":"MODE_POLY2D_ABSOLUTE","closed":true}]}}},
        "tags":{"0":{"type":"rain"}}}}"#;
    let other = "not counted: 1 tags of the scene";
    assert_eq!(counted(file, Objects), ["file | car=1 | car/parked=1 car/visible=1 | 1", other]);
    assert_eq!(counted(file, CountingRule::Keyframes), ["file | car=3 | car/parked=1 car/visible=1 | 1", other]);
}

#[test]
fn shapes_of_every_kind_of_a_cvat_job_count() {
    let head = "<annotations><version>1.1</version><meta><job><id>4</id><size>3</size><start_frame>0</start_frame><stop_frame>2\
        </stop_frame><frame_filter></frame_filter><mode>interpolation</mode><labels><label><name>a</name><type>any</type></label>\
        </labels></job><dumped>now</dumped></meta>";
    let shapes =
        ["polygon", "polyline", "points", "cuboid", "ellipse", "mask"].map(|kind| format!("<{kind} label=\"a\"/>"));
    let images = format!("{head}<image id=\"7\" name=\"x\">{}</image></annotations>", shapes.concat());
    assert_eq!(counted(&images, Objects), ["7 (x) | a=6 | | 1"]);
    let track = "<track id=\"0\" label=\"a\" source=\"manual\"><mask frame=\"0\" keyframe=\"1\" outside=\"0\"/>\
        <mask frame=\"2\" keyframe=\"1\" outside=\"1\"/></track><tag label=\"a\" frame=\"1\"/>";
    assert_eq!(counted(&format!("{head}{track}</annotations>"), Appearances), ["4 (file) | a=2 | /a=1 | 3"]);
}
