//! Taxonomies over HTTP, and what they change of other responses.

use super::{REQUEST, ROWS, UNKNOWN, service_with_r, tag};
use crate::logged_statements::{log_statements, statements_during};
use annotation_statistics_tests::{Download, Envelope, RawResponse, RunningService};
use serde_json::{Value, json};

const TAXONOMY: &str = "/annotation-requests/R/taxonomy";
const CONFORMANCE: &str = "/annotation-requests/R/conformance";
const SUMMARY: &str = "/statistics/summary?annotationRequestId=R";

/// A car of which a task has too many, with its color, and a bus that no task has.
fn agreed_operators() -> Value {
    let operator = |key: &str, kind: &str, label: &str, more: Value| {
        let mut operator = json!({ "key": key, "kind": kind, "label": label, "type": "any", "required": false });
        operator.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        operator
    };
    let color = operator("color", "input", "Farbe", json!({}));
    json!([
        operator("car", "slot", "<Auto>", json!({ "maxQuantity": 1, "children": [color] })),
        operator("bus", "slot", "Bus", json!({ "minQuantity": 1 })),
    ])
}

fn put(service: &RunningService, operators: &Value) -> RawResponse {
    service.fetch_json("PUT", TAXONOMY, "", &json!({ "operators": operators }).to_string())
}

#[tokio::test]
async fn what_was_agreed_on_is_kept_and_the_same_again_changes_nothing() {
    let (_database, service) = service_with_r();
    assert_eq!(service.get(TAXONOMY).data["operators"], json!([]), "nothing was");
    let operators = agreed_operators();
    let kept = put(&service, &operators);
    let data = Envelope::of(&kept).data;
    assert_eq!((&data["operators"], &data["operatorKeys"]), (&operators, &json!(["bus", "car", "color"])));
    assert_eq!(tag(&put(&service, &operators)), tag(&kept));
    assert_eq!(tag(&service.fetch("GET", REQUEST, "")), tag(&kept));
    let known = format!("If-None-Match: {}\r\n", tag(&kept));
    for path in [TAXONOMY, CONFORMANCE] {
        assert_eq!(service.fetch("GET", path, &known).status, 304, "{path}");
    }
}

