//! Damaged files: each error states its place and its reason.

use super::damaged_scenes::{DATUMARO, OPENLABEL, PLATFORM, SCALABEL};
use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format};

/// What is replaced in a sample, by what, and what is said then.
pub(super) type Damage = (&'static str, &'static str, &'static str);

fn assert_errors(format: Format, sample: &str, damages: &[Damage]) {
    for (from, to, expected) in damages {
        assert!(sample.contains(from), "{from}");
        let input = sample.replacen(from, to, 1);
        let error = read_all(input.as_bytes(), Some(format), CountingRule::Objects).unwrap_err();
        assert_eq!(&error, expected, "{format}: {from} -> {to}");
    }
}

#[test]
fn every_damage_is_reported_with_its_place() {
    assert_errors(Format::Coco, samples::COCO, COCO);
    assert_errors(Format::LabelStudio, samples::LABEL_STUDIO, LABEL_STUDIO);
    assert_errors(Format::Cvat, samples::CVAT_IMAGES, CVAT_IMAGES);
    assert_errors(Format::Cvat, samples::CVAT_VIDEO, CVAT_VIDEO);
    assert_errors(Format::OpenLabel, samples::OPENLABEL, OPENLABEL);
    assert_errors(Format::Scalabel, samples::SCALABEL, SCALABEL);
    assert_errors(Format::Datumaro, samples::DATUMARO, DATUMARO);
    assert_errors(Format::Platform, samples::PLATFORM, PLATFORM);
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
    (
        r#"{"id":1,"data""#,
        r#"{"data""#,
        "line 13, byte 1047, $[0]: `id` of the task is missing: with `--task-id source-name` it is made of the name `a.jpg`",
    ),
    (
        r#"{"id":2,"data""#,
        r#"{"id":1,"data""#,
        "line 16, byte 1342, $[1]: task 1 (`a.mp4`) comes twice: `--task-id source-name` distinguishes tasks of different names",
    ),
    (
        r#"{"id":2,"data""#,
        r#"{"id":92233720368547758080,"data""#,
        "line 14, byte 1083, $[1].id: expected a whole number of at most 64 bits",
    ),
    (
        r#""annotations":[{"#,
        r#""notes":[{"#,
        "line 16, byte 1336, $[1]: `annotations` of the task is missing: export the project as JSON",
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
        r#""was_cancelled":"may""#,
        r#"line 13, byte 968, $[0].annotations[1].was_cancelled: invalid type: string "may", expected true, false, 1 or 0"#,
    ),
];

const CVAT_IMAGES: &[Damage] = &[
    (
        r#"label="night""#,
        r#"label="light""#,
        "line 9, byte 654, annotations/image/tag: label `light` is not in the file's `labels`",
    ),
    (
        r#"id="1" name"#,
        r#"id="0" name"#,
        "line 12, byte 928, annotations: task 0 (`b.jpg`) comes twice: `--task-id source-name` distinguishes tasks of different names",
    ),
    (
        r#"id="1" name"#,
        r#"id="9223372036854775808" name"#,
        "line 12, byte 946, annotations/image: `9223372036854775808` is not a whole number of at most 64 bits",
    ),
    (r#"id="1" name"#, "name", "line 12, byte 921, annotations/image: the image has no `id`"),
    (r#"label="car" xtl"#, "xtl", "line 8, byte 605, annotations/image/box: the element has no `label`"),
    (
        "<attribute name=\"color\">",
        "<attribute>",
        "line 7, byte 495, annotations/image/box/attribute: the attribute has no `name`",
    ),
    (
        "red</attribute>",
        "red<b/></attribute>",
        "line 7, byte 515, annotations/image/box/attribute/b: expected text, found `b`",
    ),
    (
        "red</attribute>",
        "red&nbsp;</attribute>",
        "line 7, byte 517, annotations/image/box/attribute: the entity `nbsp` is unknown",
    ),
    (
        "</skeleton>",
        "</box>",
        "line 11, byte 859, annotations/image/skeleton: not XML: ill-formed document: expected `</skeleton>`, but `</box>` was found",
    ),
    ("<version>1.1", "<version>2.0", "line 2, byte 74, annotations: version `2.0` of CVAT XML is not known"),
    ("utf-8", "iso-8859-1", "line 1, byte 43: the file is in iso-8859-1: it must be converted to UTF-8 first"),
    ("annotations>", "dataset>", "line 2, byte 48, dataset: expected the element `annotations` of a CVAT file"),
    (
        "height=\"8\">",
        "height=\"8\" height=\"9\">",
        "line 5, byte 400, annotations/image: not XML: position 47: duplicated attribute, previous declaration at position 36",
    ),
    (
        "<image ",
        "<track label=\"car\"/><image ",
        "line 5, byte 409, annotations/image: an image after tracks: a file has one or the other",
    ),
];

const CVAT_VIDEO: &[Damage] = &[
    (
        r#"frame="16""#,
        r#"frame="10""#,
        "line 4, byte 314, annotations/track: frame 10 of the track is given twice, with shapes that differ",
    ),
    (r#"frame="16""#, r#"frame="x""#, "line 4, byte 313, annotations/track/box: `x` is not a frame number"),
    ("step=3", "step=0", "line 2, byte 188, annotations/meta/task: `step=0` is no frame filter"),
    (
        "<stop_frame>19",
        "<stop_frame>1e9",
        "line 2, byte 154, annotations/meta/task: `1e9` is not a whole number of at most 64 bits",
    ),
];
