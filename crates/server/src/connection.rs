//! A connection of a client, as its requests see it.

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::rt::net::TcpStream;
use actix_web::web::Bytes;
use actix_web::{Error, http};
use rustix::net::{Shutdown, shutdown};
use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::Interest;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The most bytes of an answer that are handed to the server at once. It copies what it is given, and a reader may be slow:
/// so no connection holds more than this, however large its answer is.
const PIECE: usize = 32_768;

/// What happens on a connection; its watch looks at it.
pub(crate) struct Activity {
    /// A second handle to the socket that the server has.
    socket: TcpStream,
    begun: Cell<u64>,
    under_way: Cell<u32>,
    idle_since: Cell<Instant>,
    changed: Notify,
}

impl Activity {
    pub(crate) fn new(socket: TcpStream) -> Rc<Self> {
        let (begun, under_way, idle_since) = (Cell::new(0), Cell::new(0), Cell::new(Instant::now()));
        Rc::new(Self { socket, begun, under_way, idle_since, changed: Notify::new() })
    }

    /// Waits until bytes come that belong to no request which has ended.
    pub(crate) async fn bytes(&self) {
        // An error is told by the socket itself: the server hears it, too.
        let _came = self.socket.readable().await;
    }

    /// Ends the connection.
    pub(crate) fn cut(&self) {
        cut(&self.socket);
    }

    /// How many requests have begun so far.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.get()
    }

    /// Whether a request has begun whose answer is not made.
    pub(crate) fn is_under_way(&self) -> bool {
        self.under_way.get() > 0
    }

    /// How long there has been no request; `None` while there is one.
    pub(crate) fn idle_for(&self) -> Option<Duration> {
        (!self.is_under_way()).then(|| self.idle_since.get().elapsed())
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        while !is_so(self) {
            self.changed.notified().await;
        }
    }

    fn begin(self: &Rc<Self>) -> UnderWay {
        self.begun.set(self.begun.get().wrapping_add(1));
        self.under_way.set(self.under_way.get().saturating_add(1));
        self.changed.notify_one();
        UnderWay(Rc::clone(self))
    }

    /// The answer is not sent yet, so what came until now belongs to requests that have begun. The server has read it; this
    /// handle is told of what comes after it.
    fn end(&self) {
        self.under_way.set(self.under_way.get().saturating_sub(1));
        self.idle_since.set(Instant::now());
        let nothing = || Err::<(), _>(io::ErrorKind::WouldBlock.into());
        let _nothing = self.socket.try_io(Interest::READABLE, nothing);
        self.changed.notify_one();
    }
}

/// Ends the connection of a socket.
pub(crate) fn cut(socket: &TcpStream) {
    // An error means that the client was faster.
    let _gone = shutdown(socket, Shutdown::Both);
}

/// A request whose answer is not handed over, until this is dropped.
struct UnderWay(Rc<Activity>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// What the server keeps with a connection. Its watch ends with it.
pub(crate) struct Connection {
    activity: Rc<Activity>,
    watch: JoinHandle<()>,
}

impl Connection {
    pub(crate) fn new(activity: Rc<Activity>, watch: JoinHandle<()>) -> Self {
        Self { activity, watch }
    }

    fn begin(&self, version: http::Version) -> UnderWay {
        if version == http::Version::HTTP_2 {
            // It has frames of its own between requests, which say nothing about a head.
            self.watch.abort();
        }
        self.activity.begin()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

/// Tells the connection of a request when it begins, and when its answer is made.
pub(crate) async fn note_requests(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<NotedBody>, Error> {
    let under_way = request.conn_data::<Connection>().map(|connection| connection.begin(request.version()));
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| NotedBody { body, rest: Bytes::new(), _under_way: under_way }))
}

/// The body of an answer, in pieces; the request is under way until the last of them is handed over.
pub(crate) struct NotedBody {
    body: BoxBody,
    rest: Bytes,
    _under_way: Option<UnderWay>,
}

impl MessageBody for NotedBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.rest.is_empty() {
            match ready!(self.body.as_pin_mut().poll_next(context)) {
                Some(Ok(chunk)) => self.rest = chunk,
                end => return Poll::Ready(end),
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(piece))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    #[actix_web::test]
    async fn a_large_answer_is_handed_over_in_pieces_and_nothing_is_lost() {
        let whole: Vec<u8> = (0..=250).cycle().take(100_000).collect();
        let mut body = NotedBody { body: BoxBody::new(whole.clone()), rest: Bytes::new(), _under_way: None };
        assert_eq!(body.size(), BodySize::Sized(100_000));
        let (mut sizes, mut got) = (Vec::new(), Vec::new());
        while let Some(piece) = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await {
            let piece = piece.unwrap();
            sizes.push(piece.len());
            got.extend_from_slice(&piece);
        }
        assert_eq!((sizes, got == whole), (vec![PIECE, PIECE, PIECE, 1_696], true));
    }

    #[actix_web::test]
    async fn a_connection_is_idle_when_the_last_of_its_requests_is_answered() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let activity = Activity::new(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
        assert!(activity.idle_for().is_some());
        let (first, second) = (activity.begin(), activity.begin());
        drop(first);
        assert_eq!((activity.begun(), activity.is_under_way(), activity.idle_for()), (2, true, None));
        drop(second);
        assert!(activity.idle_for().is_some());
    }
}
