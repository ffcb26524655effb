//! What is none of a caller's business costs the database what a missing thing costs: the very same statements.

use crate::logged_statements::{log_statements, statements_during};
use annotation_statistics_access::{AccessKey, KeyScopes};
use annotation_statistics_domain::{CampaignId, CampaignScope};
use annotation_statistics_tests::{Envelope, KeyDatabase, KeyHolder, RunningService, Signer, access_key, record, task};
use std::collections::BTreeSet;

/// Who signs by this key, which is added.
fn with_key(data: &KeyDatabase, key: AccessKey) -> Signer {
    let signer = Signer::new(key.id.as_str(), key.secret.reveal());
    data.add(key);
    signer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_another_campaign_and_a_missing_one_take_the_same_statements() {
    let data = KeyDatabase::empty();
    record(&data.database, [task("a", 1), task("b", 2).campaign("1002")]).await;
    let campaigns = CampaignScope::Only(BTreeSet::from([CampaignId::new("1001").unwrap()]));
    let signer = with_key(&data, AccessKey { campaigns, scopes: KeyScopes::ReadAndWrite, ..access_key("ak-1") });
    let everybody = with_key(&data, AccessKey { campaigns: CampaignScope::All, ..access_key("ak-2") });
    log_statements(&data.database);
    let settings = format!("auth.enabled = true\nauth.master_key = '{}'", KeyDatabase::MASTER_KEY);
    let service = RunningService::with(&data.database.url(), &settings);
    let row = r#"[{"id":7,"status":1,"poolName":"p","poolType":1,"instanceInfo":{},"instanceNum":0,"attributeNum":0,"frameNum":0}]"#;
    let requested = |request: &str| format!(r#"{{"annotationRequestIds":["a","{request}"]}}"#);
    for (method, target, body) in [
        ("GET", "/statistics?annotationRequestId=ID", String::new()),
        ("GET", "/statistics?annotationRequestId=a&annotationRequestId=ID", String::new()),
        ("GET", "/statistics/summary?annotationRequestId=ID", String::new()),
        ("GET", "/statistics/export?annotationRequestId=ID", String::new()),
        ("POST", "/statistics/query", requested("ID")),
        ("GET", "/annotation-requests/ID", String::new()),
        ("PUT", "/annotation-requests/ID/statistics", row.to_owned()),
        ("DELETE", "/annotation-requests/ID/statistics/2", String::new()),
        ("DELETE", "/annotation-requests/ID", String::new()),
    ] {
        let fetch = |request: &str| {
            let (target, body) = (target.replace("ID", request), body.replace("ID", request));
            let response = service.fetch_json(method, &target, &signer.v2(method, &target, &body), &body);
            assert_eq!(Envelope::of(&response).code, 53003, "{method} {target}");
        };
        // What a session does once is done then.
        fetch("x");
        if target.starts_with("/statistics?") || method == "POST" {
            // A caller who may see it has just read it, and the service keeps the page.
            let (target, body) = (target.replace("ID", "b"), body.replace("ID", "b"));
            let read = service.fetch_json(method, &target, &everybody.v2(method, &target, &body), &body);
            assert_eq!(read.status, 200, "{method} {target}");
        }
        let [foreign, missing] = ["b", "x"].map(|request| {
            statements_during(&data.database, &format!("{method} {target} {request}"), || fetch(request))
        });
        assert!(!foreign.is_empty(), "{method} {target}: the statements are in the log");
        assert_eq!(foreign, missing, "{method} {target}");
    }
}
