//! Access keys in the document.

use crate::auth::{X_NONCE, X_SIGN, X_STARDUST_KEY, X_TS};
use crate::html::session::Cookie;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

/// The headers that authenticate a request: the name of the scheme, the header, and its content.
const HEADERS: [(&str, &str, &str); 4] = [
    ("key", X_STARDUST_KEY, "The id of the access key."),
    ("time", X_TS, "When the request was signed: milliseconds since 1970, within 300 s of the server's clock."),
    (
        "signature",
        X_SIGN,
        "Scheme v2: `v2=` and the hexadecimal HMAC-SHA256 of the request. Scheme v1, for reads: the hexadecimal MD5 of \
         `time&secret&key`. docs/AUTH.md has the exact bytes. With scheme v2, `X-CONTENT-SHA256` may state the hash of \
         the body in advance.",
    ),
    ("nonce", X_NONCE, "Scheme v2: 16 to 64 letters, digits, `_` and `-`, used once."),
];

/// The cookie of those who have signed in: its name where the connection is encrypted.
const SESSION: (&str, &str, &str) = (
    "session",
    Cookie::Session.name(true),
    "A person who has signed in at `/`: the browser sends it by itself, and scripts cannot read it. Without TLS its name is \
     `annotation-statistics`. It reads, and is good for no change.",
);

/// Declares the headers of access keys and the cookie of sessions, which the operations name in their requirements.
pub(super) fn declare_access_keys(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, header, about) in HEADERS {
        let value = ApiKeyValue::with_description(header, about);
        components.security_schemes.insert(name.into(), SecurityScheme::ApiKey(ApiKey::Header(value)).into());
    }
    let (name, cookie, about) = SESSION;
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(cookie, about)));
    components.security_schemes.insert(name.into(), cookie.into());
}
