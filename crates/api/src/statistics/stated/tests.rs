use super::fixture::{Full, Kept, stated, summary_of, tasks};
use crate::test_support::{TestResponse, get, ports, refusal, send, settings, state_of, success, with_json};
use crate::{ApiSettings, Ports};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ExportError, ExportTarget, MockStatisticsExporter,
    MockSummaryRepository, RecordedTask, RepositoryError, RowFrame, StatementName, StatisticsExporter, Summary,
    TaskFilter,
};
use annotation_statistics_exports::write_line;
use std::num::NonZeroUsize;
use std::sync::Arc;

const BASE: &str = "/rosetta-open/statistics";
const TWO: &str = "annotationRequestId=b&annotationRequestId=a&statement=2026-11";

fn two() -> Kept {
    Kept::of(&[("a", 300), ("b", 257)])
}

/// The tasks of both, in the order requested.
fn tasks_of_two() -> Vec<RecordedTask> {
    [tasks("b", 257), tasks("a", 300)].concat()
}

fn rows_of(tasks: &[RecordedTask]) -> String {
    let row = |task: &RecordedTask| {
        let mut json = Vec::new();
        task.statistics.write_json(&mut json).unwrap();
        String::from_utf8(json).unwrap()
    };
    tasks.iter().map(row).collect::<Vec<_>>().join(",")
}

