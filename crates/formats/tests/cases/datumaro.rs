//! Datumaro as programs write it: what can be counted is counted, and what is left out is reported.

use crate::read_all;
use annotation_statistics_formats::{CountingRule, Format};

/// A file of one item, with a car, a person, and a label without a name.
fn file(annotations: &str) -> String {
    format!(
        r#"{{"infos":{{}},"categories":{{"label":{{"labels":[{{"name":"car"}},{{"name":"ped"}},{{"name":""}},{{"name":7}}]}}}},
        "items":[{{"id":"a","annotations":[{annotations}],"attr":{{"frame":0}}}}]}}"#
    )
}

#[track_caller]
fn counted(file: &str) -> Vec<String> {
    let read = |rule| read_all(file.as_bytes(), Some(Format::Datumaro), rule).unwrap();
    let [first, rest @ ..] = CountingRule::ALL.map(read);
    assert!(rest.iter().all(|read| *read == first), "the rules agree");
    first.lines().map(str::to_owned).collect()
}

#[test]
fn one_task_of_two_boxes_and_a_tag_is_one_bill_in_every_export() {
    let datumaro = file(
        r#"{"type":"bbox","label_id":0,"attributes":{"occluded":false,"rotation":0.0}},
        {"type":"bbox","label_id":0,"attributes":{"occluded":true,"rotation":0.0}},{"type":"label","label_id":1}"#,
    );
    let remark = "not counted: 4 values that the tool writes itself";
    assert_eq!(counted(&datumaro), ["a | car=2 | /ped=1 | 1", remark]);
    let coco = r#"{"images":[{"id":1,"file_name":"a"}],"categories":[{"id":1,"name":"car"},{"id":2,"name":"ped"}],"annotations":[
        {"id":1,"image_id":1,"category_id":1,"attributes":{"occluded":false,"rotation":0.0}},
        {"id":2,"image_id":1,"category_id":1,"attributes":{"occluded":true,"rotation":0.0}}]}"#;
    let coco = read_all(coco.as_bytes(), None, CountingRule::Objects).unwrap();
    assert_eq!(coco.lines().collect::<Vec<_>>(), ["1 (a) | car=2 | | 1", remark], "there are no tags in COCO");
}

#[test]
fn what_is_outside_is_not_counted_with_all_that_it_has() {
    let remark = "not counted: 1 shapes that are marked as outside: nothing is visible there";
    for outside in ["true", "1", r#""true""#, r#""True""#, r#""1""#, "1.0"] {
        let file = file(&format!(
            r#"{{"type":"bbox","label_id":0,"attributes":{{"outside":{outside},"keyframe":true,"color":"red"}}}},
            {{"type":"bbox","label_id":0,"attributes":{{"outside":false,"keyframe":true,"color":"red"}}}}"#
        ));
        let tool = "not counted: 2 values that the tool writes itself";
        assert_eq!(counted(&file), ["a | car=1 | car/color=1 | 1", tool, remark], "{outside}");
    }
}

#[test]
fn a_skeleton_of_which_all_elements_are_outside_is_not_visible() {
    let elements = |first: &str, second: &str| {
        let element = |outside: &str| format!(r#"{{"type":"points","attributes":{{"outside":{outside},"note":NaN}}}}"#);
        file(&format!(
            r#"{{"type":"skeleton","label_id":0,"attributes":{{"color":"red"}},"elements":[{},{}]}},
            {{"type":"skeleton","label_id":1,"attributes":{{}},"elements":[]}}"#,
            element(first),
            element(second)
        ))
    };
    let remark = "not counted: 1 shapes that are marked as outside: nothing is visible there";
    for outside in ["true", "1", r#""true""#, r#""True""#, r#""1""#, "1.0"] {
        assert_eq!(counted(&elements(outside, "true")), ["a | ped=1 | | 1", remark], "{outside}");
        let parts = "not counted: 2 elements of skeletons and their attributes";
        let partial = ["a | car=1 ped=1 | car/color=1 | 1", parts];
        assert_eq!(counted(&elements(outside, "false")), partial, "{outside}");
        assert_eq!(counted(&elements("null", outside)), partial, "{outside}");
    }
}

#[test]
fn captions_are_no_instances() {
    let file = file(
        r#"{"type":"caption","caption":"a dog","attributes":{"author":"x"}},{"type":"caption","label_id":0,"caption":""},
        {"type":"bbox","label_id":0}"#,
    );
    assert_eq!(counted(&file), ["a | car=1 | | 1", "not counted: 2 captions"]);
}

#[test]
fn what_has_no_label_or_one_without_a_name_counts_under_its_type() {
    let file = file(
        r#"{"type":"bbox","label_id":2,"attributes":{"color":"red"}},{"type":"polygon","label_id":null},
        {"type":"label","label_id":2,"attributes":{"by":"x"}},{"type":"label"},{"type":"mask","label_id":3}"#,
    );
    let remark = "counted with a doubt: 4 instances without a label: counted under the kind of their shape";
    let task = "a | 7=1 bbox=1 polygon=1 | /label=2 bbox/color=1 label/by=1 | 1";
    assert_eq!(counted(&file), [task, remark]);
    assert_eq!(counted(&file.replace(r#""name":"""#, r#""name":null"#)), [task, remark]);
    let (start, items) = file.split_once("\"items\"").unwrap();
    let categories = start.trim_end().trim_end_matches(',').trim_start_matches('{');
    let items_first = format!("{{\"items\"{},{categories}}}", items.strip_suffix('}').unwrap());
    assert_eq!(counted(&items_first), [task, remark], "whatever comes first in the file");
}

#[test]
fn elements_of_skeletons_and_notes_of_programs_are_reported() {
    let file = file(
        r#"{"type":"skeleton","label_id":0,"attributes":{"occluded":false},"elements":[
        {"type":"points","label_id":1,"attributes":{"outside":true}},{"type":"points","label_id":1}]}"#,
    );
    let file = file.replace(r#"{"frame":0}"#, r#"{"frame":0,"id":7,"camera":2,"note":"","view":"left"}"#);
    let expected = [
        "a | car=1 | | 1",
        "not counted: 2 elements of skeletons and their attributes",
        "not counted: 1 values that the tool writes itself",
        "not counted: 2 entries of `attr` of items",
    ];
    assert_eq!(counted(&file), expected);
}

#[test]
fn a_label_with_a_slash_is_not_taken_for_an_attribute() {
    let file = file(
        r#"{"type":"bbox","label_id":0,"attributes":{"color":"red"}},{"type":"bbox","label_id":1},{"type":"label","label_id":1}"#,
    );
    let file = file.replace(r#""ped""#, r#""car/color""#);
    assert_eq!(counted(&file), ["a | car=1 car~1color=1 | /car~1color=1 car/color=1 | 1"]);
}
