use super::sample::{ID, Sample, key, published, sample, signing};
use crate::test_support::{
    STATEMENT, STATEMENT_KEYS, STATEMENTS, TestResponse, compact, get, ports, refusal, send, settings, state_of,
    with_json,
};
use crate::{ApiState, Ports, SigningSource};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{
    CreatedStatement, MockStatementRepository, PublishedKey, Sha256, SigningKeyId, StatementError, StatementHead,
    StatementNumber,
};
use annotation_statistics_statements::{is_signed, public_key_to_pem};
use data_encoding::BASE64;
use sha2::{Digest, Sha256 as Hash};
use std::sync::Arc;

fn state(repository: MockStatementRepository) -> ApiState {
    let ports = Ports { statements: Arc::new(repository), ..ports() };
    state_of(ports, settings()).with_signing(SigningSource::new(|| Ok(signing())))
}

fn target(rest: &str) -> String {
    format!("/rosetta-open/annotation-requests/{ID}/statements{rest}")
}

async fn put(state: ApiState, name: &str, headers: &[(&str, &str)]) -> TestResponse {
    let request = TestRequest::put().uri(&target(&format!("/{name}")));
    send(state, headers.iter().fold(request, |request, header| request.insert_header(*header))).await
}

/// A repository that makes the sample under any other name.
fn making(sample: &Sample, is_new: bool) -> MockStatementRepository {
    let (mut repository, statement) = (sample.repository(), sample.statement.clone());
    repository.expect_create().returning(move |_, _, format| {
        assert_eq!(format.public_key(), key().public_key());
        Ok(CreatedStatement { statement: statement.clone(), is_new })
    });
    repository
}

#[actix_web::test]
async fn a_statement_is_made_once_and_returned_as_it_is_from_then_on() {
    let sample = sample();
    let made = put(state(making(&sample, true)), "new", &[]).await;
    assert_eq!((made.status, made.text()), (201, compact(STATEMENT).as_str()));
    let tag = format!("\"{}\"", sample.statement.head.sha256);
    let location = target("/new");
    let heads = ["location", "etag", "cache-control"].map(|name| made.header(name).unwrap_or_default());
    assert_eq!(heads, [location.as_str(), &tag, "no-store"]);
    for response in [
        put(state(making(&sample, false)), "made-by-another", &[]).await,
        put(state(sample.repository()), "2025-04", &[]).await,
        send(state(sample.repository()), with_json(TestRequest::put(), &target("/2025-04"), "{}")).await,
        send(state(sample.repository()), with_json(TestRequest::put(), &target("/2025-04"), "null")).await,
        send(state(sample.repository()), with_json(TestRequest::put(), &target("/2025-04"), "{\"x\":1}")).await,
        get(state(sample.repository()), &target("/2025-04")).await,
    ] {
        assert_eq!((response.status, response.text()), (200, compact(STATEMENT).as_str()));
        assert_eq!((response.header("etag"), response.header("location")), (Some(tag.as_str()), None));
    }
}

