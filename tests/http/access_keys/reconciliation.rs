//! A client's sheet, compared with what is recorded by those who may read it.

use super::{UNKNOWN, service_on, signer, tenant, two_tenants};
use annotation_statistics_access::{AccessKey, KeyScopes};
use annotation_statistics_tests::{
    Download, Envelope, KeyDatabase, KeyHolder, OpenDownload, RawResponse, RunningService, Signer, access_key,
    csv_lines, record, task,
};
use serde_json::{Value, json};
use std::fmt::Write;

const AGAINST_A: &str = "/annotation-requests/a/reconciliations";

/// The keys of each recorded task.
const SLOT: &str = "0e767bcb-7480-4e85-bbe8-439fe7871104";
const INPUT: &str = "select-[e000f]";

/// Sends a sheet of this media type, signed.
fn send(service: &RunningService, signer: &Signer, target: &str, headers: &str, sheet: &str) -> RawResponse {
    let headers = format!("{headers}{}", signer.v2("POST", target, sheet));
    service.connect().fetch_with("POST", target, &headers, sheet)
}

fn csv(service: &RunningService, signer: &Signer, target: &str, sheet: &str) -> RawResponse {
    send(service, signer, target, "Content-Type: text/csv\r\n", sheet)
}

/// All lines in CSV.
fn lines(service: &RunningService, signer: &Signer, target: &str, sheet: &str) -> Download {
    let headers = format!("Content-Type: text/csv\r\nAccept: text/csv\r\n{}", signer.v2("POST", target, sheet));
    OpenDownload::start_with(service, "POST", target, &headers, sheet).finish()
}

fn tag(service: &RunningService, signer: &Signer) -> String {
    let target = "/annotation-requests/a";
    service.fetch("GET", target, &signer.v2("GET", target, "")).header("etag").unwrap().to_owned()
}

