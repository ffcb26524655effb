use super::*;
use crate::test_support::uncalled;

/// What is no destination, and why.
const NOWHERE: [(&str, &str); 18] = [
    ("//evil.example", "another host"),
    ("///evil.example", "another host, as some read it"),
    ("/\\evil.example", "another host, as browsers read it"),
    ("\\\\evil.example", "the same"),
    ("https://evil.example", "another scheme"),
    ("https:evil.example", "another scheme, without slashes"),
    ("HTTPS://evil.example/?a", "the same in capitals"),
    ("javascript:alert(1)", "a script"),
    ("data:text/html,x", "a document of its own"),
    ("docs/", "no page"),
    ("../?a", "another folder"),
    ("find/../../x", "another folder"),
    ("rosetta-open/annotation-requests/a", "nothing that a page links to"),
    ("statistics/export?annotationRequestId=a", "without the base path"),
    ("rosetta-open/statistics/export/?a", "another path"),
    ("?a\r\nSet-Cookie: a=b", "a header"),
    ("?a b", "what a browser would have encoded"),
    ("find\t?a", "what a browser would leave out"),
];

#[test]
fn signing_in_leads_to_a_page_of_this_service_or_a_link_of_it_and_nowhere_else() {
    for target in [
        "",
        "?annotationRequestId=a%20b&offset=2",
        "?x=//evil.example",
        "?next=https://evil.example",
        "#tasks",
        "find?q=a",
        "rosetta-open/statistics/export?annotationRequestId=a&format=csv",
        "rosetta-open/statistics/summary?annotationRequestId=a&format=xlsx",
    ] {
        assert_eq!(location(target, &uncalled()), format!("./{target}"));
        let mut query = NEXT.to_owned();
        encode_into(&mut query, target);
        assert_eq!(next_of(&query, &uncalled().settings.base_path).as_deref(), Some(target));
    }
    for (target, reason) in NOWHERE {
        assert_eq!(location(target, &uncalled()), "./", "{reason}");
        let mut query = NEXT.to_owned();
        encode_into(&mut query, target);
        assert_eq!(next_of(&query, &uncalled().settings.base_path), None, "{reason}");
    }
}

#[test]
fn a_destination_is_the_whole_query_and_decoded_once() {
    let base_path = &uncalled().settings.base_path;
    for query in
        ["", "next", "x=1&next=find", "Next=find", "next=find&next=find", "next=%ff", "next=%2566ind", "next=%"]
    {
        assert_eq!(next_of(query, base_path), None, "{query}");
    }
}
