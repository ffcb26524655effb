//! Damaged files: each fault says where it is and what is wrong.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format};

/// What is replaced in a sample, by what, and what is said then.
type Damage = (&'static str, &'static str, &'static str);

fn assert_faults(format: Format, sample: &str, damages: &[Damage]) {
    for (from, to, expected) in damages {
        assert!(sample.contains(from), "{from}");
        let input = sample.replacen(from, to, 1);
        let fault = read_all(input.as_bytes(), Some(format), CountingRule::Objects).unwrap_err();
        assert_eq!(&fault, expected, "{format}: {from} -> {to}");
    }
}

#[test]
fn every_damage_is_told_with_its_place() {
    assert_faults(Format::Coco, samples::COCO, COCO);
    assert_faults(Format::LabelStudio, samples::LABEL_STUDIO, LABEL_STUDIO);
    assert_faults(Format::Cvat, samples::CVAT_IMAGES, CVAT_IMAGES);
    assert_faults(Format::Cvat, samples::CVAT_VIDEO, CVAT_VIDEO);
    assert_faults(Format::OpenLabel, samples::OPENLABEL, OPENLABEL);
    assert_faults(Format::Scalabel, samples::SCALABEL, SCALABEL);
    assert_faults(Format::Datumaro, samples::DATUMARO, DATUMARO);
    assert_faults(Format::Platform, samples::PLATFORM, PLATFORM);
}

const COCO: &[Damage] = &[
    (r#""category_id":2,"seg"#, r#""category_id":3,"seg"#, "byte 252: category 3 is not in `categories`"),
    (r#""categories""#, r#""kategories""#, "byte 153: category 1 is not in `categories`"),
    (r#""images""#, r#""imagez""#, "line 8, byte 599, $: `images` is missing"),
    (r#",{"id":9}"#, "", "$.annotations: an annotation refers to image 9, which is not in `images`"),
    (r#"{"id":5}"#, r#"{"id":40}"#, "line 7, byte 516, $.images[2]: image 40 is given twice"),
    (r#"{"id":2,"name""#, r#"{"id":1,"name""#, "line 8, byte 597, $.categories[1]: category 1 is given twice"),
    (
        r#""image_id":40"#,
        r#""image_id":9223372036854775808"#,
        "line 2, byte 77, $.annotations[0].image_id: expected a whole number of at most 64 bits",
    ),
    (
        r#""image_id":40"#,
        r#""image_id":40.0"#,
        "line 2, byte 62, $.annotations[0].image_id: expected a whole number of at most 64 bits",
    ),
    (
        r#""image_id":40"#,
        r#""image_id":"40""#,
        "line 2, byte 58, $.annotations[0].image_id: expected a number, found a string",
    ),
    (r#""image_id":40,"#, "", "line 2, byte 138, $.annotations[0]: missing field `image_id`"),
    (
        r#""image_id":40,"#,
        r#""image_id":40,"image_id":41,"#,
        "line 2, byte 71, $.annotations[0].image_id: duplicate field `image_id`",
    ),
    (r#""category_id":1}"#, r#""category":1}"#, "line 4, byte 289, $.annotations[2]: `category_id` is missing"),
    (
        r#""iscrowd":1"#,
        r#""iscrowd":2"#,
        "line 3, byte 251, $.annotations[1].iscrowd: expected true, false, 1 or 0, found 2",
    ),
    (r#""y":"""#, r#""x":"""#, "line 2, byte 129, $.annotations[0].attributes.x: `x` is given twice"),
    (r#""x":1"#, r#""x":NaN"#, "line 2, byte 124, $.annotations[0].attributes.x: NaN is no number"),
    (
        r#""image_id":40"#,
        r#""image_id":-Infinity"#,
        "line 2, byte 58, $.annotations[0].image_id: -Infinity is no number",
    ),
    (r#""annotations":["#, r#""annotations":{"#, "line 1, byte 36, $.annotations: expected an array, found an object"),
    (
        r#""images":["#,
        r#""annotations":[],"images":["#,
        "line 7, byte 471, $.annotations: `annotations` is given twice",
    ),
    ("2014},", "2014},,", "line 1, byte 22, $.info: not JSON: expecting member name or object end"),
    (r#""grass"}]}"#, r#""grass"}]} ]"#, "line 8, byte 600, $: not JSON: unexpected closing bracket"),
];

const LABEL_STUDIO: &[Damage] = &[
    (r#"{"id":1,"data""#, r#"{"data""#, "line 13, byte 1047, $[0]: `id` of the task is missing"),
    (r#"{"id":2,"data""#, r#"{"id":1,"data""#, "line 16, byte 1342, $[1]: task 1 comes twice"),
    (
        r#"{"id":2,"data""#,
        r#"{"id":92233720368547758080,"data""#,
        "line 14, byte 1083, $[1].id: expected a whole number of at most 64 bits",
    ),
    (
        r#""annotations":[{"#,
        r#""notes":[{"#,
        "line 16, byte 1336, $[1]: `annotations` of the task is missing: the full JSON export is needed, not the minimal one",
    ),
    (
        r#""result":[{"id":"r9""#,
        r#""result":["r9",{"id":"r9""#,
        "line 13, byte 978, $[0].annotations[1].result[0]: invalid type: string, expected an object",
    ),
    (
        r#""frame":11"#,
        r#""frame":-11"#,
        "line 16, byte 1291, $[1].annotations[0].result[0].value.sequence[1].frame: expected a whole number of at most 64 bits",
    ),
    (
        r#""framesCount":100"#,
        r#""framesCount":"many""#,
        "line 15, byte 1193, $[1].annotations[0].result[0].value.framesCount: expected a number, found a string",
    ),
    (
        r#""was_cancelled":true"#,
        r#""was_cancelled":"yes""#,
        r#"line 13, byte 968, $[0].annotations[1].was_cancelled: invalid type: string "yes", expected true, false, 1 or 0"#,
    ),
];

const CVAT_IMAGES: &[Damage] = &[
    (
        r#"label="night""#,
        r#"label="light""#,
        "byte 654, annotations/image/tag: label `light` is not in the file's `labels`",
    ),
    (r#"id="1" name"#, r#"id="0" name"#, "byte 928, annotations: task 0 comes twice"),
    (
        r#"id="1" name"#,
        r#"id="9223372036854775808" name"#,
        "byte 946, annotations/image: `9223372036854775808` is not a whole number of at most 64 bits",
    ),
    (r#"id="1" name"#, "name", "byte 921, annotations/image: the image has no `id`"),
    (r#"label="car" xtl"#, "xtl", "byte 605, annotations/image/box: the element has no `label`"),
    (
        "<attribute name=\"color\">",
        "<attribute>",
        "byte 495, annotations/image/box/attribute: the attribute has no `name`",
    ),
    ("red</attribute>", "red<b/></attribute>", "byte 515, annotations/image/box/attribute/b: expected text, found `b`"),
    (
        "red</attribute>",
        "red&nbsp;</attribute>",
        "byte 517, annotations/image/box/attribute: the entity `nbsp` is unknown",
    ),
    (
        "</skeleton>",
        "</box>",
        "byte 859, annotations/image/skeleton: not XML: ill-formed document: expected `</skeleton>`, but `</box>` was found",
    ),
    ("<version>1.1", "<version>2.0", "byte 74, annotations: version `2.0` of CVAT XML is not known"),
    ("utf-8", "iso-8859-1", "byte 43: the file is in iso-8859-1: it must be converted to UTF-8 first"),
    ("annotations>", "dataset>", "byte 48, dataset: expected the element `annotations` of a CVAT file"),
    (
        "height=\"8\">",
        "height=\"8\" height=\"9\">",
        "byte 400, annotations/image: not XML: position 47: duplicated attribute, previous declaration at position 36",
    ),
    (
        "<image ",
        "<track label=\"car\"/><image ",
        "byte 409, annotations/image: an image after tracks: a file has one or the other",
    ),
];

const CVAT_VIDEO: &[Damage] = &[
    (r#"frame="16""#, r#"frame="10""#, "byte 314, annotations/track: frame 10 of the track is given twice"),
    (r#"frame="16""#, r#"frame="x""#, "byte 313, annotations/track/box: `x` is not a frame number"),
    ("step=3", "step=0", "byte 188, annotations/meta/task: `step=0` is no frame filter"),
    (
        "<stop_frame>19",
        "<stop_frame>1e9",
        "byte 154, annotations/meta/task: `1e9` is not a whole number of at most 64 bits",
    ),
];

const OPENLABEL: &[Damage] = &[
    (
        r#""2":{"name""#,
        r#""4":{"name""#,
        "byte 506: an object that is mentioned here is not in `objects`, or has no `type` there",
    ),
    (r#""type":"Bus","#, "", "byte 506: an object that is mentioned here is not in `objects`, or has no `type` there"),
    (r#""2":{"name""#, r#""1":{"name""#, "line 10, byte 761, $.openlabel.objects.1: `1` is given twice"),
    (r#""1":{"objects""#, r#""0":{"objects""#, "line 7, byte 515, $.openlabel.frames.0: `0` is given twice"),
    (
        r#""1":{"objects""#,
        r#""one":{"objects""#,
        "line 7, byte 517, $.openlabel.frames.one: `one` is not a frame number",
    ),
    (
        r#""frame_start":0"#,
        r#""frame_start":3"#,
        "line 11, byte 922, $.openlabel.objects.3.frame_intervals[0]: an interval ends before it starts",
    ),
    (
        r#""bbox":["#,
        r#""bbox":[1,"#,
        "line 3, byte 112, $.openlabel.frames.0.objects.1.object_data.bbox[0]: invalid type: number, expected an object",
    ),
    (
        r#""frame_end":2"#,
        r#""frame_end":18446744073709551616"#,
        "line 11, byte 940, $.openlabel.objects.3.frame_intervals[0].frame_end: expected a whole number of at most 64 bits",
    ),
    (r#""openlabel""#, r#""other""#, "line 12, byte 1014, $: `openlabel` is missing"),
    (r#""type":"Bus""#, r#""type":"""#, "byte 506: the key `` must not be empty"),
];

const SCALABEL: &[Damage] = &[
    (r#""name":"2""#, r#""name":"1""#, "line 7, byte 534, $.frames[1]: frame `1` is given twice"),
    (
        r#""name":"y.jpg""#,
        r#""name":"x.jpg""#,
        "line 10, byte 766, $.frames[4]: task 2836477493078877850 (`x.jpg`) comes twice",
    ),
    (
        r#""name":"y.jpg""#,
        r#""name":"y.jpg","videoName":"v""#,
        "line 10, byte 782, $.frames[4]: video `v` comes back after another one: its frames must stand together",
    ),
    (r#""name":"y.jpg","#, "", "line 10, byte 751, $.frames[4]: `name` is missing"),
    (r#","box3d":{"x":1}"#, "", "line 9, byte 717, $.frames[3]: a label has neither a category nor a geometry"),
    (
        r#""id":7"#,
        r#""id":18446744073709551616"#,
        "line 4, byte 220, $.frames[0].labels[1].id: invalid type: integer `18446744073709551616` as u128, expected a string or a whole number",
    ),
    (r#""frames""#, r#""images""#, "line 10, byte 767, $.images: `frames` is missing"),
    (r#""labels":null"#, r#""labels":{}"#, "line 10, byte 761, $.frames[4].labels: expected an array, found an object"),
];

const DATUMARO: &[Damage] = &[
    (
        r#""label_id":0,"attr"#,
        r#""label_id":2,"attr"#,
        "line 7, byte 528, $.items[0]: item `a`: label 2 is not in the 2 labels of `categories`",
    ),
    (
        r#""label_id":0,"attr"#,
        r#""label_id":-1,"attr"#,
        "line 7, byte 529, $.items[0]: item `a`: label -1 is not in the 2 labels of `categories`",
    ),
    (
        r#""categories""#,
        r#""kategories""#,
        "line 8, byte 560, $: item `a`: label 1 is not in the 0 labels of `categories`",
    ),
    (
        r#""label_id":0,"attr"#,
        r#""label_id":9223372036854775808,"attr"#,
        "line 4, byte 267, $.items[0].annotations[1].label_id: expected a whole number of at most 64 bits",
    ),
    (r#""id":"b""#, r#""id":"a""#, "line 8, byte 558, $.items[1]: task 3414815163700866188 (`a`) comes twice"),
    (r#""id":"b","#, "", "line 8, byte 549, $.items[1]: `id` is missing"),
    (r#""type":"bbox","#, "", "line 4, byte 291, $.items[0].annotations[1]: missing field `type`"),
    (
        r#""items":[
 "#,
        r#""itemz":[
 "#,
        "line 8, byte 559, $.itemz: `items` is missing",
    ),
];

const PLATFORM: &[Damage] = &[
    (r#""taskId":2,"#, "", "line 17, byte 1271, $[1]: `taskId` is missing"),
    (r#""taskId":2,"#, r#""taskId":3,"#, "line 18, byte 1379, $[2]: task 3 comes twice"),
    (
        r#""taskId":2,"#,
        r#""taskId":9223372036854775808,"#,
        "line 16, byte 1154, $[1].taskId: expected a whole number of at most 64 bits",
    ),
    (
        r#""type":"disappear""#,
        r#""type":"vanish""#,
        "line 4, byte 181, $[0].result.annotations[0].slots[0].timeSeries.10: `vanish` is neither appear nor disappear",
    ),
    (
        r#""9":{"#,
        r#""nine":{"#,
        "line 4, byte 209, $[0].result.annotations[0].slots[0].timeSeries.nine: `nine` is not a frame number",
    ),
    (
        r#""9":{"#,
        r#""10":{"#,
        "line 4, byte 229, $[0].result.annotations[0].slots[0].timeSeries.1: a frame of `timeSeries` is given twice",
    ),
    (r#","key":"van""#, "", "line 8, byte 585, $[0].result.annotations[1]: `key` of the annotation is missing"),
    (
        r#""key":"color""#,
        r#""key":"""#,
        "line 7, byte 506, $[0].result.annotations[1].slotsChildren[0].children[0]: `key` of the annotation is missing",
    ),
    (
        r#"[3,"7"]"#,
        r#"[3,"x"]"#,
        "line 12, byte 889, $[0].result.metadata.invalidFrame[1]: expected the number of a frame",
    ),
];
