//! The ids in a path.

use crate::ApiState;
use crate::http::decode_path;
use crate::http::parameters::request_ids::ANNOTATION_REQUEST_ID;
#[cfg(feature = "openapi")]
use crate::response::schema::AnnotationRequestIdText;
use crate::response::{InvalidParameter, invalid, quoted};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use annotation_statistics_domain::{AnnotationRequestId, SigningKeyId, StatementName, TaskId};
use std::future::{Ready, ready};
use utoipa::IntoParams;

const TASK_ID: &str = "taskId";
const NAME: &str = "name";
const KEY_ID: &str = "keyId";

/// The positions of the ids: `/annotation-requests/{id}/statistics/{taskId}`, counted from the end of the base path.
const PLACE_OF_REQUEST: usize = 2;
const PLACE_OF_TASK: usize = 4;
/// `/annotation-requests/{id}/statements/{name}`
const PLACE_OF_STATEMENT: usize = 4;
/// `/statement-keys/{keyId}.pem`
const PLACE_OF_KEY: usize = 2;

/// The annotation request that a path names.
#[derive(Debug, IntoParams)]
#[into_params(names("annotationRequestId"), parameter_in = Path)]
pub(crate) struct PathRequest(
    /// The annotation request: at most 255 bytes of UTF-8; a slash in it is `%2F`.
    #[param(inline, value_type = AnnotationRequestIdText, example = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b")]
    pub(crate) AnnotationRequestId,
);

/// The task that a path names.
#[derive(Debug, IntoParams)]
#[into_params(names("taskId"), parameter_in = Path)]
pub(crate) struct PathTask(
    /// The task.
    #[param(value_type = i64)]
    pub(crate) TaskId,
);

/// The statement that a path names.
#[derive(Debug, IntoParams)]
#[into_params(names("name"), parameter_in = Path)]
pub(crate) struct PathStatement(
    /// The name of the statement: 1 to 64 letters, digits and `.`, `_`, `-`, with no dot in front.
    #[param(value_type = String, pattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$", example = "2025-04")]
    pub(crate) StatementName,
);

/// The key of statements that a path names.
#[derive(Debug, IntoParams)]
#[into_params(names("keyId"), parameter_in = Path)]
pub(crate) struct PathKey(
    /// The id of the key.
    #[param(value_type = String, pattern = "^[0-9a-f]{16}$", example = "21fe31dfa154a261")]
    pub(crate) SigningKeyId,
);

impl FromRequest for PathRequest {
    type Error = crate::response::ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request_in(segment(request, PLACE_OF_REQUEST)).map(Self).map_err(Into::into))
    }
}

impl FromRequest for PathTask {
    type Error = crate::response::ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(task_in(segment(request, PLACE_OF_TASK)).map(Self).map_err(Into::into))
    }
}

impl FromRequest for PathStatement {
    type Error = crate::response::ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(statement_in(segment(request, PLACE_OF_STATEMENT)).map(Self).map_err(Into::into))
    }
}

impl FromRequest for PathKey {
    type Error = crate::response::ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(key_in(segment(request, PLACE_OF_KEY)).map(Self).map_err(Into::into))
    }
}

/// The statement that a path names, as the handlers of its files read it.
pub(crate) fn statement_in_path(request: &HttpRequest) -> Option<(AnnotationRequestId, StatementName)> {
    let id = request_in(segment(request, PLACE_OF_REQUEST)).ok()?;
    Some((id, statement_in(segment(request, PLACE_OF_STATEMENT)).ok()?))
}

/// The segment as it was sent: the router decodes all but `%25`, `%2B` and `%2F`, and replaces invalid UTF-8.
fn segment(request: &HttpRequest, place: usize) -> &str {
    let state = request.app_data::<web::Data<ApiState>>();
    let before = state.map_or(0, |state| state.settings.base_path.as_str().matches('/').count());
    request.uri().path().split('/').nth(before + place).unwrap_or_default()
}

fn request_in(raw: &str) -> Result<AnnotationRequestId, InvalidParameter> {
    let encoding = |error| invalid(ANNOTATION_REQUEST_ID, &format!("{error}, got {}", quoted(raw)));
    let text = decode_path(raw).map_err(encoding)?;
    AnnotationRequestId::new(text).map_err(|error| invalid(ANNOTATION_REQUEST_ID, &error.to_string()))
}

fn statement_in(raw: &str) -> Result<StatementName, InvalidParameter> {
    let text = decode_path(raw).map_err(|error| invalid(NAME, &format!("{error}, got {}", quoted(raw))))?;
    StatementName::new(&*text).map_err(|error| invalid(NAME, &format!("{error}, got {}", quoted(&text))))
}