#[actix_web::test]
async fn what_a_statement_cannot_be_made_of_is_refused() {
    let sample = sample();
    let json = |body: &str| with_json(TestRequest::put(), &target("/new"), body);
    let plain = TestRequest::put().uri(&target("/new")).set_payload("{}");
    for (request, status, body) in [
        (
            json(r#"{"asOf":"2025-04-01T00:00:00Z"}"#),
            400,
            refusal(
                4005,
                "Invalid parameter: the body: asOf: past states are not kept: a statement is of what is recorded now",
            ),
        ),
        (json("[]"), 400, refusal(4005, "Invalid parameter: the body: must be an object")),
        (plain, 415, refusal(415, "Unsupported Media Type")),
        (
            TestRequest::put().uri(&target("/.hidden")),
            400,
            refusal(
                4005,
                "Invalid parameter: name must be 1 to 64 letters, digits and . _ - with no dot in front, such as 2026-11, \
                 got \".hidden\"",
            ),
        ),
    ] {
        let response = send(state(sample.repository()), request).await;
        assert_eq!((response.status, response.text()), (status, body.as_str()));
    }
}

#[actix_web::test]
async fn a_condition_is_held_to_the_statement_of_that_name() {
    let sample = sample();
    let there = refusal(412, "Precondition Failed: there is a statement of this name");
    let missing = refusal(412, "Precondition Failed: there is no statement of this name");
    for (name, header, is_new, expected) in [
        ("2025-04", ("If-None-Match", "*"), true, Some(&there)),
        ("made-by-another", ("If-None-Match", "*"), false, Some(&there)),
        ("new", ("If-None-Match", "*"), true, None),
        ("new", ("If-Match", "*"), true, Some(&missing)),
        ("2025-04", ("If-Match", "\"7\""), true, Some(&there)),
        ("2025-04", ("If-Match", "*"), true, None),
    ] {
        let response = put(state(making(&sample, is_new)), name, &[header]).await;
        let refused = (response.status == 412).then(|| response.text().to_owned());
        assert_eq!(refused.as_ref(), expected, "{name} {header:?}");
    }
}

#[actix_web::test]
async fn without_a_key_nothing_is_signed_and_the_client_learns_no_more() {
    let sample = sample();
    let retired = |_, _: &_, _| Err(StatementError::KeyRetired(key().public_key().id.clone()));
    let mut refusing = sample.repository();
    refusing.expect_create().returning(retired);
    let unread = state(sample.repository()).with_signing(SigningSource::new(|| Err("/etc/key.pem is gone".into())));
    let expected = refusal(5000, "Service hiccuped, please try again later: no statement can be signed now");
    for state in [unread, state(refusing)] {
        let response = put(state, "new", &[]).await;
        assert_eq!((response.status, response.text()), (503, expected.as_str()));
        assert_eq!(response.header("retry-after"), Some("1"));
    }
}

#[actix_web::test]
async fn no_more_statements_are_made_at_a_time_than_may_be_and_none_for_longer() {
    let sample = sample();
    let full = state(sample.repository());
    let held = Arc::clone(&full.statement_makers).acquire_many_owned(2).await.unwrap();
    let refused = put(full.clone(), "new", &[]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    drop(held);
    assert_eq!(put(full, "2025-04", &[]).await.status, 200, "what is there is not made");
}

/// The digest as `Repr-Digest` has it.
fn digest(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64.encode(&Hash::digest(bytes)))
}

#[actix_web::test]
async fn each_file_is_what_was_signed_and_its_head_says_so() {
    let sample = sample();
    let (head, caching) = (&sample.statement.head, "private, max-age=31536000, immutable, no-transform");
    let signature = sample.statement.signature.to_vec();
    assert!(is_signed(&sample.statement.body, &signature, key().public_key()));
    let tag_of_signature = Sha256(Hash::digest(&signature).into()).to_string();
    for (file, media_type, bytes, tag, has_digest) in [
        ("statement.json", "application/json", sample.statement.body.clone(), head.sha256.to_string(), true),
        ("statement.sig", "application/octet-stream", signature.clone(), tag_of_signature, true),
        ("rows.jsonl", "application/x-ndjson", sample.rows(), head.rows.sha256.to_string(), true),
        ("rows.jsonl.zst", "application/zstd", sample.zstd(), format!("{}-zst", head.rows.sha256), false),
    ] {
        let url = target(&format!("/2025-04/{file}"));
        let sent = |request: TestRequest| send(state(sample.repository()), request.uri(&url));
        // The bytes are sent as they are, whatever the client would accept.
        let response = sent(TestRequest::get().insert_header(("Accept-Encoding", "gzip"))).await;
        assert_eq!((response.status, &response.body), (200, &bytes), "{file}");
        let tag = format!("\"{tag}\"");
        let name = file.trim_start_matches("statement.");
        let heads = ["content-type", "etag", "cache-control", "accept-ranges"].map(|name| response.header(name));
        assert_eq!(heads, [Some(media_type), Some(&*tag), Some(caching), Some("none")], "{file}");
        assert_eq!(response.header("repr-digest"), has_digest.then(|| digest(&bytes)).as_deref(), "{file}");
        let disposition = format!("attachment; filename=\"statement-{ID}-2025-04.{name}\"");
        assert_eq!(response.header("content-disposition"), Some(&*disposition));
        assert_eq!(response.header("content-encoding"), None, "{file}");
        let head = sent(TestRequest::default().method(actix_web::http::Method::HEAD)).await;
        assert_eq!((head.status, head.head()), (200, response.head()), "{file}");
        let known = sent(TestRequest::get().insert_header(("If-None-Match", tag.as_str()))).await;
        assert_eq!((known.status, known.header("etag"), known.body.len()), (304, Some(&*tag), 0), "{file}");
    }
}

#[actix_web::test]
async fn rows_that_cannot_be_read_to_their_end_are_cut_and_never_shorter() {
    let sample = sample();
    let lost = |lost: &'static [u64]| {
        let mut repository = MockStatementRepository::new();
        let (statement, frames) = (sample.statement.clone(), sample.frames.clone());
        repository.expect_find().returning(move |_, _, _| Ok(statement.clone()));
        repository.expect_find_frames().returning(move |_, _, start, _| {
            let annotation_statistics_domain::FrameStart::Place(place) = start else { return Ok(Vec::new()) };
            if lost.contains(&place) {
                return Err(StatementError::Unavailable("the database is gone".into()));
            }
            Ok(frames.iter().filter(|frame| frame.place == place).cloned().collect())
        });
        state(repository)
    };
    for file in ["rows.jsonl", "rows.jsonl.zst"] {
        let url = target(&format!("/2025-04/{file}"));
        assert_eq!(get(lost(&[0]), &url).await.status, 503, "nothing was sent yet");
        let service = actix_web::test::init_service(crate::app(lost(&[1]))).await;
        let request = TestRequest::get().uri(&url).to_request();
        let begun = actix_web::test::call_service(&service, request).await;
        assert_eq!(begun.status().as_u16(), 200);
        assert!(actix_web::body::to_bytes(begun.into_body()).await.is_err(), "{file}");
    }
}

