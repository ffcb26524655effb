//! Why a request is not authorized.

use crate::ResponseCode;
use crate::http::encoded;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use annotation_statistics_access::{KeysUnavailable, NoncesUnavailable};
use annotation_statistics_domain::IdPrefix;
use std::time::Duration;

/// The challenge of `WWW-Authenticate`.
const CHALLENGE: &str = r#"Stardust realm="annotation-statistics""#;

/// Why a request is not authorized.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessError {
    /// A header of the key is invalid; which one, and why.
    #[error("{0}")]
    Malformed(&'static str),
    /// The key is unknown, revoked or expired. The client does not learn which.
    #[error("the key is unknown, revoked or expired")]
    UnknownKey,
    /// The session or the share link is not valid, or the user has no key. The client does not learn which.
    #[error("the session or the share link is not valid, or not any more")]
    NotSignedIn,
    /// The signature is not that of the request.
    #[error("the signature is not that of the request")]
    WrongSignature,
    /// The signature is valid, and its nonce was used before.
    #[error("the nonce was used before")]
    Replayed,
    /// The key is valid, and may not do this.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// The key is valid, and may not register an annotation request with this id. As headers are ASCII, the prefix is
    /// percent-encoded.
    #[error("this key makes only annotation requests known whose id starts with {}", encoded(.0.as_str()))]
    OutsidePrefix(IdPrefix),
    /// The timestamp is too far from the clock of the server.
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
            Self::Malformed(_)
            | Self::UnknownKey
            | Self::NotSignedIn
            | Self::NotAllowed(_)
            | Self::OutsidePrefix(_) => ResponseCode::AuthenticationFailed,
            Self::OutsideWindow { .. } => ResponseCode::SignatureExpired,
            Self::TooMany { .. } => ResponseCode::TooManyRequests,
            Self::Keys(_) | Self::Nonces(_) => ResponseCode::Unavailable,
        }
    }

    /// The label of the outcome in the metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::UnknownKey => "no_key",
            Self::NotSignedIn => "not_signed_in",
            Self::WrongSignature => "wrong_signature",
            Self::Replayed => "replayed",
            Self::NotAllowed(_) | Self::OutsidePrefix(_) => "not_allowed",
            Self::OutsideWindow { .. } => "outside_window",
            Self::TooMany { .. } => "too_many",
            Self::Keys(_) | Self::Nonces(_) => "unavailable",
        }
    }

    /// Gives the client advice, where that reveals nothing to an attacker.
    pub(crate) fn set_headers(&self, headers: &mut HeaderMap) {
        if self.code().status() == StatusCode::UNAUTHORIZED {
            let is_disclosed = matches!(
                self,
                Self::Malformed(_) | Self::NotSignedIn | Self::NotAllowed(_) | Self::OutsidePrefix(_) | Self::Replayed
            );
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
