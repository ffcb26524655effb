use crate::test_support::{
    HICCUP, RECONCILIATION, TestResponse, UNKNOWN, compact, named_row, ports, refusal, send, settings, state_of,
    uncalled,
};
use crate::{ApiSettings, ApiState, Ports, ReconciliationSettings};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignId, CountingRuleName, ExportError, ExportTarget, ItemLabel, ItemSums,
    KeptTaxonomy, MockStatisticsExporter, MockSummaryRepository, MockTaxonomyRepository, OperationItemKey, Operator,
    OperatorKind, OperatorType, Place, PoolType, Quantity, RecordedTask, RegistryError, RepositoryError, RequestTotals,
    Revision, Summary, TaskFilter, TaskStatus, Taxonomy, TaxonomySource, Totals,
};
use std::sync::Arc;

const URL: &str = "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b/reconciliations";

/// One task by two of its items, one of them by its label, a task that is not recorded, and the same of it again.
const SHEET: &str = "id,operationItem,count,price\n1146703288430264321,car,1,0.5\n1146703288430264321,Color,40,0.1\n\
                     7,car,2,0.5\n7,car,2,0.5\n";

fn id() -> AnnotationRequestId {
    AnnotationRequestId::new("7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b").unwrap()
}

/// The sums of the task of the example.
fn summary() -> Summary {
    let totals = Totals { tasks: 1, instances: 12, attributes: 44, frames: 1 };
    let request = RequestTotals {
        id: id(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(1_744_122_000_000_000),
        task_count: 1,
        groups: vec![(PoolType::Complete, TaskStatus::LABELS_APPROVED, totals)],
    };
    let items = [("0e767bcb-7480-4e85-bbe8-439fe7871104", 11, 1), ("car", 1, 1), ("select-[e000f]", 44, 0)];
    let items = items.map(|(key, count, tasks_of_slots)| ItemSums {
        key: OperationItemKey::new(key).unwrap(),
        count,
        tasks: 1,
        tasks_of_slots,
        tasks_of_inputs: 1 - tasks_of_slots,
        stated_kind: None,
    });
    Summary::new(vec![request], items.into()).unwrap()
}

fn labelled() -> KeptTaxonomy {
    let color = Operator {
        key: OperationItemKey::new("select-[e000f]").unwrap(),
        parent: None,
        kind: OperatorKind::Input,
        label: ItemLabel::new("Color").unwrap(),
        export_label: None,
        operator_type: OperatorType::new("select").unwrap(),
        required: false,
        quantity: Quantity::default(),
    };
    KeptTaxonomy {
        taxonomy: Taxonomy::new(vec![color], None).unwrap(),
        source: Some(TaxonomySource::Stated),
        revision: Revision::from(7),
    }
}

/// Exports the task of the example.
fn export(target: &mut dyn ExportTarget) -> Result<(), BoxError> {
    let task = RecordedTask {
        place: Place::from(1),
        annotation_request_id: id(),
        counting_rule: None,
        item_kinds: annotation_statistics_domain::ItemKinds::default(),
        statistics: named_row("frames/7.jpg"),
    };
    target.begin(&summary())?;
    target.take(&task)?;
    target.finish()
}

/// A state with the sums and the labels of the example, and this exporter.
fn state_with(exporter: MockStatisticsExporter, settings: ApiSettings) -> ApiState {
    let mut summaries = MockSummaryRepository::new();
    summaries.expect_summarize().returning(|_, _, _| Ok(summary()));
    let mut taxonomies = MockTaxonomyRepository::new();
    taxonomies.expect_find().returning(|_, _| Ok(labelled()));
    let (summaries, taxonomies) = (Arc::new(summaries), Arc::new(taxonomies));
    state_of(Ports { summaries, taxonomies, exporter: Arc::new(exporter), ..ports() }, settings)
}

/// The same, with the task of the example.
fn state() -> ApiState {
    let mut exporter = MockStatisticsExporter::new();
    exporter.expect_export().times(..=1).returning(|requests, filter, _, mut target| {
        assert_eq!((requests.as_slice(), filter), (&[id()][..], &TaskFilter::default()));
        export(&mut *target).map_err(ExportError::Target)
    });
    state_with(exporter, settings())
}

async fn post(state: ApiState, url: &str, headers: &[(&str, &str)], sheet: &str) -> TestResponse {
    let request = TestRequest::post().uri(url).set_payload(sheet.to_owned());
    send(state, headers.iter().fold(request, |request, header| request.insert_header(*header))).await
}

const CSV: (&str, &str) = ("Content-Type", "text/csv");

#[actix_web::test]
async fn a_sheet_is_compared_as_the_documentation_shows_it() {
    let response = post(state(), URL, &[CSV], SHEET).await;
    assert_eq!((response.status, response.text()), (200, compact(RECONCILIATION).as_str()));
    assert_eq!(response.header("revision"), Some("1744122000000000"));
    assert_eq!(response.header("counting-rule"), Some("objects/2"));
    assert_eq!(response.header("cache-control"), Some("private, no-cache"));
    assert_eq!(response.header("vary"), Some("accept"));
    for url in [format!("{URL}?against=now&sheetFormat=csv"), URL.to_owned()] {
        let same = post(state(), &url, &[], SHEET).await;
        assert_eq!(same.text(), response.text(), "by its first bytes");
    }
}

#[actix_web::test]
async fn all_lines_are_a_file_where_that_is_preferred() {
    let accept = ("Accept", "text/csv");
    let response = post(state(), URL, &[CSV, accept], SHEET).await;
    let lines = [
        "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure",
        "missing,,1146703288430264321,0e767bcb-7480-4e85-bbe8-439fe7871104,,11,0,11,frames/7.jpg,count",
        "matched,2,1146703288430264321,car,,1,1,0,frames/7.jpg,count",
        "differing,3,1146703288430264321,select-[e000f],Color,44,40,4,frames/7.jpg,count",
        "extra,4,7,car,,0,2,-2,,count",
        "duplicate,5,7,car,,0,2,-2,,count",
        "",
    ];
    assert_eq!((response.status, response.text()), (200, lines.join("\r\n").as_str()));
    for (name, value) in [
        ("content-type", "text/csv; charset=utf-8; header=present"),
        ("revision", "1744122000000000"),
        ("counting-rule", "objects/2"),
        (
            "content-disposition",
            "attachment; filename=\"comparison-7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b-2025-04-08.csv\"",
        ),
    ] {
        assert_eq!(response.header(name), Some(value), "{name}");
    }
    let response = post(state(), &format!("{URL}?lines=differences&bom=true"), &[CSV, accept], SHEET).await;
    let differences: Vec<_> = lines.into_iter().filter(|line| !line.starts_with("matched")).collect();
    assert_eq!(response.text(), format!("\u{feff}{}", differences.join("\r\n")));
}

#[actix_web::test]
async fn a_sheet_of_sums_is_compared_with_the_kept_sums_and_no_task_is_read() {
    let sheet = "operationItem,count\nColor,44\ncar,2\n";
    let state = || state_with(MockStatisticsExporter::new(), settings());
    let response = post(state(), &format!("{URL}?lines=differences"), &[CSV, ("Accept", "text/csv")], sheet).await;
    let expected = "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure\r\n\
                    missing,,,0e767bcb-7480-4e85-bbe8-439fe7871104,,11,0,11,,count\r\n\
                    differing,3,,car,,1,2,-1,,count\r\n";
    assert_eq!((response.status, response.text()), (200, expected));
    let response = post(state(), URL, &[CSV], sheet).await;
    let data = &serde_json::from_str::<serde_json::Value>(response.text()).unwrap()["data"];
    let numbers = ["lines", "matched", "differing", "missing", "extra", "duplicate"].map(|name| data[name].as_u64());
    assert_eq!(numbers, [2, 1, 1, 1, 0, 0].map(Some));
    assert_eq!((&data["delta"], &data["agrees"]), (&serde_json::json!({ "count": 10 }), &false.into()));
}

#[actix_web::test]
async fn a_sheet_that_cannot_be_compared_is_refused_with_its_place_and_what_to_do() {
    for (headers, sheet, status, code, message) in [
        (&[CSV][..], "", 400, 4005, "Invalid parameter: the sheet is empty"),
        (&[CSV], "id,operationItem,count\n7,car,many\n", 400, 4005, "Invalid parameter: line 2, column count: "),
        (
            &[CSV],
            "id,operationItem,count\n1146703288430260000,car,1\n",
            400,
            4005,
            "Invalid parameter: line 2, column id: ",
        ),
        (&[("Content-Type", "application/json")], "{}", 415, 415, "Unsupported Media Type"),
        (&[CSV, ("Content-Encoding", "gzip")], "id", 415, 415, "Unsupported Media Type"),
    ] {
        let response = post(state(), URL, headers, sheet).await;
        let body: serde_json::Value = serde_json::from_str(response.text()).unwrap();
        assert_eq!((response.status, body["code"].as_u64()), (status, Some(code)), "{sheet}");
        assert!(body["message"].as_str().unwrap().starts_with(message), "{body}");
    }
    let response = post(uncalled(), &format!("{URL}?against=then"), &[CSV], SHEET).await;
    let message = "Invalid parameter: against must be now or statement:NAME, got \"then\"";
    assert_eq!((response.status, response.text()), (400, refusal(4005, message).as_str()));
}

#[actix_web::test]
async fn a_sheet_may_be_larger_than_other_bodies_and_no_larger_than_its_own_limit() {
    let limited = |max_body| {
        let reconciliation = ReconciliationSettings { max_body, ..settings().reconciliation };
        ApiSettings { reconciliation, max_body: 10, ..settings() }
    };
    let state = |max_body| state_with(MockStatisticsExporter::new(), limited(max_body));
    let sheet = "operationItem,count\nColor,44\n";
    assert_eq!(post(state(sheet.len()), URL, &[CSV], sheet).await.status, 200);
    for headers in [&[CSV][..], &[CSV, ("Content-Length", "30")]] {
        let large = post(state(sheet.len() - 1), URL, headers, sheet).await;
        assert_eq!((large.status, large.text()), (413, refusal(413, "Payload Too Large").as_str()));
    }
    let elsewhere = TestRequest::put().uri(URL).insert_header(("Content-Length", "11"));
    assert_eq!(send(state(100), elsewhere).await.status, 413, "it reads no sheet");
}

#[actix_web::test]
async fn more_sheets_than_may_be_compared_at_once_are_refused() {
    let state = state();
    let permits = Arc::clone(&state.comparisons).try_acquire_many_owned(2).unwrap();
    let refused = post(state.clone(), URL, &[CSV], SHEET).await;
    assert_eq!((refused.status, refused.text()), (503, compact(HICCUP).as_str()));
    assert_eq!(refused.header("retry-after"), Some("1"));
    drop(permits);
    assert_eq!(post(state.clone(), URL, &[CSV], SHEET).await.status, 200);
    assert_eq!(state.comparisons.available_permits(), 2);
}

#[actix_web::test]
async fn an_unknown_request_is_refused_as_any_read_refuses_it() {
    let mut summaries = MockSummaryRepository::new();
    summaries
        .expect_summarize()
        .returning(|requests, _, _| Err(RepositoryError::UnknownAnnotationRequests(requests.as_slice().to_vec())));
    let state = state_of(Ports { summaries: Arc::new(summaries), ..ports() }, settings());
    let response = post(state, URL, &[CSV], SHEET).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()));
    let (mut summaries, mut taxonomies) = (MockSummaryRepository::new(), MockTaxonomyRepository::new());
    summaries.expect_summarize().returning(|_, _, _| Ok(summary()));
    taxonomies.expect_find().returning(|id, _| Err(RegistryError::UnknownAnnotationRequest(id.clone())));
    let (summaries, taxonomies) = (Arc::new(summaries), Arc::new(taxonomies));
    let response = post(state_of(Ports { summaries, taxonomies, ..ports() }, settings()), URL, &[CSV], SHEET).await;
    assert_eq!((response.status, response.text()), (404, compact(UNKNOWN).as_str()), "deleted in between");
}

#[actix_web::test]
async fn tasks_that_cannot_be_read_are_no_comparison() {
    for accept in ["application/json", "text/csv"] {
        let mut exporter = MockStatisticsExporter::new();
        exporter
            .expect_export()
            .returning(|_, _, _, _| Err(RepositoryError::Unavailable("no route to host".into()).into()));
        let response = post(state_with(exporter, settings()), URL, &[CSV, ("Accept", accept)], SHEET).await;
        assert_eq!((response.status, response.text()), (503, compact(HICCUP).as_str()), "{accept}");
    }
}
