use super::*;
use crate::ApiSettings;
use crate::http::Caller;
use crate::test_support::{ports, settings, state_of};
use proptest::prelude::*;
use std::num::NonZeroUsize;

const GOOD: &str = concat!(
    r#"{"id":7,"status":11,"poolName":"complete pool","poolType":5,"instanceInfo":{"car":2,"car/color":1},"#,
    r#""instanceNum":2,"attributeNum":1,"frameNum":1}"#
);

fn good(id: i64) -> String {
    GOOD.replace("\"id\":7", &format!("\"id\":{id}"))
}

fn of_r(kind: MediaType, state: &ApiState) -> Batch {
    let held = state.body_memory.hold(Caller::address(None));
    Batch::new(kind, AnnotationRequestId::new("R").unwrap(), CampaignId::new("1001").unwrap(), state, held)
}

fn batch(kind: MediaType, max_rows: usize, text: &str) -> Result<Vec<RecordedTask>, String> {
    let max_batch = NonZeroUsize::new(max_rows).unwrap();
    let state = state_of(ports(), ApiSettings { max_batch, ..settings() });
    of_r(kind, &state).read(text).map(|(rows, _)| rows).map_err(|error| error.to_string())
}

/// Number of the task and of its place.
fn list(text: &str) -> Result<Vec<(i64, u64)>, String> {
    numbers(batch(MediaType::Json, 100, text))
}

fn lines(text: &str) -> Result<Vec<(i64, u64)>, String> {
    numbers(batch(MediaType::JsonLines, 100, text))
}

fn numbers(rows: Result<Vec<RecordedTask>, String>) -> Result<Vec<(i64, u64)>, String> {
    Ok(rows?.iter().map(|row| (row.statistics.id().get(), row.place.number())).collect())
}

#[test]
fn a_batch_is_a_list_or_an_object_a_line() {
    let two = [good(1), good(-2)];
    assert_eq!(list(&format!(" [{},\n{}]\n", two[0], two[1])), Ok(vec![(1, 0), (-2, 1)]));
    assert_eq!(lines(&format!("{}\r\n\n \t\n{}", two[0], two[1])), Ok(vec![(1, 1), (-2, 4)]));
    assert_eq!((list("[]"), lines(""), lines("\n\n")), (Ok(vec![]), Ok(vec![]), Ok(vec![])));
    let row = batch(MediaType::Json, 1, &format!("[{}]", good(1))).unwrap().remove(0);
    assert_eq!((row.annotation_request_id.as_str(), row.counting_rule), ("R", None));
    assert_eq!(row.statistics.campaign_id().as_str(), "1001");
    assert_eq!(row.statistics.instance_info().total(), Count::from(3));
}

