//! The body of the response to a HEAD: its size alone.

use actix_web::HttpRequest;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::Method;
use actix_web::web::Bytes;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A body of this size that is not sent.
pub(super) struct InsteadOfBody(pub(super) BodySize);

impl MessageBody for InsteadOfBody {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// These bytes, or for a HEAD their size.
pub(super) fn body_of(request: &HttpRequest, bytes: Vec<u8>) -> BoxBody {
    if request.method() == Method::HEAD {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        return BoxBody::new(InsteadOfBody(BodySize::Sized(size)));
    }
    BoxBody::new(bytes)
}
