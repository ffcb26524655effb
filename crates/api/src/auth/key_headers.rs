//! The headers that authenticate a request.

use crate::response::AccessError;
use actix_web::http::header::HeaderMap;
use annotation_statistics_access::{KeyId, Nonce, Timestamp};

pub(crate) const X_STARDUST_KEY: &str = "X-STARDUST-KEY";
pub(crate) const X_TS: &str = "X-TS";
pub(crate) const X_SIGN: &str = "X-SIGN";
pub(crate) const X_NONCE: &str = "X-NONCE";
const X_CONTENT_SHA256: &str = "X-CONTENT-SHA256";

/// The prefix of a signature of scheme v2.
const V2: &str = "v2=";

/// The key, the timestamp and the signature of a request, not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyHeaders {
    pub(crate) key: KeyId,
    pub(crate) timestamp: Timestamp,
    /// The timestamp as it was sent, because these bytes are signed.
    pub(crate) ts: String,
    pub(crate) proof: Proof,
}

/// A signature, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proof {
    V1 {
        signature: String,
    },
    V2 {
        signature: String,
        nonce: Nonce,
        /// The hash of the body, where a header announces it.
        announced: Option<String>,
    },
}

impl KeyHeaders {
    /// Whether a request is signed, well or badly: then nothing else of it says who has sent it.
    pub(crate) fn are_in(headers: &HeaderMap) -> bool {
        [X_STARDUST_KEY, X_TS, X_SIGN, X_NONCE].into_iter().any(|name| headers.contains_key(name))
    }

    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, AccessError> {
        let malformed = AccessError::Malformed;
        let key = single_header(headers, X_STARDUST_KEY, &KEY)?.ok_or(malformed(KEY.missing))?;
        let ts = single_header(headers, X_TS, &TS)?.ok_or(malformed(TS.missing))?;
        let sign = single_header(headers, X_SIGN, &SIGN)?.ok_or(malformed(SIGN.missing))?;
        let nonce = single_header(headers, X_NONCE, &NONCE)?;
        let key = KeyId::new(key).map_err(|_| malformed(KEY.wrong))?;
        let timestamp = parse_timestamp(ts).ok_or(malformed(TS.wrong))?;
        let proof = match sign.strip_prefix(V2) {
            None => Proof::V1 { signature: sign.into() },
            Some(signature) => {
                let nonce = nonce.ok_or(malformed(NONCE.missing))?;
                let announced = single_header(headers, X_CONTENT_SHA256, &HASH)?;
                if announced.is_some_and(|hash| !is_hash(hash)) {
                    return Err(malformed(HASH.wrong));
                }
                Proof::V2 {
                    signature: signature.into(),
                    nonce: Nonce::new(nonce).map_err(|_| malformed(NONCE.wrong))?,
                    announced: announced.map(str::to_owned),
                }
            }
        };
        Ok(Self { key, timestamp, ts: ts.into(), proof })
    }
}

/// The messages for an invalid header.
struct Messages {
    missing: &'static str,
    twice: &'static str,
    wrong: &'static str,
}

const KEY: Messages = Messages {
    missing: "X-STARDUST-KEY is missing",
    twice: "X-STARDUST-KEY is there twice",
    wrong: "X-STARDUST-KEY is not 1 to 64 letters, digits and ._-",
};
const TS: Messages = Messages {
    missing: "X-TS is missing",
    twice: "X-TS is there twice",
    wrong: "X-TS is not a number of milliseconds since 1970, digits only",
};
const SIGN: Messages = Messages {
    missing: "X-SIGN is missing",
    twice: "X-SIGN is there twice",
    wrong: "X-SIGN is not one word of visible ASCII",
};
const NONCE: Messages = Messages {
    missing: "X-NONCE is missing, which scheme v2 needs",
    twice: "X-NONCE is there twice",
    wrong: "X-NONCE is not 16 to 64 letters, digits, _ and -",
};

/// This header is optional.
const HASH: Messages = Messages {
    missing: "",
    twice: "X-CONTENT-SHA256 is there twice",
    wrong: "X-CONTENT-SHA256 is not 64 lower-case hexadecimal digits",
};

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The value of a header that may be given once: one word of visible ASCII.
fn single_header<'a>(headers: &'a HeaderMap, name: &str, messages: &Messages) -> Result<Option<&'a str>, AccessError> {
    let mut values = headers.get_all(name);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(AccessError::Malformed(messages.twice));
    }
    let text = std::str::from_utf8(value.as_bytes()).ok();
    let is_word = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    text.filter(is_word).map(Some).ok_or(AccessError::Malformed(messages.wrong))
}

fn parse_timestamp(ts: &str) -> Option<Timestamp> {
    let is_number = ts.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| ts.parse::<i64>().ok().map(Timestamp::from)).flatten()
}

#[cfg(test)]
#[path = "key_headers_tests.rs"]
mod tests;
