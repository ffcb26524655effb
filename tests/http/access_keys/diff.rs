//! Two states of an annotation request, compared by those who may read it.

use super::{UNKNOWN, service_on, signer, tenant};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, NewStatement, PoolType, StatementName, Statistics,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use annotation_statistics_tests::{
    Download, Envelope, Implementation, KeyDatabase, KeyHolder, OpenDownload, RawResponse, RunningService, Signer,
    Task, csv_lines, record, task, xlsx_lines,
};
use calamine::{Reader, Xlsx};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::sync::Arc;

const DIFF: &str = "/annotation-requests/a/diff";
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The first one of RFC 8032.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
                   -----END PRIVATE KEY-----\n";

/// A task in the complete pool, and one that is checked.
fn done(id: i64, cars: u32, colors: u32) -> Task {
    counted(id, cars, colors).pool(PoolType::Complete, "complete pool").status(11)
}

fn open(id: i64, cars: u32, colors: u32) -> Task {
    counted(id, cars, colors).pool(PoolType::Check, "check pool").status(6)
}

fn counted(id: i64, cars: u32, colors: u32) -> Task {
    task("a", id).instance_info(&[("car", cars), ("car/color", colors)], cars, colors).frames(1)
}

/// A service with five tasks, of which there is a statement; then one was reworked, one reopened and one delivered, one
/// removed, and one added.
struct Given {
    data: KeyDatabase,
    service: RunningService,
    signer: Signer,
    foreign: Signer,
}

impl Given {
    async fn new() -> Self {
        let data = KeyDatabase::empty();
        // Not in the order of their ids.
        record(&data.database, [done(5, 7, 0), done(1, 2, 2), open(3, 4, 0), done(2, 1, 0), open(4, 0, 0)]).await;
        let keys = [tenant("ak-1", "1001"), tenant("ak-2", "1002")];
        for key in &keys {
            data.add(key.clone());
        }
        let service = service_on(&data, "");
        let [signer, foreign] = keys.each_ref().map(signer);
        let given = Self { data, service, signer, foreign };
        given.state("2026-10").await;
        record(&given.data.database, [open(9, 1, 0), done(1, 3, 2), open(2, 1, 0), done(3, 4, 0)]).await;
        let target = "/annotation-requests/a/statistics/5";
        let deleted = given.service.fetch("DELETE", target, &given.signer.v2("DELETE", target, ""));
        assert_eq!(deleted.status, 200);
        given
    }

    async fn state(&self, name: &str) {
        let new = NewStatement {
            annotation_request_id: AnnotationRequestId::new("a").unwrap(),
            name: StatementName::new(name).unwrap(),
            actor: "a test".to_owned(),
        };
        let format = Arc::new(SignedFormat::new(SigningKey::from_pem(KEY).unwrap()));
        self.data.database.statements().create(new, &CampaignScope::All, format).await.unwrap();
    }

    fn get(&self, signer: &Signer, query: &str) -> RawResponse {
        let target = format!("{DIFF}{query}");
        self.service.fetch("GET", &target, &signer.v2("GET", &target, ""))
    }

    fn data(&self, query: &str) -> Value {
        let response = self.get(&self.signer, query);
        assert_eq!(response.status, 200, "{query}");
        Envelope::of(&response).data
    }

    fn csv(&self, query: &str) -> Download {
        self.file(query, "text/csv")
    }

    fn file(&self, query: &str, media_type: &str) -> Download {
        let target = format!("{DIFF}{query}");
        let headers = format!("Accept: {media_type}\r\n{}", self.signer.v2("GET", &target, ""));
        OpenDownload::start_with(&self.service, "GET", &target, &headers, "").finish()
    }
}

/// What is said of a task on one side.
fn side(task: &Task) -> Value {
    let task: Statistics = task.statistics();
    json!({
        "status": task.status().code(), "poolName": task.pool_name().as_str(), "poolType": task.pool_type().number(),
        "instanceInfo": serde_json::to_value(&task).unwrap()["instanceInfo"], "instanceNum": task.instance_num().get(),
        "attributeNum": task.attribute_num().get(), "frameNum": task.frame_num().get(),
    })
}

