//! The errors of the interface, and the response code of each.

use crate::ResponseCode;
use crate::http::{BodiesTooMany, RequestContext};
use crate::response::access_error::AccessError;
use crate::response::envelope::{self, Unwritable};
use crate::response::invalid_parameter::InvalidParameter;
use crate::response::port_errors::{of_recorder, of_registry, of_repository, of_statement};
use crate::response::unknown_requests::{UNKNOWN_ANNOTATION_REQUEST, UNKNOWN_STATEMENT, unknown_requests};
use actix_web::error::BlockingError;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, ErrorChain, ExportError, RecordError, RegistryError, RepositoryError, StatementError,
};
use annotation_statistics_exports::TooLarge;
use annotation_statistics_page::Unrendered;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::error";

/// `Retry-After` while the data is unavailable, in seconds.
pub(crate) const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");

/// A page that is larger than a response may be.
#[derive(Debug, thiserror::Error)]
#[error("the rows of this page are more than {max} bytes: ask for fewer, limit={limit} fits")]
pub(crate) struct ResponseTooLarge {
    /// The largest size of a response, in bytes.
    pub(crate) max: usize,
    /// A limit with which each page of these rows fits.
    pub(crate) limit: usize,
}

/// Sums that are larger than a response may be.
#[derive(Debug, thiserror::Error)]
#[error("the sums are more than {max} bytes: request those of fewer annotation requests, or the rows")]
pub(crate) struct SumsTooLarge {
    /// The largest size of a response, in bytes.
    pub(crate) max: usize,
}

