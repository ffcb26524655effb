use super::*;
use proptest::prelude::*;

fn read(query: &str) -> Result<Option<String>, String> {
    let read = read_html_query(query, &ApiSettings::default()).map_err(|error| error.to_string())?;
    Ok(read.statistics.map(|params| {
        let ids = params.requests.as_slice().iter().map(annotation_statistics_domain::AnnotationRequestId::as_str);
        format!("{} {}/{}", list_of(ids), params.page.page(), params.page.limit())
    }))
}

#[test]
fn the_lines_of_the_form_are_the_list_of_the_api() {
    let [a, ab] = ["annotationRequestId=a 1/10", "annotationRequestId=a&annotationRequestId=b 1/10"];
    for (query, expected, reason) in [
        ("", None, "an empty query"),
        ("x=1&offset=3", None, "a query of no request"),
        ("requests=+%0D%0A%0A", None, "lines without anything"),
        ("requests=a", Some(a), "one line"),
        ("requests=a%0D%0Ab%0D%0A", Some(ab), "as a browser sends it"),
        ("requests=%09a+%0A%0Ab", Some(ab), "as a user pastes it"),
        ("requests=a%0Ab%0Aa", Some(ab), "an id counts once"),
        ("requests=a&requests=b", Some(ab), "twice is no mistake"),
        ("annotationRequestId[]=a&annotationRequestId=b", Some(ab), "as clients of the API send it"),
        ("annotationRequestId=a&requests=b", Some(ab), "both"),
        ("requests=a&offset=7&limit=100", Some("annotationRequestId=a 7/100"), "a page"),
        ("requests=a%2C+b%26c", Some("annotationRequestId=a%2C%20b%26c 1/10"), "ids are free text"),
    ] {
        assert_eq!(read(query), Ok(expected.map(str::to_owned)), "{reason}");
    }
}

#[test]
fn an_unknown_line_is_a_list_by_comma_or_blank() {
    let settings = ApiSettings::default();
    let params = read_html_query("requests=order+7%0Aa%2C+b+c&offset=2&limit=5", &settings).unwrap();
    let params = params.statistics.unwrap();
    let ids = params.requests.as_slice();
    let taken = |unknown: &[AnnotationRequestId]| {
        let pieces = in_pieces(&params, unknown, &settings)?;
        let ids = list_of(pieces.requests.as_slice().iter().map(AnnotationRequestId::as_str));
        Some(format!("{} {}/{}", ids.replace("annotationRequestId=", ""), pieces.page.page(), pieces.page.limit()))
    };
    assert_eq!(taken(&ids[1..]).as_deref(), Some("order%207&a&b&c 2/5"));
    assert_eq!(taken(ids).as_deref(), Some("order&7&a&b&c 2/5"));
    assert_eq!(taken(&[AnnotationRequestId::new("z").unwrap()]), None);
    let long = format!("requests={}", "0123456789%2C".repeat(30));
    assert_eq!(read(&long), Ok(Some("annotationRequestId=0123456789 1/10".into())));
}

#[test]
fn what_the_api_refuses_is_refused_with_its_words() {
    let long = format!("requests={}", "a".repeat(256));
    for (query, why) in [
        ("requests=%zz", "requests has a % without two hexadecimal digits after it"),
        ("annotationRequestId=", "annotationRequestId must not be empty (number 1 of the list)"),
        ("requests=a&limit=ten", "limit must be a whole number from 1, got \"ten\""),
        (&long, "annotationRequestId is 256 bytes long, at most 255 are allowed (number 1 of the list)"),
    ] {
        assert_eq!(read(query), Err(why.to_owned()));
    }
    let too_many = (0..1_001).fold("requests=".to_owned(), |query, id| format!("{query}{id}%0A"));
    assert_eq!(read(&too_many), Err("annotationRequestId may have at most 1000 different ids, got 1001".into()));
}

#[test]
fn an_invalid_query_is_shown_again_as_it_was_written() {
    assert_eq!(written_ids("requests=a%0A%0A+b&limit=x&annotationRequestId[]=c&d&%zz=1"), ["a", "b", "c"]);
}

proptest! {
    #[test]
    fn a_list_is_read_as_the_ids_that_it_was_made_of(id in "[^\0]{1,40}") {
        let expected = format!("{} 1/10", list_of([id.as_str()]));
        prop_assert_eq!(read(&list_of([id.as_str()])), Ok(Some(expected)));
    }

    #[test]
    fn any_query_is_read_without_a_panic(query in "[a-z&=%0-9A-F+\\[\\]]{0,60}") {
        let _ = (read(&query), written_ids(&query));
    }
}

#[test]
fn the_fields_of_the_form_that_are_filled_in_are_a_filter() {
    let read = |query: &str| {
        let read = read_html_query(query, &ApiSettings::default()).map_err(|error| error.to_string())?;
        Ok::<_, String>(format!("{} {}", filter_of(&read.filter), read.item_page))
    };
    for (query, expected, reason) in [
        ("requests=a&campaignId=", " 1", "an empty field"),
        ("requests=a&poolType=&status=&campaignId=&items=3", " 3", "all of them, and a page of items"),
        (
            "poolType=5&poolType=2&status=11&campaignId=x,+y",
            "&poolType=2&poolType=5&status=11&campaignId=x%2C%20y 1",
            "boxes and a text",
        ),
        ("poolType=5,2&status[]=-3", "&poolType=2&poolType=5&status=-3 1", "as the API has them"),
    ] {
        assert_eq!(read(query), Ok(expected.to_owned()), "{reason}");
    }
    for (query, why) in [
        ("requests=a&poolType=9", "poolType must be a whole number from 0 to 5, got \"9\" (number 1 of the list)"),
        ("items=0", "items must be a whole number from 1, got \"0\""),
        ("items=1&items=2", "items must be given only once, got \"2\""),
        ("requests=a&poolName=x", "poolName is no filter of this operation"),
    ] {
        let read = read(query).unwrap_err();
        assert!(why.starts_with(&read) || read == why, "{query}: {read}");
    }
}