fn lines() -> Vec<Value> {
    let line =
        |id: i64, flags: [&str; 2], from: Value, to: Value| json!({ "id": id, "flags": flags, "from": from, "to": to });
    vec![
        line(1, ["changed", "reworked"], side(&done(1, 2, 2)), side(&done(1, 3, 2))),
        line(2, ["changed", "reopened"], side(&done(2, 1, 0)), side(&open(2, 1, 0))),
        line(3, ["changed", "delivered"], side(&open(3, 4, 0)), side(&done(3, 4, 0))),
        line(5, ["removed", "reopened"], side(&done(5, 7, 0)), Value::Null),
        json!({ "id": 9, "flags": ["added"], "from": null, "to": side(&open(9, 1, 0)) }),
    ]
}

/// The response where the states have these names and revisions.
fn expected(names: [Value; 2], revisions: [i64; 2]) -> Value {
    let sums = |tasks: u32, instances: u32| json!({ "taskNum": tasks, "instanceNum": instances, "attributeNum": 2, "frameNum": tasks });
    let [from, to] = names;
    json!({
        "tasks": { "added": 1, "removed": 1, "changed": 3, "unchanged": 1, "delivered": 1, "reopened": 2, "reworked": 1 },
        "from": { "statement": from, "revision": revisions[0], "total": sums(5, 14), "delivered": sums(3, 10) },
        "to": { "statement": to, "revision": revisions[1], "total": sums(5, 9), "delivered": sums(2, 7) },
        "delta": { "taskNum": 0, "instanceNum": -5, "attributeNum": 0, "frameNum": 0 },
        "operationItems": [
            { "key": "car", "label": null, "kind": "slot", "from": 14, "to": 9, "delta": -5 },
            { "key": "car/color", "label": null, "kind": "input", "from": 2, "to": 2, "delta": 0 },
        ],
        "data": lines(), "next": null,
    })
}

