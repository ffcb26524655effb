//! Who is let in by the running service, and what they may see.

use annotation_statistics_access::{AccessKey, KeyId, KeyScopes};
use annotation_statistics_domain::{CampaignId, CampaignScope};
use annotation_statistics_tests::{
    Envelope, KeyDatabase, KeyHolder, RunningService, Signer, access_key, key_secret, record, seconds_from_now, task,
    wait_until,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

mod diff;
mod fair_share;
mod id_prefix;
mod other_campaigns;
mod reconciliation;
mod signing_in;
mod statements;

const QUERY: &str = "/statistics?annotationRequestId=a";
const UNKNOWN: (u16, i64, &str) = (404, 53003, "Annotation request has not exists.");

fn service_on(data: &KeyDatabase, more: &str) -> RunningService {
    let master_key = KeyDatabase::MASTER_KEY;
    let settings = format!("auth.enabled = true\nauth.master_key = '{master_key}'\n{more}");
    RunningService::with(&data.database.url(), &settings)
}

/// A key for one campaign, that may do everything there.
fn tenant(id: &str, campaign: &str) -> AccessKey {
    let campaigns = CampaignScope::Only(BTreeSet::from([CampaignId::new(campaign).unwrap()]));
    AccessKey { campaigns, scopes: KeyScopes::ReadAndWrite, ..access_key(id) }
}

fn signer(key: &AccessKey) -> Signer {
    Signer::new(key.id.as_str(), key.secret.reveal())
}

/// A service with a request `a` of the campaign 1001 and a request `b` of 1002, and a key for each.
async fn two_tenants() -> (KeyDatabase, RunningService, [Signer; 2]) {
    two_tenants_on("").await
}

/// The same, of a service with these settings.
async fn two_tenants_on(settings: &str) -> (KeyDatabase, RunningService, [Signer; 2]) {
    let data = KeyDatabase::empty();
    record(&data.database, [task("a", 1), task("b", 2).campaign("1002")]).await;
    let keys = [tenant("ak-1", "1001"), tenant("ak-2", "1002")];
    for key in &keys {
        data.add(key.clone());
    }
    let service = service_on(&data, settings);
    (data, service, keys.each_ref().map(signer))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_master_key_is_not_ready_and_tells_nobody_that_a_key_is_wrong() {
    let data = KeyDatabase::empty();
    let key = tenant("ak-1", "1001");
    data.add(key.clone());
    let master_key = KeyDatabase::MASTER_KEY.replace('0', "f");
    let settings = format!("auth.enabled = true\nauth.master_key = '{master_key}'");
    let service = RunningService::with(&data.database.url(), &settings);
    let hiccup = (503, 5000, "Service hiccuped, please try again later.");
    assert_eq!(Envelope::of(&service.fetch_admin("/ready")).verdict(), hiccup);
    assert_eq!(Envelope::of(&service.fetch("GET", QUERY, &signer(&key).v1())).verdict(), hiccup);
    for (check, expected) in [("keys", 0.0), ("reads", 1.0)] {
        let reported = service.metrics().value(&format!(r#"annotation_statistics_ready{{check="{check}"}}"#));
        assert!((reported - expected).abs() < 0.5, "{check}: {reported}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_signed_by_v2_is_done_once_whichever_server_gets_it() {
    let (data, service, [signer, _]) = two_tenants().await;
    let second = service_on(&data, "");
    let (target, body) = ("/annotation-requests/c", r#"{"campaignId":"1001"}"#);
    let headers = signer.v2("PUT", target, body);
    assert_eq!(service.fetch_json("PUT", target, &headers, body).status, 200);
    for server in [&service, &second, &service] {
        let again = server.fetch_json("PUT", target, &headers, body);
        assert_eq!(Envelope::of(&again).verdict(), (401, 401, "Wrong Signature"));
        let reported = again.header("www-authenticate").unwrap();
        assert!(reported.ends_with(r#"error="the nonce was used before""#), "{reported}");
    }
    let changed = service.fetch_json("PUT", target, &signer.v2("PUT", target, body), r#"{"campaignId":"1002"}"#);
    assert_eq!(Envelope::of(&changed).verdict(), (401, 401, "Wrong Signature"), "another body than the signed one");
    let v1 = service.fetch_json("PUT", target, &signer.v1(), body);
    assert_eq!(Envelope::of(&v1).verdict(), (401, 402, "Authentication Failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_signed_by_v2_is_answered_where_no_nonce_can_be_kept() {
    let (data, service, [signer, _]) = two_tenants().await;
    let mut session = data.database.session();
    session.execute("BEGIN; LOCK TABLE access_key_nonces");
    let headers = signer.v2("GET", QUERY, "");
    for _ in ["first", "again"] {
        assert_eq!(Envelope::of(&service.fetch("GET", QUERY, &headers)).count(), 1);
    }
    let query = r#"{"annotationRequestIds":["a"]}"#;
    let headers = signer.v2("POST", "/statistics/query", query);
    assert_eq!(Envelope::of(&service.fetch_json("POST", "/statistics/query", &headers, query)).count(), 1);
    let (target, body) = ("/annotation-requests/c", r#"{"campaignId":"1001"}"#);
    let change = service.fetch_json("PUT", target, &signer.v2("PUT", target, body), body);
    let hiccup = "Service hiccuped, please try again later.";
    assert_eq!(Envelope::of(&change).verdict(), (503, 5000, hiccup), "changes need theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_good_for_one_key_one_time_and_one_request() {
    let (_data, service, [one, other]) = two_tenants().await;
    let code = |headers: &str| Envelope::of(&service.fetch("GET", QUERY, headers)).code;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    // Not to the millisecond, because the clock goes on meanwhile; the unit tests have a clock that stands.
    for (ts, expected) in [(now - 301_000, 403), (now - 290_000, 2000), (now + 299_000, 2000), (now + 310_000, 403)] {
        assert_eq!(code(&one.v1_at(ts)), expected, "{}", ts.abs_diff(now));
    }
    for line in one.v2("GET", QUERY, "").lines() {
        let (name, signed) = (line.split(':').next().unwrap(), one.v2("GET", QUERY, ""));
        let this = signed.lines().find(|line| line.starts_with(name)).unwrap();
        assert_eq!(code(&format!("{signed}{this}\r\n")), 402, "{name} twice");
        assert_eq!(code(&format!("{signed}{}: other\r\n", name.to_lowercase())), 402, "{name} and another");
        assert_eq!(code(&signed.replace(this, &format!("{this}é"))), 402, "{name} with a letter beyond ASCII");
        assert_eq!(code(&signed.replace(this, &format!("{name}:"))), 402, "an empty {name}");
        assert_eq!(code(&signed), 2000, "nothing of that used up the signature");
    }
    for (method, target, body, reason) in [
        ("HEAD", QUERY, "", "another method"),
        ("GET", "/statistics/summary?annotationRequestId=a", "", "another path"),
        ("GET", "/statistics?annotationRequestId=b", "", "another query"),
        ("GET", "/statistics?annotationRequestId=a&limit=1", "", "a longer query"),
        ("GET", QUERY, "x", "another body"),
    ] {
        assert_eq!(code(&one.v2(method, target, body)), 401, "a signature of {reason}");
    }
    let thief = Signer::new("ak-2", key_secret("ak-1").reveal());
    assert_eq!((code(&thief.v1()), code(&thief.v2("GET", QUERY, ""))), (401, 401), "a key with another's secret");
    assert_eq!(code(&other.v2("GET", QUERY, "")), 53003, "a request of somebody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_holds_within_a_second_announced_or_not() {
    let (data, service, signers) = two_tenants().await;
    let verdict = |signer: &Signer, request: &str| {
        let target = format!("/statistics?annotationRequestId={request}");
        Envelope::of(&service.fetch("GET", &target, &signer.v1())).code
    };
    for (signer, request, by_hand) in [(&signers[0], "a", false), (&signers[1], "b", true)] {
        assert_eq!(verdict(signer, request), 2000);
        if by_hand {
            data.database.execute("UPDATE access_keys SET revoked_at = now() WHERE id = 'ak-2'");
        } else {
            data.revoke(&KeyId::new("ak-1").unwrap());
        }
        let start = Instant::now();
        wait_until("the key is refused", || verdict(signer, request) == 402);
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_while_keys_are_rotated() {
    let (data, service, _) = two_tenants().await;
    let (stop, requested, service) = (AtomicBool::new(false), AtomicUsize::new(0), &service);
    let fetch_until_stopped = |signer: Signer, use_v2: bool| {
        let mut connection = service.connect();
        while !stop.load(Ordering::Acquire) {
            let headers = if use_v2 { signer.v2("GET", QUERY, "") } else { signer.v1() };
            let envelope = Envelope::of(&connection.fetch("GET", QUERY, &headers));
            assert_eq!((envelope.code, envelope.count()), (2000, 1));
            requested.fetch_add(1, Ordering::AcqRel);
        }
    };
    let id = KeyId::new("ak-1").unwrap();
    let fetch_until_stopped = &fetch_until_stopped;
    let wait_for_more = || {
        let enough = requested.load(Ordering::Acquire) + 200;
        wait_until("more were asked", || requested.load(Ordering::Acquire) >= enough);
    };
    thread::scope(|scope| {
        for use_v2 in [false, true] {
            let old = Signer::new("ak-1", key_secret("ak-1").reveal());
            scope.spawn(move || fetch_until_stopped(old, use_v2));
        }
        wait_for_more();
        data.rotate(&id, &key_secret("second"), seconds_from_now(600));
        let new = Signer::new("ak-1", key_secret("second").reveal());
        wait_until("the new secret is good", || service.fetch("GET", QUERY, &new.v1()).status == 200);
        scope.spawn(move || fetch_until_stopped(new, true));
        wait_for_more();
        stop.store(true, Ordering::Release);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn with_every_session_busy_strangers_and_wrong_parameters_are_answered_at_once() {
    let (data, service, [signer, _]) = two_tenants_on("database.batch_reads = 1").await;
    let mut lock = data.database.session();
    lock.execute("BEGIN; LOCK TABLE annotation_requests");
    let mut waiting: Vec<_> = (0..12).map(|_| service.connect()).collect();
    for connection in &mut waiting {
        connection.send_request("GET", QUERY, &signer.v1());
    }
    let busy = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    wait_until("every session is busy", || data.database.query(busy).len() == 4);

    let mut connection = service.connect();
    let stranger = Signer::new("ak-1", "not-the-secret-at-all");
    for (target, headers, code) in [
        (QUERY, stranger.v1(), 401),
        (QUERY, stranger.v2("GET", QUERY, ""), 401),
        (QUERY, Signer::new("nobody", "not-the-secret-at-all").v1(), 402),
        (QUERY, String::new(), 402),
        (QUERY, signer.v1_at(7), 403),
        ("/statistics?annotationRequestId=a&limit=x", signer.v1(), 4005),
        (
            "/statistics?limit=x&annotationRequestId=a",
            signer.v2("GET", "/statistics?annotationRequestId=a&limit=x", ""),
            4005,
        ),
    ] {
        let start = Instant::now();
        let response = connection.fetch("GET", target, &headers);
        let took = start.elapsed();
        assert_eq!(Envelope::of(&response).code, code, "{target}");
        assert!(took < Duration::from_millis(50), "{target}: {took:?}");
    }
    lock.execute("COMMIT");
    for connection in &mut waiting {
        assert_eq!(connection.response_to("GET").status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_the_document_guards_is_guarded_and_nothing_else() {
    let (_data, service, _) = two_tenants().await;
    let document: Value = serde_json::from_slice(&service.fetch("GET", "/openapi.json", "").body).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let target = path.replace("{annotationRequestId}", "a").replace("{taskId}", "1");
            let response = service.fetch(&method.to_uppercase(), &target, "");
            assert_eq!(response.status == 401, operation["security"].is_array(), "{method} {path}");
        }
    }
    for target in [
        "/statistics",
        "/statistics/query",
        "/statistics/summary",
        "/statistics/export",
        "/annotation-requests/a",
        "/annotation-requests/a/statistics",
        "/annotation-requests/a/statistics/1",
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            let response = service.fetch(method, target, "");
            assert_eq!(response.status, 401, "{method} {target}");
            let challenge = "Stardust realm=\"annotation-statistics\", error=\"X-STARDUST-KEY is missing\"";
            assert_eq!(response.header("www-authenticate"), Some(challenge));
        }
    }
    for open in ["/docs/", "/docs/index.html", "/health/live", "/health/ready"] {
        assert_eq!(service.fetch("GET", open, "").status, 200, "{open}");
    }
}
