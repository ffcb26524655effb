//! HTTP/2 on a connection, with a bound on its streams: the server of actix-http lets nobody set one.

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
const LARGEST_HEAD: u32 = 131_072;

/// How many bytes of one body, and of all bodies of a connection, may come before they are asked for.
const BODY_WINDOW: u32 = 1_048_576;
const CONNECTION_WINDOW: u32 = 2 * BODY_WINDOW;

/// How much a client may do on one connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Http2Limits {
    /// Requests at the same time.
    pub(super) max_streams: NonZeroU32,
    /// Until the connection is agreed on.
    pub(super) head_timeout: Duration,
}

/// A request, and where its answer goes.
type Asked = (http::Request<RecvStream>, SendResponse<Bytes>);

/// Answers the requests on a connection until it ends. Its end is the end of what is under way on it: nobody waits for
/// that any more.
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
    builder.max_concurrent_streams(max_streams).max_header_list_size(LARGEST_HEAD);
    builder.initial_window_size(BODY_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
    let mut connection = timeout(limits.head_timeout, builder.handshake(stream)).await.map_err(drop)?.map_err(drop)?;
    let mut under_way = JoinSet::new();
    loop {
        // A client that gives its requests up at once begins others in their place: those under way count, not its streams.
        let has_room = u32::try_from(under_way.len()).is_ok_and(|requests| requests < max_streams);
        tokio::select! {
            _ended = under_way.join_next(), if !under_way.is_empty() => {}
            asked = next(&mut connection, has_room) => {
                let Some((request, to)) = asked else { return Ok(()) };
                under_way.spawn_local(answer(Rc::clone(&app), with_connection(request, peer, &on), to));
            }
        }
    }
}

/// The next request, when one may be begun, or the end of the connection; moves the bytes of the others meanwhile.
async fn next<T>(connection: &mut Http2Connection<T, Bytes>, may_begin: bool) -> Option<Asked>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    if may_begin {
        return connection.accept().await?.ok();
    }
    // How it has ended makes no difference.
    let _end = poll_fn(|context| connection.poll_closed(context)).await;
    None
}

/// The request as the application knows it.
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

async fn answer<A>(app: Rc<A>, request: Request, to: SendResponse<Bytes>)
where
    A: Service<Request, Response = ServiceResponse<ResponsePieces>, Error = Error>,
{
    let is_head = request.method() == Method::HEAD;
    let response = match app.call(request).await {
        Ok(response) => response.into_parts().1.map_body(|_, body| BoxBody::new(body)),
        Err(fault) => fault.error_response(),
    };
    // An error means that the client is gone, or has lost interest.
    let _sent = send(response, to, is_head).await;
}