fn revision(response: &RawResponse) -> i64 {
    response.header("revision").unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_compared_with_now_and_with_the_next_one() {
    let given = Given::new().await;
    let response = given.get(&given.signer, "");
    let now = Envelope::of(&response).data;
    let revisions = [now["from"]["revision"].as_i64().unwrap(), revision(&response)];
    assert!(revisions[0] < revisions[1]);
    assert_eq!(now, expected(["2026-10".into(), Value::Null], revisions));
    assert_eq!(response.header("etag"), None, "now changes");

    given.state("2026-11").await;
    let response = given.get(&given.signer, "?to=statement:2026-11");
    assert_eq!(Envelope::of(&response).data, expected(["2026-10".into(), "2026-11".into()], revisions));
    let same = given.data("");
    assert_eq!((&same["tasks"]["unchanged"], &same["data"]), (&json!(5), &json!([])), "now is as it was stated");

    let tag = response.header("etag").unwrap();
    let target = format!("{DIFF}?to=statement:2026-11");
    let headers = format!("If-None-Match: {tag}\r\n{}", given.signer.v2("GET", &target, ""));
    assert_eq!(given.service.fetch("GET", &target, &headers).status, 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_files_have_each_task_that_differs() {
    let given = Given::new().await;
    let page = |query: &str| {
        let page = given.data(query);
        (page["data"].clone(), page["next"].clone())
    };
    let with_now = [page("?limit=2"), page("?limit=2&after=2"), page("?limit=2&after=5")];
    given.state("2026-11").await;
    let to = "?to=statement:2026-11&limit=2";
    let of_statements = [page(to), page(&format!("{to}&after=2")), page(&format!("{to}&after=5"))];
    let lines = lines();
    let expected =
        [(json!(lines[..2]), json!("2")), (json!(lines[2..4]), json!("5")), (json!(lines[4..]), Value::Null)];
    assert_eq!((&with_now, &of_statements), (&expected, &expected));

    let files = [given.csv("?from=statement:2026-10"), given.csv("?to=statement:2026-11&format=csv")];
    let [with_now, of_statements] = files.each_ref().map(|file| (file.status, file.text()));
    assert_eq!(with_now, of_statements);
    let lines: Vec<_> = with_now.1.lines().collect();
    assert_eq!(lines.len(), 1 + 5 * 5, "five counts of each task");
    assert_eq!(lines[1], "changed,reworked,1,count,car,,2,3,1,11,11,5,5,complete pool,complete pool,,");
    assert_eq!(lines[16], "removed,reopened,5,count,car,,7,,-7,11,,5,,complete pool,,,");
}

/// The first sheet, a text for each line.
fn summary(file: &Download) -> Vec<String> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(&file.body)).unwrap();
    assert_eq!(workbook.sheet_names(), ["Summary", "Differences"]);
    let sheet = workbook.worksheet_range("Summary").unwrap();
    sheet.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect()
}

/// The first sheet of what is compared there, by the sums of the response as JSON; of each side its name, number and digest.
fn expected_summary(data: &Value, sides: [[&str; 3]; 2]) -> Vec<String> {
    let side = |name: &str, [statement, number, digest]: [&str; 3]| {
        format!("{name}|{statement}|{number}|{}|{digest}|", data[name]["revision"])
    };
    let kinds = ["added", "removed", "changed", "unchanged", "delivered", "reopened", "reworked"];
    let sums = |name: &str, pools: &str, of: &Value| {
        let numbers = ["taskNum", "instanceNum", "attributeNum", "frameNum"].map(|sum| of[sum].to_string());
        format!("{name}|{pools}|{}", numbers.join("|"))
    };
    let mut lines = vec!["What differs|||||".to_owned(), "annotationRequestId|a||||".to_owned(), "|||||".to_owned()];
    lines.push("|statement|number|revision|sha256|".to_owned());
    lines.extend([side("from", sides[0]), side("to", sides[1]), "|||||".to_owned(), "Tasks|count||||".to_owned()]);
    lines.extend(kinds.map(|kind| format!("{kind}|{}||||", data["tasks"][kind])));
    lines.extend(["|||||".to_owned(), "Sums|pools|taskNum|instanceNum|attributeNum|frameNum".to_owned()]);
    lines.extend(["from", "to"].map(|name| sums(name, "all", &data[name]["total"])));
    lines.push(sums("delta", "all", &data["delta"]));
    lines.extend(["from", "to"].map(|name| sums(name, "complete", &data[name]["delivered"])));
    lines.extend(["|||||".to_owned(), "Operation item|label|kind|from|to|delta".to_owned()]);
    let item = |item: &Value| {
        let (key, kind) = (item["key"].as_str().unwrap(), item["kind"].as_str().unwrap());
        format!("{key}||{kind}|{}|{}|{}", item["from"], item["to"], item["delta"])
    };
    lines.extend(data["operationItems"].as_array().unwrap().iter().map(item));
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_has_the_sums_of_json_and_the_lines_of_csv() {
    let given = Given::new().await;
    let with_now = (given.file("", WORKBOOK), given.data(""), ["now", "", ""]);
    given.state("2026-11").await;
    let digest = |name: &str| {
        let target = format!("/annotation-requests/a/statements/{name}/statement.json");
        let response = given.service.fetch("GET", &target, &given.signer.v2("GET", &target, ""));
        Sha256::digest(&response.body).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
    };
    let (earlier, later) = (digest("2026-10"), digest("2026-11"));
    let query = "?to=statement:2026-11";
    let of_statements =
        (given.file(&format!("{query}&format=xlsx"), "text/csv"), given.data(query), ["2026-11", "2", &later]);
    let lines = csv_lines(given.csv(query).text());
    for (file, data, to) in [with_now, of_statements] {
        assert_eq!((file.status, file.header("content-type")), (200, Some(WORKBOOK)));
        assert!(file.header("content-disposition").unwrap().ends_with(".xlsx\""));
        assert_eq!(summary(&file), expected_summary(&data, [["2026-10", "1", &earlier], to]));
        assert_eq!(xlsx_lines(&file.body, "Differences"), lines);
        let measure = |measure: &str| {
            let of = lines.iter().filter(|line| line["measure"] == measure);
            of.map(|line| line["delta"].parse::<i64>().unwrap()).sum::<i64>()
        };
        for sum in ["instanceNum", "attributeNum", "frameNum"] {
            assert_eq!(data["delta"][sum], measure(sum), "{sum}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_to_those_who_may_not_read_it() {
    let given = Given::new().await;
    for query in ["", "?from=statement:2026-10", "?from=statement:2026-09", "?format=csv", "?format=xlsx"] {
        assert_eq!(Envelope::of(&given.get(&given.foreign, query)).verdict(), UNKNOWN, "{query}");
    }
    assert_eq!(given.service.fetch("GET", DIFF, "").status, 401);
    let unknown = Envelope::of(&given.get(&given.signer, "?from=statement:2026-09"));
    let message = "Not Found: annotation request `a` has no statement `2026-09`";
    assert_eq!(unknown.verdict(), (404, 404, message));
    let past = Envelope::of(&given.get(&given.signer, "?asOf=2026-10-31"));
    assert_eq!((past.verdict().0, past.verdict().1), (400, 4005));
}
