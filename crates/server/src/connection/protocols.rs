//! HTTP/1.1 and HTTP/2 over the same application.

use super::http_version::HttpVersion;
use super::http2::{Http2Limits, serve_http2};
use super::response_pieces::ResponsePieces;
use super::timed_stream::{OverTcp, TimedStream};
use actix_http::{Protocol, Request};
use actix_web::Error;
use actix_web::dev::{Service, ServiceResponse};
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite};

/// An accepted connection, its HTTP version and the address of its client.
pub(super) type Accepted<S> = (TimedStream<S>, HttpVersion, Option<SocketAddr>);

/// Serves a connection by its HTTP version.
pub(super) struct Protocols<H, A> {
    pub(super) http1: H,
    pub(super) app: Rc<A>,
    pub(super) http2: Http2Limits,
}

impl<S, H, A> Service<Accepted<S>> for Protocols<H, A>
where
    S: AsyncRead + AsyncWrite + OverTcp + Unpin + 'static,
    H: Service<(TimedStream<S>, Protocol, Option<SocketAddr>), Response = ()>,
    H::Future: 'static,
    A: Service<Request, Response = ServiceResponse<ResponsePieces>, Error = Error> + 'static,
{
    type Response = ();
    type Error = ();
    type Future = Pin<Box<dyn Future<Output = Result<(), ()>>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), ()>> {
        self.http1.poll_ready(context).map_err(drop)
    }

    fn call(&self, (stream, http_version, peer): Accepted<S>) -> Self::Future {
        match http_version {
            HttpVersion::Http1 => {
                let served = self.http1.call((stream, Protocol::Http1, peer));
                Box::pin(async move { served.await.map_err(drop) })
            }
            HttpVersion::Http2 => Box::pin(serve_http2(stream, peer, Rc::clone(&self.app), self.http2)),
        }
    }
}
