//! The responses of each error, as the document declares them.

use crate::ResponseCode;
use crate::response::Envelope;
use crate::response::schema::{
    Allow, Null, RetryAfter, UnknownAnnotationRequest, UnknownStatement, WwwAuthenticate, header,
};
use std::collections::BTreeMap;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Content, ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

/// The envelope of an error: without data.
pub(crate) enum Refusal {}

impl PartialSchema for Refusal {
    fn schema() -> RefOr<Schema> {
        let mut envelope = Envelope::<Null>::schema();
        if let RefOr::T(Schema::Object(envelope)) = &mut envelope {
            let failed = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([false]));
            envelope.properties.insert("data".to_owned(), Null::schema());
            envelope.properties.insert("success".to_owned(), failed.into());
        }
        envelope
    }
}

impl ToSchema for Refusal {}

/// Declares the responses of some codes.
macro_rules! error_responses {
    ($($(#[$about:meta])+ $name:ident: $($code:ident)+;)+) => {$(
        $(#[$about])+
        pub(crate) enum $name {}

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                [$(ResponseCode::$code),+].map(refused).into()
            }
        }
    )+};
}

error_responses! {
    /// Of any operation on annotation requests and their statistics.
    OperationErrors: InvalidParameter UnknownAnnotationRequest MethodNotAllowed PayloadTooLarge Broken Unavailable;
    /// Of an operation that needs an access key; not declared where none is needed.
    AccessErrors: AuthenticationFailed SignatureExpired TooManyRequests;
    /// Of an operation that has a body.
    BodyErrors: RequestTimeout UnsupportedMediaType;
    /// Of a change that may contradict what is recorded.
    ConflictErrors: Conflict;
    /// Of a change that may have a condition.
    PreconditionErrors: PreconditionFailed;
    /// Of any path.
    PathErrors: MethodNotAllowed PayloadTooLarge;
    /// While the data cannot be reached.
    ReadinessErrors: Broken Unavailable;
}

fn refused(code: ResponseCode) -> (String, RefOr<Response>) {
    (code.status().as_str().to_owned(), response(code).into())
}

fn response(code: ResponseCode) -> Response {
    // Two codes share a status, and the document has one response for each.
    let codes = ResponseCode::ALL.into_iter().filter(|other| other.status() == code.status());
    let about = codes.map(|code| format!("`{}` {}", code.code(), code.message())).collect::<Vec<_>>().join(", or ");
    let content = Content::new(Some(Ref::from_schema_name(Refusal::name())));
    let response = ResponseBuilder::new().description(about).content("application/json", content);
    match code.status().as_u16() {
        404 if code == ResponseCode::UnknownAnnotationRequest => {
            let response = response.header("Unknown-Annotation-Request", header::<UnknownAnnotationRequest>());
            response.header("Unknown-Statement", header::<UnknownStatement>())
        }
        405 => response.header("Allow", header::<Allow>()),
        401 => response.header("WWW-Authenticate", header::<WwwAuthenticate>()),
        429 | 503 => response.header("Retry-After", header::<RetryAfter>()),
        _ => response,
    }
    .build()
}
