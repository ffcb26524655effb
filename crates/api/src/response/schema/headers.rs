//! The headers of responses. What a header means is said at its type, once for all operations that have it.

use crate::response::schema::types::{number, schema_types, text};
use utoipa::PartialSchema;
use utoipa::openapi::{Header, HeaderBuilder, KnownFormat, ObjectBuilder};

schema_types! {
    AcceptRanges = about(text().enum_values(Some(["none"])), "No part of the file can be requested.");
    Allow = about(text(), "The methods that the path knows.");
    ContentDisposition = about(text(), "The name of the file (RFC 6266).");
    CountingRule = about(text(), "The rules by which the requested annotation requests are counted, each once; `unstated` \
        for those without one, `various` for very many.");
    CountingRuleOfFile = about(text(), "The rules by which the tasks were counted.");
    EffectiveLimit = about(number(KnownFormat::Int32).minimum(Some(1)),
        "The limit that a larger one was lowered to; not there otherwise.");
    ExportedAt = about(text().pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")),
        "When the export was made, UTC.");
    LatestRevision = about(number(KnownFormat::Int64).minimum(Some(0)),
        "The greatest revision of the annotation requests.");
    Link = about(text(), "The first, previous, next and last page with the effective limit (RFC 8288).");
    Location = about(text(), "The path of what was made.");
    ReprDigest = about(text().pattern(Some("^sha-256=:[A-Za-z0-9+/]{43}=:$")), "The SHA-256 of the file (RFC 9530).");
    RetryAfter = about(number(KnownFormat::Int32).minimum(Some(1)), "Seconds after which to try again.");
    Revision = about(number(KnownFormat::Int64).minimum(Some(0)),
        "The state that the change led to; for `Min-Revision` of later requests.");
    StatementETag = about(text().pattern(Some("^\"[0-9a-f]{64}(-zst)?\"$")), "Of what never changes; strong.");
    StrongETag = about(text().pattern(Some("^\"[0-9]+\"$")), "The revision of the request, strong; for `If-Match`.");
    UnknownAnnotationRequest = about(text(), "On 53003: the unknown ids, percent-encoded, as many as 4,096 bytes hold.");
    StatementOfResponse = about(text(), "The name of the statement that the response is from; not there where it is from what is \
        recorded now.");
    UnknownStatement = about(text(), "On 404 of a request with `statement`: the annotation requests that have no statement of that \
        name, percent-encoded, as many as 4,096 bytes hold.");
    WeakETag = about(text().pattern(Some("^W/\"[0-9a-f]{32}-[0-9]+\"$")), "Changes exactly when `data` may; weak.");
    WwwAuthenticate = about(text(), "The reason, where it may be disclosed.");
    XRequestId = about(text().pattern(Some("^[0-9a-f]{32}$")),
        "The W3C trace id of the request, as `requestId` of the envelope.");
}

fn about(schema: ObjectBuilder, about: &str) -> ObjectBuilder {
    schema.description(Some(about))
}

/// The header of this type.
pub(crate) fn header<T: PartialSchema>() -> Header {
    HeaderBuilder::new().schema(Some(T::schema())).build()
}