#[actix_web::test]
async fn each_page_of_statements_is_a_part_of_all_their_rows() {
    let all = tasks_of_two();
    for (page, limit) in [(1, 100), (2, 100), (3, 100), (6, 100), (7, 100), (9, 32), (18, 32), (1, 1), (557, 1)] {
        let first = (page - 1) * limit;
        let rows = all.get(first..(first + limit).min(all.len())).unwrap_or_default();
        let url = format!("{BASE}?{TWO}&offset={page}&limit={limit}");
        let response = get(two().state(), &url).await;
        let expected = success(&format!(r#"{{"count":557,"data":[{}]}}"#, rows_of(rows)));
        assert_eq!((response.status, response.text()), (200, expected.as_str()), "{url}");
    }
}

#[actix_web::test]
async fn a_page_says_of_which_statement_it_is() {
    let response = get(two().state(), &format!("{BASE}?{TWO}&limit=200&offset=2")).await;
    let link = "</rosetta-open/statistics?annotationRequestId=b&annotationRequestId=a&offset=3&limit=100&statement=2026-11>; \
        rel=\"next\"";
    assert!(response.header("link").unwrap().contains(link), "{:?}", response.header("link"));
    for (name, value) in [
        ("statement", "2026-11"),
        ("counting-rule", "objects/2"),
        ("effective-limit", "100"),
        ("cache-control", "private, no-cache"),
    ] {
        assert_eq!(response.header(name), Some(value));
    }
}

#[actix_web::test]
async fn a_query_in_a_body_is_answered_from_a_statement() {
    let body = r#"{"annotationRequestIds":["b","a"],"statement":"2026-11","limit":2}"#;
    let url = format!("{BASE}/query");
    let response = send(two().state(), with_json(TestRequest::post(), &url, body)).await;
    let same = get(two().state(), &format!("{BASE}?{TWO}&limit=2")).await;
    assert_eq!((response.status, response.text()), (200, same.text()));
    assert_eq!(response.header("statement"), Some("2026-11"));
    for (value, why) in [
        ("7", "must be a text, got 7"),
        ("null", "must be a text, got null"),
        ("\".x\"", "must be 1 to 64 letters, digits and . _ - with no dot in front, such as 2026-11, got \".x\""),
    ] {
        let body = format!(r#"{{"annotationRequestIds":["a"],"statement":{value}}}"#);
        let response = send(two().state(), with_json(TestRequest::post(), &url, &body)).await;
        let expected = refusal(4005, &format!("Invalid parameter: statement {why}"));
        assert_eq!((response.status, response.text()), (400, expected.as_str()));
    }
}

#[actix_web::test]
async fn a_client_that_has_a_page_of_a_statement_is_sent_none() {
    let url = format!("{BASE}?{TWO}&limit=2");
    let state = two().state();
    let first = get(state.clone(), &url).await;
    let tag = first.header("etag").unwrap().to_owned();
    let again = |state| send(state, TestRequest::get().uri(&url).insert_header(("If-None-Match", tag.clone())));
    let known = again(state.clone()).await;
    assert_eq!((known.status, known.text(), known.header("statement")), (304, "", Some("2026-11")));
    let cached = get(state, &url).await;
    assert_eq!((cached.text(), cached.header("etag")), (first.text(), Some(tag.as_str())));
}

#[actix_web::test]
async fn requests_without_the_statement_are_all_named() {
    for url in ["", "/summary", "/export"] {
        let id = |id: &str| AnnotationRequestId::new(id).unwrap();
        let kept = Kept { unstated: vec![id("u,1"), id("u2")], ..two() };
        let query = "annotationRequestId=u,1&annotationRequestId=a&annotationRequestId=u2&statement=2026-11";
        let response = get(kept.state(), &format!("{BASE}{url}?{query}")).await;
        let expected = refusal(404, "Not Found: no statement `2026-11` of u,1, u2");
        assert_eq!((response.status, response.text()), (404, expected.as_str()), "{url}");
        assert_eq!(response.header("unknown-statement"), Some("u%2C1, u2"));
        let kept = Kept { unstated: vec![id("u")], ..two() };
        let query = "annotationRequestId=u&annotationRequestId=x&annotationRequestId=a&statement=2026-11";
        let response = get(kept.state(), &format!("{BASE}{url}?{query}")).await;
        let expected = refusal(53003, "Annotation request has not exists.");
        assert_eq!((response.status, response.text()), (404, expected.as_str()), "{url}");
        assert_eq!(response.header("unknown-annotation-request"), Some("x"));
    }
}

#[actix_web::test]
async fn what_is_not_in_a_statement_is_refused() {
    for (query, why) in [
        (
            "statement=",
            "statement must be 1 to 64 letters, digits and . _ - with no dot in front, such as 2026-11, got \"\"",
        ),
        ("statement=a&statement=b", "statement must be given only once"),
        ("statement[]=a", "statement is no filter of this operation"),
        ("statement=a&zeroFill=true", "zeroFill cannot be true with statement: what was ordered is not in statements"),
        ("statement=a&status=11", "status is no filter of this operation"),
    ] {
        let response = get(two().state(), &format!("{BASE}?annotationRequestId=a&{query}")).await;
        let expected = refusal(4005, &format!("Invalid parameter: {why}"));
        assert_eq!((response.status, response.text()), (400, expected.as_str()), "{query}");
    }
}

#[actix_web::test]
async fn a_page_of_a_statement_that_is_too_large_says_which_limit_fits() {
    let state = |max_answer| two().state_with(ApiSettings { max_answer, ..settings() });
    let response = get(state(20_000), &format!("{BASE}?{TWO}&limit=100")).await;
    let why = "Payload Too Large: the rows of this page are more than 20000 bytes: ask for fewer, limit=59 fits";
    assert_eq!((response.status, response.text()), (413, refusal(413, why).as_str()));
    assert_eq!(get(state(20_000), &format!("{BASE}?{TWO}&limit=59")).await.status, 200);
    assert_eq!(get(state(10), &format!("{BASE}?{TWO}&limit=1")).await.status, 200, "one row is sent whatever its size");
}

/// The response to the same query where what was stated is what is recorded.
async fn live(path: &str, query: &str) -> TestResponse {
    let (all, summary) = (tasks_of_two(), summary_of(&["b", "a"], &tasks_of_two()));
    let (mut summaries, mut exporter) = (MockSummaryRepository::new(), MockStatisticsExporter::new());
    let sums = summary.clone();
    summaries.expect_summarize().returning(move |_, _, _| Ok(sums.clone()));
    exporter.expect_export().returning(move |_, _, _, target| hand_over(&summary, &all, target));
    let ports = Ports { summaries: Arc::new(summaries), exporter: Arc::new(exporter), ..ports() };
    get(state_of(ports, settings()), &format!("{BASE}{path}?annotationRequestId=b&annotationRequestId=a{query}")).await
}

fn hand_over(summary: &Summary, all: &[RecordedTask], mut target: Box<dyn ExportTarget>) -> Result<(), ExportError> {
    let mut taken = || {
        target.begin(summary)?;
        all.iter().try_for_each(|task| target.take(task))?;
        target.finish()
    };
    taken().map_err(ExportError::Target)
}

#[actix_web::test]
async fn the_sums_and_the_files_of_statements_are_those_of_what_was_recorded() {
    for (path, query) in [
        ("/summary", ""),
        ("/summary", "&format=csv"),
        ("/export", "&format=csv"),
        ("/export", "&format=csv&layout=long&bom=true"),
        ("/export", "&format=jsonl"),
    ] {
        let expected = live(path, query).await;
        let response = get(two().state(), &format!("{BASE}{path}?{TWO}{query}")).await;
        assert_eq!((response.status, &response.body), (200, &expected.body), "{path}{query}");
        assert_ne!(response.header("etag"), expected.header("etag"), "{path}{query}");
        assert_eq!(response.header("statement"), Some("2026-11"), "{path}{query}");
    }
    let mut lines = Vec::new();
    for task in tasks("a", 300) {
        write_line(&mut lines, &task).unwrap();
    }
    let one = get(two().state(), &format!("{BASE}/export?annotationRequestId=a&statement=2026-11&format=jsonl")).await;
    assert_eq!(one.body, lines, "the rows of the statement, byte for byte");
}

#[actix_web::test]
async fn sums_over_a_part_of_the_tasks_are_added_up_out_of_their_rows() {
    let query = "&poolType=5&itemsBy=annotationRequestId,status";
    let response = get(Kept::of(&[("a", 6), ("b", 3)]).state(), &format!("{BASE}/summary?{TWO}{query}")).await;
    let item = |key: &str, kind: &str, count, tasks| {
        format!(r#"{{"key":"{key}","kind":"{kind}","count":{count},"taskNum":{tasks}}}"#)
    };
    let sums = |tasks, instances, attributes| {
        format!(r#""taskNum":{tasks},"instanceNum":{instances},"attributeNum":{attributes},"frameNum":{tasks}"#)
    };
    let request = |id: &str, sums: String| {
        format!(r#"{{"annotationRequestId":"{id}","campaignId":"1001","countingRule":"objects/2",{sums}}}"#)
    };
    let part = |key: &str, id: &str, count, tasks| {
        format!(r#"{{"key":"{key}","annotationRequestId":"{id}","status":11,"count":{count},"taskNum":{tasks}}}"#)
    };
    let items = [item("car", "slot", 7, 3), item("car/color", "input", 1, 1)].join(",");
    let requests = [request("b", sums(1, 3, 0)), request("a", sums(2, 4, 1))].join(",");
    let parts = [part("car", "b", 3, 1), part("car", "a", 4, 2), part("car/color", "a", 1, 1)].join(",");
    let all = sums(3, 7, 1);
    let expected = success(&format!(
        r#"{{{all},"operationItems":[{items}],"poolTypes":[{{"poolType":5,{all}}}],"statuses":[{{"status":11,{all}}}],"requests":[{requests}],"operationItemParts":[{parts}],"filter":{{"poolType":[5]}}}}"#
    ));
    assert_eq!((response.status, response.text()), (200, expected.as_str()));
}

#[actix_web::test]
async fn an_export_of_a_part_of_a_statement_has_the_tasks_of_its_sums() {
    let query = "statement=2026-11&annotationRequestId=a&status=11&format=jsonl";
    let response = get(two().state(), &format!("{BASE}/export?{query}")).await;
    let mut lines = Vec::new();
    let covered = tasks("a", 300).into_iter().filter(|task| task.statistics.status().code() == 11);
    covered.for_each(|task| write_line(&mut lines, &task).unwrap());
    assert_eq!((response.status, response.body), (200, lines));
    let other = get(two().state(), &format!("{BASE}/export?{query}&campaignId=x")).await;
    assert_eq!((other.status, other.text()), (200, ""));
}

/// Exports out of statements of request `a`.
async fn export(kept: Kept, target: Box<dyn ExportTarget>) -> Result<(), ExportError> {
    let stated = kept.state().stated(&StatementName::new("2026-11").unwrap());
    let requests = AnnotationRequestIds::from(AnnotationRequestId::new("a").unwrap());
    stated.export(&requests, &TaskFilter::default(), &CampaignScope::All, target).await
}

#[actix_web::test]
async fn a_target_that_fails_ends_an_export() {
    let failed = export(Kept::of(&[("a", 20_000)]), Box::new(Full(700))).await.unwrap_err();
    assert!(matches!(&failed, ExportError::Target(error) if error.to_string() == "full"), "{failed:?}");
}

/// The frames of the only statement.
fn frames_of(kept: &mut Kept) -> &mut Vec<RowFrame> {
    &mut kept.statements.values_mut().next().unwrap().1
}

#[actix_web::test]
async fn frames_that_are_not_those_of_the_document_are_corrupt() {
    type Damage = fn(&mut Kept);
    let damages: [(Damage, &str); 4] = [
        (|kept| drop(frames_of(kept).pop()), "frame 1 is missing"),
        (|kept| frames_of(kept)[1].zstd.truncate(9), "line 1: the input cannot be read"),
        (
            |kept| frames_of(kept)[1].zstd = stated("a", &tasks("a", 100)).1.remove(0).zstd,
            "there are more rows than tasks",
        ),
        (
            |kept| {
                let other = stated("a", &tasks("a", 43)).1.remove(0);
                frames_of(kept)[1].zstd = other.zstd;
            },
            "1 rows are missing",
        ),
    ];
    for (damage, why) in damages {
        let mut kept = Kept::of(&[("a", 300)]);
        damage(&mut kept);
        let failed = export(kept, Box::new(Full(1_000))).await.unwrap_err();
        let ExportError::Repository(RepositoryError::Corrupt { what }) = &failed else { panic!("{failed:?}") };
        assert!(what.starts_with("statement `2026-11` of `a`: ") && what.contains(why), "{what}");
    }
}

#[actix_web::test]
async fn more_readers_than_there_may_be_are_refused() {
    let state = two().state_with(ApiSettings { max_statement_exports: NonZeroUsize::MIN, ..settings() });
    let permit = state.statement_readers.clone().try_acquire_owned().unwrap();
    let url = format!("{BASE}/export?{TWO}");
    let response = get(state.clone(), &url).await;
    assert_eq!((response.status, response.header("retry-after")), (503, Some("1")));
    drop(permit);
    assert_eq!(get(state, &url).await.status, 200);
}
