//! `NaN` and `Infinity`, as Python writes them, in files of every format of JSON.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format};
use proptest::prelude::*;
use std::io::BufReader;

/// A file of each format with `#` where a value is not counted, and what is read of it.
const PASSED_OVER: [(Format, &str, &str); 6] = [
    (
        Format::Coco,
        r#"{"info":{"version":#},"images":[{"id":1,"width":#,"file_name":#}],"annotations":[{"id":1,"image_id":1,"category_id":1,
        "area":#,"bbox":[1,#, # ,4],"segmentation":[[#,1]],"keypoints":[#],"attributes":{"rotation":#}}],
        "categories":[{"id":1,"name":"NaN"}],"extra":#}"#,
        "1 | NaN=1 | | 1\nnot counted: 1 values that the tool writes itself\n",
    ),
    (
        Format::LabelStudio,
        r#"[{"id":1,"data":{"image":"x.jpg","score":#},"annotations":[{"lead_time":#,"result":[
        {"id":"a","type":"rectanglelabels","value":{"x":#,"rectanglelabels":["car"]},"score":#}]}]}]"#,
        "car=1",
    ),
    (
        Format::OpenLabel,
        r#"{"openlabel":{"metadata":{"x":#},"objects":{"1":{"type":"car","object_data":{"bbox":[{"name":"b","val":[1,#]},
        {"name":"c","val":#}],"num":[{"name":"speed","val":1,"confidence":#}],"vec":[{"name":"points","val":[#],
        "coordinate_system":"lidar","attributes":{}}]}}}}}"#,
        "car=1 | car/speed=1",
    ),
    (
        Format::Scalabel,
        r#"[{"name":"x.jpg","timestamp":#,"labels":[{"id":"1","category":"car","score":#,"box2d":{"x1":#}},
        {"id":"2","category":"lane","poly2d":[[#,1,"L"],[1,2,"L"]]}]}]"#,
        "car=1 lane=1",
    ),
    (
        Format::Datumaro,
        r#"{"infos":{"x":#},"categories":{"label":{"labels":[{"name":"car"}]}},"items":[{"id":"a","attr":{"frame":#},
        "annotations":[{"type":"bbox","label_id":0,"bbox":[#,1],"z_order":#,"attributes":{"rotation":#}}]}]}"#,
        "a | car=1 | | 1\nnot counted: 1 values that the tool writes itself\n",
    ),
    (
        Format::Platform,
        r#"[{"taskId":1,"score":#,"result":{"annotations":[{"key":"car","slots":[{"id":"s","box":[#]}]}]},
        "taskParams":{"record":{"attachmentType":"IMAGE","attachment":{"url":#},"size":#}}}]"#,
        "1 | car=1",
    ),
];

#[test]
fn a_word_that_is_passed_over_does_no_harm_in_any_format() {
    for word in ["NaN", "Infinity", "-Infinity"] {
        for (format, file, expected) in PASSED_OVER {
            let file = file.replace('#', word);
            let read = read_all(file.as_bytes(), Some(format), CountingRule::Objects).unwrap();
            assert!(read.contains(expected), "{format}: {read}");
            assert_eq!(read_all(file.as_bytes(), None, CountingRule::Objects), Ok(read), "{format} is recognised");
        }
    }
}

/// What is replaced in a sample by a word, and where the error is.
const COUNTED: [(Format, &str, &str, &str, &str); 24] = [
    (Format::Coco, samples::COCO, r#""id":1,"i"#, r#""id":#,"i"#, "$.annotations[0].id"),
    (Format::Coco, samples::COCO, r#""iscrowd":1"#, r#""iscrowd":#"#, "$.annotations[1].iscrowd"),
    (Format::Coco, samples::COCO, r#""x":1"#, r#""x":#"#, "$.annotations[0].attributes.x"),
    (Format::Coco, samples::COCO, r#""x":1"#, r#""x":[1,#,2]"#, "$.annotations[0].attributes.x[1]"),
    (Format::Coco, samples::COCO, r#""x":1"#, r#""x":{"a":#}"#, "$.annotations[0].attributes.x.a"),
    (Format::Coco, samples::COCO, r#""x":1"#, r#""outside":#"#, "$.annotations[0].attributes.outside"),
    (Format::Coco, samples::COCO, r#""name":"dog""#, r#""name":#"#, "$.categories[0].name"),
    (Format::Coco, samples::COCO, r#"{"id":9}"#, r#"{"id":#}"#, "$.images[1].id"),
    (Format::Coco, samples::COCO, r#"{"id":9}"#, "#", "$.images[1]"),
    (
        Format::Coco,
        samples::COCO,
        r#""attributes":{"x":1,"y":"","z":false,"n":null}"#,
        r#""attributes":#"#,
        "$.annotations[0].attributes",
    ),
    (Format::LabelStudio, samples::LABEL_STUDIO, r#"{"id":1,"d"#, r#"{"id":#,"d"#, "$[0].id"),
    (
        Format::LabelStudio,
        samples::LABEL_STUDIO,
        r#""labels":["City"]"#,
        r#""labels":[#]"#,
        "$[0].annotations[0].result[4].value.labels[0]",
    ),
    (
        Format::LabelStudio,
        samples::LABEL_STUDIO,
        r#""rating":0"#,
        r#""rating":#"#,
        "$[0].annotations[0].result[7].value.rating",
    ),
    (
        Format::LabelStudio,
        samples::LABEL_STUDIO,
        r#""framesCount":100"#,
        r#""framesCount":#"#,
        "$[1].annotations[0].result[0].value.framesCount",
    ),
    (
        Format::LabelStudio,
        samples::LABEL_STUDIO,
        r#""rating":0"#,
        r#""start":1,"taxonomy":[["A"],["B",#]]"#,
        "$[0].annotations[0].result[7].value.taxonomy[1][1]",
    ),
    (
        Format::OpenLabel,
        samples::OPENLABEL,
        r#""name":"color","val":"red""#,
        r#""name":"color","val":#"#,
        "$.openlabel.frames.0.objects.1.object_data.bbox[0].attributes.text[0].val",
    ),
    (
        Format::OpenLabel,
        samples::OPENLABEL,
        r#""name":"near","val":[]"#,
        r#""name":"near","val":[1,#]"#,
        "$.openlabel.frames.0.objects.1.object_data.vec[1].attributes.vec[0].val[1]",
    ),
    (Format::OpenLabel, samples::OPENLABEL, r#""type":"Bus""#, r#""type":#"#, "$.openlabel.objects.2.type"),
    (
        Format::Scalabel,
        samples::SCALABEL,
        r#""occluded":false"#,
        r#""occluded":#"#,
        "$.frames[0].labels[0].attributes.occluded",
    ),
    (
        Format::Scalabel,
        samples::SCALABEL,
        r#""manualShape":false"#,
        r#""manualShape":#"#,
        "$.frames[0].labels[1].manualShape",
    ),
    (Format::Datumaro, samples::DATUMARO, r#""name":"tom""#, r#""name":#"#, "$.categories.label.labels[1].name"),
    (
        Format::Datumaro,
        samples::DATUMARO,
        r#""color":"red""#,
        r#""color":#"#,
        "$.items[0].annotations[1].attributes.color",
    ),
    (
        Format::Platform,
        r#"{"taskId":1,"taskParams":{"record":{"attachmentType":"IMAGE_SEQUENCE","attachment":["a"]}}}"#,
        r#"["a"]"#,
        "[#]",
        "$.taskParams.record.attachment[0]",
    ),
    (
        Format::Platform,
        samples::PLATFORM,
        r#""value":false"#,
        r#""value":#"#,
        "$[0].result.annotations[2].childrenOnly[0].children[1].input.value",
    ),
];

#[test]
fn a_word_that_counts_is_no_number_and_has_its_place() {
    for word in ["NaN", "Infinity", "-Infinity"] {
        for (format, sample, from, to, place) in COUNTED {
            assert!(sample.contains(from), "{from}");
            let file = sample.replacen(from, &to.replace('#', word), 1);
            let error = read_all(file.as_bytes(), Some(format), CountingRule::Objects).unwrap_err();
            let byte = file.find(&to.replace('#', word)).unwrap() + to.find('#').unwrap();
            let expected = format!(", byte {byte}, {place}: {word} is no number");
            assert!(error.ends_with(&expected), "{format}: {from} -> {to}: {error}, not {expected}");
        }
    }
}

/// A word of which it is only known at the end of what has it that it counts.
#[test]
fn a_word_that_would_be_a_value_or_a_part_of_a_name_has_the_place_of_its_member() {
    let data = |kind: &str, members: &str| {
        format!(
            r#"{{"openlabel":{{"objects":{{"1":{{"type":"car","object_data":{{"{kind}":[{{"name":"a","val":1}},
            {{"name":"b",{members}}}]}}}}}}}}}}"#
        )
    };
    let bdd = |members: &str| format!(r#"{{"name":"a","frames":[{{{members},"objects":[]}}]}}"#);
    for (file, place) in [
        (data("num", r#""val":#"#), "$.openlabel.objects.1.object_data.num[1].val"),
        (data("text", r#""val":#"#), "$.openlabel.objects.1.object_data.text[1].val"),
        (data("vec", r#""val":[1,#],"coordinate_system":"lidar""#), "$.openlabel.objects.1.object_data.vec[1].val"),
        (bdd(r#""timestamp":#"#), "$.frames[0].timestamp"),
        (bdd(r#""timestamp":null,"index":#"#), "$.frames[0].index"),
    ] {
        for word in ["NaN", "Infinity", "-Infinity"] {
            let error = read_all(file.replace('#', word).as_bytes(), None, CountingRule::Objects).unwrap_err();
            assert!(error.contains(&format!(", {place}: {word} is no number")), "{error}");
        }
    }
    let named = bdd(r#""timestamp":7,"index":NaN"#);
    assert_eq!(read_all(named.as_bytes(), None, CountingRule::Objects), Ok("a/7 | | | 1\n".to_owned()));
}

#[test]
fn a_word_is_no_name_and_no_part_of_another_word() {
    for value in ["NaNx", "xNaN", "nan", "-NaN", "Infinit", "+Infinity", "--Infinity", "NaN NaN", "{NaN:1}", "{NaN :1}"]
    {
        let file = format!(r#"{{"extra":{value},"images":[{{"id":1}}],"annotations":[],"categories":[]}}"#);
        let error = read_all(file.as_bytes(), Some(Format::Coco), CountingRule::Objects).unwrap_err();
        assert!(error.contains("not JSON"), "{value}: {error}");
    }
}

proptest! {
    #[test]
    fn the_size_of_what_is_read_at_once_changes_nothing(
        file in 0..PASSED_OVER.len(),
        word in proptest::sample::select(vec!["NaN", "Infinity", "-Infinity"]),
        capacity in 1_usize..90,
    ) {
        let (format, text, _) = PASSED_OVER[file];
        let text = text.replace('#', word);
        let options = annotation_statistics_formats::ReadOptions {
            format: Some(format),
            source_name: Some("file".to_owned()),
            ..Default::default()
        };
        let tasks = |input: &mut (dyn std::io::BufRead + Send)| {
            let tasks = annotation_statistics_formats::read(input, &options).unwrap();
            tasks.collect::<Result<Vec<_>, _>>().unwrap()
        };
        let whole = tasks(&mut text.as_bytes());
        prop_assert_eq!(whole, tasks(&mut BufReader::with_capacity(capacity, text.as_bytes())));
    }

    #[test]
    fn a_word_in_place_of_anything_makes_no_reader_panic(
        sample in 0..samples::ALL.len(),
        words in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..12), 1..4),
        word in proptest::sample::select(vec!["NaN", "Infinity", "-Infinity", ":NaN", ",NaN,", "[NaN", "NaN]"]),
    ) {
        let (format, text) = samples::ALL[sample];
        let mut damaged = text.to_owned();
        for (at, length) in words {
            let start = at.index(damaged.len());
            damaged.replace_range(start..damaged.len().min(start + length), word);
        }
        let _ = read_all(damaged.as_bytes(), Some(format), CountingRule::Appearances);
        let _ = read_all(damaged.as_bytes(), None, CountingRule::Objects);
    }
}
