//! Why a request was not let in.

use crate::ResponseCode;
use crate::http::encoded;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use annotation_statistics_access::{KeysUnavailable, NoncesUnavailable};
use annotation_statistics_domain::IdPrefix;
use std::time::Duration;

/// How one proves who one is here.
const CHALLENGE: &str = r#"Stardust realm="annotation-statistics""#;

/// Why a request was not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessError {
    /// The headers about the key cannot be read; which one, and why.
    #[error("{0}")]
    Malformed(&'static str),
    /// There is no such key, or none any more. The client is not told which.
    #[error("the key is unknown, revoked or expired")]
    NoKey,
    /// The signature is not that of the request.
    #[error("the signature is not that of the request")]
    WrongSignature,
    /// The signature is right, and was used before.
    #[error("the nonce was used before")]
    Replayed,
    /// The key is right, and may not do this.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// The key is right, and may not make a request of this id known. As headers have no letters but those of ASCII, the
    /// prefix is told percent-encoded.
    #[error("this key makes only annotation requests known whose id starts with {}", encoded(.0.as_str()))]
    OutsidePrefix(IdPrefix),
    /// The client's clock is too far from ours, or the request took too long.
    #[error("X-TS is {} ms {} the server's clock, at most {} ms are allowed",
        skew.unsigned_abs(), if *skew < 0 { "behind" } else { "ahead of" }, window.as_millis())]
    OutsideWindow { skew: i64, window: Duration },
    /// Too many requests of the key or of the address.
    #[error("too many requests of the same {of}")]
    TooMany { of: &'static str, retry_after: Duration },
    #[error(transparent)]
    Keys(#[from] KeysUnavailable),
    #[error(transparent)]
    Nonces(#[from] NoncesUnavailable),
}

impl AccessError {
    pub(crate) fn code(&self) -> ResponseCode {
        match self {
            Self::WrongSignature | Self::Replayed => ResponseCode::WrongSignature,
            Self::Malformed(_) | Self::NoKey | Self::NotAllowed(_) | Self::OutsidePrefix(_) => {
                ResponseCode::AuthenticationFailed
            }
            Self::OutsideWindow { .. } => ResponseCode::SignatureExpired,
            Self::TooMany { .. } => ResponseCode::TooManyRequests,
            Self::Keys(_) | Self::Nonces(_) => ResponseCode::Unavailable,
        }
    }

    /// What it is counted as.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::NoKey => "no_key",
            Self::WrongSignature => "wrong_signature",
            Self::Replayed => "replayed",
            Self::NotAllowed(_) | Self::OutsidePrefix(_) => "not_allowed",
            Self::OutsideWindow { .. } => "outside_window",
            Self::TooMany { .. } => "too_many",
            Self::Keys(_) | Self::Nonces(_) => "unavailable",
        }
    }

    /// Says what the client needs to know to do it right, where that helps nobody else.
    pub(crate) fn set_headers(&self, headers: &mut HeaderMap) {
        if self.code().status() == StatusCode::UNAUTHORIZED {
            let is_disclosed =
                matches!(self, Self::Malformed(_) | Self::NotAllowed(_) | Self::OutsidePrefix(_) | Self::Replayed);
            let advice = if is_disclosed { format!(r#", error="{self}""#) } else { String::new() };
            if let Ok(value) = HeaderValue::try_from(format!("{CHALLENGE}{advice}")) {
                headers.insert(WWW_AUTHENTICATE, value);
            }
        }
        if let Self::TooMany { retry_after, .. } = self {
            let seconds = retry_after.as_millis().div_ceil(1_000).max(1);
            if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
                headers.insert(RETRY_AFTER, value);
            }
        }
    }
}
