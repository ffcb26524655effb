//! The table of response codes.

use actix_web::http::StatusCode;

/// The outcome of a request: a code of the public API, its HTTP status, and a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseCode {
    /// The request succeeded.
    Success,
    /// A parameter is missing or invalid; the message says which and why.
    InvalidParameter,
    /// At least one of the requested annotation requests is unknown.
    UnknownAnnotationRequest,
    /// The signature is not that of the request.
    WrongSignature,
    /// No key, an unknown or revoked one, or malformed headers about it.
    AuthenticationFailed,
    /// The timestamp of the signature is outside of the window.
    SignatureExpired,
    /// No resource has this path.
    NotFound,
    /// The resource does not support this method.
    MethodNotAllowed,
    /// The request did not arrive in time.
    RequestTimeout,
    /// The request contradicts what is recorded; the message says what.
    Conflict,
    /// A precondition of the request does not hold; the message says which.
    PreconditionFailed,
    /// The body is over the limit.
    PayloadTooLarge,
    /// The resource does not read bodies of this media type.
    UnsupportedMediaType,
    /// Too many requests from this client.
    TooManyRequests,
    /// The head of the request is over the limit.
    RequestHeaderFieldsTooLarge,
    /// A bug, or corrupt data.
    Broken,
    /// The data is unavailable now.
    Unavailable,
}

impl ResponseCode {
    /// Every code, in the order of the contract.
    pub const ALL: [Self; 17] = [
        Self::Success,
        Self::InvalidParameter,
        Self::UnknownAnnotationRequest,
        Self::WrongSignature,
        Self::AuthenticationFailed,
        Self::SignatureExpired,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::TooManyRequests,
        Self::RequestHeaderFieldsTooLarge,
        Self::Broken,
        Self::Unavailable,
    ];

    const fn row(self) -> (u32, StatusCode, &'static str) {
        const HICCUP: &str = "Service hiccuped, please try again later.";
        match self {
            Self::Success => (2000, StatusCode::OK, "Success"),
            Self::InvalidParameter => (4005, StatusCode::BAD_REQUEST, "Invalid parameter"),
            Self::UnknownAnnotationRequest => (53003, StatusCode::NOT_FOUND, "Annotation request has not exists."),
            Self::WrongSignature => (401, StatusCode::UNAUTHORIZED, "Wrong Signature"),
            Self::AuthenticationFailed => (402, StatusCode::UNAUTHORIZED, "Authentication Failed"),
            Self::SignatureExpired => (403, StatusCode::FORBIDDEN, "Signature Expired"),
            Self::NotFound => (404, StatusCode::NOT_FOUND, "Not Found"),
            Self::MethodNotAllowed => (405, StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"),
            Self::RequestTimeout => (408, StatusCode::REQUEST_TIMEOUT, "Request Timeout"),
            Self::Conflict => (409, StatusCode::CONFLICT, "Conflict"),
            Self::PreconditionFailed => (412, StatusCode::PRECONDITION_FAILED, "Precondition Failed"),
            Self::PayloadTooLarge => (413, StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large"),
            Self::UnsupportedMediaType => (415, StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"),
            Self::TooManyRequests => (429, StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
            Self::RequestHeaderFieldsTooLarge => {
                (431, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large")
            }
            Self::Broken => (5000, StatusCode::INTERNAL_SERVER_ERROR, HICCUP),
            Self::Unavailable => (5000, StatusCode::SERVICE_UNAVAILABLE, HICCUP),
        }
    }

    /// The code of the public API.
    pub const fn code(self) -> u32 {
        self.row().0
    }

    /// The HTTP status.
    pub const fn status(self) -> StatusCode {
        self.row().1
    }

    /// The text.
    pub const fn message(self) -> &'static str {
        self.row().2
    }

    /// The label in the metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::InvalidParameter => "invalid_parameter",
            Self::UnknownAnnotationRequest => "unknown_annotation_request",
            Self::WrongSignature => "wrong_signature",
            Self::AuthenticationFailed => "authentication_failed",
            Self::SignatureExpired => "signature_expired",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::RequestTimeout => "request_timeout",
            Self::Conflict => "conflict",
            Self::PreconditionFailed => "precondition_failed",
            Self::PayloadTooLarge => "payload_too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooManyRequests => "too_many_requests",
            Self::RequestHeaderFieldsTooLarge => "request_header_fields_too_large",
            Self::Broken => "broken",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether the response carries data.
    pub(super) fn is_success(self) -> bool {
        self == Self::Success
    }

    /// The code for an error of which only the HTTP status is known.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::UNAUTHORIZED => Self::AuthenticationFailed,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            _ => {
                let other = if status.is_server_error() { Self::Broken } else { Self::InvalidParameter };
                Self::ALL.into_iter().find(|code| code.status() == status).unwrap_or(other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_contract() {
        let table: Vec<_> = ResponseCode::ALL.map(|code| (code.code(), code.status().as_u16())).into();
        assert_eq!(
            table,
            [
                (2000, 200),
                (4005, 400),
                (53003, 404),
                (401, 401),
                (402, 401),
                (403, 403),
                (404, 404),
                (405, 405),
                (408, 408),
                (409, 409),
                (412, 412),
                (413, 413),
                (415, 415),
                (429, 429),
                (431, 431),
                (5000, 500),
                (5000, 503),
            ]
        );
    }

    #[test]
    fn a_code_that_is_its_status_has_the_standard_phrase() {
        for code in ResponseCode::ALL.into_iter().filter(|code| code.code() == u32::from(code.status().as_u16())) {
            if code.code() > 403 {
                assert_eq!(Some(code.message()), code.status().canonical_reason());
            }
        }
    }

    #[test]
    fn a_bare_status_has_a_code() {
        for (status, code, reason) in [
            (404, ResponseCode::NotFound, "no path, rather than no annotation request"),
            (401, ResponseCode::AuthenticationFailed, "no key, rather than a wrong signature"),
            (413, ResponseCode::PayloadTooLarge, "in the table"),
            (418, ResponseCode::InvalidParameter, "not in the table: an error of the client"),
            (500, ResponseCode::Broken, "in the table"),
            (502, ResponseCode::Broken, "not in the table: an error of the service"),
            (503, ResponseCode::Unavailable, "in the table"),
        ] {
            assert_eq!(ResponseCode::of_status(StatusCode::from_u16(status).unwrap()), code, "{reason}");
        }
    }
}
