//! The test support of authorization: a key, and requests that are signed with it.

use crate::auth::signature::Signed;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_access::{AccessKey, KeyId, KeyScopes, KeySecret, PreviousSecret, Timestamp};
use annotation_statistics_domain::{CampaignId, CampaignScope};
use std::collections::BTreeSet;

/// The time of the service under test, in milliseconds.
pub(crate) const NOW: i64 = 1_744_122_000_987;
pub(crate) const SECRET: &str = "0123456789abcdef";
pub(crate) const OLD_SECRET: &str = "fedcba9876543210";
pub(crate) const NONCE: &str = "n-0123456789abcdef";
/// The hash of no body.
pub(crate) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A key that may read one campaign, by either scheme.
pub(crate) fn key() -> AccessKey {
    let secret = |text: &str| KeySecret::new(text).unwrap();
    AccessKey {
        id: KeyId::new("ak-7").unwrap(),
        secret: secret(SECRET),
        previous: Some(PreviousSecret { secret: secret(OLD_SECRET), expires: Timestamp::from(NOW + 1) }),
        scopes: KeyScopes::Read,
        campaigns: CampaignScope::Only(BTreeSet::from([CampaignId::new("1001").unwrap()])),
        id_prefix: None,
        accepts_v1: true,
        expires: None,
    }
}

/// A request signed by scheme v2 with this key.
pub(crate) fn v2(method: &Method, path: &str, query: &str, body_hash: &str) -> TestRequest {
    let canonical = format!("v2\n{method}\n{path}\n{query}\n{body_hash}\n{NOW}\n{NONCE}\nak-7");
    let sign = Signed::V2 { canonical: &canonical }.signature(SECRET);
    TestRequest::with_uri(&format!("{path}?{query}"))
        .method(method.clone())
        .insert_header(("X-STARDUST-KEY", "ak-7"))
        .insert_header(("X-TS", NOW.to_string()))
        .insert_header(("X-NONCE", NONCE))
        .insert_header(("X-SIGN", format!("v2={sign}")))
}
