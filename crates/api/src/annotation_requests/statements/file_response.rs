//! A file of a statement: bytes that never change.

use crate::annotation_requests::statements::tag::StatementTag;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use annotation_statistics_domain::{Sha256, StatementHead};
use annotation_statistics_exports::FileName;
use data_encoding::BASE64;

/// The digest of what is sent (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// For the client alone, and for good. No one on the way may code it again: the bytes are what was signed.
pub(super) const FOR_GOOD: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable, no-transform");

/// What the head of a file says.
pub(super) struct StatementFile {
    pub(super) content_type: &'static str,
    /// Of its name.
    pub(super) extension: &'static str,
    pub(super) tag: StatementTag,
    /// Where it is known without reading the file.
    pub(super) digest: Option<Sha256>,
}

impl StatementFile {
    /// 304 for a client that has the file.
    pub(super) fn not_modified(&self, headers: &HeaderMap) -> Option<HttpResponse> {
        self.tag.not_modified(headers, FOR_GOOD)
    }

    /// The head of the file.
    pub(super) fn response(&self, of: &StatementHead) -> HttpResponseBuilder {
        let mut response = HttpResponse::Ok();
        response
            .insert_header((CONTENT_TYPE, HeaderValue::from_static(self.content_type)))
            .insert_header((CACHE_CONTROL, FOR_GOOD))
            .insert_header((ACCEPT_RANGES, HeaderValue::from_static("none")))
            .insert_header((ETAG, self.tag.header()));
        let name = FileName::of_statement(&of.annotation_request_id, &of.name, self.extension);
        if let Ok(disposition) = HeaderValue::try_from(name.disposition()) {
            response.insert_header((CONTENT_DISPOSITION, disposition));
        }
        let digest = self.digest.map(|Sha256(digest)| format!("sha-256=:{}:", BASE64.encode(&digest)));
        if let Some(Ok(digest)) = digest.map(HeaderValue::try_from) {
            response.insert_header((REPR_DIGEST, digest));
        }
        response
    }
}