#[actix_web::test]
async fn a_statement_that_is_not_there_is_named_in_every_method_that_reads() {
    let why = format!("Not Found: annotation request `{ID}` has no statement `x`");
    for file in ["", "/statement.json", "/statement.sig", "/rows.jsonl", "/rows.jsonl.zst"] {
        let response = get(state(sample().repository()), &target(&format!("/x{file}"))).await;
        assert_eq!((response.status, response.text()), (404, refusal(404, &why).as_str()), "{file}");
    }
    let response = send(state(sample().repository()), TestRequest::delete().uri(&target("/2025-04"))).await;
    assert_eq!((response.status, response.header("allow")), (405, Some("GET, HEAD, PUT")));
}

#[actix_web::test]
async fn statements_are_listed_in_pages_from_the_latest_on() {
    let head = |number: u64| StatementHead { number: StatementNumber::new(number).unwrap(), ..sample().statement.head };
    let listing = move || {
        let mut repository = MockStatementRepository::new();
        repository.expect_list().returning(move |_, before, limit, _| {
            let numbers = (1..before.map_or(4, StatementNumber::get)).rev();
            Ok(numbers.take(usize::try_from(limit.get()).unwrap()).map(head).collect())
        });
        state(repository)
    };
    assert_eq!(get(listing(), &target("?limit=1&before=2")).await.text(), compact(STATEMENTS));
    for (query, expected, next) in [
        ("", vec![3, 2, 1], serde_json::Value::Null),
        ("?limit=2", vec![3, 2], 2.into()),
        ("?limit=2&before=2", vec![1], serde_json::Value::Null),
        ("?before=1", vec![], serde_json::Value::Null),
        ("?limit=3", vec![3, 2, 1], serde_json::Value::Null),
    ] {
        let page: serde_json::Value = serde_json::from_str(get(listing(), &target(query)).await.text()).unwrap();
        let numbers = page["data"]["data"].as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap());
        assert_eq!((numbers.collect::<Vec<_>>(), &page["data"]["next"]), (expected, &next), "{query}");
    }
    for (query, why) in [
        ("?before=0", "before must be a whole number from 1, got \"0\""),
        ("?before=x", "before must be a whole number from 1, got \"x\""),
        ("?limit=0", "limit must be a whole number from 1, got \"0\""),
        ("?before=1&before=2", "before must be given only once"),
        ("?offset=2", "offset is no parameter here, where there are before, limit"),
    ] {
        let response = get(listing(), &target(query)).await;
        assert_eq!(response.text(), refusal(4005, &format!("Invalid parameter: {why}")), "{query}");
    }
}

#[actix_web::test]
async fn keys_are_listed_with_that_of_the_service_before_its_first_use() {
    let keys = |keys: Vec<PublishedKey>| {
        let mut repository = MockStatementRepository::new();
        repository.expect_list_keys().returning(move || Ok(keys.clone()));
        state(repository)
    };
    let url = "/rosetta-open/statement-keys";
    assert_eq!(get(keys(vec![published()]), url).await.text(), compact(STATEMENT_KEYS));
    let unused = compact(STATEMENT_KEYS).replace("\"2025-04-08T14:20:00.123456Z\"", "null");
    assert_eq!(get(keys(Vec::new()), url).await.text(), unused);
    let unset = keys(Vec::new()).with_signing(SigningSource::default());
    assert_eq!(get(unset, url).await.text(), crate::test_support::success(r#"{"data":[]}"#));

    let id = key().public_key().id.clone();
    for known in [vec![published()], Vec::new()] {
        let response = get(keys(known), &format!("{url}/{id}.pem")).await;
        assert_eq!(response.text(), public_key_to_pem(key().public_key()));
        assert_eq!(response.header("content-type"), Some("application/x-pem-file"));
    }
    let other = SigningKeyId::try_from("0123456789abcdef".to_owned()).unwrap();
    let response = get(keys(vec![published()]), &format!("{url}/{other}.pem")).await;
    assert_eq!(response.text(), refusal(404, &format!("Not Found: no key `{other}` is published")));
    let response = get(keys(Vec::new()), &format!("{url}/x.pem")).await;
    assert_eq!(response.status, 400);
}
