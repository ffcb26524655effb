use crate::Ports;
use crate::test_support::{HICCUP, SUMMARY, TestResponse, UNKNOWN, compact, get, ports, send, settings, state_of};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, ItemCell, ItemKind, ItemLabel, ItemSums, MockSummaryRepository,
    OperationItemKey, PoolType, RepositoryError, RequestTotals, Revision, StatedItem, Summary, TaskStatus, Totals,
};
use annotation_statistics_exports::SummaryFormat;
use std::sync::Arc;

const URL: &str = "/rosetta-open/statistics/summary?annotationRequestId=7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

fn summary(revision: i64) -> Summary {
    let group = |pool, status, tasks: u64, instances, attributes| {
        (pool, TaskStatus::from(status), Totals { tasks, instances, attributes, frames: tasks.into() })
    };
    let item = |key: &str, count, tasks, tasks_of_slots| ItemSums {
        key: OperationItemKey::new(key).unwrap(),
        count,
        tasks,
        tasks_of_slots,
        tasks_of_inputs: 0,
        stated_kind: None,
    };
    let request = RequestTotals {
        id: AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(revision),
        task_count: 1930,
        groups: vec![group(PoolType::Complete, 11, 1900, 24_700, 83_600), group(PoolType::Check, 6, 30, 390, 1_320)],
    };
    let items = vec![item("car", 25_090, 1890, 1), item("select-[e000f]", 84_920, 1930, 0)];
    Summary::new(vec![request], items).unwrap()
}

fn responding(response: impl Fn() -> Result<Summary, RepositoryError> + Send + Sync + 'static) -> crate::ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_summarize().returning(move |_, _, _| response());
    state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings())
}

#[actix_web::test]
async fn the_sums_are_served_as_the_documentation_shows_them() {
    let response = get(responding(|| Ok(summary(7))), URL).await;
    assert_eq!((response.status, response.text()), (200, compact(SUMMARY).as_str()));
    assert_eq!(response.header("counting-rule"), Some("objects/2"));
    assert_eq!(response.header("cache-control"), Some("private, no-cache"));
    assert_eq!(response.header("link"), None, "there are no pages");
}

#[actix_web::test]
async fn what_a_taxonomy_states_is_beside_the_key_and_what_is_ordered_and_missing_is_zero() {
    let stated = |key: &str, label: &str| StatedItem {
        key: OperationItemKey::new(key).unwrap(),
        label: Some(ItemLabel::new(label).unwrap()),
        kind: Some(ItemKind::Slot),
        is_found: false,
        is_whitelisted: true,
    };
    let with = move || summary(7).with_stated_items(vec![stated("bus", "Bus"), stated("car", "Car")]);
    let response = get(responding(move || Ok(with())), URL).await;
    let body: serde_json::Value = serde_json::from_str(response.text()).unwrap();
    let expected = serde_json::json!([
        {"key": "bus", "label": "Bus", "kind": "slot", "count": 0, "taskNum": 0},
        {"key": "car", "label": "Car", "kind": "slot", "count": 25_090, "taskNum": 1890},
        {"key": "select-[e000f]", "kind": "input", "count": 84_920, "taskNum": 1930},
    ]);
    assert_eq!(body["data"]["operationItems"], expected);
}

#[actix_web::test]
async fn the_tag_changes_with_a_revision_and_is_known_by_if_none_match() {
    let tag = |response: &TestResponse| response.header("etag").unwrap().to_owned();
    let first = tag(&get(responding(|| Ok(summary(7))), URL).await);
    assert_eq!(tag(&get(responding(|| Ok(summary(7))), &format!("{URL}&_=1")).await), first);
    assert_ne!(tag(&get(responding(|| Ok(summary(8))), URL).await), first);
    let again = TestRequest::get().uri(URL).insert_header(("if-none-match", first.as_str()));
    let response = send(responding(|| Ok(summary(7))), again).await;
    assert_eq!((response.status, response.text(), tag(&response)), (304, "", first));
}

