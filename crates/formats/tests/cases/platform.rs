//! The platform's own export: responses of its API, visibility of slots, names.

use crate::read_all;
use annotation_statistics_formats::CountingRule::{self, Appearances, Keyframes, Objects};
use annotation_statistics_formats::Format;

const ONE: &str = r#"{"taskId":1,"result":{"annotations":[{"key":"car","slots":[{},{}]}]}}"#;
const TWO: &str = r#"{"result":{"annotations":[]},"taskId":"2"}"#;

fn counted(file: &str, rule: CountingRule) -> Vec<String> {
    read_all(file.as_bytes(), None, rule).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn tasks_in_responses_of_the_api_are_read() {
    let first = "1 | car=2 | | 1";
    let both = [first, "2 | | | 1"];
    for (file, expected) in [
        (format!(r#"{{"code":200,"message":"Success","data":{ONE}}}"#), &both[..1]),
        (format!(r#"{{"data":{ONE},"success":true,"code":200,"date":"x","requestId":"x"}}"#), &both[..1]),
        (format!(r#"{{"code":200,"data":[{ONE},{TWO}],"message":null}}"#), &both),
        (format!(r#"{{"data":{{"count":2,"data":[{ONE},{TWO}]}},"code":"200"}}"#), &both),
        (format!(r#"{{"code":200,"data":{{"data":[{ONE},{TWO}],"count":2}}}}"#), &both),
        (format!("{{\"code\":200,\"data\":{ONE}}}\n{{\"code\":200,\"data\":{TWO}}}\n"), &both),
        (format!(r#"[{{"code":200,"data":{ONE}}},{{"code":200,"data":{TWO}}}]"#), &both),
        (format!("{ONE}\n{TWO}"), &both),
        (r#"{"code":200,"success":true,"data":[]}"#.to_owned(), &[]),
        (r#"{"code":200,"data":{"count":0,"data":null}}"#.to_owned(), &[]),
    ] {
        assert_eq!(counted(&file, Objects), expected, "{file}");
        assert_eq!(
            read_all(file.as_bytes(), Some(Format::Platform), Objects),
            read_all(file.as_bytes(), None, Objects)
        );
    }
}

#[test]
fn tasks_that_are_on_other_pages_are_reported() {
    let page = format!(r#"{{"code":200,"data":{{"count":12,"data":[{ONE},{TWO}]}}}}"#);
    let remark = "not counted: 10 tasks that are on other pages of the platform's response";
    assert_eq!(counted(&page, Objects), ["1 | car=2 | | 1", "2 | | | 1", remark]);
}

#[test]
fn an_annotation_without_slots_and_inputs_is_reported() {
    let file = r#"{"taskId":1,"result":{"annotations":[{"key":"car"},{"key":"bus","slots":[]},{"note":1}]}}"#;
    assert_eq!(counted(file, Objects), ["1 | | | 1", "not counted: 2 annotations with neither slots nor an input"]);
}

#[test]
fn a_response_without_tasks_is_an_error() {
    for (file, expected) in [
        (
            r#"{"code":403,"message":"Signature Expired","data":null,"success":false}"#,
            "the response of the platform has no tasks: code `403`, message `Signature Expired`",
        ),
        (
            r#"{"data":null,"message":"Authentication Failed","code":402}"#,
            "the response of the platform has no tasks: code `402`, message `Authentication Failed`",
        ),
        (
            r#"{"success":false,"code":5000,"data":[]}"#,
            "the response of the platform has no tasks: code `5000`, message ``",
        ),
        (r#"{"data":{"data":[]},"taskId":1}"#, "a task beside the `data` of a response"),
    ] {
        let error = read_all(file.as_bytes(), None, Objects).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let short = read_all(br#"{"code":401,"message":"Wrong Signature"}"#, Some(Format::Platform), Objects).unwrap_err();
    assert!(short.ends_with("has no tasks: code `401`, message `Wrong Signature`"), "{short}");
}

/// A task of ten frames, of which 4 and 5 show nothing.
fn sequence(time_series: &str) -> String {
    let frames = [r#""u""#; 10].join(",");
    format!(
        r#"{{"taskId":1,"result":{{"annotations":[{{"key":"car","slots":[{{"timeSeries":{time_series}}}]}}],
        "metadata":{{"invalidFrame":[4,5]}}}},"taskParams":{{"record":{{"attachmentType":"IMAGE_SEQUENCE",
        "attachment":[{frames}]}}}}}}"#
    )
}

#[test]
fn a_slot_is_in_no_more_frames_than_its_task_and_one_that_no_frame_shows_is_no_object() {
    let never = Some("not counted: 1 tracks that are never visible");
    let beyond = Some(
        "counted with a doubt: 1 objects said to be in frames that their task does not have: counted in no more frames than it has",
    );
    for (time_series, [objects, appearances, keyframes], remark, reason) in [
        (r#"{"8":{"type":"appear"}}"#, [1, 2, 1], None, "it stays to the end"),
        (r#"{"2":{"type":"appear"},"10":{"type":"disappear"}}"#, [1, 6, 1], None, "it goes when the task ends"),
        (r#"{"2":{"type":"appear"},"11":{"type":"disappear"}}"#, [1, 6, 1], beyond, "it goes after the task has ended"),
        (
            r#"{"2":{"type":"appear"},"3":{"type":"disappear"},"90":{"type":"disappear"}}"#,
            [1, 1, 1],
            None,
            "it is gone already",
        ),
        (r#"{"12":{"type":"appear"}}"#, [1, 1, 1], beyond, "it comes after the task has ended"),
        (r#"{"3":{"type":"disappear"}}"#, [0, 0, 0], never, "it never comes"),
        (r#"{"4":{"type":"appear"},"6":{"type":"disappear"}}"#, [0, 0, 0], never, "it is only where nothing is shown"),
        ("{}", [1, 1, 1], None, "it has no time"),
    ] {
        for (rule, times) in [(Objects, objects), (Appearances, appearances), (Keyframes, keyframes)] {
            let instances = if times == 0 { String::new() } else { format!(" car={times}") };
            let mut expected = vec![format!("1 |{instances} | | 10")];
            expected.extend(remark.map(str::to_owned));
            assert_eq!(counted(&sequence(time_series), rule), expected, "{rule}: {reason}");
        }
    }
}

#[test]
fn a_task_is_called_after_its_only_url_without_the_query() {
    for (attachment, name) in [
        (r#""https://x.org/a/b.jpg?sign=1#top""#, "1 (https://x.org/a/b.jpg)"),
        (r#"["https://x.org/b.jpg?sign=2"]"#, "1 (https://x.org/b.jpg)"),
        (r#"[{"id":3,"url":"https://x.org/c.jpg"}]"#, "1 (https://x.org/c.jpg)"),
        (r#"{"url":"d.jpg"}"#, "1 (d.jpg)"),
        (r#"["a.jpg","b.jpg"]"#, "1"),
        (r#"[["a.jpg"]]"#, "1"),
        (r#"{"url":7}"#, "1"),
        (r#""""#, "1"),
        ("null", "1"),
    ] {
        let record = format!(r#"{{"attachmentType":"IMAGE","attachment":{attachment}}}"#);
        let file = format!(r#"{{"taskId":1,"result":null,"taskParams":{{"record":{record}}}}}"#);
        assert_eq!(counted(&file, Objects), [format!("{name} | | | 1")]);
    }
}
