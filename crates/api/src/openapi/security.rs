//! Who may ask, as the `OpenAPI` document says it.

use crate::ResponseCode;
use crate::auth::{X_NONCE, X_SIGN, X_STARDUST_KEY, X_TS};
use crate::auth::{access, access_to_query};
use crate::openapi::responses::refusal;
use crate::paths::{HEALTH_LIVE, HEALTH_READY, OPENAPI, STATISTICS_QUERY};
use actix_web::http::Method;
use annotation_statistics_access::Access;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi, PathItem};

/// What everybody may ask.
const OPEN: [&str; 3] = [HEALTH_LIVE, HEALTH_READY, OPENAPI];

/// The headers that prove who asks: the name of the scheme, the header, and what is in it.
const HEADERS: [(&str, &str, &str); 4] = [
    ("key", X_STARDUST_KEY, "The id of the access key."),
    ("time", X_TS, "When the request was signed: milliseconds since 1970, within 300 s of the server's clock."),
    (
        "signature",
        X_SIGN,
        "Scheme v2: `v2=` and the hexadecimal HMAC-SHA256 of the request. Scheme v1, for reads: the hexadecimal MD5 of \
         `time&secret&key`. docs/AUTH.md has the exact bytes. With scheme v2, `X-CONTENT-SHA256` may tell the hash of the body \
         before it comes.",
    ),
    ("nonce", X_NONCE, "Scheme v2: 16 to 64 letters, digits, `_` and `-`, used once."),
];

/// Declares both schemes, and adds them and what they refuse to all that is not open to everybody.
pub(crate) fn declare_access_keys(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        if !OPEN.contains(&path.as_str()) {
            let access = if path.ends_with(STATISTICS_QUERY) { access_to_query } else { access };
            operations(item).for_each(|(method, operation)| guard(operation, access(&method)));
        }
    }
    let components = document.components.get_or_insert_default();
    for (name, header, about) in HEADERS {
        let value = ApiKeyValue::with_description(header, about);
        components.security_schemes.insert(name.into(), SecurityScheme::ApiKey(ApiKey::Header(value)).into());
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let each = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::DELETE, &mut item.delete),
    ];
    each.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn guard(operation: &mut Operation, access: Access) {
    let v2 = requirement(&["key", "time", "signature", "nonce"]);
    let v1 = requirement(&["key", "time", "signature"]);
    operation.security = Some(if access == Access::Read { vec![v2, v1] } else { vec![v2] });
    for code in [ResponseCode::AuthenticationFailed, ResponseCode::SignatureExpired, ResponseCode::TooManyRequests] {
        operation.responses.responses.insert(code.status().as_str().into(), refusal(code).into());
    }
    let unavailable = ResponseCode::Unavailable;
    let responses = &mut operation.responses.responses;
    responses.entry(unavailable.status().as_str().into()).or_insert_with(|| refusal(unavailable).into());
}

fn requirement(names: &[&str]) -> SecurityRequirement {
    let none: [&str; 0] = [];
    names.iter().fold(SecurityRequirement::default(), |all, name| all.add(*name, none))
}
