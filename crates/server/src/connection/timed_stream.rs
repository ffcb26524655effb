//! The stream of a connection, with the deadlines of its client and the close of idle connections (ADR 40).

use super::deadlines::{ConnectionDeadlines, ConnectionLimits};
use super::http_version::HttpVersion;
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::rt::net::TcpStream;
use socket2::SockRef;
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The most bytes of a response that the system buffers unsent. With more, a client that reads slowly could not be
/// distinguished from one that does not read; it also limits the memory that such clients take.
const MAX_UNSENT: u32 = 65_536;

/// How often a connection without a deadline is checked.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// Limits how much of a response the system buffers, and for how long it retransmits after the service has closed the
/// connection.
#[cfg(target_os = "linux")]
fn limit_unsent(socket: &SockRef<'_>, limits: &ConnectionLimits) -> io::Result<()> {
    socket.set_tcp_notsent_lowat(MAX_UNSENT)?;
    socket.set_tcp_user_timeout(Some(limits.response()))
}

/// What macOS has instead: the size of the send buffer, which includes bytes in flight. The system ends connections with
/// a timeout of its own.
#[cfg(not(target_os = "linux"))]
fn limit_unsent(socket: &SockRef<'_>, _: &ConnectionLimits) -> io::Result<()> {
    socket.set_send_buffer_size(usize::try_from(MAX_UNSENT).unwrap_or(usize::MAX))
}

/// A stream over TCP.
pub(super) trait OverTcp {
    /// The socket under it.
    fn socket(&self) -> &TcpStream;
}

impl OverTcp for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl OverTcp for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A stream whose reads and writes fail after the deadline of the client, and whose reads end when idle connections are
/// closed. It needs no task of its own: its timer wakes the task that reads or writes.
pub(super) struct TimedStream<S> {
    stream: S,
    connection: Rc<ConnectionDeadlines>,
    timer: Pin<Box<Sleep>>,
    close_idle: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S: OverTcp> TimedStream<S> {
    /// Around a new stream. It is closed once the token is cancelled and it is idle.
    ///
    /// # Errors
    /// When an option of the socket cannot be set.
    pub(super) fn new(
        stream: S,
        http_version: HttpVersion,
        limits: ConnectionLimits,
        close_idle: CancellationToken,
    ) -> io::Result<Self> {
        let socket = SockRef::from(stream.socket());
        // The second piece of a response would wait until the first one is acknowledged, which clients delay by 40 ms.
        socket.set_tcp_nodelay(true)?;
        limit_unsent(&socket, &limits)?;
        Ok(Self {
            stream,
            connection: Rc::new(ConnectionDeadlines::new(limits, http_version)),
            timer: Box::pin(sleep(CHECK_INTERVAL)),
            close_idle: Box::pin(close_idle.cancelled_owned()),
        })
    }

    /// Its deadlines, which its requests and responses update.
    pub(super) fn connection(&self) -> Rc<ConnectionDeadlines> {
        Rc::clone(&self.connection)
    }

    /// Waits for the client until its deadline.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let deadline = self.connection.deadline().unwrap_or_else(|| Instant::now() + CHECK_INTERVAL);
        if deadline < self.timer.deadline() {
            self.timer.as_mut().reset(deadline);
        }
        // A timer that fires too early costs less than one that is reset with each request.
        while self.timer.as_mut().poll(context).is_ready() {
            if deadline <= Instant::now() {
                return Poll::Ready(Err(self.cut()));
            }
            self.timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    /// The result of a write; where it is blocked, until the deadline.
    fn or_timed_out<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_pending() {
            self.connection.blocked();
            return self.wait(context);
        }
        written
    }

    fn cut(&self) -> io::Error {
        tracing::debug!("a connection is cut: its client took too long");
        if self.connection.is_blocked() {
            // The client does not read what is buffered: drop it with a reset. An error means that it has disconnected.
            let _gone = self.stream.socket().set_zero_linger();
        }
        ErrorKind::TimedOut.into()
    }

    fn is_closed_as_idle(&mut self, context: &mut Context<'_>) -> bool {
        self.connection.is_idle() && self.close_idle.as_mut().poll(context).is_ready()
    }
}

impl<S: AsyncRead + OverTcp + Unpin> AsyncRead for TimedStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        if read.is_pending() {
            return if self.is_closed_as_idle(context) { Poll::Ready(Ok(())) } else { self.wait(context) };
        }
        if into.filled().len() > before {
            self.connection.received();
        }
        read
    }
}

impl<S: AsyncWrite + OverTcp + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.or_timed_out(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.or_timed_out(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() {
            self.connection.flushed();
        }
        self.or_timed_out(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let closed = Pin::new(&mut self.stream).poll_shutdown(context);
        self.or_timed_out(context, closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Settings, SettingsFiles};
    use std::net::TcpListener;

    #[actix_web::test]
    async fn a_connection_sends_its_pieces_at_once_and_leaves_little_to_the_system() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let limits = ConnectionLimits::of(&Settings::load(&SettingsFiles::default()).unwrap().server);
        let stream = TimedStream::new(stream, HttpVersion::Http1, limits, CancellationToken::new()).unwrap();
        let socket = SockRef::from(stream.stream.socket());
        assert!(socket.tcp_nodelay().unwrap());
        assert_eq!(socket.tcp_notsent_lowat().unwrap(), MAX_UNSENT);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(limits.response()));
    }
}
