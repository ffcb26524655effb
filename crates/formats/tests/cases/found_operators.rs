//! What files list of what may be drawn and filled in.

use crate::samples;
use annotation_statistics_domain::Taxonomy;
use annotation_statistics_formats::{FoundOperators, ReadOptions, read};

fn found(file: &str) -> FoundOperators {
    let options = ReadOptions { source_name: Some("file".to_owned()), ..ReadOptions::default() };
    let mut tasks = read(file.as_bytes(), &options).unwrap();
    tasks.by_ref().for_each(|task| drop(task.unwrap()));
    tasks.found_operators()
}

/// A line an operator: `key < parent | kind | type | label`.
fn listed(file: &str) -> Vec<String> {
    let found = found(file);
    let lines = found.operators().iter().map(|operator| {
        let parent = operator.parent.as_ref().map(|parent| format!(" < {parent}")).unwrap_or_default();
        format!("{}{parent} | {} | {} | {}", operator.key, operator.kind, operator.operator_type, operator.label)
    });
    lines.collect()
}

#[test]
fn a_coco_file_lists_its_categories_whether_anything_is_of_them_or_not() {
    assert_eq!(listed(samples::COCO), ["dog | slot | any | dog", "grass | slot | any | grass"]);
    let file = r#"{"images":[],"annotations":[],"categories":[{"id":1,"name":"a/b","supercategory":"letters"},
        {"id":2,"name":"person","keypoints":["nose"],"skeleton":[]},{"id":3,"name":""},{"id":4,"name":"a/b"},
        {"id":5,"name":7,"keypoints":[]}]}"#;
    assert_eq!(listed(file), ["a~1b | slot | any | a/b", "person | slot | keypoints | person", "7 | slot | any | 7"]);
}

#[test]
fn a_cvat_file_lists_its_labels_with_their_attributes_and_not_the_elements_of_skeletons() {
    let sample = ["car | slot | any | car", "car/color < car | input | any | color"];
    let sample = [&sample[..], &["person & dog | slot | any | person & dog", "night | slot | any | night"]].concat();
    assert_eq!(listed(samples::CVAT_IMAGES), sample);
    assert_eq!(listed(samples::CVAT_VIDEO), [""; 0], "it has no labels");
    let file = "<annotations><version>1.1</version><meta><job><id>1</id><labels>
        <label><name>car</name><color>#fff</color><type>rectangle</type><attributes>
        <attribute><name>parked</name><mutable>False</mutable><input_type>checkbox</input_type>
        <default_value>false</default_value><values>false</values></attribute>
        <attribute><name>plate</name><input_type>text</input_type></attribute></attributes></label>
        <label><name>night</name><type>tag</type><attributes><attribute><name>moon</name><input_type>select</input_type>
        </attribute></attributes></label>
        <label><name>pose</name><type>skeleton</type><svg>&lt;line&gt;</svg></label>
        <label><name>nose</name><type>points</type><attributes/><parent>pose</parent></label>
        </labels></job></meta><image id=\"0\" name=\"a\"><tag label=\"night\"/></image></annotations>";
    let expected = [
        "car | slot | rectangle | car",
        "car/parked < car | input | checkbox | parked",
        "car/plate < car | input | text | plate",
        "/night | input | tag | night",
        "night/moon < /night | input | select | moon",
        "pose | slot | skeleton | pose",
    ];
    assert_eq!(listed(file), expected);
}

#[test]
fn a_datumaro_file_lists_its_labels_with_attributes_but_for_those_of_the_tool() {
    assert_eq!(listed(samples::DATUMARO), ["car | slot | any | car", "tom | slot | any | tom"]);
    let file = r#"{"categories":{"label":{"labels":[{"name":"car","parent":"vehicle","attributes":["color","occluded"]},
        {"name":"bus","attributes":null}],"attributes":["dirty","outside",7,"color"]}},"items":[]}"#;
    let expected = [
        "car | slot | any | car",
        "car/color < car | input | any | color",
        "car/dirty < car | input | any | dirty",
        "bus | slot | any | bus",
        "bus/dirty < bus | input | any | dirty",
        "bus/color < bus | input | any | color",
    ];
    assert_eq!(listed(file), expected);
}

