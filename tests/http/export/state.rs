//! Of which state an export is, and that a client that has it gets no other.

use super::wait_until_no_session_is_held;
use annotation_statistics_tests::{Download, OpenDownload, RunningService, TestDatabase, record, task};

#[tokio::test(flavor = "multi_thread")]
async fn an_export_says_of_which_state_it_is_and_is_not_sent_again_to_a_client_that_has_it() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    record(&database, [task("b", 1)]).await;
    let service = RunningService::on(&database);
    let revision = |id: &str| {
        let head = service.fetch("GET", &format!("/annotation-requests/{id}"), "");
        head.header("etag").unwrap().trim_matches('"').to_owned()
    };
    let latest = revision("b");
    for format in ["csv", "jsonl", "xlsx", "parquet"] {
        let target = format!("/statistics/export?annotationRequestId=b&annotationRequestId=a&format={format}");
        let got = Download::get(&service, &target);
        let tag = got.header("etag").unwrap().to_owned();
        assert!(tag.starts_with("W/\"") && tag.ends_with(&format!("-{latest}\"")), "{tag}");
        assert_eq!(got.header("revision"), Some(latest.as_str()));
        let exported_at = got.header("exported-at").unwrap();
        assert!(exported_at.len() == "2026-11-30T12:00:00Z".len() && exported_at.ends_with('Z'), "{exported_at}");

        let known = format!("If-None-Match: {tag}\r\n");
        for method in ["GET", "HEAD"] {
            let again = service.fetch(method, &target, &known);
            assert_eq!((again.status, again.header("etag"), again.text()), (304, Some(tag.as_str()), ""), "{method}");
            assert_eq!(again.header("counting-rule"), Some("unstated"));
        }
        for other in
            [target.replace("=b&annotationRequestId=a&", "=a&annotationRequestId=b&"), format!("{target}&layout=long")]
        {
            assert_eq!(OpenDownload::start(&service, "GET", &other, &known).head().status, 200, "{other}");
        }
    }
    let target = "/statistics/export?annotationRequestId=b&annotationRequestId=a";
    let known = format!("If-None-Match: {}\r\n", Download::get(&service, target).header("etag").unwrap());
    record(&database, [task("a", 2)]).await;
    assert_eq!(OpenDownload::start(&service, "GET", target, &known).head().status, 200);
    wait_until_no_session_is_held(&service);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_tells_what_get_tells_and_sends_and_holds_nothing() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let service = RunningService::on(&database);
    for format in ["csv", "jsonl", "xlsx", "parquet"] {
        let target = format!("/statistics/export?annotationRequestId=a&format={format}");
        let names = |headers: &[(String, String)]| {
            let varying = ["date", "x-request-id", "server-timing", "exported-at"];
            let mut same: Vec<_> =
                headers.iter().filter(|(name, _)| !varying.contains(&name.as_str())).cloned().collect();
            same.sort();
            same
        };
        let head = OpenDownload::start(&service, "HEAD", &target, "");
        let get = Download::get(&service, &target);
        assert_eq!((head.head().status, names(&head.head().headers)), (200, names(&get.headers)), "{format}");
        let unknown = OpenDownload::start(&service, "HEAD", &target.replace("=a&", "=x&"), "");
        assert_eq!(unknown.head().status, 404, "{format}");
    }
    wait_until_no_session_is_held(&service);
}

/// What a Parquet file says of when it was made, in the zone of its reader.
fn local_time(file: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(file);
    let (_, rest) = text.split_once("exportedAtLocal")?;
    let from = rest.find("20")?;
    rest.get(from..)?.split_inclusive(']').next().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_says_when_it_was_made_in_the_zone_of_its_reader_too() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let [plain, set] =
        ["", "page.time_zone = \"Asia/Kolkata\""].map(|more| RunningService::with(&database.url(), more));
    let minutes = |time: &str| time[11..13].parse::<u32>().unwrap() * 60 + time[14..16].parse::<u32>().unwrap();
    for (service, query, zone, ahead) in [
        (&plain, "", None, 0),
        (&plain, "&tz=Asia%2FSingapore", Some("+08:00[Asia/Singapore]"), 8 * 60),
        (&set, "", Some("+05:30[Asia/Kolkata]"), 5 * 60 + 30),
        (&set, "&tz=Asia%2FSingapore", Some("+08:00[Asia/Singapore]"), 8 * 60),
    ] {
        let got = Download::get(service, &format!("/statistics/export?annotationRequestId=a&format=parquet{query}"));
        let (utc, local) = (got.header("exported-at").unwrap(), local_time(&got.body));
        assert_eq!(local.as_deref().and_then(|time| time.get(19..)), zone, "{query}");
        if let Some(local) = local {
            assert_eq!(minutes(&local), (minutes(utc) + ahead) % (24 * 60), "{local} of {utc}");
        }
    }
    let sums = "/statistics/summary?annotationRequestId=a&format=xlsx&tz=Asia%2FSingapore";
    assert_eq!(Download::get(&plain, sums).status, 200);
}
