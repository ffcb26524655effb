use crate::test_support::{TestResponse, known_request, ports, send, settings, state_of};
use crate::{ApiState, Ports};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, ItemSums, KeptTaxonomy, MockAnnotationRequestRegistry, MockSummaryRepository,
    MockTaxonomyRepository, OperationItemKey, PoolType, RegistryError, RequestTotals, Revision, Summary, TaskStatus,
    Taxonomy, Totals,
};
use std::sync::Arc;

const URL: &str = "/reconcile?annotationRequestId=order%207";

/// A service without access keys that knows one annotation request, of three instances.
fn state() -> ApiState {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry.expect_find().returning(|id, _| match id.as_str() {
        "order 7" => Ok(known_request("order 7")),
        _ => Err(RegistryError::UnknownAnnotationRequest(id.clone())),
    });
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_summarize().returning(|_, _, _| {
        let totals = Totals { tasks: 1, instances: 3, attributes: 0, frames: 1 };
        let request = RequestTotals {
            id: AnnotationRequestId::new("order 7").unwrap(),
            campaign_id: CampaignId::new("1001").unwrap(),
            counting_rule: None,
            revision: Revision::from(1_744_122_000_000_000),
            task_count: 1,
            groups: vec![(PoolType::Complete, TaskStatus::LABELS_APPROVED, totals)],
        };
        let key = OperationItemKey::new("car").unwrap();
        let car = ItemSums { key, count: 3, tasks: 1, tasks_of_slots: 1, tasks_of_inputs: 0, stated_kind: None };
        Ok(Summary::new(vec![request], vec![car]).unwrap())
    });
    let mut taxonomies = MockTaxonomyRepository::new();
    let none = || KeptTaxonomy { taxonomy: Taxonomy::default(), source: None, revision: Revision::from(7) };
    taxonomies.expect_find().returning(move |_, _| Ok(none()));
    let (registry, summaries, taxonomies) = (Arc::new(registry), Arc::new(summaries), Arc::new(taxonomies));
    state_of(Ports { summaries, registry, taxonomies, ..ports() }, settings())
}

async fn post(url: &str, shown_as: &str, worksheet: &str, sheet: &str, site: &'static str) -> TestResponse {
    let part = |about: &str, content: &str| {
        format!("--X\r\nContent-Disposition: form-data; name={about}\r\n\r\n{content}\r\n")
    };
    let parts = [
        part("\"worksheet\"", worksheet),
        part("\"shown-as\"", shown_as),
        part("\"sheet\"; filename=\"<our>.csv\"", sheet),
        "--X--\r\n".to_owned(),
    ];
    let request = TestRequest::post().uri(url).insert_header(("Sec-Fetch-Site", site));
    let media_type = (CONTENT_TYPE, "multipart/form-data; boundary=X");
    send(state(), request.insert_header(media_type).set_payload(parts.concat())).await
}

#[actix_web::test]
async fn the_form_is_for_one_known_request() {
    let form = send(state(), TestRequest::get().uri(URL)).await;
    assert_eq!((form.status, form.header("referrer-policy")), (200, Some("same-origin")));
    for text in ["<bdi>order 7</bdi>", "action=\"reconcile?annotationRequestId=order%207\" method=\"post\""] {
        assert!(form.text().contains(text), "{text}");
    }
    for (url, status, text) in [
        ("/reconcile?annotationRequestId=x", 404, "Unknown annotation request"),
        ("/reconcile", 400, "annotationRequestId must be given at least once"),
        (
            "/reconcile?annotationRequestId=a&annotationRequestId=b",
            400,
            "annotationRequestId must be one id here, got 2",
        ),
    ] {
        let refused = send(state(), TestRequest::get().uri(url)).await;
        assert_eq!((refused.status, refused.header("content-type")), (status, Some("text/html; charset=utf-8")));
        assert!(refused.text().contains(text) && !refused.text().contains("type=\"file\""), "{}", refused.text());
    }
}

#[actix_web::test]
async fn a_sheet_is_compared_on_a_page_or_in_a_file() {
    let sheet = "instanceNum,frameNum\r\n3,1\r\n";
    let page = post(URL, "page", "", sheet, "same-origin").await;
    assert_eq!(page.status, 200, "{}", page.text());
    for text in [">They agree</h1>", "<bdi>&#60;our&#62;.csv</bdi>", "1744122000000000", "2025-04-08 14:20:00 UTC"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let differs = post(URL, "page", "", &sheet.replace('3', "5"), "same-origin").await;
    for text in [">They differ</h1>", "class=\"figure\">-2</td>", "name=\"worksheet\" value=\"\""] {
        assert!(differs.text().contains(text), "{text}: {}", differs.text());
    }
    let file = post(URL, "csv", "", sheet, "same-origin").await;
    let expected = "\u{feff}class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure\r\n\
                    matched,2,,,,3,3,0,,instanceNum\r\nmatched,2,,,,1,1,0,,frameNum\r\n";
    assert_eq!((file.status, file.text()), (200, expected));
    let name = "attachment; filename=\"comparison-order_7-2025-04-08.csv\"";
    assert_eq!(file.header("content-disposition"), Some(name));
}

#[actix_web::test]
async fn a_sheet_that_is_refused_is_the_form_again_with_the_reason() {
    for (worksheet, sheet, status, reason) in [
        ("", "", 400, "the sheet is empty."),
        ("", "instanceNum\r\nmany\r\n", 400, "line 2, column instanceNum: "),
        (&"x".repeat(256), "instanceNum\r\n3\r\n", 400, "worksheet must be at most 255 bytes."),
    ] {
        let refused = post(URL, "csv", worksheet, sheet, "same-origin").await;
        let (_, alert) = refused.text().split_once("role=\"alert\">").unwrap();
        assert!(refused.status == status && alert.starts_with(reason), "{alert}");
        assert!(refused.text().contains("value=\"csv\" checked"), "as it was filled in");
        assert!(refused.text().contains(&format!("name=\"worksheet\" value=\"{worksheet}\"")), "as it was filled in");
    }
    let other = TestRequest::post().uri(URL).insert_header(("Sec-Fetch-Site", "same-origin")).set_payload("a=1");
    assert_eq!(send(state(), other).await.status, 415);
}

#[actix_web::test]
async fn a_form_of_another_site_compares_nothing() {
    for site in ["cross-site", "same-site", "none"] {
        let refused = post(URL, "page", "", "instanceNum\r\n3\r\n", site).await;
        assert_eq!((refused.status, refused.text().contains("This form was out of date")), (401, true), "{site}");
    }
}
