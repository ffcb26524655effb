use super::*;
use crate::http::encode_into;
use crate::http::parameters::ANNOTATION_REQUEST_ID;
use proptest::prelude::*;
use std::num::NonZeroUsize;

fn parse(query: &str) -> Result<StatisticsParams, String> {
    StatisticsParams::parse(query, &ApiSettings::default()).map_err(|error| error.to_string())
}

fn ids(query: &str) -> Vec<String> {
    let params = parse(query).unwrap();
    params.requests.as_slice().iter().map(|id| id.as_str().to_owned()).collect()
}

#[test]
fn every_spelling_of_a_list_is_read_in_the_order_of_the_url() {
    for (query, expected, reason) in [
        ("annotationRequestId=a&annotationRequestId=b", vec!["a", "b"], "repeated"),
        ("annotationRequestId[]=a&annotationRequestId[]=b", vec!["a", "b"], "brackets"),
        ("annotationRequestId[0]=a&annotationRequestId[1]=b", vec!["a", "b"], "indices"),
        ("annotationRequestId[1]=b&annotationRequestId[0]=a", vec!["b", "a"], "an index does not change the order"),
        ("annotationRequestId[0]=a&annotationRequestId[0]=b", vec!["a", "b"], "nor does it replace anything"),
        ("annotationRequestId=c&annotationRequestId[]=a&annotationRequestId[9]=b", vec!["c", "a", "b"], "mixed"),
        ("annotationRequestId%5B%5D=a&annotationRequestId%5b0%5d=b", vec!["a", "b"], "encoded names"),
        ("annotation%52equestId=a", vec!["a"], "any part of a name may be encoded"),
        ("annotationRequestId=a,b", vec!["a,b"], "a comma is part of an id"),
        ("annotationRequestId=a%26b%3Dc", vec!["a&b=c"], "so are encoded separators"),
        ("annotationRequestId=a=b", vec!["a=b"], "and a second ="),
        ("annotationRequestId=a+b%2Bc", vec!["a b+c"], "a plus is a space"),
        ("annotationRequestId=%2525", vec!["%25"], "decoded once"),
        ("annotationRequestId=%E2%82%AC", vec!["€"], "UTF-8"),
        ("annotationRequestId=b&annotationRequestId=a&annotationRequestId=b", vec!["b", "a"], "duplicates count once"),
        ("&&annotationRequestId=a&", vec!["a"], "nothing between separators"),
        ("annotationRequestId=a&_=%zz&annotationRequestIds=b&x", vec!["a"], "unknown names, whatever their values"),
        ("annotationRequestId=a&annotationRequestId[x]=b&annotationRequestId[=c", vec!["a"], "other brackets"),
        ("annotationRequestId=a&annotationRequestId[0][0]=b&annotationrequestid=c", vec!["a"], "other names"),
        ("annotationRequestId=a&offset[]=x&limit[]=y", vec!["a"], "numbers are no lists"),
    ] {
        assert_eq!(ids(query), expected, "{reason}");
    }
}

#[test]
fn a_page_has_defaults_and_its_limit_is_capped() {
    for (query, page, limit, reason) in [
        ("", 1, 10, "the defaults"),
        ("&offset=3&limit=50", 3, 50, "as given"),
        ("&offset=0003&limit=0050", 3, 50, "leading zeros are digits"),
        ("&o%66fset=%33", 3, 10, "encoded"),
        ("&limit=100", 1, 100, "the most"),
        ("&limit=101", 1, 100, "more is capped"),
        ("&limit=4294967296", 1, 100, "past 32 bits, too"),
        ("&limit=9223372036854775807", 1, 100, "up to 64 bits"),
        ("&offset=9223372036854775807", 9_223_372_036_854_775_807, 10, "a page far past every end"),
    ] {
        let given = parse(&format!("annotationRequestId=a{query}")).unwrap().page;
        assert_eq!((given.page().get(), given.limit().get()), (page, limit), "{reason}");
    }
}