fn numbers(data: &Value) -> [u64; 6] {
    ["lines", "matched", "differing", "missing", "extra", "duplicate"].map(|name| data[name].as_u64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_compared_with_all_that_is_recorded_and_nothing_of_it_is_stored() {
    let (_data, service, [signer, _]) = two_tenants().await;
    let before = tag(&service, &signer);
    let sheet = format!("id;operationItem;count;note\n1;{SLOT};12;\n1;{INPUT};40;too few\n2;{SLOT};1;\n1;{SLOT};12;\n");
    let response = csv(&service, &signer, AGAINST_A, &sheet);
    let revision = before.trim_matches('"');
    assert_eq!(response.header("revision"), Some(revision));
    assert_eq!(response.header("counting-rule"), Some("unstated"));
    let line = |class: &str, line: u64, id: u64, item: &str, (ours, theirs): (i64, i64)| {
        json!({ "class": class, "line": line, "id": id, "sourceName": null, "operationItem": item, "label": null,
            "measure": "count", "ours": ours, "theirs": theirs, "delta": ours - theirs })
    };
    let expected = json!({
        "agrees": false, "sheetLines": 4, "lines": 4, "matched": 1, "differing": 1, "missing": 0, "extra": 1, "duplicate": 1,
        "ours": { "count": 56 }, "theirs": { "count": 65 }, "delta": { "count": -9 },
        "controlTotal": null, "ignoredColumns": ["note"], "roundedIds": 0, "revision": revision.parse::<i64>().unwrap(),
        "data": [
            line("differing", 3, 1, INPUT, (44, 40)),
            line("extra", 4, 2, SLOT, (0, 1)),
            line("duplicate", 5, 1, SLOT, (0, 12)),
        ],
    });
    assert_eq!(Envelope::of(&response).data, expected);
    assert_eq!(tag(&service, &signer), before, "the annotation request is what it was");

    let file = lines(&service, &signer, &format!("{AGAINST_A}?lines=differences"), &sheet);
    let expected = [
        "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure".to_owned(),
        format!("differing,3,1,{INPUT},,44,40,4,,count"),
        format!("extra,4,2,{SLOT},,0,1,-1,,count"),
        format!("duplicate,5,1,{SLOT},,0,12,-12,,count"),
        String::new(),
    ];
    assert_eq!((file.status, file.text()), (200, expected.join("\r\n").as_str()));
    assert_eq!((file.header("revision"), file.header("counting-rule")), (Some(revision), Some("unstated")));
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_named_by_their_labels_too_and_tasks_by_what_they_were_made_of() {
    let data = KeyDatabase::empty();
    record(&data.database, [task("a", 1).made_of("frames/1.jpg"), task("a", 2).made_of("frames/2.jpg")]).await;
    let key = tenant("ak-1", "1001");
    data.add(key.clone());
    let (service, signer) = (service_on(&data, ""), signer(&key));
    let target = "/annotation-requests/a/taxonomy";
    let operators =
        json!({ "operators": [{ "key": SLOT, "kind": "slot", "label": "Auto", "type": "rectangle" }] }).to_string();
    assert_eq!(service.fetch_json("PUT", target, &signer.v2("PUT", target, &operators), &operators).status, 200);
    let sheet = format!(
        "sourceName,operationItem,count\nframes/1.jpg,Auto,12\nframes/1.jpg,{INPUT},44\nframes/2.jpg,Auto,11\n"
    );
    let compared = Envelope::of(&csv(&service, &signer, AGAINST_A, &sheet)).data;
    assert_eq!(numbers(&compared), [3, 2, 1, 1, 0, 0]);
    let differing = &compared["data"][0];
    assert_eq!((&differing["label"], &differing["sourceName"]), (&json!("Auto"), &json!("frames/2.jpg")));

    let sums = Envelope::of(&csv(&service, &signer, AGAINST_A, "operationItem,count\nAuto,24\n")).data;
    assert_eq!((numbers(&sums), &sums["delta"]), ([1, 1, 0, 1, 0, 0], &json!({ "count": 88 })));
    let totals = Envelope::of(&csv(&service, &signer, AGAINST_A, "instanceNum,attributeNum,frameNum\n24,88,2\n")).data;
    assert_eq!((numbers(&totals), &totals["agrees"]), ([3, 3, 0, 0, 0, 0], &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_downloaded_agrees_with_what_it_was_downloaded_from() {
    let (_data, service, [signer, _]) = two_tenants().await;
    for format in ["format=csv", "format=csv&layout=long", "format=csv&bom=true", "format=jsonl"] {
        let target = format!("/statistics/export?annotationRequestId=a&{format}");
        let file = OpenDownload::start(&service, "GET", &target, &signer.v2("GET", &target, "")).finish();
        let compared = send(&service, &signer, AGAINST_A, "", file.text());
        assert_eq!(Envelope::of(&compared).data["agrees"], true, "{format}: {}", compared.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_twenty_thousand_lines_has_deltas_that_add_up() {
    let data = KeyDatabase::empty();
    let tasks = (0..5_000).map(|id| task("a", id).instance_info(&[("car", 3), ("bus", 1)], 4, 0));
    record(&data.database, tasks).await;
    let key = tenant("ak-1", "1001");
    data.add(key.clone());
    let (service, signer) = (service_on(&data, ""), signer(&key));
    let mut sheet = "id,operationItem,count\n".to_owned();
    for id in 2_500..12_500 {
        writeln!(sheet, "{id},car,{}\n{id},bus,1", id % 7).unwrap();
    }
    let counted = Envelope::of(&csv(&service, &signer, AGAINST_A, &sheet)).data;
    let [values, matched, differing, missing, extra, duplicate] = numbers(&counted);
    assert_eq!([values, matched + differing, missing, extra, duplicate], [20_000, 5_000, 5_000, 15_000, 0]);
    assert_eq!(counted["data"].as_array().unwrap().len(), 100);
    let file = lines(&service, &signer, AGAINST_A, &sheet);
    let rows = csv_lines(file.text());
    assert_eq!(rows.len(), 25_000);
    for name in ["ours", "theirs", "delta"] {
        let sum: i64 = rows.iter().map(|row| row[name].parse::<i64>().unwrap()).sum();
        assert_eq!(counted[name]["count"].as_i64(), Some(sum), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_that_cannot_be_compared_is_refused_with_what_to_do() {
    let (_data, service, [signer, _]) = two_tenants().await;
    for (sheet, message, reason) in [
        ("", "the sheet is empty", "nothing"),
        ("id,operationItem,count\n1,car,1.5\n", "line 2, column count: ", "half of one"),
        ("id,operationItem,count\n1146703288430260000,car,1\n", "line 2, column id: ", "rounded by a spreadsheet"),
        ("id,operationItem,count\n1.14E+18,car,1\n", "line 2, column id: ", "rounded and written as a fraction"),
        ("annotationRequestId,id,frameNum\nb,1,1\n", "line 2, column annotationRequestId: ", "of another request"),
        ("what,is,this\n1,2,3\n", "", "no column that is known"),
    ] {
        let refused = Envelope::of(&csv(&service, &signer, AGAINST_A, sheet));
        let start = format!("Invalid parameter: {message}");
        assert_eq!((refused.verdict().0, refused.code), (400, 4005), "{reason}");
        assert!(refused.verdict().2.starts_with(&start), "{reason}: {}", refused.verdict().2);
    }
    let other = Envelope::of(&csv(&service, &signer, &format!("{AGAINST_A}?against=statement:x"), "frameNum\n1\n"));
    assert_eq!(other.verdict(), (404, 404, "Not Found: no statement `x` of a"));
    let json = Envelope::of(&send(&service, &signer, AGAINST_A, "Content-Type: application/json\r\n", "{}"));
    assert_eq!(json.verdict(), (415, 415, "Unsupported Media Type"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_has_limits_of_its_own() {
    let data = KeyDatabase::empty();
    record(&data.database, [task("a", 1)]).await;
    let key = tenant("ak-1", "1001");
    data.add(key.clone());
    let settings = "api.max_body = 100\nreconciliation.max_body = 1000\nreconciliation.max_lines = 10";
    let (service, signer) = (service_on(&data, settings), signer(&key));
    let sheet = |lines: usize| {
        let lines = (0..lines).fold(String::new(), |lines, line| lines + &format!("item {line},1\n"));
        format!("operationItem,count,note\n{lines}car,1,{}\n", "x".repeat(200))
    };
    let fits = csv(&service, &signer, AGAINST_A, &sheet(1));
    assert_eq!(fits.status, 200, "larger than other bodies may be: {}", fits.text());
    let long = Envelope::of(&csv(&service, &signer, AGAINST_A, &sheet(10)));
    assert_eq!((long.verdict().0, long.code), (400, 4005), "{}", long.verdict().2);
    let large = Envelope::of(&csv(&service, &signer, AGAINST_A, &sheet(1_000)));
    assert_eq!(large.verdict(), (413, 413, "Payload Too Large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_read_a_request_compare_with_it() {
    let (data, _, [one, other]) = two_tenants().await;
    let writer = AccessKey { scopes: KeyScopes::Write, ..access_key("ak-3") };
    let reader = AccessKey { scopes: KeyScopes::Read, ..access_key("ak-4") };
    data.add(writer.clone());
    data.add(reader.clone());
    let service = service_on(&data, "");
    let sheet = "frameNum\n1\n";
    for (signer, target) in [(&other, AGAINST_A), (&one, "/annotation-requests/x/reconciliations")] {
        assert_eq!(Envelope::of(&csv(&service, signer, target, sheet)).verdict(), UNKNOWN, "{target}");
    }
    assert_eq!(csv(&service, &signer(&reader), AGAINST_A, sheet).status, 200, "it changes nothing");
    let refused = Envelope::of(&csv(&service, &signer(&writer), AGAINST_A, sheet));
    assert_eq!(refused.verdict(), (401, 402, "Authentication Failed"));
    let headers = format!("Content-Type: text/csv\r\n{}", one.v2("POST", AGAINST_A, sheet));
    let changed = service.connect().fetch_with("POST", AGAINST_A, &headers, "frameNum\n2\n");
    assert_eq!(Envelope::of(&changed).verdict(), (401, 401, "Wrong Signature"), "another sheet than the signed one");
    let unsigned = service.connect().fetch_with("POST", AGAINST_A, "Content-Type: text/csv\r\n", sheet);
    assert_eq!(unsigned.status, 401);
}
