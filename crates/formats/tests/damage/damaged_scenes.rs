//! What is damaged in scenes, items and tasks of the platform, and what must be said then.

use super::damaged::Damage;

pub(super) const OPENLABEL: &[Damage] = &[
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
];

pub(super) const SCALABEL: &[Damage] = &[
    (r#""name":"2""#, r#""name":"1""#, "line 7, byte 534, $.frames[1]: frame `1` is given twice"),
    (
        r#""name":"y.jpg""#,
        r#""name":"x.jpg""#,
        "line 10, byte 766, $.frames[4]: task 2836477493078877850 (`x.jpg`) comes twice",
    ),
    (
        r#""name":"y.jpg""#,
        r#""name":"y.jpg","videoName":"v""#,
        "line 10, byte 782, $.frames[4]: video `v` comes back after another one: sort the frames by `videoName` first",
    ),
    (r#""name":"y.jpg","#, "", "line 10, byte 751, $.frames[4]: `name` is missing"),
    (
        r#""id":7"#,
        r#""id":18446744073709551616"#,
        "line 4, byte 220, $.frames[0].labels[1].id: invalid type: integer `18446744073709551616` as u128, expected a string or a whole number",
    ),
    (r#""frames""#, r#""images""#, "line 10, byte 767, $.images: `frames` is missing"),
    (r#""labels":null"#, r#""labels":{}"#, "line 10, byte 761, $.frames[4].labels: expected an array, found an object"),
];

pub(super) const DATUMARO: &[Damage] = &[
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

pub(super) const PLATFORM: &[Damage] = &[
    (r#""taskId":2,"#, "", "line 17, byte 1271, $[1]: `taskId` is missing"),
    (
        r#""taskId":2,"#,
        r#""taskId":3,"#,
        "line 18, byte 1379, $[2]: task 3 (`u`) comes twice: `--task-id source-name` distinguishes tasks of different names",
    ),
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