#[test]
fn rows_have_zeros_where_the_query_says_so() {
    for (query, expected) in [("", Ok(false)), ("&zeroFill=true", Ok(true)), ("&zero%46ill=false", Ok(false))] {
        assert_eq!(parse(&format!("annotationRequestId=a{query}")).map(|params| params.zero_fill), expected, "{query}");
    }
    for (query, message) in [
        ("zeroFill", r#"zeroFill must be true or false, got """#),
        ("zeroFill=1", r#"zeroFill must be true or false, got "1""#),
        ("zeroFill=TRUE", r#"zeroFill must be true or false, got "TRUE""#),
        ("zeroFill=true&zeroFill=true", "zeroFill must be given only once"),
    ] {
        assert_eq!(parse(&format!("annotationRequestId=a&{query}")), Err(message.to_owned()), "{query}");
    }
}

#[test]
fn an_invalid_list_is_refused_with_the_reason() {
    let long = "x".repeat(256);
    let long_encoded = "%C3%A9".repeat(128);
    for (query, message) in [
        (String::new(), "annotationRequestId must be given at least once"),
        ("offset=1".into(), "annotationRequestId must be given at least once"),
        ("annotationRequestId[a]=b".into(), "annotationRequestId must be given at least once"),
        ("annotationRequestId".into(), "annotationRequestId must not be empty (number 1 of the list)"),
        (
            "annotationRequestId=a&annotationRequestId=".into(),
            "annotationRequestId must not be empty (number 2 of the list)",
        ),
        (
            format!("annotationRequestId={long}"),
            "annotationRequestId is 256 bytes long, at most 255 are allowed (number 1 of the list)",
        ),
        (
            format!("annotationRequestId={long_encoded}"),
            "annotationRequestId is 256 bytes long, at most 255 are allowed (number 1 of the list)",
        ),
        (
            "annotationRequestId=a%00".into(),
            "annotationRequestId must not contain a NUL character (number 1 of the list)",
        ),
    ] {
        assert_eq!(parse(&query), Err(message.to_owned()), "{query}");
    }
}

#[test]
fn a_broken_encoding_is_refused_with_the_reason() {
    for (query, message) in [
        (
            "annotationRequestId=%zz",
            r#"annotationRequestId has a % without two hexadecimal digits after it, got "%zz" (number 1 of the list)"#,
        ),
        (
            "annotationRequestId[]=%2",
            r#"annotationRequestId has a % without two hexadecimal digits after it, got "%2" (number 1 of the list)"#,
        ),
        (
            "annotationRequestId=%FF",
            r#"annotationRequestId is not UTF-8 when decoded, got "%FF" (number 1 of the list)"#,
        ),
        ("annotationRequestId=a&%zz=1", r#"the parameter name "%zz" has a % without two hexadecimal digits after it"#),
    ] {
        assert_eq!(parse(query), Err(message.to_owned()), "{query}");
    }
}

#[test]
fn an_invalid_number_is_refused_with_the_reason() {
    const WHOLE: &str = "must be a whole number from 1";
    for (value, why, quoted) in [
        ("", WHOLE, r#""""#),
        ("0", WHOLE, r#""0""#),
        ("000", WHOLE, r#""000""#),
        ("-1", WHOLE, r#""-1""#),
        ("%2B1", WHOLE, r#""+1""#),
        ("+1", WHOLE, r#"" 1""#),
        ("1e3", WHOLE, r#""1e3""#),
        ("1.0", WHOLE, r#""1.0""#),
        ("0x10", WHOLE, r#""0x10""#),
        ("1,000", WHOLE, r#""1,000""#),
        ("ten", WHOLE, r#""ten""#),
        ("%D9%A1", WHOLE, r#""١""#),
        ("1%00", WHOLE, r#""1\0""#),
        ("1%0A", WHOLE, r#""1\n""#),
        ("%22", WHOLE, r#""\"""#),
        ("9223372036854775808", "must be at most 9223372036854775807", r#""9223372036854775808""#),
        (
            "99999999999999999999999999999999999999999",
            "must be at most 9223372036854775807",
            r#""99999999999999999999999999999999"..."#,
        ),
        ("%zz", "has a % without two hexadecimal digits after it", r#""%zz""#),
        ("%FF", "is not UTF-8 when decoded", r#""%FF""#),
    ] {
        for name in [OFFSET, LIMIT] {
            let error = parse(&format!("annotationRequestId=a&{name}={value}"));
            assert_eq!(error, Err(format!("{name} {why}, got {quoted}")), "{name}={value}");
        }
    }
}

#[test]
fn a_filter_is_refused_as_these_rows_are_those_of_all_tasks() {
    for (parameter, filter) in [
        ("status=11", "status"),
        ("status[]=11", "status"),
        ("status%5B0%5D=11", "status"),
        ("pool%54ype=", "poolType"),
        ("campaignId", "campaignId"),
        ("asOf=%zz", "asOf"),
        ("itemsBy=poolType", "itemsBy"),
    ] {
        let refused = Err(format!("{filter} is no filter of this operation"));
        assert_eq!(parse(&format!("annotationRequestId=a&{parameter}")), refused, "{parameter}");
    }
    assert_eq!(
        ids("annotationRequestId=a&statuses=1&Status=1&status[x]=1&poolTypeName=b"),
        ["a"],
        "other names are ignored"
    );
}

#[test]
fn a_number_given_twice_is_refused_even_when_it_is_the_same() {
    for (query, message) in [
        ("offset=1&offset=1", "offset must be given only once"),
        ("limit=1&annotationRequestId=a&limit=2", "limit must be given only once"),
    ] {
        assert_eq!(parse(query), Err(message.to_owned()));
    }
}

#[test]
fn only_different_ids_count_against_the_limit() {
    let settings = ApiSettings { max_ids: NonZeroUsize::new(2).unwrap(), ..ApiSettings::default() };
    let parse = |query: &str| StatisticsParams::parse(query, &settings).map_err(|error| error.to_string());
    assert!(parse("annotationRequestId=a&annotationRequestId=b&annotationRequestId=a").is_ok());
    assert_eq!(
        parse("annotationRequestId=a&annotationRequestId=b&annotationRequestId=c"),
        Err("annotationRequestId may have at most 2 different ids, got 3".to_owned())
    );
}

proptest! {
    #[test]
    fn any_ids_survive_every_spelling(
        given in prop::collection::vec("[^\0]{1,60}", 1..8),
        spellings in prop::collection::vec(0_usize..4, 8),
    ) {
        let mut query = String::new();
        for (place, (id, spelling)) in given.iter().zip(&spellings).enumerate() {
            let index = format!("[{place}]");
            query.push_str(ANNOTATION_REQUEST_ID);
            query.push_str(["", "[]", &index, "%5B%5D"][*spelling]);
            query.push('=');
            encode_into(&mut query, id);
            query.push('&');
        }
        let mut unique = given;
        let mut seen = std::collections::HashSet::new();
        unique.retain(|id| seen.insert(id.clone()));
        prop_assert_eq!(ids(&query), unique);
    }

    #[test]
    fn any_query_is_read_or_refused_without_a_panic(
        query in r"(annotationRequestId|offset|limit|[%\[\]=&+0-9a-zé\x00-\x7f]){0,20}"
    ) {
        if let Err(message) = parse(&query) {
            prop_assert!(message.len() < 300, "{}", message);
            prop_assert!(!message.chars().any(char::is_control), "{:?}", message);
        }
    }
}
