//! HTTP/2 on a connection, with a limit of concurrent streams, which the server of actix-http cannot set (ADR 49).

use super::deadlines::ConnectionDeadlines;
use super::http2_response::send;
use super::response_pieces::ResponsePieces;
use super::timed_stream::{OverTcp, TimedStream};
use actix_http::{HttpMessage, Method, Payload, Request};
use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::web::Bytes;
use h2::RecvStream;
use h2::server::{Builder, Connection as Http2Connection, SendResponse};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// The largest head, as with HTTP/1.1.
const MAX_HEAD: u32 = 131_072;

/// How many bytes of one body, and of all bodies of a connection, may be received before they are read.
const BODY_WINDOW: u32 = 1_048_576;
const CONNECTION_WINDOW: u32 = 2 * BODY_WINDOW;

/// How much a client may do on one connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Http2Limits {
    /// Requests at the same time.
    pub(super) max_streams: NonZeroU32,
    /// For the handshake.
    pub(super) head_timeout: Duration,
}

/// A request, and the sender of its response.
type NewRequest = (http::Request<RecvStream>, SendResponse<Bytes>);

/// Serves the requests on a connection until it ends, which cancels those in flight: no client waits for them.
pub(super) async fn serve_http2<S, A>(
    stream: TimedStream<S>,
    peer: Option<SocketAddr>,
    app: Rc<A>,
    limits: Http2Limits,
) -> Result<(), ()>
where
    S: AsyncRead + AsyncWrite + OverTcp + Unpin,
    A: Service<Request, Response = ServiceResponse<ResponsePieces>, Error = Error> + 'static,
{
    let on = stream.connection();
    let max_streams = limits.max_streams.get();
    let mut builder = Builder::new();
    builder.max_concurrent_streams(max_streams).max_header_list_size(MAX_HEAD);
    builder.initial_window_size(BODY_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
    let mut connection = timeout(limits.head_timeout, builder.handshake(stream)).await.map_err(drop)?.map_err(drop)?;
    let mut in_flight = JoinSet::new();
    loop {
        // A client that resets its streams at once opens others (rapid reset): requests in flight count, not streams.
        let has_room = u32::try_from(in_flight.len()).is_ok_and(|requests| requests < max_streams);
        tokio::select! {
            _ended = in_flight.join_next(), if !in_flight.is_empty() => {}
            next = next(&mut connection, has_room) => {
                let Some((request, to)) = next else { return Ok(()) };
                in_flight.spawn_local(respond(Rc::clone(&app), with_connection(request, peer, &on), to));
            }
        }
    }
}

/// The next request, where one more may start, or the end of the connection; drives the other streams meanwhile.
async fn next<T>(connection: &mut Http2Connection<T, Bytes>, may_begin: bool) -> Option<NewRequest>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    if may_begin {
        return connection.accept().await?.ok();
    }
    // Whether it ended with an error makes no difference.
    let _end = poll_fn(|context| connection.poll_closed(context)).await;
    None
}

/// The request in the types of actix-web, with its connection.
fn with_connection(
    request: http::Request<RecvStream>,
    peer: Option<SocketAddr>,
    on: &Rc<ConnectionDeadlines>,
) -> Request {
    let (parts, body) = request.into_parts();
    let mut request = Request::with_payload(Payload::from(body));
    let head = request.head_mut();
    (head.uri, head.method, head.version) = (parts.uri, parts.method, parts.version);
    head.headers = parts.headers.into();
    head.peer_addr = peer;
    request.extensions_mut().insert(Rc::clone(on));
    request
}

async fn respond<A>(app: Rc<A>, request: Request, to: SendResponse<Bytes>)
where
    A: Service<Request, Response = ServiceResponse<ResponsePieces>, Error = Error>,
{
    let is_head = request.method() == Method::HEAD;
    let response = match app.call(request).await {
        Ok(response) => response.into_parts().1.map_body(|_, body| BoxBody::new(body)),
        Err(error) => error.error_response(),
    };
    // An error means that the client has disconnected, or reset the stream.
    let _sent = send(response, to, is_head).await;
}
