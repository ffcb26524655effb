use super::*;

#[test]
fn signing_in_leads_to_a_page_of_this_service_and_nowhere_else() {
    for target in
        ["", "?annotationRequestId=a%20b&offset=2", "?x=//evil.example", "?next=https://evil.example", "#tasks"]
    {
        assert_eq!(location(target), format!("./{target}"));
    }
    for (target, reason) in [
        ("//evil.example", "another host"),
        ("/\\evil.example", "another host, as browsers read it"),
        ("https://evil.example", "another scheme"),
        ("javascript:alert(1)", "a script"),
        ("docs/", "no page"),
        ("../?a", "another folder"),
        ("statistics/export?annotationRequestId=a", "no page"),
        ("?a\r\nSet-Cookie: a=b", "a header"),
        ("?a b", "what a browser would have encoded"),
    ] {
        assert_eq!(location(target), "./", "{reason}");
    }
}
