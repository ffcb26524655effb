use super::*;
use std::num::NonZeroUsize;

fn read(text: &str) -> Result<StatisticsParams, String> {
    read_query(text, &ApiSettings::default()).map_err(|fault| fault.to_string())
}

#[test]
fn a_query_is_the_same_question_as_a_url() {
    for (body, query, reason) in [
        (r#"{"annotationRequestIds":["a"]}"#, "annotationRequestId=a", "the defaults"),
        (
            r#" {"limit":50,"offset":3,"annotationRequestIds":["b","a","b"]}"#,
            "annotationRequestId=b&annotationRequestId=a&offset=3&limit=50",
            "in any order, duplicates count once",
        ),
        (
            r#"{"annotationRequestIds":["a,\u00e9"],"limit":5000,"x":1,"x":2}"#,
            "annotationRequestId=a,%C3%A9&limit=5000",
            "unknown members are ignored",
        ),
    ] {
        let expected = StatisticsParams::parse(query, &ApiSettings::default()).unwrap();
        assert_eq!(read(body).as_ref(), Ok(&expected), "{reason}");
    }
}

#[test]
fn what_is_no_query_is_refused_with_the_member_and_the_reason() {
    let ids = r#""annotationRequestIds":["a"]"#;
    let number = "must be a whole number from 1";
    let long = "x".repeat(256);
    for (body, why) in [
        ("{}".to_owned(), "annotationRequestIds must have at least one id".to_owned()),
        (r#"{"annotationRequestIds":[]}"#.to_owned(), "annotationRequestIds must have at least one id".to_owned()),
        (r#"{"annotationRequestIds":"a"}"#.to_owned(), "annotationRequestIds must be a list, got \"a\"".to_owned()),
        (r#"{"annotationRequestIds":null}"#.to_owned(), "annotationRequestIds must be a list, got null".to_owned()),
        (
            r#"{"annotationRequestIds":["a",7]}"#.to_owned(),
            "annotationRequestIds must be a text, got 7 (number 2 of the list)".to_owned(),
        ),
        (
            r#"{"annotationRequestIds":["a",""]}"#.to_owned(),
            "annotationRequestIds must not be empty (number 2 of the list)".to_owned(),
        ),
        (
            r#"{"annotationRequestIds":["\u0000"]}"#.to_owned(),
            "annotationRequestIds must not contain a NUL character (number 1 of the list)".to_owned(),
        ),
        (
            format!(r#"{{"annotationRequestIds":["{long}"]}}"#),
            "annotationRequestIds is 256 bytes long, at most 255 are allowed (number 1 of the list)".to_owned(),
        ),
        (format!("{{{ids},{ids}}}"), "annotationRequestIds must be given only once".to_owned()),
        (format!("{{{ids},\"limit\":1,\"limit\":1}}"), "limit must be given only once".to_owned()),
        (format!("{{{ids},\"offset\":0}}"), format!("offset {number}, got 0")),
        (format!("{{{ids},\"offset\":-1}}"), format!("offset {number}, got -1")),
        (format!("{{{ids},\"offset\":1.0}}"), format!("offset {number}, got 1.0")),
        (format!("{{{ids},\"offset\":null}}"), format!("offset {number}, got null")),
        (format!("{{{ids},\"limit\":1e3}}"), format!("limit {number}, got 1e3")),
        (format!("{{{ids},\"limit\":\"ten\"}}"), format!("limit {number}, got \"ten\"")),
        (format!("{{{ids},\"limit\":[\n1]}}"), format!("limit {number}, got [ 1]")),
        (
            format!("{{{ids},\"limit\":9223372036854775808}}"),
            "limit must be at most 9223372036854775807, got 9223372036854775808".to_owned(),
        ),
        (format!("[{ids}]"), "the body must be an object".to_owned()),
        (format!("{{{ids}"), "the body is not JSON at byte 29: EOF while parsing an object".to_owned()),
        ("7".to_owned(), "the body invalid type: integer `7`, expected an object".to_owned()),
    ] {
        assert_eq!(read(&body), Err(why), "{body}");
    }
}

#[test]
fn a_query_may_have_as_many_different_ids_as_the_settings_say() {
    let settings = ApiSettings { max_query_ids: NonZeroUsize::new(2).unwrap(), ..ApiSettings::default() };
    assert!(read_query(r#"{"annotationRequestIds":["a","b","a"]}"#, &settings).is_ok());
    let fault = read_query(r#"{"annotationRequestIds":["a","b","c"]}"#, &settings).unwrap_err();
    assert_eq!(fault.to_string(), "annotationRequestIds may have at most 2 different ids, got 3");
}