fn key_in(raw: &str) -> Result<SigningKeyId, InvalidParameter> {
    let text = decode_path(raw).map_err(|error| invalid(KEY_ID, &format!("{error}, got {}", quoted(raw))))?;
    let id = text.strip_suffix(".pem").unwrap_or(&text);
    SigningKeyId::try_from(id.to_owned()).map_err(|error| invalid(KEY_ID, &format!("{error}, got {}", quoted(id))))
}

fn task_in(raw: &str) -> Result<TaskId, InvalidParameter> {
    let text = decode_path(raw).map_err(|error| invalid(TASK_ID, &format!("{error}, got {}", quoted(raw))))?;
    task_number(&text).map_err(|why| invalid(TASK_ID, &why))
}

/// A task by its number.
pub(crate) fn task_number(text: &str) -> Result<TaskId, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = text.parse::<i64>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    number.map(TaskId::from).ok_or_else(|| format!("must be a whole number of 64 bits, got {}", quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_any_text_and_decoded_once() {
        let longest = "%e8%bd%a6".repeat(85);
        for (raw, id, reason) in [
            ("7d44b43b-3bbd", "7d44b43b-3bbd", "nothing to decode"),
            ("a%2Fb%2fc", "a/b/c", "a slash"),
            ("a+b%2B", "a+b+", "a plus is a plus in a path"),
            ("50%2525", "50%25", "decoded once"),
            ("x%20y,%C3%A9", "x y,\u{e9}", "UTF-8"),
            ("..", "..", "dots are text here"),
            (longest.as_str(), &"\u{8f66}".repeat(85), "255 bytes"),
        ] {
            assert_eq!(request_in(raw).unwrap().as_str(), id, "{reason}");
        }
    }

    #[test]
    fn what_is_no_id_is_refused_with_its_reason() {
        let long = "x".repeat(256);
        for (raw, why) in [
            ("%zz", "has a % without two hexadecimal digits after it, got \"%zz\""),
            ("%FF", "is not UTF-8 when decoded, got \"%FF\""),
            ("a%00", "must not contain a NUL character"),
            (long.as_str(), "is 256 bytes long, at most 255 are allowed"),
        ] {
            assert_eq!(request_in(raw).unwrap_err().to_string(), format!("annotationRequestId {why}"));
        }
    }

    #[test]
    fn a_statement_is_named_by_what_leads_to_no_other_file() {
        for (raw, name) in [("2025-04", "2025-04"), ("INV%2D17_b.2", "INV-17_b.2")] {
            assert_eq!(statement_in(raw).unwrap().as_str(), name, "{raw}");
        }
        let why = "must be 1 to 64 letters, digits and . _ - with no dot in front, such as 2026-11";
        for raw in ["..", ".", "%2e%2e", "..%2F..", "a%2Fb", "a%5Cb", "a%00", "a%0A", "", ".a", "%C3%A9", "a b"] {
            let error = statement_in(raw).unwrap_err().to_string();
            assert!(error.starts_with(&format!("name {why}, got ")), "{raw}: {error}");
        }
        assert!(statement_in("%zz").is_err() && statement_in(&"n".repeat(65)).is_err());
    }

    #[test]
    fn a_key_is_named_by_its_digits() {
        assert_eq!(key_in("21fe31dfa154a261.pem").unwrap().as_str(), "21fe31dfa154a261");
        assert_eq!(key_in("21fe31dfa154a261%2Epem").unwrap().as_str(), "21fe31dfa154a261");
        for raw in [".pem", "21FE31DFA154A261.pem", "21fe31dfa154a26.pem", "..%2F21fe31dfa154a261.pem", "%zz.pem"] {
            assert!(key_in(raw).unwrap_err().to_string().starts_with("keyId "), "{raw}");
        }
    }

    #[test]
    fn a_task_is_a_whole_number_of_64_bits() {
        for (raw, number) in
            [("7", 7), ("%37", 7), ("-9223372036854775808", i64::MIN), ("9223372036854775807", i64::MAX)]
        {
            assert_eq!(task_in(raw).unwrap(), TaskId::from(number), "{raw}");
        }
        for raw in ["x", "+7", "-", "7.0", "1e3", "9223372036854775808", "%20", "--7"] {
            let error = task_in(raw).unwrap_err().to_string();
            assert!(error.starts_with("taskId must be a whole number of 64 bits, got "), "{raw}: {error}");
        }
        assert!(task_in("%F").is_err());
    }
}
