use super::tests::{assert_shows, with_requests};
use crate::test_support::{get, send, settings, state_of};
use crate::{ApiSettings, ApiState, PageSettings};
use actix_web::test::TestRequest;

const COOKIE: &str = "annotation-statistics-time-zone";

/// The same service with these settings of the page.
fn with_page(publisher: &str, time_zone: &str) -> ApiState {
    let page = PageSettings::new(publisher, time_zone).unwrap();
    let state = with_requests(&["a"], 9);
    state_of(state.ports, ApiSettings { page, ..settings() })
}

#[actix_web::test]
async fn the_page_states_when_it_was_read_and_which_state_of_each_request_it_is_of() {
    let one = get(with_requests(&["a"], 9), "/?requests=a").await;
    let times = ["<time datetime=\"2025-04-08T14:20:00Z\">2025-04-08 14:20:00 UTC</time></dd>"];
    let state = ["<dt>Last change</dt><dd><time datetime=\"1970-01-01T00:00:00Z\">", "<dt>Revision</dt><dd>7</dd>"];
    assert_shows(&one, 200, &[&times[..], &state].concat());
    assert!(!one.text().contains("id=\"states\""), "a list of one");
    let two = get(with_requests(&["a"], 9), "/?requests=order+7%0Ab").await;
    let listed = "<li><bdi class=\"key\">order 7</bdi> <span class=\"about\"><span>revision 7</span> <span>changed \
                  <time datetime=\"1970-01-01T00:00:00Z\">1970-01-01 00:00:00 UTC</time></span></span></li>";
    assert_shows(&two, 200, &[times[0], listed, "2 annotation requests, all of campaign <bdi>1001</bdi></summary>"]);
}

#[actix_web::test]
async fn a_thousand_ids_are_folded_on_the_screen() {
    for (ids, is_open, is_small) in [(12, true, false), (13, false, false), (1_000, false, true)] {
        let query: Vec<String> = (0..ids).map(|id| format!("annotationRequestId={id}")).collect();
        let response = get(with_requests(&["a"], 9), &format!("/?{}", query.join("&"))).await;
        let (_, states) = response.text().split_once("id=\"states\"").unwrap();
        let states = states.split("</section>").next().unwrap();
        assert_eq!(states.matches("<li>").count(), ids);
        assert_eq!((states.contains("<details open>"), states.contains("<ol class=\"small\">")), (is_open, is_small));
    }
}

#[actix_web::test]
async fn times_are_in_the_zone_that_the_reader_has_set_or_else_in_that_of_the_settings() {
    let [berlin, singapore] = ["2025-04-08 16:20:00 +02:00 Europe/Berlin", "2025-04-08 22:20:00 +08:00 Asia/Singapore"];
    let set = |name: &str, age: u32| format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}");
    for (query, cookie, zone, sent) in [
        ("", "", Some(berlin), None),
        ("", "Asia/Singapore", Some(singapore), None),
        ("", "../Berlin", Some(berlin), None),
        ("&tz=Asia%2FSingapore", "Europe/Berlin", Some(singapore), Some(set("Asia/Singapore", 31_536_000))),
        ("&tz=", "Asia/Singapore", Some(berlin), Some(set("", 0))),
    ] {
        let request = TestRequest::get().uri(&format!("/?requests=a{query}"));
        let request = request.insert_header(("cookie", format!("{COOKIE}={cookie}")));
        let response = send(with_page("", "Europe/Berlin"), request).await;
        assert_shows(&response, 200, &["2025-04-08 14:20:00 UTC"]);
        for known in [berlin, singapore] {
            assert_eq!(response.text().contains(known), zone == Some(known), "{query} {cookie}");
        }
        assert_eq!(response.header("set-cookie"), sent.as_deref(), "{query} {cookie}");
    }
    let neither = get(with_page("", ""), "/?requests=a").await;
    assert!(!neither.text().contains("class=\"local\""), "{}", neither.text());
}

#[actix_web::test]
async fn what_is_filled_in_for_paper_is_shown_and_kept_by_links_and_forms() {
    let query = "/?requests=order+7%0Ab&client=A+%26+B&period=Q3+%3Ci%3E&limit=2&offset=2";
    let response = get(with_page("Publisher", ""), query).await;
    let kept =
        "?annotationRequestId=order%207&#38;annotationRequestId=b&#38;client=A%20%26%20B&#38;period=Q3%20%3Ci%3E";
    let texts = [
        "<dt>Delivered by</dt><dd><bdi>Publisher</bdi></dd>",
        "<dt>Client</dt><dd><bdi>A &#38; B</bdi></dd>",
        "<dt>Period</dt><dd><bdi>Q3 &#60;i&#62;</bdi></dd>",
        &format!("href=\"{kept}&amp;offset=1&amp;limit=2#tasks\">First"),
        "<input type=\"hidden\" name=\"annotationRequestId\" value=\"order 7\">",
        "<input type=\"hidden\" name=\"limit\" value=\"2\">",
        "name=\"client\" value=\"A &#38; B\"",
        "name=\"offset\" value=\"2\" min=\"1\" max=\"5\"",
    ];
    assert_shows(&response, 200, &texts);
    assert!(response.text().contains("/export?annotationRequestId=order%207&#38;annotationRequestId=b&#38;format=csv"));
}

#[actix_web::test]
async fn what_the_page_cannot_read_of_its_reader_is_refused() {
    let long = "x".repeat(1_025);
    for (query, why) in [
        (format!("client={long}"), "client must be at most 1024 bytes, got".to_owned()),
        ("period=a&period=b".into(), "period must be given only once".into()),
        ("client=%FF".into(), "client is not UTF-8 when decoded".into()),
        ("tz=Nowhere".into(), "tz must be a time zone, such as Europe/Berlin, got &#34;Nowhere&#34;".into()),
    ] {
        let response = get(with_page("", ""), &format!("/?requests=a&{query}")).await;
        assert_shows(&response, 400, &[&why, "a</textarea>"]);
        assert_eq!(response.header("set-cookie"), None);
    }
}
