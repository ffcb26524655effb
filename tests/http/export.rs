//! Exports over HTTP: whole files, the same sums in each, and what becomes of those that end early.

mod state;

use annotation_statistics_domain::{Precondition, Statistics, StatisticsRecorder};
use annotation_statistics_tests::{
    Download, Envelope, LARGE, OpenDownload, RunningService, Sums, TestDatabase, csv_lines, fill, json_lines,
    parquet_lines, record, register, statistics_of, table_sums, task, wait_until, xlsx_lines,
};
use std::collections::BTreeMap;

/// Nobody holds a session of the pool for exports.
fn wait_until_no_session_is_held(service: &RunningService) {
    wait_until("all sessions are free", || no_session_is_held(service));
}

fn no_session_is_held(service: &RunningService) -> bool {
    let metrics = service.metrics();
    let number = |name: &str| metrics.value(&format!("{name}{{pool=\"export\"}}"));
    let held =
        number("annotation_statistics_database_sessions") - number("annotation_statistics_database_sessions_idle");
    held.abs() < 0.5
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_a_file_with_a_name_and_all_tasks_in_order() {
    let database = TestDatabase::new();
    record(&database, [task("a", 7).counts(1, 2).counted_by("objects/2"), task("a", 3), task("b", -1).counts(0, 0)])
        .await;
    let service = RunningService::on(&database);
    let all = "/statistics/export?annotationRequestId=b&annotationRequestId=a&limit=1";
    let csv = Download::get(&service, all);
    let slot = "instanceInfo.0e767bcb-7480-4e85-bbe8-439fe7871104";
    let expected = format!(
        "annotationRequestId,countingRule,id,status,campaignId,poolName,poolType,sourceName,instanceNum,attributeNum,\
         frameNum,{slot},instanceInfo.select-[e000f]\r\n\
         b,,-1,11,1001,complete pool,5,,0,0,1,0,0\r\n\
         a,objects/2,7,11,1001,complete pool,5,,1,2,1,1,2\r\n\
         a,objects/2,3,11,1001,complete pool,5,,12,44,1,12,44\r\n"
    );
    assert_eq!((csv.status, csv.is_whole, csv.text()), (200, true, expected.as_str()));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(csv.header("counting-rule"), Some("unstated, objects/2"));
    assert_eq!(csv.header("cache-control"), Some("private, no-cache"));
    assert_eq!(csv.all("vary").collect::<Vec<_>>(), ["accept", "accept-encoding"]);
    let name = csv.header("content-disposition").unwrap();
    let date = name.strip_prefix("attachment; filename=\"statistics-2-requests-").unwrap();
    assert!(date.ends_with(".csv\"") && date.len() == "2025-04-08.csv\"".len(), "{name}");

    let requested =
        OpenDownload::start(&service, "GET", all, "Accept: application/x-ndjson\r\nAccept-Encoding: gzip\r\n");
    let lines = requested.finish();
    assert_eq!((lines.header("content-type"), lines.header("content-encoding")), (Some("application/x-ndjson"), None));
    let rows: Vec<Statistics> = json_lines(&lines.body).into_iter().map(|task| task.statistics).collect();
    assert_eq!(rows, statistics_of(&database, &["b", "a"]).await.page.rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_exported_is_refused_in_an_envelope() {
    let database = TestDatabase::new();
    register(&database, "many", None).await;
    record(&database, [task("a", 1)]).await;
    database.execute(
        "UPDATE annotation_requests SET task_count = 2000000 WHERE id = 'many'; \
         INSERT INTO statistics_totals VALUES ('many', 5, 11, 2000000, 0, 0, 0)",
    );
    let service = RunningService::on(&database);
    for (query, accept, code, message) in [
        ("annotationRequestId=a&annotationRequestId=x", "*/*", 53003, "Annotation request has not exists."),
        ("format=csv", "*/*", 4005, "Invalid parameter: annotationRequestId must be given at least once"),
        (
            "annotationRequestId=a&format=pdf",
            "*/*",
            4005,
            "Invalid parameter: format must be csv, jsonl, xlsx or parquet, got \"pdf\"",
        ),
        (
            "annotationRequestId=a",
            "image/png",
            4005,
            "Invalid parameter: Accept must allow one of text/csv, application/x-ndjson, \
             application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/vnd.apache.parquet; or name \
             the format: format=csv",
        ),
        (
            "annotationRequestId=many&format=xlsx",
            "*/*",
            4005,
            "Invalid parameter: the export is too large for xlsx: a sheet has at most 1048576 lines, this has 2000001 or \
             more; ask for fewer annotation requests, or for csv, jsonl or parquet",
        ),
    ] {
        let target = format!("/statistics/export?{query}");
        let response = Envelope::of(&service.fetch("GET", &target, &format!("Accept: {accept}\r\n")));
        assert_eq!((response.code, response.message.as_str()), (code, message), "{query}");
    }
    assert_eq!(service.fetch("POST", "/statistics/export?annotationRequestId=a", "").status, 405);
}

/// What the columns of a wide table are to add up to.
fn sums_of(rows: &[Statistics]) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        let own =
            [("instanceNum", row.instance_num()), ("attributeNum", row.attribute_num()), ("frameNum", row.frame_num())];
        let items = row.instance_info().iter().map(|(key, count)| (format!("instanceInfo.{key}"), count));
        for (name, count) in own.map(|(name, count)| (name.to_owned(), count)).into_iter().chain(items) {
            *sums.entry(name).or_default() += count.get();
        }
    }
    sums
}

/// The sums that the service tells, by the names of the columns of a wide table.
fn reported_sums(service: &RunningService, list: &str) -> Sums {
    let data = service.get(&format!("/statistics/summary?{list}")).data;
    let own = ["instanceNum", "attributeNum", "frameNum"].map(|name| (name.to_owned(), data[name].as_i64().unwrap()));
    let items = data["operationItems"].as_array().unwrap().iter();
    let items =
        items.map(|item| (format!("instanceInfo.{}", item["key"].as_str().unwrap()), item["count"].as_i64().unwrap()));
    (data["taskNum"].as_u64().unwrap().try_into().unwrap(), own.into_iter().chain(items).collect())
}

/// The big numbers of the page: tasks, instances, attributes, frames.
fn shown_totals(service: &RunningService, list: &str) -> Vec<i64> {
    let page = service.fetch("GET", &format!("/?{list}"), "");
    let numbers = page.text().split("<span class=\"number\">").skip(1).map(|rest| rest.split('<').next().unwrap());
    numbers.map(|number| number.replace(',', "").parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sums_of_every_format_and_of_the_page_are_those_of_the_api() {
    let database = TestDatabase::new();
    let tasks = |request: &'static str, tasks: i64| {
        (0..tasks).map(move |id| {
            let [some, more] = [3, 7].map(|below| u32::try_from(id % below).unwrap());
            let items: &[(&str, u32)] = &[("car", more), ("bus", some), ("color", more * 1_000_000)];
            let items = if id % 5 == 0 { &items[..0] } else { items };
            let slots = items.iter().take(2).map(|(_, count)| count).sum();
            let attributes = items.iter().skip(2).map(|(_, count)| count).sum();
            task(request, id).instance_info(items, slots, attributes).frames(more)
        })
    };
    record(&database, tasks("a", 3_000).chain(tasks("b", 500))).await;
    let service = RunningService::on(&database);
    let rows = statistics_of(&database, &["b", "a"]).await.page.rows;
    let api = sums_of(&rows);
    let list = "annotationRequestId=b&annotationRequestId=a";
    assert_eq!(reported_sums(&service, list), (rows.len(), api.clone()), "summary");
    let totals = ["instanceNum", "attributeNum", "frameNum"].map(|name| api[name]);
    assert_eq!(shown_totals(&service, list), [&[3_500][..], &totals].concat(), "page");
    let get = |more: &str| {
        let target = format!("/statistics/export?annotationRequestId=b&annotationRequestId=a&{more}");
        let got = Download::get(&service, &target);
        assert!(got.is_whole, "{more}");
        got
    };
    let wide = (rows.len(), api.clone());
    let csv = csv_lines(get("format=csv&bom=true").text());
    assert_eq!(table_sums(&csv), wide, "csv");
    assert_eq!(table_sums(&xlsx_lines(&get("format=xlsx").body, "Tasks")), wide, "xlsx");
    assert_eq!(table_sums(&parquet_lines(&get("format=parquet").body)), wide, "parquet");
    let lines: Vec<Statistics> =
        json_lines(&get("format=jsonl").body).into_iter().map(|task| task.statistics).collect();
    assert_eq!(lines, rows, "jsonl");
    let items: BTreeMap<_, _> = api.into_iter().filter(|(name, _)| name.starts_with("instanceInfo.")).collect();
    let long = table_sums(&csv_lines(get("layout=long").text()));
    assert_eq!(long.1, items, "long csv");
    for form in ["layout=long&format=xlsx", "format=xlsx"] {
        assert_eq!(table_sums(&xlsx_lines(&get(form).body, "Items")), long, "{form}");
    }
    assert_eq!(table_sums(&parquet_lines(&get("layout=long&format=parquet").body)), long, "long parquet");
}

#[tokio::test(flavor = "multi_thread")]
async fn json_lines_are_imported_as_they_were_exported() {
    let (from, into) = (TestDatabase::new(), TestDatabase::new());
    record(&from, (0..50).map(|id| task("a", id * 3 % 50).counted_by("objects/2")).chain([task("b", 1).campaign("c")]))
        .await;
    let service = RunningService::on(&from);
    let exported =
        Download::get(&service, "/statistics/export?annotationRequestId=a&annotationRequestId=b&format=jsonl");
    let tasks = json_lines(&exported.body);
    into.recorder().record(Box::new(tasks.into_iter().map(Ok)), Precondition::None).await.unwrap();
    let [before, after] = [statistics_of(&from, &["a", "b"]).await, statistics_of(&into, &["a", "b"]).await];
    assert_eq!((before.page, before.counting_rules), (after.page, after.counting_rules));
    let again = RunningService::on(&into);
    let target = "/statistics/export?annotationRequestId=a&annotationRequestId=b&format=jsonl";
    assert_eq!(Download::get(&again, target).text(), exported.text());
}

#[test]
fn a_reader_that_goes_away_frees_its_session() {
    let database = TestDatabase::new();
    fill(&database, LARGE);
    let one = "export.pool_size = 1\nexport.queue_per_session = 0";
    let service = RunningService::with(&database.url(), one);
    for format in ["csv", "jsonl", "parquet"] {
        let target = format!("/statistics/export?annotationRequestId=large&format={format}");
        let reading = OpenDownload::start(&service, "GET", &target, "");
        assert_eq!(reading.head().status, 200, "{format}");
        drop(reading);
        wait_until_no_session_is_held(&service);
    }
    let target = "/statistics/export?annotationRequestId=large";
    let lines = Download::get(&service, target);
    assert_eq!((lines.is_whole, i64::try_from(lines.text().lines().count())), (true, Ok(LARGE + 1)));
}

#[test]
fn a_reader_that_takes_nothing_is_given_up_and_others_are_served() {
    let database = TestDatabase::new();
    fill(&database, LARGE);
    let one = "export.pool_size = 1\nexport.queue_per_session = 0\nexport.reader_timeout = '100ms'";
    let service = RunningService::with(&database.url(), one);
    let slow = OpenDownload::start(&service, "GET", "/statistics/export?annotationRequestId=large&format=jsonl", "");
    assert_eq!(service.fetch("GET", "/statistics/export?annotationRequestId=large", "").status, 503);
    wait_until_no_session_is_held(&service);
    let next = OpenDownload::start(&service, "GET", "/statistics/export?annotationRequestId=large", "");
    assert_eq!(next.head().status, 200);
    let late = slow.finish();
    assert!(!late.is_whole, "{} bytes", late.body.len());
}

#[test]
fn a_reader_that_takes_a_little_all_the_time_is_given_up_and_has_no_whole_file() {
    let database = TestDatabase::new();
    fill(&database, LARGE);
    let settings = "export.reader_grace = '1s'\nexport.reader_min_rate = 1000000000";
    let service = RunningService::with(&database.url(), settings);
    let target = "/statistics/export?annotationRequestId=large&format=jsonl";
    let mut slow = OpenDownload::start(&service, "GET", target, "");
    wait_until("its session is free, though the reader never stops", || {
        slow.piece();
        no_session_is_held(&service)
    });
    let late = slow.finish();
    assert!(!late.is_whole, "{} bytes", late.body.len());
}

/// A request `large` whose last task is damaged.
fn damaged(tasks: i64) -> TestDatabase {
    let database = TestDatabase::new();
    fill(&database, tasks);
    database.execute(&format!(
        "ALTER TABLE statistics DROP CONSTRAINT statistics_pool_name_check; \
         UPDATE statistics SET pool_name = '' WHERE position = {}",
        tasks - 1
    ));
    database
}

#[test]
fn an_export_that_fails_halfway_never_looks_whole() {
    let database = damaged(LARGE);
    let service = RunningService::on(&database);
    for format in ["csv", "jsonl"] {
        let got = Download::get(&service, &format!("/statistics/export?annotationRequestId=large&format={format}"));
        assert_eq!((got.status, got.is_whole), (200, false), "{format}");
        if format == "jsonl" {
            let last = got.text().lines().last().unwrap();
            assert_eq!(last, "{\"cutOff\":\"this export failed and is not complete; export again");
        }
    }
    // Nothing is sent before a workbook is whole, or a group of lines of Parquet: so ten times what a response holds will do.
    let database = damaged(LARGE / 10);
    let service = RunningService::on(&database);
    for format in ["xlsx", "parquet"] {
        let response =
            service.fetch("GET", &format!("/statistics/export?annotationRequestId=large&format={format}"), "");
        assert_eq!((response.status, Envelope::of(&response).code), (500, 5000), "{format}");
    }
}

#[test]
fn an_export_past_its_deadline_is_cut_off() {
    let database = TestDatabase::new();
    fill(&database, LARGE);
    // Long enough for the response to begin on a busy machine: past it, that would be refused, and whole.
    let service = RunningService::with(&database.url(), "export.deadline = '5s'\nexport.reader_timeout = '60s'");
    let slow = OpenDownload::start(&service, "GET", "/statistics/export?annotationRequestId=large&format=jsonl", "");
    assert_eq!(slow.head().status, 200);
    wait_until_no_session_is_held(&service);
    assert!(!slow.finish().is_whole);
}
