//! COCO as the programs of many people write it: what can be counted is counted, and what is left out is reported.

use crate::read_all;
use annotation_statistics_formats::{CountingRule, Format, ReadOptions, TaskIds, read, stable_id};

/// A file of one image and two categories, a car and one without a name.
fn file(annotations: &str) -> String {
    format!(
        r#"{{"images":[{{"id":1,"file_name":"a.jpg"}}],"annotations":[{annotations}],
        "categories":[{{"id":1,"name":"car"}},{{"id":2,"name":""}}]}}"#
    )
}

/// What every rule reads of a file, which is the same.
#[track_caller]
fn counted(file: &str) -> Vec<String> {
    let [first, rest @ ..] = CountingRule::ALL.map(|rule| read_all(file.as_bytes(), Some(Format::Coco), rule).unwrap());
    assert!(rest.iter().all(|read| *read == first), "the rules agree");
    assert_eq!(read_all(file.as_bytes(), None, CountingRule::Objects), Ok(first.clone()), "the format is recognised");
    first.lines().map(str::to_owned).collect()
}

fn error(file: &str) -> String {
    read_all(file.as_bytes(), Some(Format::Coco), CountingRule::Objects).unwrap_err()
}

#[test]
fn an_image_is_known_by_the_name_of_its_file() {
    let images = r#""images":[{"id":3,"file_name":"v/é.jpg"},{"file_name":null,"id":1},{"id":2,"file_name":"b.jpg"}]"#;
    let annotations = r#""annotations":[{"id":1,"image_id":2,"category_id":1}]"#;
    let categories = r#""categories":[{"id":1,"name":"car"}]"#;
    for parts in [
        [images, annotations, categories],
        [categories, annotations, images],
        [annotations, images, categories],
        [images, categories, annotations],
    ] {
        let file = format!("{{{}}}", parts.join(","));
        assert_eq!(counted(&file), ["3 (v/é.jpg) | | | 1", "1 | | | 1", "2 (b.jpg) | car=1 | | 1"]);
        let options = ReadOptions { task_ids: TaskIds::OfSourceName, ..ReadOptions::default() };
        let ids: Vec<_> = read(file.as_bytes(), &options).unwrap().map(|task| task.map(|task| task.id)).collect();
        assert_eq!(ids[0], Ok(stable_id("v/é.jpg")));
        let error = ids[1].as_ref().unwrap_err().to_string();
        let way_out = "for ids that are the numbers of the file, leave `--task-id source-name` out";
        assert_eq!(error, format!("task 1 has no source name of 1 to 1024 bytes to make its id of: {way_out}"));
    }
}

#[test]
fn what_the_tool_writes_is_no_attribute_and_is_reported() {
    let file = file(
        r#"{"id":1,"image_id":1,"category_id":1,"attributes":{"occluded":false,"rotation":0.0,"color":"red"}},
        {"id":2,"image_id":1,"category_id":1,"track_id":7,"instance_id":null,"attributes":
        {"occluded":true,"outside":false,"keyframe":0,"track_id":0,"z_order":-1,"is_crowd":"","rotation":null}}"#,
    );
    let remark = "not counted: 8 values that the tool writes itself";
    assert_eq!(counted(&file), ["1 (a.jpg) | car=2 | car/color=1 | 1", remark]);
}

