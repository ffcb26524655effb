//! What can go wrong, and the code that the client gets for it.

use crate::stamp::Stamp;
use crate::statistics_params::InvalidParameter;
use crate::{ResponseCode, envelope};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use annotation_statistics_domain::RepositoryError;
use std::error::Error;

/// After how many seconds a client may ask again while the data cannot be reached.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// Why a request is not answered with data.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error(transparent)]
    InvalidParameter(#[from] InvalidParameter),
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    #[error("only {allowed} are allowed here")]
    MethodNotAllowed { allowed: &'static str },
    #[error("refused: {}", .0.message())]
    Refused(ResponseCode),
    #[error("the answer cannot be written")]
    Unwritable(#[source] serde_json::Error),
    #[error("the documentation cannot be shown")]
    Documentation(#[source] Box<dyn Error>),
    #[error("a handler panicked")]
    Panicked,
}

impl ApiError {
    fn code(&self) -> ResponseCode {
        match self {
            Self::InvalidParameter(_) => ResponseCode::InvalidParameter,
            Self::Repository(RepositoryError::UnknownAnnotationRequests(_)) => ResponseCode::UnknownAnnotationRequest,
            Self::Repository(RepositoryError::Unavailable(_)) => ResponseCode::Unavailable,
            Self::Repository(RepositoryError::Corrupt { .. })
            | Self::Unwritable(_)
            | Self::Documentation(_)
            | Self::Panicked => ResponseCode::Broken,
            Self::MethodNotAllowed { .. } => ResponseCode::MethodNotAllowed,
            Self::Refused(code) => *code,
        }
    }

    /// Logs the cause, which the client never sees, and makes the answer.
    pub(crate) fn answer(&self, stamp: &Stamp) -> HttpResponse {
        self.log();
        let code = self.code();
        let mut answer = if let Self::InvalidParameter(fault) = self {
            envelope::invalid(stamp, &fault.to_string())
        } else {
            envelope::failure(stamp, code)
        };
        if code == ResponseCode::Unavailable {
            answer.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if let Self::MethodNotAllowed { allowed } = self {
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        answer
    }

    /// The request id stands in the span around it.
    fn log(&self) {
        match self {
            // Logged where it was caught, with what it said.
            Self::Panicked => {}
            Self::Repository(RepositoryError::Unavailable(_)) => {
                tracing::warn!(cause = chain(self), "the statistics cannot be reached");
            }
            Self::Repository(RepositoryError::Corrupt { .. }) | Self::Unwritable(_) | Self::Documentation(_) => {
                tracing::error!(cause = chain(self), "a request failed");
            }
            Self::InvalidParameter(_)
            | Self::Repository(RepositoryError::UnknownAnnotationRequests(_))
            | Self::MethodNotAllowed { .. }
            | Self::Refused(_) => tracing::debug!(cause = %self, "a request was refused"),
        }
    }
}

/// An error and all its sources, from the outermost to the root.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error: &&dyn Error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Carries the error to the one place that makes the envelopes of errors.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code().status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