#[test]
fn a_scalabel_file_lists_the_categories_of_its_config_each_with_all_attributes() {
    assert_eq!(listed(samples::SCALABEL), [""; 0], "its config is empty");
    let file = r#"{"frames":[{"name":"a","labels":[]}],"config":{"imageSize":{"width":1280},"attributes":[
        {"name":"occluded","toolType":"switch","values":[]},{"name":"light","type":"list"},{"values":[]},7],
        "categories":["car",{"name":"human","subcategories":[{"name":"rider"},{"name":"pedestrian","subcategories":[]}]},
        {"name":"bus","isThing":true}]}}"#;
    let names = listed(file);
    let slots: Vec<_> = names.iter().filter(|line| line.contains("| slot |")).collect();
    assert_eq!(
        slots,
        [
            "car | slot | any | car",
            "rider | slot | any | rider",
            "pedestrian | slot | any | pedestrian",
            "bus | slot | any | bus"
        ]
    );
    assert_eq!(
        names[1..3],
        ["car/occluded < car | input | switch | occluded", "car/light < car | input | list | light"]
    );
    assert_eq!(names.len(), 12);
    for odd in ["null", "7", "[]", r#"{"categories":7,"attributes":{}}"#, r#"{"categories":[null,{"name":["x"]}]}"#] {
        assert_eq!(listed(&format!(r#"{{"config":{odd},"frames":[]}}"#)), [""; 0], "{odd}");
    }
}

#[test]
fn a_file_of_the_platform_lists_the_operators_of_its_tasks() {
    assert_eq!(listed(samples::PLATFORM), ["car | slot | any | car"]);
    let operators = r#"[{"key":"box3d-[1]","label":"car","type":"slotChildren","slotSpecification":{"type":"box3d"},
        "instanceOption":{"minQuantity":1,"maxQuantity":5},"children":[
         {"key":"select-[2]","label":"color","type":"input","inputSpecification":{"type":"select","items":[
          {"label":"Red","value":"red","children":[{"key":"text-[3]","label":"tone","type":"input"}]}]}},
         {"key":"box2d-[4]","label":"tyre","type":"slot","slotSpecification":{"type":"box2d"}}]},
        {"label":"no key","type":"slot"},{"key":"no kind"},{"key":"group","label":"","type":"input"}]"#;
    let other = r#"[{"key":"box3d-[1]","label":"Auto","type":"slot"},{"key":"new","label":"new","type":"slot"}]"#;
    let file = [operators, other, "null", "7"].into_iter().enumerate().map(|(number, operators)| {
        format!(r#"{{"taskId":{number},"taskParams":{{"operators":{operators}}},"result":null}}"#)
    });
    let expected = [
        "box3d-[1] | slot | box3d | car",
        "select-[2] < box3d-[1] | input | select | color",
        "text-[3] < select-[2] | input | any | tone",
        "box2d-[4] < box3d-[1] | slotChildren | box2d | tyre",
        "group | input | any | group",
        "new | slot | any | new",
    ];
    assert_eq!(listed(&file.collect::<Vec<_>>().join("\n")), expected);
}

#[test]
fn formats_without_a_list_list_nothing() {
    for file in [samples::LABEL_STUDIO, samples::OPENLABEL] {
        assert_eq!(listed(file), [""; 0]);
    }
}

#[test]
fn whatever_a_sample_lists_is_a_taxonomy_as_it_is() {
    for (format, file) in samples::ALL {
        let found = found(file);
        let filled = Taxonomy::default().filled_with(found.operators()).unwrap();
        assert_eq!((filled.taxonomy.operators(), filled.left_out), (found.operators(), 0), "{format}");
        assert_eq!(found.left_out(), 0, "{format}");
    }
}
