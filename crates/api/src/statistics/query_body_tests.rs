use super::*;
use std::num::NonZeroUsize;

fn read(text: &str) -> Result<StatisticsParams, String> {
    read_query(text, &ApiSettings::default()).map_err(|error| error.to_string())
}

#[test]
fn a_query_in_a_body_is_the_same_as_one_in_a_url() {
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
        (
            r#"{"annotationRequestIds":["a"],"offset":3.0,"limit":50.00}"#,
            "annotationRequestId=a&offset=3&limit=50",
            "a fraction of zeros is none",
        ),
        (r#"{"annotationRequestIds":["a"],"zeroFill":true}"#, "annotationRequestId=a&zeroFill=true", "zeros"),
        (r#"{"annotationRequestIds":["a"],"zeroFill":false}"#, "annotationRequestId=a", "no zeros"),
    ] {
        let expected = StatisticsParams::parse(query, &ApiSettings::default()).unwrap();
        assert_eq!(read(body).as_ref(), Ok(&expected), "{reason}");
    }
}

#[test]
fn what_is_no_list_of_ids_is_refused_with_the_reason() {
    let long = "x".repeat(256);
    let long = format!("[\"{long}\"]");
    for (list, why) in [
        ("[]", "must have at least one id"),
        ("\"a\"", "must be a list, got \"a\""),
        ("null", "must be a list, got null"),
        ("{\"a\":1}", "must be a list, got {\"a\":1}"),
        ("[\"a\",7]", "must be a text, got 7 (number 2 of the list)"),
        ("[\"a\",\"\"]", "must not be empty (number 2 of the list)"),
        (r#"["\u0000"]"#, "must not contain a NUL character (number 1 of the list)"),
        (&long, "is 256 bytes long, at most 255 are allowed (number 1 of the list)"),
        ("[\"a\"],\"annotationRequestIds\":[]", "must be given only once"),
    ] {
        let expected = Err(format!("annotationRequestIds {why}"));
        assert_eq!(read(&format!("{{\"annotationRequestIds\":{list}}}")), expected, "{list}");
    }
    assert_eq!(read("{}"), Err("annotationRequestIds must have at least one id".to_owned()));
}

#[test]
fn what_is_no_page_is_refused_in_the_words_of_a_url() {
    let number = "must be a whole number from 1, got";
    for (page, why) in [
        ("\"limit\":1,\"limit\":1", "limit must be given only once".to_owned()),
        ("\"offset\":0", format!("offset {number} 0")),
        ("\"offset\":-1", format!("offset {number} -1")),
        ("\"offset\":1.5", format!("offset {number} 1.5")),
        ("\"offset\":0.0", format!("offset {number} 0.0")),
        ("\"offset\":1.0e0", format!("offset {number} 1.0e0")),
        ("\"offset\":null", format!("offset {number} null")),
        ("\"limit\":1e3", format!("limit {number} 1e3")),
        ("\"limit\":\"ten\"", format!("limit {number} \"ten\"")),
        ("\"limit\":[\n1]", format!("limit {number} [ 1]")),
        ("\"zeroFill\":\"true\"", "zeroFill must be true or false, got \"true\"".to_owned()),
        ("\"zeroFill\":1", "zeroFill must be true or false, got 1".to_owned()),
        ("\"zeroFill\":null", "zeroFill must be true or false, got null".to_owned()),
        (
            "\"limit\":9223372036854775808",
            "limit must be at most 9223372036854775807, got 9223372036854775808".to_owned(),
        ),
    ] {
        assert_eq!(read(&format!("{{\"annotationRequestIds\":[\"a\"],{page}}}")), Err(why), "{page}");
    }
}

#[test]
fn a_filter_is_refused_whatever_its_value() {
    for filter in ["status", "poolType", "campaignId"] {
        let body = format!("{{\"annotationRequestIds\":[\"a\"],\"{filter}\":null}}");
        assert_eq!(read(&body), Err(format!("{filter} is no filter of this operation")));
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for (body, why) in [
        (r#"[["a"]]"#, "must be an object"),
        (r#"{"annotationRequestIds":["a"]"#, "is not JSON at byte 29: EOF while parsing an object"),
        ("7", "invalid type: integer `7`, expected an object"),
    ] {
        assert_eq!(read(body), Err(format!("the body {why}")), "{body}");
    }
}

#[test]
fn a_query_may_have_as_many_different_ids_as_the_settings_say() {
    let settings = ApiSettings { max_query_ids: NonZeroUsize::new(2).unwrap(), ..ApiSettings::default() };
    assert!(read_query(r#"{"annotationRequestIds":["a","b","a"]}"#, &settings).is_ok());
    let error = read_query(r#"{"annotationRequestIds":["a","b","c"]}"#, &settings).unwrap_err();
    assert_eq!(error.to_string(), "annotationRequestIds may have at most 2 different ids, got 3");
}
