//! The query of the HTML page: the parameters of the API, and the form's list of ids, one per line.

use crate::ApiSettings;
use crate::http::parameters::{ANNOTATION_REQUEST_ID, LIMIT, OFFSET, decode_name, names_the_list};
use crate::http::{decode, encode_into};
use crate::response::{InvalidParameter, invalid};
use crate::statistics::StatisticsParams;
use annotation_statistics_domain::AnnotationRequestId;

/// The parameter that the form sends: all ids in one text.
const REQUESTS: &str = "requests";

/// The query, if there is one. The lines of the form become the list of the API, whose rules apply then.
pub(super) fn read_html_query(
    query: &str,
    settings: &ApiSettings,
) -> Result<Option<StatisticsParams>, InvalidParameter> {
    let (mut rewritten, mut has_ids) = (String::new(), false);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = decode_name(name)?;
        if decoded == REQUESTS {
            let text = decode(value).map_err(|error| invalid(REQUESTS, &error.to_string()))?;
            let lines: Vec<&str> = lines(&text).collect();
            has_ids |= !lines.is_empty();
            append_list(&mut rewritten, lines);
        } else {
            has_ids |= names_the_list(&decoded);
            rewritten.extend([pair, "&"]);
        }
    }
    if has_ids { StatisticsParams::parse(&rewritten, settings).map(Some) } else { Ok(None) }
}

/// Whether the query has lines of the form, which no share link is good for: it is for a list of the API.
pub(super) fn has_lines(query: &str) -> bool {
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        decode_name(name).map_or(true, |name| name == REQUESTS)
    })
}

/// The ids for the form to show again, as far as they can be decoded.
pub(super) fn written_ids(query: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let decoded = pairs.filter_map(|(name, value)| Some((decode(name).ok()?, decode(value).ok()?)));
    let mut ids = Vec::new();
    for (name, value) in decoded {
        if name == REQUESTS {
            ids.extend(lines(&value).map(str::to_owned));
        } else if names_the_list(&name) {
            ids.push(value.into_owned());
        }
    }
    ids
}

/// These ids as a part of a query string.
pub(super) fn list_of<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = String::new();
    append_list(&mut list, ids);
    list.truncate(list.trim_end_matches('&').len());
    list
}

fn append_list<'a>(target: &mut String, ids: impl IntoIterator<Item = &'a str>) {
    for id in ids {
        target.extend([ANNOTATION_REQUEST_ID, "="]);
        encode_into(target, id);
        target.push('&');
    }
}

/// Pasted lists have spaces around their lines, and empty lines between them. A line that is too long for an id is several.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| {
        let is_id = line.len() <= AnnotationRequestId::MAX_BYTES;
        is_id.then_some(line).into_iter().chain((!is_id).then(|| pieces(line)).into_iter().flatten())
    })
}

/// The parts of a line between commas and blanks.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split(|one: char| one == ',' || one.is_whitespace()).filter(|piece| !piece.is_empty())
}

/// The same query with each unknown id as the ids that it lists by comma or blank; none where no unknown id does. An id may
/// have both, so what is known is never taken apart.
pub(super) fn in_pieces(
    params: &StatisticsParams,
    unknown: &[AnnotationRequestId],
    settings: &ApiSettings,
) -> Option<StatisticsParams> {
    let is_list = |id: &AnnotationRequestId| unknown.contains(id) && pieces(id.as_str()).ne([id.as_str()]);
    let ids = params.requests.as_slice();
    if !ids.iter().any(is_list) {
        return None;
    }
    let listed =
        ids.iter().flat_map(|id| if is_list(id) { pieces(id.as_str()).collect::<Vec<_>>() } else { vec![id.as_str()] });
    let (page, limit) = (params.page.page(), params.page.limit());
    StatisticsParams::parse(&format!("{}&{OFFSET}={page}&{LIMIT}={limit}", list_of(listed)), settings).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> Result<Option<String>, String> {
        let read = read_html_query(query, &ApiSettings::default()).map_err(|error| error.to_string())?;
        Ok(read.map(|params| {
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
        let params = read_html_query("requests=order+7%0Aa%2C+b+c&offset=2&limit=5", &settings).unwrap().unwrap();
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
}