#[test]
fn an_annotation_that_is_outside_is_not_counted_and_is_reported() {
    for (outside, is_counted) in [
        ("true", false),
        ("1", false),
        ("1.0", false),
        (r#""true""#, false),
        (r#""True""#, false),
        (r#""1""#, false),
        ("false", true),
        ("0", true),
        (r#""False""#, true),
        ("null", true),
    ] {
        let read = counted(&file(&format!(
            r#"{{"id":1,"image_id":1,"category_id":1,"attributes":{{"color":"red","outside":{outside}}}}},
            {{"id":1,"image_id":1,"category_id":1}}"#
        )));
        let invisible = "not counted: 1 shapes that are marked as outside: nothing is visible there";
        if is_counted {
            assert_eq!(read[0], "1 (a.jpg) | car=2 | car/color=1 | 1", "{outside}");
        } else {
            assert_eq!(read, ["1 (a.jpg) | car=1 | | 1", invisible], "{outside}");
        }
    }
    let unclear = file(r#"{"image_id":1,"category_id":1,"attributes":{"outside":"partly"}}"#);
    let place = "line 1, byte 118, $.annotations[0].attributes.outside";
    assert_eq!(error(&unclear), format!("{place}: invalid type: string \"partly\", expected true, false, 1 or 0"));
}

#[test]
fn a_category_without_a_name_counts_under_what_its_annotations_have() {
    let annotations = r#"{"image_id":1,"category_id":2,"bbox":[1,2,3,4],"segmentation":[[]],"attributes":{"color":"red"}},
        {"image_id":1,"category_id":2,"bbox":[1,2,3,4],"segmentation":[[1,2]],"keypoints":[]},
        {"image_id":1,"category_id":2,"bbox":[1,2,3,4],"segmentation":{"counts":"a","size":[1,1]},"keypoints":[1,2,2]},
        {"image_id":1,"category_id":2,"bbox":null},{"image_id":1,"segments_info":[{"id":1,"category_id":2}]},
        {"image_id":1,"category_id":1,"bbox":[1,2,3,4]}"#;
    let keys = "annotation=1 bbox=1 car=1 keypoints=1 segmentation=1 segments_info=1 | bbox/color=1";
    let remark = "counted with a doubt: 5 instances without a label: counted under the kind of their shape";
    assert_eq!(counted(&file(annotations)), [format!("1 (a.jpg) | {keys} | 1"), remark.to_owned()]);
    let null = file(annotations).replace(r#""name":"""#, r#""name":null"#);
    assert_eq!(counted(&null), counted(&file(annotations)));
}

#[test]
fn captions_are_reported_whatever_their_category_and_shapes_beside_them_are_counted() {
    let remark = |times: u64| format!("not counted: {times} captions");
    for caption in [
        r#"{"id":1,"image_id":1,"category_id":0,"caption":"two dogs"}"#,
        r#"{"id":1,"image_id":1,"category_id":1,"caption":"two dogs"}"#,
        r#"{"id":1,"image_id":1,"category_id":null,"caption":""}"#,
        r#"{"id":1,"image_id":1,"category_id":0,"caption":"","bbox":[],"area":0,"segmentation":[],"iscrowd":0}"#,
        r#"{"id":1,"image_id":1,"caption":"two dogs","attributes":{"author":"x"}}"#,
    ] {
        assert_eq!(counted(&file(caption)), ["1 (a.jpg) | | | 1".to_owned(), remark(1)], "{caption}");
    }
    let dense = r#"{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"caption":"a red car"},
        {"id":2,"image_id":1,"category_id":1,"caption":null}"#;
    assert_eq!(counted(&file(dense)), ["1 (a.jpg) | car=2 | | 1".to_owned(), remark(1)]);
}

#[test]
fn an_annotation_with_a_score_is_counted_and_reported() {
    let file = file(
        r#"{"image_id":1,"category_id":1,"score":0.9},{"image_id":1,"category_id":1,"score":0},
        {"image_id":1,"category_id":1,"score":null},{"image_id":1,"caption":"x","score":1}"#,
    );
    let remark = "counted with a doubt: 2 annotations with a score, as models give them";
    assert_eq!(counted(&file), ["1 (a.jpg) | car=3 | | 1", "not counted: 1 captions", remark]);
}

#[test]
fn a_crowd_is_reported_however_yes_is_written() {
    for (iscrowd, is_crowd) in [
        ("false", false),
        ("0.0", false),
        (r#""0""#, false),
        (r#""false""#, false),
        (r#""False""#, false),
        (r#""0.0""#, false),
        (r#"" 0 ""#, false),
        (r#""No""#, false),
        ("null", false),
        ("true", true),
        ("1.0", true),
        (r#""1""#, true),
        (r#""TRUE""#, true),
        (r#""1.0""#, true),
        (r#""yes""#, true),
    ] {
        let read = counted(&file(&format!(r#"{{"image_id":1,"category_id":1,"iscrowd":{iscrowd}}}"#)));
        let remark = is_crowd.then_some("counted with a doubt: 1 crowd regions: each counted once");
        assert_eq!(read, [&["1 (a.jpg) | car=1 | | 1"], remark.as_slice()].concat(), "{iscrowd}");
    }
    for (iscrowd, found) in [("2", "2"), ("-1", "-1"), ("0.5", "0.5")] {
        let error = error(&file(&format!(r#"{{"image_id":1,"category_id":1,"iscrowd":{iscrowd}}}"#)));
        let expected = format!("$.annotations[0].iscrowd: expected true, false, 1 or 0, found {found}");
        assert!(error.ends_with(&expected), "{error}");
    }
}

#[test]
fn annotations_with_one_id_are_counted_each_and_reported() {
    let annotations = r#"{"id":0,"image_id":1,"category_id":1},{"id":0,"image_id":1,"category_id":1},
        {"id":0,"image_id":1,"category_id":1},{"id":null,"image_id":1,"category_id":1},
        {"id":null,"image_id":1,"category_id":1},{"image_id":1,"category_id":1},{"id":5,"image_id":1,"caption":"x"},
        {"id":5,"image_id":1,"category_id":1}"#;
    let expected = [
        "1 (a.jpg) | car=7 | | 1",
        "not counted: 1 captions",
        "counted with a doubt: 2 annotations with an id that another one has: each counted",
    ];
    assert_eq!(counted(&file(annotations)), expected);
}

#[test]
fn a_category_may_be_called_by_a_number_and_two_by_one_name() {
    let file = r#"{"categories":[{"id":0,"name":7},{"id":1,"name":"7"},{"id":2,"name":-3}],"images":[{"id":1,"file_name":7}],
        "annotations":[{"image_id":1,"category_id":0},{"image_id":1,"category_id":1},{"image_id":1,"category_id":2}]}"#;
    assert_eq!(counted(file), ["1 (7) | -3=1 7=2 | | 1"]);
    for (name, key) in [("7.5", "7.5"), ("1e2", "100"), ("true", "true")] {
        let named =
            file.replace(r#""name":"7""#, &format!(r#""name":{name}"#)).replace(r#""name":7}"#, r#""name":"x"}"#);
        let keys = format!("1 (7) | -3=1 {key}=1 x=1 | | 1");
        assert_eq!(counted(&named), [keys], "{name}");
        let id = file.replace(r#""id":1,"name""#, &format!(r#""id":{name},"name""#));
        assert!(error(&id).contains("$.categories[1].id: "), "{name}");
    }
}

#[test]
fn a_category_with_a_slash_is_not_taken_for_an_attribute() {
    let file = r#"{"categories":[{"id":1,"name":"car"},{"id":2,"name":"car/color"},{"id":3,"name":"~1"}],"images":[{"id":1}],
        "annotations":[{"image_id":1,"category_id":1,"attributes":{"color":"red","a/b":1}},{"image_id":1,"category_id":2},
        {"image_id":1,"category_id":3}]}"#;
    assert_eq!(counted(file), ["1 | car=1 car~1color=1 ~01=1 | car/a~1b=1 car/color=1 | 1"]);
}

#[test]
fn what_stands_beside_images_and_annotations_is_reported() {
    let file = r#"{"info":{},"licenses":[{"id":1}],"videos":[{"id":1}],"scene_categories":[{"id":0,"name":"clean"}],
        "images":[{"id":1,"attributes":{"weather":"wet","note":"","wind":0}},{"id":2,"attributes":{}}],"annotations":[],"categories":[],
        "scene_annotations":[{"image_id":1,"background_ids":[1]},{"image_id":2,"background_ids":[0]}],
        "relations":[[1,2],[2,1],[1,1]],"extra":{"note":[1]}}"#;
    let expected = [
        "1 | | | 1",
        "2 | | | 1",
        "not counted: 2 scene_annotations",
        "not counted: 2 attributes of images",
        "not counted: 3 elements of lists that are none of COCO's",
    ];
    assert_eq!(counted(file), expected);
}

#[test]
fn attributes_of_panoptic_annotations_are_reported() {
    let panoptic = r#"{"image_id":1,"attributes":{"a":1,"b":2,"occluded":true},"segments_info":[
        {"id":1,"category_id":1,"iscrowd":"1","attributes":{"c":3}},{"id":2,"category_id":1,"attributes":{}}]}"#;
    let expected = [
        "1 (a.jpg) | car=2 | | 1",
        "not counted: 1 values that the tool writes itself",
        "not counted: 2 attributes of panoptic annotations",
        "not counted: 1 attributes of panoptic segments",
        "counted with a doubt: 1 crowd regions: each counted once",
    ];
    assert_eq!(counted(&file(panoptic)), expected);
}

#[test]
fn an_annotation_of_an_unknown_image_is_an_error_whatever_comes_first_and_whether_it_counts() {
    let (images, categories) = (r#""images":[{"id":1}]"#, r#""categories":[{"id":1,"name":"car"}]"#);
    for annotation in [
        r#"{"image_id":99,"category_id":1}"#,
        r#"{"image_id":99,"category_id":1,"attributes":{"outside":true}}"#,
        r#"{"image_id":99,"caption":"x"}"#,
        r#"{"image_id":99,"segments_info":[]}"#,
    ] {
        let annotations = format!(r#""annotations":[{annotation}]"#);
        for (parts, place) in [
            ([images, categories, &annotations], "$.annotations[0]"),
            ([&annotations, images, categories], "$.annotations"),
            ([categories, &annotations, images], "$.annotations"),
        ] {
            let error = error(&format!("{{{}}}", parts.join(",")));
            let expected = format!("{place}: an annotation refers to image 99, which is not in `images`");
            assert!(error.ends_with(&expected), "{annotation}: {error}");
        }
    }
    let known = r#"{"annotations":[{"image_id":1,"caption":"x"}],"images":[{"id":1}],"categories":[]}"#;
    assert_eq!(counted(known), ["1 | | | 1", "not counted: 1 captions"]);
}

#[test]
fn lists_of_attributes_and_images_that_are_missing_are_errors_with_their_place() {
    for (annotation, expected) in [
        (
            r#"{"image_id":1,"category_id":1,"attributes":[{"name":"color","value":"red"}]}"#,
            "line 1, byte 100, $.annotations[0].attributes[0]: invalid type: sequence, expected an object",
        ),
        (
            r#"{"image_id":99,"caption":"x"}"#,
            "line 1, byte 85, $.annotations[0]: an annotation refers to image 99, which is not in `images`",
        ),
        (r#"{"image_id":1,"bbox":[1,2,3,4]}"#, "line 1, byte 87, $.annotations[0]: `category_id` is missing"),
        (
            r#"{"id":18446744073709551616,"image_id":1,"category_id":1}"#,
            "line 1, byte 82, $.annotations[0].id: expected a whole number of at most 64 bits",
        ),
    ] {
        assert_eq!(error(&file(annotation)), expected);
    }
    assert_eq!(counted(r#"{"images":[],"annotations":[],"categories":[]}"#), Vec::<String>::new());
}
