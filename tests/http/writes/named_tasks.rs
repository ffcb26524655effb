//! What tasks were made of, and what operation items make, over HTTP.

use super::{REQUEST, ROWS, UNKNOWN, counted, list, service_with_r, tag};
use annotation_statistics_tests::{Envelope, task};
use serde_json::{Value, json};

/// A row with two instances and three attributes, and more members.
fn with(id: i64, more: &Value) -> Value {
    let mut row = json!({ "id": id, "status": 11, "poolName": "complete pool", "poolType": 5,
        "instanceInfo": { "car": 2, "color": 3 }, "instanceNum": 2, "attributeNum": 3, "frameNum": 1 });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

#[tokio::test]
async fn a_task_is_told_with_what_it_was_made_of_and_keeps_it() {
    let (_database, service) = service_with_r();
    let put = |rows: Value| service.fetch_json("PUT", ROWS, "", &rows.to_string());
    let recorded = put(json!([with(1, &json!({ "sourceName": "a/b.jpg" })), with(2, &json!({ "sourceName": null }))]));
    assert_eq!(counted(&recorded), [2, 0, 0]);
    let found = service.fetch("GET", &format!("{ROWS}/1"), "");
    assert_eq!(tag(&found), tag(&recorded));
    let expected = with(1, &json!({ "campaignId": "1001", "sourceName": "a/b.jpg" }));
    assert_eq!(Envelope::of(&found).data, expected);
    assert_eq!(service.fetch("GET", &format!("{ROWS}/1"), &format!("If-None-Match: {}\r\n", tag(&found))).status, 304);
    assert_eq!(Envelope::of(&service.fetch("GET", &format!("{ROWS}/2"), "")).data["sourceName"], Value::Null);
    let page = service.get("/statistics?annotationRequestId=R");
    assert_eq!(page.data["data"][0].as_object().unwrap().len(), 9, "a row of the public API has nine fields");

    let refused = Envelope::of(&put(json!([with(3, &json!({})), with(1, &json!({ "sourceName": "c.jpg" }))])));
    let why = "Conflict: task 1 of annotation request `R` is `a/b.jpg`, not `c.jpg`";
    assert_eq!(refused.verdict(), (409, 409, why));
    for (path, verdict) in
        [(format!("{ROWS}/3"), (404, 404, "Not Found")), ("/annotation-requests/S/statistics/1".to_owned(), UNKNOWN)]
    {
        assert_eq!(Envelope::of(&service.fetch("GET", &path, "")).verdict(), verdict, "{path}");
    }
    let long = Envelope::of(&put(json!([with(1, &json!({ "sourceName": "x".repeat(1025) }))])));
    let why = "Invalid parameter: [0].sourceName: is 1025 bytes long, at most 1024 are allowed";
    assert_eq!(long.verdict(), (400, 4005, why));
}

#[tokio::test]
async fn kinds_of_items_are_known_where_somebody_stated_them() {
    let (_database, service) = service_with_r();
    let put = |rows: Value| service.fetch_json("PUT", ROWS, "", &rows.to_string());
    let kinds = || {
        let summary = service.get("/statistics/summary?annotationRequestId=R");
        let items = summary.data["operationItems"].as_array().unwrap().clone();
        items.iter().map(|item| item["kind"].clone()).collect::<Vec<_>>()
    };
    put(json!([with(1, &json!({}))]));
    assert_eq!(kinds(), [Value::Null, Value::Null], "the task has both");
    let before = tag(&service.fetch("GET", REQUEST, ""));
    let stated = put(json!([with(1, &json!({ "itemKinds": { "car": "slot", "color": "input" } }))]));
    assert_eq!((counted(&stated), kinds()), ([0, 0, 1], vec![json!("slot"), json!("input")]));
    assert_ne!(tag(&stated), before, "what is answered has changed");
    let plain = service.fetch_json("PUT", ROWS, "", &list(&[task("R", 5)]));
    assert_eq!(counted(&plain), [1, 0, 0], "nothing need be stated");
}

#[tokio::test]
async fn kinds_that_contradict_what_is_known_are_refused() {
    let (_database, service) = service_with_r();
    let put = |rows: Value| service.fetch_json("PUT", ROWS, "", &rows.to_string());
    put(json!([with(1, &json!({ "itemKinds": { "car": "slot" } }))]));
    for (kinds, verdict) in [
        (
            json!({ "car": "input" }),
            (409, 409, "Conflict: operation item `car` of annotation request `R` is slot, not input"),
        ),
        (
            json!({ "color": "slot" }),
            (
                400,
                4005,
                "Invalid parameter: [0].itemKinds: the items that are stated to be slots add up to 3, but the \
                task has 2 instances",
            ),
        ),
        (json!({ "car": "box" }), (400, 4005, "Invalid parameter: [0].itemKinds.car: must be slot or input")),
    ] {
        let row = if verdict.0 == 409 {
            json!([{ "id": 9, "status": 11, "poolName": "p", "poolType": 5, "instanceInfo": { "car": 3 }, "instanceNum": 0,
                "attributeNum": 3, "frameNum": 1, "itemKinds": kinds }])
        } else {
            json!([with(1, &json!({ "itemKinds": kinds }))])
        };
        assert_eq!(Envelope::of(&put(row)).verdict(), verdict, "{kinds}");
    }
}
