//! Files of formats that are not read: each is named, and none is taken for another one.

use crate::read_all;
use annotation_statistics_formats::{CountingRule, Format, ReadOptions, read};

fn error_of(input: &[u8]) -> String {
    read(input, &ReadOptions::default()).map(|tasks| tasks.format()).unwrap_err().to_string()
}

#[track_caller]
fn assert_named(name: &str, input: &str) {
    let with_mark = format!("\u{feff}{input}");
    for input in [input, &with_mark] {
        let expected = format!("byte 0: this looks like {name}; it is not read yet: see FORMATS.md");
        assert_eq!(error_of(input.as_bytes()), expected, "{input}");
        assert_eq!(Format::recognised_by(input.as_bytes()), None, "{input}");
    }
}

/// A file of one item of each format.
const JSON: &[(&str, &str)] = &[
    (
        "Darwin",
        r#"{"annotations":[{"name":"car","bounding_box":{"x":1}}],"version":"2.0","item":{"name":"a.jpg","path":"/"}}"#,
    ),
    ("Darwin", r#"{"version":"2.0","item":{"path":"/","slots":[{"type":"image"}]},"annotations":[]}"#),
    ("Darwin", r#"{"dataset":"d","image":{"original_filename":"a.jpg"},"annotations":[{"name":"car"}]}"#),
    ("SA-1B", r#"{"annotations":[{"id":7,"predicted_iou":0.9}],"image":{"image_id":3,"file_name":"sa_3.jpg"}}"#),
    ("CreateML", r#"[{"annotations":[{"label":"cat","coordinates":{"x":9}}],"image":"c.jpg"}]"#),
    ("CreateML", r#"[{"imagefilename":"c.jpg","annotations":[]}]"#),
    ("CreateML", r#"[{"image":"c.jpg","annotations":[]}]"#),
    ("Dataloop", r#"{"filename":"/a.jpg","annotations":[{"label":"x","type":"box","coordinates":[{"x":1}]}]}"#),
    ("Kili", r#"[{"labels":[{"jsonResponse":{"JOB":{}}}],"name":"a"}]"#),
    ("Kili", r#"{"externalId":"a","content":"","labels":[]}"#),
    ("Supervisely", r#"{"size":{"height":2,"width":2},"tags":[],"objects":[]}"#),
    ("Supervisely", r#"{"framesCount":2,"frames":[{"index":0,"figures":[]}],"objects":[]}"#),
    ("Supervisely", r#"{"classes":[{"title":"car","shape":"rectangle"}],"tags":[]}"#),
    ("LabelMe", r#"{"shapes":[],"imagePath":"b.png","imageData":null}"#),
    ("VIA", r#"{"_via_settings":{},"_via_img_metadata":{}}"#),
    ("VIA", r#"{"a.jpg99":{"filename":"a.jpg","size":99,"regions":[{"shape_attributes":{"name":"rect"}}]}}"#),
    ("VIA", r#"{"a.jpg99":{"filename":"a.jpg","regions":{"0":{"shape_attributes":{"name":"rect"}}}}}"#),
    ("VIA", r#"{"project":{"pid":"1","pname":"p"},"config":{},"file":{},"view":{},"metadata":{}}"#),
    ("Encord", r#"[{"label_hash":"x","data_units":{}}]"#),
    ("Segments.ai", r#"{"dataset":{"samples":[]}}"#),
    ("Xtreme1", r#"[{"dataId":1,"sourceName":"Ground Truth","instances":[]}]"#),
    ("SuperAnnotate", r#"{"metadata":{"name":"a.jpg"},"instances":[{"className":"car"}],"tags":[],"comments":[]}"#),
    ("SuperAnnotate", r#"[{"metadata":{"name":"a.jpg"},"instances":[]}]"#),
    ("SuperAnnotate", r#"{"a.jpg":[{"type":"bbox","classId":1,"probability":100}]}"#),
    ("Labelbox", "{\"data_row\":{\"id\":\"x\"},\"projects\":{}}\n{\"data_row\":{\"id\":\"y\"}}\n"),
    ("Labelbox", r#"[{"ID":"x","Label":{"objects":[],"classifications":[]}}]"#),
    ("Prodigy", r#"{"text":"x","_input_hash":3,"spans":[]}"#),
    ("doccano", "{\"text\":\"x\",\"id\":4,\"label\":[]}\n{\"id\":5}\n"),
    ("doccano", r#"[{"id":4,"text":"x","label":["good"]}]"#),
    ("doccano", r#"{"id":4,"text":"x","entities":[{"start_offset":0}],"relations":[]}"#),
    ("doccano", r#"{"id":4,"text":"x","annotations":[],"meta":{}}"#),
    ("doccano", r#"{"annotations":[{"start_offset":0,"label":2}],"text":"x"}"#),
    ("doccano", r#"[{"id":4,"data":"x","label":[[0,1,"A"]]}]"#),
    ("doccano", r#"{"id":4,"filename":"a.jpg","label":["cat"]}"#),
    ("nuScenes", r#"[{"token":"a","sample_token":"b","instance_token":"c"}]"#),
    ("nuScenes", r#"[{"token":"a","name":"car","description":""}]"#),
    ("nuScenes", r#"{"meta":{},"results":{"a":[{"sample_token":"a","detection_name":"car"}]}}"#),
    ("Lightly", r#"[{"labels":[{"bbox":[1,2,3,4],"category":"car"}],"name":"b.jpg"}]"#),
    ("Lightly", r#"{"file_name":"b.jpg","predictions":[{"category_id":1}]}"#),
    ("a list of images with labels", r#"[{"file_name":"b.jpg","labels":[{"bbox":[1,2,3,4],"category":"car"}]}]"#),
    (
        "a list of images with labels",
        r#"[{"name":"b.jpg","labels":[]},{"name":"c.jpg","labels":[{"id":1,"polygon":[[1,2]]}]}]"#,
    ),
    ("Sloth", r#"[{"class":"image","filename":"a.jpg","annotations":[{"class":"car","x":1}]}]"#),
    ("CVAT's own JSON", r#"[{"tracks":[],"shapes":[],"tags":[],"version":0}]"#),
    ("CVAT's own JSON", r#"{"version":3,"tags":[],"shapes":[{"frame":0}],"tracks":[]}"#),
    ("CVAT's own JSON", r#"{"name":"t","labels":[],"jobs":[],"data":{"chunk_size":36}}"#),
    ("YouTube-VIS", r#"{"annotations":[{"id":1,"video_id":2,"bboxes":[]}],"categories":[],"videos":[]}"#),
    ("YouTube-VIS", r#"{"categories":[],"videos":[{"id":1,"file_names":["a.jpg"]}]}"#),
    ("YouTube-VIS results", r#"[{"video_id":1,"category_id":2,"score":1}]"#),
    ("Visual Genome", r#"[{"image_id":1,"objects":[]}]"#),
    ("COCO results", r#"[{"image_id":1,"category_id":2,"keypoints":[],"score":1}]"#),
    ("COCO results", r#"[{"image_id":1,"caption":"a dog"}]"#),
    ("VQA", r#"{"annotations":[{"question_id":1,"image_id":2,"answers":[]}]}"#),
    ("VQA", r#"{"questions":[{"question_id":1,"image_id":2}]}"#),
    ("VCD 3", r#"{"VCD":{"version":"3.0.0","frames":[]}}"#),
    ("an annotation of a target storage of Label Studio", r#"{"id":2,"result":[],"task":{"id":1,"data":{}}}"#),
    ("an annotation of a target storage of Label Studio", "{\"task\":1,\"result\":[]}\n{\"task\":2,\"result\":[]}"),
    ("a webhook of Label Studio", r#"{"action":"ANNOTATION_CREATED","annotation":{"result":[]},"project":{}}"#),
    ("a page of Label Studio's API", r#"{"total":1,"tasks":[{"id":1,"data":{},"annotations":[]}]}"#),
    ("a page of Label Studio's API", r#"{"count":1,"results":[{"id":1,"data":{}}]}"#),
    (
        "a page of Label Studio's API",
        r#"{"count":1,"next":null,"previous":null,"results":[{"id":1,"data":{"image":"a.jpg"}}]}"#,
    ),
    ("a page of CVAT's API", r#"{"count":1,"next":null,"previous":null,"results":[{"id":1,"data":5,"mode":"x"}]}"#),
    ("a page of CVAT's API", r#"{"count":1,"next":null,"previous":null,"results":[{"id":1,"task_id":5}]}"#),
    ("Scale AI", r#"[{"task_id":"x","response":{"annotations":[]}}]"#),
    ("Hasty", r#"{"images":[{"image_name":"a.jpg","labels":[]}],"label_classes":[]}"#),
    ("SageMaker Ground Truth", r#"{"source-ref":"s3://b/a.jpg","boxes":{"annotations":[]}}"#),
    ("Vertex AI", r#"{"imageGcsUri":"gs://b/a.jpg","boundingBoxAnnotations":[]}"#),
    ("Azure ML", r#"{"image_url":"a.jpg","label":[{"label":"car"}]}"#),
    (
        "IBM Cloud Annotations",
        r#"{"type":"localization","labels":["a"],"annotations":{"a.jpg":[{"x":0,"x2":1,"label":"a"}]}}"#,
    ),
    ("VoTT", r#"{"asset":{"name":"a.jpg"},"regions":[]}"#),
    ("Cityscapes", r#"{"imgHeight":1,"imgWidth":1,"objects":[{"label":"car","polygon":[]}]}"#),
    ("TuSimple", r#"{"lanes":[[1]],"h_samples":[1],"raw_file":"a.jpg"}"#),
    ("CrowdHuman", r#"{"ID":"x","gtboxes":[{"tag":"person"}]}"#),
    ("FiftyOne", r#"{"samples":[{"filepath":"a.jpg"}]}"#),
    ("FiftyOne", r#"{"classes":["a"],"labels":{"a":[{"label":0,"bounding_box":[0,0,1,1]}]}}"#),
    ("OpenPose", r#"{"version":1.3,"people":[{"pose_keypoints_2d":[]}]}"#),
    ("ISAT", r#"{"info":{"folder":"f","name":"a.jpg"},"objects":[]}"#),
    ("GeoJSON", r#"{"type":"FeatureCollection","features":[]}"#),
    ("Hugging Face's image folder", r#"{"file_name":"a.jpg","objects":{"bbox":[[1,2,3,4]],"categories":[0]}}"#),
    ("Ultralytics NDJSON", r#"{"type":"image","file":"a.jpg","annotations":{"boxes":[[0,0.5,0.5,1,1]]}}"#),
    ("Roboflow's predictions", r#"{"predictions":[{"x":1,"class":"car"}],"image":{"width":1}}"#),
    ("Roboflow JSONL", r#"{"image":"a.jpg","prefix":"detect car","suffix":"<loc0001> car"}"#),
    ("spaCy", r#"[["Rome",{"entities":[[0,4,"LOC"]]}]]"#),
    ("ADE20K", r#"{"annotation":{"filename":"a.jpg","object":[{"id":0,"name":"car","name_ndx":401}]}}"#),
    ("Pascal VOC", r#"{"annotation":{"filename":"a.jpg","object":[{"name":"car"}]}}"#),
];

const XML: &[(&str, &str)] = &[
    ("Pascal VOC", "<annotation><filename>a.jpg</filename></annotation>"),
    (
        "Pascal VOC",
        "<?xml version=\"1.0\"?>\n<!-- <annotations/> -->\n<annotation verified=\"yes\"><object/></annotation>",
    ),
    ("Pascal VOC", "<annotations><annotation><object/></annotation></annotations>"),
    ("dlib", "<?xml version='1.0'?><?xml-stylesheet type='text/xsl'?><dataset><images/></dataset>"),
    ("UA-DETRAC", "<sequence name=\"s\"><frame/></sequence>"),
    ("ELAN", "<ANNOTATION_DOCUMENT/>"),
    ("PAGE XML", "<pc:PcGts xmlns:pc=\"x\"/>"),
    ("a labelling configuration of Label Studio", "<View><Image name=\"i\"/></View>"),
    ("a web page", "<!DOCTYPE html>\n<html lang=\"en\"><head></head></html>"),
];

const TEXT: &[(&str, &str)] = &[
    ("YOLO", "0 0.5 0.5 0.2 0.2\n"),
    ("YOLO", "12 0.1 0.1 0.9 0.1 0.9 0.9\r\n3 0.1 0.1 0.2 0.2"),
    ("YOLO's data.yaml", "train: ../train/images\nval: ../valid/images\n\nnc: 1\nnames: ['car']\n"),
    ("KITTI", "Pedestrian 0.00 0 -0.20 712.40 143.00 810.73 307.92 1.89 0.48 1.20 1.84 1.47 8.41 0.01\n"),
    ("KITTI", "0 2 Car 0 0 -1.5 1.0 2.0 3.0 4.0 1.5 1.6 3.6 4.3 1.4 26.3 -1.4\n"),
    ("MOT", "1,3,794.2,47.5,71.2,174.8,67.5,-1,-1,-1\n"),
    ("MOT", "1, 3, 794, 47, 71, 174, 1, 1, 0.8\n2, 3, 795, 47, 71, 174, 1, 1, 0.8\n"),
    ("MOTS", "52 1005 1 375 1242 WSV:2d;1O10000\n"),
    ("VisDrone", "684,8,273,116,0,0,0,0\n"),
    ("DOTA", "imagesource:GoogleEarth\ngsd:0.1\n1 2 3 4 5 6 7 8 plane 0\n"),
    ("DOTA", "1.0 2.0 3 4 5 6 7 8 small-vehicle 1\n"),
    ("CoNLL", "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n"),
    ("brat", "T1\tCity 0 4\tRome\nR1\tIn Arg1:T1 Arg2:T2\n"),
    ("WebVTT", "WEBVTT\n\n00:01.000 --> 00:04.000\nhello\n"),
    ("CSV", "ImageID,Source,LabelName,Confidence\nab,x,/m/0,1\n"),
    ("CSV", "filename;class\na.jpg;car\n"),
];

const BYTES: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "the file is a PNG image, not what was annotated in it"),
    (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "the file is a JPEG image, not what was annotated in it"),
    (b"\0\0\0 ftypisom", "the file is an MP4 video, not what was annotated in it"),
    (b"PAR1\x15\x04", "this looks like Parquet; it is not read yet: see FORMATS.md"),
    (b"\x10\x01\0\0\0\0\0\0abcd\x0A\x8D", "this looks like TFRecord; it is not read yet: see FORMATS.md"),
    (b"\x89HDF\r\n", "this looks like HDF5; it is not read yet: see FORMATS.md"),
    (b"PK\x05\x06\0\0", "the file is a ZIP archive: it must be unpacked first"),
    (b"BZh91AY", "the file is bzip2: it must be unpacked first"),
];

#[test]
fn a_format_that_is_not_read_is_named() {
    for (name, input) in [JSON, XML, TEXT].concat() {
        assert_named(name, input);
    }
    for (input, expected) in BYTES {
        for format in [None, Some(Format::Coco)] {
            let error = read(*input, &ReadOptions { format, ..ReadOptions::default() }).unwrap_err();
            assert_eq!(error.to_string(), format!("byte 0: {expected}"));
        }
    }
}

#[test]
fn xml_is_of_cvat_only_where_its_root_is_annotations() {
    let start = "<?xml version=\"1.0\"?><!DOCTYPE annotations [<!ENTITY a \"b\">]><!-- <annotation/> -->";
    assert_eq!(Format::recognised_by(format!("{start}<annotations><version>1.1").as_bytes()), Some(Format::Cvat));
    let expected = "byte 0: the file is XML of `boxes`, which is not read: the XML of CVAT is of `annotations`";
    assert_eq!(error_of(b"<boxes><annotations/></boxes>"), expected);
    assert_eq!(error_of(b"<?xml version=\"1.0\"?>\n"), "line 2, byte 22: the file ends before its first element");
}

#[test]
fn what_is_of_no_known_format_is_taken_for_none() {
    let unknown = "byte 0: the file is of none of the formats that are read, which are coco, label-studio, cvat, openlabel, \
        scalabel, datumaro, platform: see FORMATS.md";
    for (input, reason) in [
        (r#"[{"name":"a","labels":["cat"]}]"#, "one label that is no object"),
        (r#"[{"name":"a.jpg","labels":["car","bus"]}]"#, "labels that are no objects"),
        (r#"[{"name":"a.jpg","labels":[{"class":"car","x":1}]}]"#, "labels without what Scalabel's have"),
        (
            r#"[{"name":"a.jpg","labels":[{"category":"car","box2d":null,"place":[1]}]}]"#,
            "a label with an unknown geometry",
        ),
        (r#"[{"name":"car","color":"red","attributes":[]}]"#, "attributes that are a list, as CVAT's labels have"),
        (r#"[{"file":"a.jpg","annotations":[{"label":"car","box":[1]}]}]"#, "annotations that are not Label Studio's"),
        (r#"{"data":[1,2]}"#, "data that are no task's"),
        (r#"{"frames":[{"file_path":"a.jpg","transform_matrix":[]}]}"#, "frames that are not Scalabel's"),
        (r#"{"predictions":[{"result":[]}]}"#, "predictions without a task"),
    ] {
        assert_eq!(error_of(input.as_bytes()), unknown, "{reason}");
    }
}

#[test]
fn the_caller_knows_the_format_better_than_the_content() {
    let list = r#"[{"name":"a.jpg","labels":[{"category":"car","bbox":[1,2,3,4]}]}]"#;
    let read = read_all(list.as_bytes(), Some(Format::Scalabel), CountingRule::Objects).unwrap();
    assert_eq!(read, "a.jpg | car=1 | | 1\n");
    let empty = read_all(b"[]", Some(Format::LabelStudio), CountingRule::Objects);
    assert_eq!(empty, Ok(String::new()), "nothing was exported");
}

#[test]
fn an_error_of_a_reader_names_the_format_unless_the_caller_did() {
    let file = br#"{"images":{"1":{"id":1}},"annotations":{},"categories":{}}"#;
    let error = "line 1, byte 10, $.images: expected an array, found an object";
    let guessed = read_all(file, None, CountingRule::Objects).unwrap_err();
    assert_eq!(guessed, format!("{error} (read as coco, which the content looks like)"));
    assert_eq!(read_all(file, Some(Format::Coco), CountingRule::Objects).unwrap_err(), error);
}

#[test]
fn a_response_with_statistics_is_counted_already() {
    let response =
        br#"{"code":2000,"message":"Success","data":{"count":1,"data":[{"id":1,"instanceInfo":{"car":2}}]}}"#;
    assert_eq!(error_of(response), "byte 0: the file is a response of GET /statistics, which is counted already");
}

#[test]
fn only_a_file_that_goes_on_behind_what_was_looked_at_may_have_its_format_said() {
    let file = format!(r#"{{"note":"{}","images":[]}}"#, "x".repeat(1 << 24));
    let expected = "byte 0: the format cannot be determined from the first 16 MiB of the file: say which it is";
    assert_eq!(error_of(file.as_bytes()), expected);
}

#[test]
fn annotations_between_videos_and_images_are_those_of_coco() {
    let annotation = |id: usize| format!(r#"{{"id":{id},"video_id":1,"track_id":2,"image_id":7,"category_id":3}}"#);
    let annotations: Vec<_> = (0..6_000).map(annotation).collect();
    let notes = "x".repeat(300_000);
    for videos in
        [r#"{"id":1}"#, r#"{"id":1,"file_names":["7.jpg"]}"#, &format!(r#"{{"id":1,"file_names":["{notes}"]}}"#)]
    {
        let file = format!(
            r#"{{"videos":[{videos}],"annotations":[{}],"tracks":[{{"id":2,"category_id":3,"video_id":1}}],
            "images":[{{"id":7,"video_id":1,"file_name":"7.jpg"}}],"categories":[{{"id":3,"name":"cup"}}]}}"#,
            annotations.join(",")
        );
        let remark = "not counted: 6000 values that the tool writes itself";
        let expected = format!("7 (7.jpg) | cup=6000 | | 1\n{remark}\n");
        assert_eq!(read_all(file.as_bytes(), None, CountingRule::Objects), Ok(expected));
    }
    for file in [
        r#"{"videos":[{"id":1}],"annotations":[{"id":1,"segmentations":[]}],"categories":[]}"#,
        r#"{"videos":[{"id":1}],"annotations":[],"categories":[]}"#,
    ] {
        assert_named("YouTube-VIS", file);
    }
}

#[test]
fn a_large_first_member_hides_no_format() {
    let padding = "x".repeat(300_000);
    for (file, expected) in [
        (format!(r#"{{"annotations":[{{"image_id":1,"note":"{padding}"}}],"images":[]}}"#), Some(Format::Coco)),
        (format!(r#"{{"info":"{padding}","categories":[]}}"#), Some(Format::Coco)),
        (format!(r#"{{"note":"{padding}","openlabel":{{}}}}"#), Some(Format::OpenLabel)),
        (format!(r#"{{"note":"{padding}","version":"2.0"}}"#), None),
    ] {
        let found = read(file.as_bytes(), &ReadOptions::default()).ok().map(|tasks| tasks.format());
        assert_eq!(found, expected, "{}", &file[..20]);
    }
}