#[actix_web::test]
async fn the_list_has_the_rules_of_the_pages_and_pages_mean_nothing() {
    let mut summaries = MockSummaryRepository::new();
    summaries
        .expect_summarize()
        .withf(|requests, _, _| requests.as_slice().iter().map(AnnotationRequestId::as_str).eq(["b", "a,c"]))
        .times(1)
        .returning(|_, _, _| Ok(summary(7)));
    let state = state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings());
    let list =
        "/rosetta-open/statistics/summary?annotationRequestId[]=b&annotationRequestId=a,c&offset=0&limit=ten&_=%zz";
    assert_eq!(get(state, list).await.status, 200);
    for (query, why) in [
        ("", "annotationRequestId must be given at least once"),
        ("?annotationRequestId=", "annotationRequestId must not be empty (number 1 of the list)"),
        (
            "?annotationRequestId=%zz",
            "annotationRequestId has a % without two hexadecimal digits after it, got \"%zz\" (number 1 of the list)",
        ),
        ("?%FF=1", "the parameter name \"%FF\" is not UTF-8 when decoded"),
        (
            "?annotationRequestId=a&pooltype=5",
            "\"pooltype\" is no parameter of this operation, which has annotationRequestId, statement, status, poolType, campaignId, \
             itemsBy, format, bom and tz",
        ),
        (
            "?annotationRequestId=a&itemsBy=status,pool",
            "itemsBy must be poolType, status or annotationRequestId, got \"pool\" (number 2 of the list)",
        ),
        (
            "?annotationRequestId=a&poolType=6",
            "poolType must be a whole number from 0 to 5, got \"6\" (number 1 of the list)",
        ),
        ("?annotationRequestId=a&format=pdf", "format must be json, csv or xlsx, got \"pdf\""),
        ("?annotationRequestId=a&tz=Berlin", "tz must be a time zone, such as Europe/Berlin, got \"Berlin\""),
        ("?annotationRequestId=a&asOf=2025-01-01", "asOf is no filter of this operation"),
    ] {
        let response = get(state_of(ports(), settings()), &format!("/rosetta-open/statistics/summary{query}")).await;
        let reported = serde_json::from_str::<serde_json::Value>(response.text()).unwrap()["message"].clone();
        assert_eq!((response.status, reported.as_str().unwrap()), (400, format!("{INVALID}{why}").as_str()), "{query}");
    }
}

#[actix_web::test]
async fn a_filter_and_items_by_are_passed_on_and_repeated_in_the_response() {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_summarize().returning(|_, query, _| {
        let of_one = |request: &mut RequestTotals| request.groups.truncate(1);
        let (request, _) = summary(7).requests()[0].clone();
        let cell = |pool_type, status, count, key: &str| ItemCell {
            request: Some(request.id.clone()),
            pool_type,
            status: TaskStatus::from(status),
            sums: ItemSums {
                key: OperationItemKey::new(key).unwrap(),
                count,
                tasks: 5,
                tasks_of_slots: 0,
                tasks_of_inputs: 0,
                stated_kind: None,
            },
        };
        let mut request = RequestTotals { task_count: 1900, ..request.clone() };
        of_one(&mut request);
        let cells = vec![cell(PoolType::Complete, 11, 108_000, "car"), cell(PoolType::Complete, 11, 300, "bus")];
        Ok(Summary::of_cells(vec![request], cells, query).unwrap())
    });
    let state = state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings());
    let url = format!("{URL}&status=11,10&poolType=5&campaignId=1001&itemsBy=annotationRequestId&itemsBy=poolType");
    let response = get(state.clone(), &url).await;
    let data = &serde_json::from_str::<serde_json::Value>(response.text()).unwrap()["data"];
    let filter = serde_json::json!({"status": [10, 11], "poolType": [5], "campaignId": ["1001"]});
    let part = |key: &str, count: u32| {
        let request = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
        serde_json::json!({"key": key, "annotationRequestId": request, "poolType": 5, "count": count, "taskNum": 5})
    };
    let parts = serde_json::json!([part("bus", 300), part("car", 108_000)]);
    assert_eq!((&data["filter"], &data["operationItemParts"]), (&filter, &parts));
    let whole = get(state.clone(), URL).await;
    for absent in ["\"filter\"", "operationItemParts"] {
        assert!(!whole.text().contains(absent), "{absent}");
    }
    let tag = |response: &TestResponse| response.header("etag").unwrap().to_owned();
    let mut tags = vec![tag(&response), tag(&whole)];
    for query in ["status=11", "poolType=5", "campaignId=1001", "status=5", "itemsBy=status", "itemsBy=poolType"] {
        tags.push(tag(&get(state.clone(), &format!("{URL}&{query}")).await));
    }
    let different: std::collections::BTreeSet<&String> = tags.iter().collect();
    assert_eq!(different.len(), tags.len(), "each is a representation of its own: {tags:?}");
}