/// Why a response carries no data.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error(transparent)]
    InvalidParameter(#[from] InvalidParameter),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    ResponseTooLarge(#[from] ResponseTooLarge),
    #[error(transparent)]
    SumsTooLarge(#[from] SumsTooLarge),
    #[error(transparent)]
    ExportTooLarge(#[from] TooLarge),
    #[error("the export cannot be written")]
    Unexported(#[source] BoxError),
    #[error(transparent)]
    BodiesTooMany(#[from] BodiesTooMany),
    #[error("as many sheets are compared as reconciliation.max_concurrent allows")]
    ComparisonsTooMany,
    #[error("the sheet cannot be compared")]
    Uncompared(#[source] BoxError),
    #[error(transparent)]
    Statement(#[from] StatementError),
    #[error("as many statements are made as statements.max_concurrent allows")]
    StatementsTooMany,
    #[error("no statement can be signed now")]
    Unsigned(#[source] BoxError),
    #[error("{0}")]
    ConditionFailed(&'static str),
    #[error(
        "there is no statement to begin from: make one with PUT /annotation-requests/{{id}}/statements/{{name}}, or name one that \
         there is, as from=statement:2026-10"
    )]
    NoStatement,
    #[error("only {allowed} are allowed here")]
    MethodNotAllowed { allowed: &'static str },
    #[error("refused: {}", .0.message())]
    Refused(ResponseCode),
    #[error("the rows cannot be read")]
    Unread(#[source] BlockingError),
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    #[error("the documentation cannot be shown")]
    Documentation(#[source] Box<dyn std::error::Error>),
    #[error(transparent)]
    Page(Unrendered),
    #[error("a handler panicked")]
    Panicked,
    #[error("the service is stopping")]
    Stopping,
}

impl ApiError {
    pub(crate) fn code(&self) -> ResponseCode {
        match self {
            Self::InvalidParameter(_) | Self::ExportTooLarge(_) => ResponseCode::InvalidParameter,
            Self::ResponseTooLarge(_) | Self::SumsTooLarge(_) => ResponseCode::PayloadTooLarge,
            Self::Access(error) => error.code(),
            Self::Repository(error) => of_repository(error),
            Self::Registry(error) => of_registry(error),
            Self::Record(error) => of_recorder(error),
            Self::Statement(error) => of_statement(error),
            Self::NoStatement => ResponseCode::NotFound,
            Self::BodiesTooMany(_)
            | Self::ComparisonsTooMany
            | Self::StatementsTooMany
            | Self::Unsigned(_)
            | Self::Stopping => ResponseCode::Unavailable,
            Self::ConditionFailed(_) => ResponseCode::PreconditionFailed,
            Self::Unread(_)
            | Self::Unwritable(_)
            | Self::Unexported(_)
            | Self::Uncompared(_)
            | Self::Documentation(_)
            | Self::Page(_)
            | Self::Panicked => ResponseCode::Broken,
            Self::MethodNotAllowed { .. } => ResponseCode::MethodNotAllowed,
            Self::Refused(code) => *code,
        }
    }

    /// Logs the cause, which the client never sees, and makes the response.
    pub(crate) fn response(&self, context: &RequestContext) -> HttpResponse {
        self.log();
        let code = self.code();
        let mut response = if self.says_why(code) {
            envelope::failure_because(context, code, &self.to_string())
        } else {
            envelope::failure(context, code)
        };
        if code == ResponseCode::Unavailable {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if let Self::Access(error) = self {
            error.set_headers(response.headers_mut());
        }
        if let Some(unknown) = self.unknown_requests().and_then(unknown_requests) {
            response.headers_mut().insert(UNKNOWN_ANNOTATION_REQUEST, unknown);
        }
        if let Self::Repository(RepositoryError::UnknownStatements { requests, .. }) = self
            && let Some(unstated) = unknown_requests(requests)
        {
            response.headers_mut().insert(UNKNOWN_STATEMENT, unstated);
        }
        if let Self::MethodNotAllowed { allowed } = self {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }

    /// Whether the client may read the reason, and has a use for it.
    fn says_why(&self, code: ResponseCode) -> bool {
        let codes = [
            ResponseCode::InvalidParameter,
            ResponseCode::Conflict,
            ResponseCode::PreconditionFailed,
            ResponseCode::SignatureExpired,
        ];
        let is_about_this = matches!(
            self,
            Self::ResponseTooLarge(_)
                | Self::SumsTooLarge(_)
                | Self::NoStatement
                | Self::Repository(RepositoryError::UnknownStatements { .. })
                | Self::Unsigned(_)
                | Self::Statement(StatementError::UnknownStatement { .. } | StatementError::UnknownKey(_))
        );
        codes.contains(&code) || is_about_this
    }

    /// The annotation requests that are unknown, where that is the error.
    pub(crate) fn unknown_requests(&self) -> Option<&[AnnotationRequestId]> {
        if let Self::Repository(RepositoryError::UnknownAnnotationRequests(ids)) = self {
            return Some(ids);
        }
        if let Self::Registry(RegistryError::UnknownAnnotationRequest(id))
        | Self::Statement(StatementError::UnknownAnnotationRequest(id)) = self
        {
            return Some(std::slice::from_ref(id));
        }
        if let Self::Registry(RegistryError::PreconditionFailed(failed))
        | Self::Record(RecordError::PreconditionFailed(failed)) = self
            && failed.current.is_none()
        {
            return Some(std::slice::from_ref(&failed.annotation_request_id));
        }
        None
    }

    /// The span around it has the request id.
    pub(crate) fn log(&self) {
        match (self, self.code()) {
            // Logged where it began.
            (Self::Panicked | Self::Stopping, _) => {}
            (Self::BodiesTooMany(_) | Self::ComparisonsTooMany | Self::StatementsTooMany, _) => {
                tracing::warn!(target: TARGET, cause = %self, "a request was refused");
            }
            (Self::Access(AccessError::Keys(_) | AccessError::Nonces(_)), _) => {
                tracing::warn!(target: TARGET, cause = ErrorChain(self).to_string(), "no request can be authenticated");
            }
            (Self::Unsigned(_), _) => {
                tracing::error!(target: TARGET, cause = ErrorChain(self).to_string(), "a statement was not made");
            }
            (
                Self::Registry(RegistryError::OutcomeUnknown(_))
                | Self::Record(RecordError::OutcomeUnknown(_))
                | Self::Statement(StatementError::OutcomeUnknown(_)),
                _,
            ) => {
                tracing::warn!(target: TARGET, cause = ErrorChain(self).to_string(), "a change was not answered by the database");
            }
            (_, ResponseCode::Broken) => {
                tracing::error!(target: TARGET, cause = ErrorChain(self).to_string(), "a request failed");
            }
            (_, ResponseCode::Unavailable) => {
                tracing::warn!(target: TARGET, cause = ErrorChain(self).to_string(), "the statistics cannot be reached");
            }
            _ => tracing::debug!(target: TARGET, cause = %self, "a request was refused"),
        }
    }
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Repository(error) => error.into(),
            ExportError::Target(error) => match error.downcast::<TooLarge>() {
                Ok(error) => (*error).into(),
                Err(error) => Self::Unexported(error),
            },
        }
    }
}

/// Passes the error through the framework to the middleware that makes the envelopes of errors.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code().status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
