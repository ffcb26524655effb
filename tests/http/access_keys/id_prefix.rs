//! A key that makes only requests known whose id starts with its prefix.

use super::{UNKNOWN, service_on, signer, tenant};
use annotation_statistics_access::AccessKey;
use annotation_statistics_domain::IdPrefix;
use annotation_statistics_tests::{Envelope, KeyDatabase, KeyHolder, RawResponse, record, task};
use std::collections::BTreeSet;

const FAILED: (u16, i64, &str) = (401, 402, "Authentication Failed");

/// How a refusal says what is wrong.
fn advice(response: &RawResponse) -> Option<&str> {
    response.headers.iter().find(|(name, _)| name == "www-authenticate").map(|(_, advice)| advice.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_a_prefix_makes_only_requests_known_that_start_so_and_changes_its_others() {
    let data = KeyDatabase::empty();
    record(&data.database, [task("mine", 1), task("theirs", 2).campaign("1002")]).await;
    let key = AccessKey { id_prefix: Some(IdPrefix::new("team \"a\"/é").unwrap()), ..tenant("ak-1", "1001") };
    data.add(key.clone());
    let (service, signer) = (service_on(&data, ""), signer(&key));
    let body = r#"{"campaignId":"1001"}"#;
    let fetch = |method: &str, path: &str, condition: &str, body: &str| {
        let headers = format!("{condition}{}", signer.v2(method, path, body));
        service.fetch_json(method, path, &headers, body)
    };
    let reported = "Stardust realm=\"annotation-statistics\", error=\"this key makes only annotation requests known whose id \
                starts with team%20%22a%22%2F%C3%A9\"";
    // One of another campaign is told as one that is not there.
    for id in ["new", "theirs", "team%20%22a%22%2F", "TEAM%20%22a%22%2F%C3%A9"] {
        let path = format!("/annotation-requests/{id}");
        let refused = fetch("PUT", &path, "", body);
        assert_eq!((Envelope::of(&refused).verdict(), advice(&refused)), (FAILED, Some(reported)), "{id}");
        let unknown = fetch("PUT", &path, "If-Match: *\r\n", body);
        assert_eq!(Envelope::of(&unknown).verdict(), UNKNOWN, "{id}");
    }
    let known: BTreeSet<String> = data.database.query("SELECT id FROM annotation_requests").into_iter().collect();
    assert_eq!(known, BTreeSet::from(["mine", "theirs"].map(str::to_owned)));

    for path in ["/annotation-requests/team%20%22a%22%2F%C3%A9-1", "/annotation-requests/mine"] {
        assert_eq!(Envelope::of(&fetch("PUT", path, "", body)).code, 2000, "{path}");
        assert_eq!(Envelope::of(&fetch("PUT", &format!("{path}/statistics"), "", "[]")).code, 2000, "{path}");
        assert_eq!(Envelope::of(&fetch("GET", path, "", "")).code, 2000, "{path}");
        assert_eq!(Envelope::of(&fetch("DELETE", path, "", "")).code, 2000, "{path}");
    }
    let again = fetch("PUT", "/annotation-requests/mine", "", body);
    assert_eq!(Envelope::of(&again).verdict(), FAILED, "it would be made known anew");
}