#[actix_web::test]
async fn a_summary_is_a_file_where_that_is_requested_or_preferred() {
    let (csv, xlsx) = ("text/csv; charset=utf-8; header=present", SummaryFormat::Xlsx.of_file().content_type());
    let json = "application/json";
    let mut tags = std::collections::BTreeMap::new();
    for (query, accept, expected, reason) in [
        ("", "", json, "nothing is said"),
        ("", "*/*", json, "anything"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", json, "a browser"),
        ("", "image/png", json, "none of them"),
        ("", "application/json, text/csv", json, "as gladly"),
        ("", "text/csv", csv, "its name"),
        ("", "application/json;q=0.5, text/csv", csv, "preferred"),
        ("", xlsx, xlsx, "its name"),
        ("&format=xlsx", "text/csv", xlsx, "the query decides"),
        ("&format=csv&bom=true", "", csv, "the query decides"),
        ("&format=json", "text/csv", json, "the query decides"),
    ] {
        let request = TestRequest::get().uri(&format!("{URL}{query}")).insert_header(("accept", accept));
        let response = send(responding(|| Ok(summary(7))), request).await;
        assert_eq!((response.status, response.header("content-type")), (200, Some(expected)), "{reason}");
        let name = response.header("content-disposition").map(|name| name.rsplit('.').next().unwrap().to_owned());
        let expected_name =
            if expected == json { None } else { Some(if expected == csv { "csv\"" } else { "xlsx\"" }) };
        assert_eq!(name.as_deref(), expected_name, "{reason}");
        assert!(response.header("vary").is_some(), "{reason}");
        let tag = response.header("etag").unwrap().to_owned();
        assert_eq!(*tags.entry(expected).or_insert(tag.clone()), tag, "{reason}");
    }
    let different: std::collections::BTreeSet<&String> = tags.values().collect();
    assert_eq!(different.len(), 3, "each format has a tag of its own");
    let known =
        TestRequest::get().uri(&format!("{URL}&format=xlsx")).insert_header(("if-none-match", tags[xlsx].as_str()));
    assert_eq!(send(responding(|| Ok(summary(7))), known).await.status, 304);
}

const INVALID: &str = "Invalid parameter: ";

#[actix_web::test]
async fn what_cannot_be_served_has_the_code_of_the_table() {
    let unknown = || RepositoryError::UnknownAnnotationRequests(vec![AnnotationRequestId::new("x").unwrap()]);
    let corrupt = || RepositoryError::Corrupt { what: "statistics_totals: canary".into() };
    let away = || RepositoryError::Unavailable("canary".into());
    let response = get(responding(move || Err(unknown())), URL).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    for (status, response) in [
        (500, get(responding(move || Err(corrupt())), URL).await),
        (503, get(responding(move || Err(away())), URL).await),
    ] {
        assert_eq!((response.status, response.text()), (status, compact(HICCUP).as_str()));
    }
    let large = get(responding(|| Err(RepositoryError::SummaryTooLarge { limit: 7 })), URL).await;
    let message = "Payload Too Large: the sums are more than 8388608 bytes: request those of fewer annotation requests, or \
                   the rows";
    let reported = serde_json::from_str::<serde_json::Value>(large.text()).unwrap()["message"].clone();
    assert_eq!((large.status, reported.as_str()), (413, Some(message)));
    let post = send(state_of(ports(), settings()), TestRequest::post().uri(URL)).await;
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}