#[test]
fn what_a_row_has_besides_the_nine_fields_is_ignored_and_its_campaign_must_be_that_of_the_request() {
    for more in [r#""campaignId":"1001","#, r#""campaignId":null,"#, r#""note":{"by":["x"]},"note":1,"#] {
        assert_eq!(list(&format!("[{}]", GOOD.replacen('{', &format!("{{{more}"), 1))), Ok(vec![(7, 0)]), "{more}");
    }
    let other = GOOD.replacen('{', r#"{"campaignId":"1002","#, 1);
    let why = "campaignId: `1002` is not the campaign of the annotation request, `1001`";
    assert_eq!(list(&format!("[{other}]")), Err(format!("[0].{why}")));
    assert_eq!(lines(&other), Err(format!("line 1: {why}")));
}

/// What is replaced in a valid row, by what, and the error.
const WRONG: &[(&str, &str, &str)] = &[
    (r#""poolType":5"#, r#""poolType":9"#, ".poolType: 9 is not a pool type: it must be one of 0 to 5"),
    (r#""id":7,"#, "", ".id: is missing"),
    (r#""id":7"#, r#""id":7,"id":8"#, ".id: must be given only once"),
    (r#""id":7"#, r#""id":7.0"#, ".id: invalid type: floating point `7.0`, expected a whole number within its range"),
    (r#""id":7"#, r#""id":null"#, ".id: invalid type: null, expected a whole number within its range"),
    (
        r#""id":7"#,
        r#""id":9223372036854775808"#,
        ".id: invalid value: integer `9223372036854775808`, expected a whole number within its range",
    ),
    (r#""car":2"#, r#""car":-2"#, ".instanceInfo.car: -2 is not a count: it must be at least 0"),
    (r#""car":2"#, r#""car":2,"car":0"#, ".instanceInfo: the key `car` is given twice"),
    (r#""car":2"#, r#""":2"#, ".instanceInfo: a key must not be empty"),
    (
        r#""car":2"#,
        r#""car":4"#,
        ": instanceInfo adds up to 5, but instanceNum + attributeNum is 2 + 1: they must be equal",
    ),
    ("complete pool", r"\u0000", ".poolName: must not contain a NUL character"),
    ("complete pool", r"\ud800", ": is not JSON at byte 39: unexpected end of hex escape"),
];

#[test]
fn every_invalid_row_is_reported_with_its_place_and_its_field() {
    for (from, to, expected) in WRONG {
        assert!(GOOD.contains(from), "{from}");
        let wrong = GOOD.replacen(from, to, 1);
        assert_eq!(list(&format!("[{},{wrong}]", good(1))), Err(format!("[1]{expected}")));
        let of_line = expected.strip_prefix('.').map_or((*expected).to_owned(), |field| format!(": {field}"));
        assert_eq!(lines(&format!("{}\n\n{wrong}\n", good(1))), Err(format!("line 3{of_line}")));
    }
    for (row, why) in [("7", "invalid type: integer `7`, expected an object"), ("[7,11]", "must be an object")] {
        assert_eq!(list(&format!("[{row}]")), Err(format!("[0]: {why}")));
    }
}

#[test]
fn a_task_given_twice_is_invalid_at_its_second_place() {
    let three = format!("[{},{},{}]", good(1), good(2), good(1));
    assert_eq!(list(&three), Err("[2].id: task 1 was already given at [0]".to_owned()));
    let three = format!("{}\n{}\n{}\n{}", good(1), good(2), good(1), good(1));
    let again = |line: u8| format!("line {line}: id: task 1 was already given at line 1");
    assert_eq!(lines(&three), Err(format!("{}; {}", again(3), again(4))));
}

#[test]
fn twenty_invalid_rows_are_reported_and_the_others_counted() {
    let wrong = GOOD.replace("\"poolType\":5", "\"poolType\":9");
    let why = ".poolType: 9 is not a pool type: it must be one of 0 to 5";
    for (count, reported, more) in
        [(20, 20, String::new()), (21, 20, "; and 1 more".into()), (90, 20, "; and 70 more".into())]
    {
        let rows: Vec<&str> = std::iter::repeat_n(wrong.as_str(), count).collect();
        let expected: Vec<String> = (0..reported).map(|row| format!("[{row}]{why}")).collect();
        assert_eq!(list(&format!("[{}]", rows.join(","))), Err(expected.join("; ") + &more));
    }
}

#[test]
fn a_body_that_is_no_batch_says_where() {
    let deep = "[".repeat(100_000);
    for (text, why) in [
        (String::new(), "the body is not JSON at byte 0: EOF while parsing a value"),
        ("{}".to_owned(), "the body: invalid type: map, expected a list of rows"),
        ("7".to_owned(), "the body: invalid type: integer `7`, expected a list of rows"),
        (format!("[{GOOD},\n{GOOD}"), "the body is not JSON at line 2, byte 145: EOF while parsing a list"),
        (format!("[{GOOD}] x"), "the body is not JSON at byte 149: trailing characters"),
        (format!("[{GOOD},]"), "the body is not JSON at byte 148: trailing comma"),
        (format!("[{deep}"), "the body is not JSON at byte 100001: EOF while parsing a list"),
    ] {
        assert_eq!(list(&text), Err(why.to_owned()));
    }
    assert_eq!(lines("{\"id\" 7}"), Err("line 1: is not JSON at byte 7: expected `:`".to_owned()));
}

#[test]
fn a_batch_has_at_most_as_many_rows_as_the_settings_say() {
    let three = [good(1), good(2), good(3)];
    let why = Err("the body may have at most 2 rows: send the others in another".to_owned());
    for (kind, separator, open, close) in [(MediaType::Json, ",", "[", "]"), (MediaType::JsonLines, "\n", "", "")] {
        let of = |rows: &[String]| numbers(batch(kind, 2, &format!("{open}{}{close}", rows.join(separator))));
        assert_eq!(of(&three[..2]).map(|rows| rows.len()), Ok(2));
        assert_eq!(of(&three), why.clone().map(|()| vec![]));
        assert_eq!(of(&["7".into(), "7".into(), "7".into()]), why.clone().map(|()| vec![]), "wrong rows count, too");
    }
}

#[test]
fn a_row_has_at_most_as_many_items_as_the_settings_say() {
    let read = |max_items: usize| {
        let max_items = NonZeroUsize::new(max_items).unwrap();
        let state = state_of(ports(), ApiSettings { max_items, ..settings() });
        of_r(MediaType::JsonLines, &state).read(GOOD).map(|(rows, _)| rows.len()).map_err(|error| error.to_string())
    };
    assert_eq!(read(2), Ok(1));
    assert_eq!(read(1), Err("line 1: instanceInfo: has 2 keys, at most 1 are allowed".to_owned()));
}

#[test]
fn rows_hold_memory_besides_their_body_until_they_are_dropped() {
    // The row is counted as 1,024 bytes, and its two items as 120.
    let state = state_of(ports(), ApiSettings { max_bodies: 3_000, ..settings() });
    for kind in [MediaType::Json, MediaType::JsonLines] {
        let text =
            if kind == MediaType::Json { format!("[{GOOD},{}]", good(8)) } else { format!("{GOOD}\n{}", good(8)) };
        let first = of_r(kind, &state).read(&text);
        assert!(matches!(of_r(kind, &state).read(&text), Err(BatchError::BodiesTooMany(_))));
        drop(first);
        assert!(of_r(kind, &state).read(&text).is_ok(), "what was refused holds nothing");
    }
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(text in any::<String>(), at in 0_usize..160, byte in any::<char>()) {
        let mut damaged: Vec<char> = format!("[{GOOD},{GOOD}]").chars().collect();
        damaged[at] = byte;
        let damaged: String = damaged.into_iter().collect();
        for text in [text, damaged] {
            let _ = list(&text);
            let _ = lines(&text);
        }
    }
}