#[tokio::test]
async fn what_was_agreed_on_is_shown_in_sums_and_compared_with_tasks_and_refuses_none() {
    let (_database, service) = service_with_r();
    let rows = json!([{ "id": 1, "status": 11, "poolName": "complete pool", "poolType": 5, "frameNum": 1,
        "instanceInfo": { "car": 2, "color": 3, "rumour": 1 }, "instanceNum": 3, "attributeNum": 3 }]);
    service.fetch_json("PUT", ROWS, "", &rows.to_string());
    let before = service.fetch("GET", SUMMARY, "");
    put(&service, &agreed_operators());

    let after = service.fetch("GET", SUMMARY, &format!("If-None-Match: {}\r\n", tag(&before)));
    let expected = json!([
        { "key": "bus", "label": "Bus", "kind": "slot", "count": 0, "taskNum": 0 },
        { "key": "car", "label": "<Auto>", "kind": "slot", "count": 2, "taskNum": 1 },
        { "key": "color", "label": "Farbe", "kind": "input", "count": 3, "taskNum": 1 },
        { "key": "rumour", "kind": "slot", "count": 1, "taskNum": 1 },
    ]);
    assert_eq!(Envelope::of(&after).data["operationItems"], expected);
    let page = service.fetch("GET", "/?annotationRequestId=R", "");
    assert!(page.text().contains(r#"<bdi>car</bdi> <bdi class="label">&#60;Auto&#62;</bdi>"#), "{}", page.text());

    let conformance = service.get(CONFORMANCE).data;
    let fields = ["key", "taskNum", "belowMin", "aboveMax", "neverUsed"];
    let lines = conformance["operationItems"].as_array().unwrap().iter();
    let lines: Vec<_> = lines.map(|line| fields.map(|name| line[name].clone())).collect();
    let line = |key: &str, tasks, below, above, never: bool| {
        [json!(key), json!(tasks), json!(below), json!(above), json!(never)]
    };
    assert_eq!(lines, [line("car", 1, 0, 1, false), line("color", 1, 0, 0, false), line("bus", 0, 1, 0, true)]);
    assert_eq!(conformance["unknownItems"], json!([{ "key": "rumour", "taskNum": 1 }]));
}

#[tokio::test]
async fn a_taxonomy_is_replaced_by_those_who_know_the_state_and_of_requests_that_are_known() {
    let (_database, service) = service_with_r();
    let first = tag(&service.fetch("GET", REQUEST, ""));
    let body = r#"{"operators":[{"key":"car","kind":"slot","label":"Car","type":"any"}]}"#;
    let put = |path: &str, tag: &str| service.fetch_json("PUT", path, &format!("If-Match: {tag}\r\n"), body).status;
    assert_eq!(put(TAXONOMY, &first), 200);
    assert_eq!(put(TAXONOMY, &first), 412);
    let elsewhere = TAXONOMY.replace("/R/", "/S/");
    for (method, path) in [("GET", &elsewhere), ("GET", &CONFORMANCE.replace("/R/", "/S/"))] {
        assert_eq!(Envelope::of(&service.fetch(method, path, "")).verdict(), UNKNOWN, "{path}");
    }
    assert_eq!(Envelope::of(&service.fetch_json("PUT", &elsewhere, "", body)).verdict(), UNKNOWN);
    let removed = service.fetch_json("PUT", TAXONOMY, "", r#"{"operators":[]}"#);
    assert_eq!(Envelope::of(&removed).data["operators"], json!([]));
}

#[tokio::test]
async fn rows_with_zeros_are_of_the_taxonomy_of_now_and_cost_a_statement_more_only_where_they_are_wanted() {
    let (database, service) = service_with_r();
    let row = json!({ "id": 1, "status": 11, "poolName": "complete pool", "poolType": 5, "frameNum": 1,
        "instanceInfo": { "car": 2, "none": 0 }, "instanceNum": 2, "attributeNum": 0 });
    service.fetch_json("PUT", ROWS, "", &json!([row]).to_string());
    let info = |response: &RawResponse| Envelope::of(response).data["data"][0]["instanceInfo"].to_string();
    let (plain, with_zeros) = ("/statistics?annotationRequestId=R", "/statistics?annotationRequestId=R&zeroFill=true");
    let bare = service.fetch("GET", with_zeros, "");
    assert_eq!(info(&bare), r#"{"car":2,"none":0}"#, "nothing is ordered");

    put(&service, &agreed_operators());
    let known = format!("If-None-Match: {}\r\n", tag(&bare));
    let filled = service.fetch("GET", with_zeros, &known);
    assert_eq!((filled.status, info(&filled).as_str()), (200, r#"{"bus":0,"car":2,"color":0,"none":0}"#));
    assert_eq!(info(&service.fetch("GET", plain, "")), r#"{"car":2,"none":0}"#);
    let body = r#"{"annotationRequestIds":["R"],"zeroFill":true}"#;
    let queried = service.fetch_json("POST", "/statistics/query", "", body);
    assert_eq!((tag(&queried), info(&queried)), (tag(&filled), info(&filled)));
    let unchanged = service.fetch("GET", with_zeros, &format!("If-None-Match: {}\r\n", tag(&filled)));
    assert_eq!(unchanged.status, 304);
    service.fetch_json("PUT", TAXONOMY, "", r#"{"operators":[]}"#);
    assert_eq!(info(&service.fetch("GET", with_zeros, "")), r#"{"car":2,"none":0}"#);

    log_statements(&database);
    let uncached = RunningService::with(&database.url(), "cache.max_bytes = 0");
    let statements = |path: &str| statements_during(&database, path, || drop(uncached.fetch("GET", path, ""))).len();
    assert_eq!([plain, with_zeros].map(statements), [1, 3], "counters, rows and whitelists");
    let sums = statements(SUMMARY);
    assert_eq!(sums, 4, "counters, sums by pool and by item, and what taxonomies state");
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_have_labels_and_kinds_and_a_column_of_what_no_task_has() {
    let (_database, service) = service_with_r();
    let row = json!({ "id": 1, "status": 11, "poolName": "complete pool", "poolType": 5, "frameNum": 1,
        "instanceInfo": { "car": 2, "color": 3 }, "instanceNum": 2, "attributeNum": 3 });
    service.fetch_json("PUT", ROWS, "", &json!([row]).to_string());
    let export = |query: &str| {
        let path = format!("/statistics/export?annotationRequestId=R&{query}");
        Download::get(&service, &path).text().to_owned()
    };
    put(&service, &agreed_operators());
    let shared = "annotationRequestId,countingRule,id,status,campaignId,poolName,poolType,sourceName";
    assert_eq!(
        export("layout=long"),
        format!(
            "{shared},operationItem,kind,count,label\r\n\
             R,,1,11,1001,complete pool,5,,car,slot,2,<Auto>\r\n\
             R,,1,11,1001,complete pool,5,,color,input,3,Farbe\r\n"
        )
    );
    assert_eq!(
        export("layout=wide"),
        format!(
            "{shared},instanceNum,attributeNum,frameNum,instanceInfo.bus,instanceInfo.car,instanceInfo.color\r\n\
             R,,1,11,1001,complete pool,5,,2,3,1,,2,3\r\n"
        )
    );
}
