//! The listener for clients.

use super::deadlines::ConnectionLimits;
use super::http_version::HttpVersion;
use super::http2::Http2Limits;
use super::open_files::connections_per_worker;
use super::per_address::AddressConnections;
use super::protocols::{Accepted, Protocols};
use super::response_pieces::track_response;
use super::timed_stream::{OverTcp, TimedStream};
use super::tls::ServerTls;
use crate::settings::ServerSettings;
use actix_http::HttpService;
use actix_service::{IntoServiceFactory, Service, ServiceFactoryExt, apply_fn_factory, fn_factory};
use actix_tls::accept::rustls_0_23::{Acceptor, TlsStream};
use actix_web::Error;
use actix_web::dev::{AppConfig, Server, ServiceFactory, fn_service};
use actix_web::http::KeepAlive;
use actix_web::middleware::from_fn;
use actix_web::rt::net::TcpStream;
use annotation_statistics_api::{ApiState, app};
use std::future::ready;
use std::io;
use std::net::TcpListener;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

/// How connections of clients are served.
#[derive(Clone)]
struct HttpConnections {
    state: ApiState,
    limits: ConnectionLimits,
    head_timeout: Duration,
    keep_alive: Duration,
    disconnect_timeout: Duration,
    http2: Http2Limits,
    close_idle: CancellationToken,
}

/// The socket for clients, and the limits that its connections share.
pub(crate) struct PublicListener {
    pub(crate) socket: TcpListener,
    /// Cancelled when idle connections are to be closed.
    pub(crate) close_idle: CancellationToken,
    pub(crate) addresses: AddressConnections,
}

/// Serves the API, encrypted where there is a certificate.
///
/// The server is assembled from the parts of actix-web (ADR 40): its own one has no timeout for any head but the first,
/// none for a client that does not read, and no access to its streams.
pub(crate) fn serve_public(
    settings: &ServerSettings,
    listener: PublicListener,
    tls: Option<&ServerTls>,
    state: ApiState,
) -> io::Result<Server> {
    let PublicListener { socket, close_idle, addresses } = listener;
    let connections = HttpConnections::new(settings, state, close_idle);
    let mut server = Server::build()
        .backlog(settings.backlog)
        .max_concurrent_connections(connections_per_worker(settings))
        .shutdown_timeout(settings.shutdown_timeout.get().as_secs().max(1))
        .disable_signals();
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    let server = match tls {
        Some(tls) => {
            let (config, handshake_timeout) = (tls.config(), tls.handshake_timeout());
            server.listen("clients", socket, move || {
                let mut acceptor = Acceptor::new(config.clone());
                acceptor.set_handshake_timeout(handshake_timeout);
                let encrypted = acceptor.map_err(drop).map_init_err(drop);
                let http = encrypted
                    .and_then(connections.clone().accept(http_version_of))
                    .and_then(connections.clone().http());
                within(addresses.clone(), http)
            })?
        }
        None => server.listen("clients", socket, move || {
            let http =
                connections.clone().accept(|_: &TcpStream| HttpVersion::Http1).and_then(connections.clone().http());
            within(addresses.clone(), http)
        })?,
    };
    Ok(server.run())
}

/// Serves a connection to its end, unless its address has too many; closes it otherwise.
fn within<S>(
    addresses: AddressConnections,
    service: S,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = (), InitError = ()>
where
    S: ServiceFactory<TcpStream, Config = (), Response = (), Error = (), InitError = ()>,
{
    apply_fn_factory(service, move |stream: TcpStream, service: &S::Service| {
        let peer = stream.peer_addr().ok();
        let counted = peer.map(|peer| addresses.open(peer.ip()));
        let served = (!matches!(counted, Some(None))).then(|| service.call(stream));
        async move {
            let _counted = counted;
            if let Some(served) = served { served.await } else { Ok(()) }
        }
    })
}

/// What both sides have negotiated (ALPN).
fn http_version_of(stream: &TlsStream<TcpStream>) -> HttpVersion {
    match stream.get_ref().1.alpn_protocol() {
        Some(b"h2") => HttpVersion::Http2,
        _ => HttpVersion::Http1,
    }
}

impl HttpConnections {
    fn new(settings: &ServerSettings, state: ApiState, close_idle: CancellationToken) -> Self {
        Self {
            state,
            limits: ConnectionLimits::of(settings),
            head_timeout: settings.head_timeout.get(),
            keep_alive: settings.keep_alive.get(),
            disconnect_timeout: settings.disconnect_timeout.get(),
            http2: Http2Limits { max_streams: settings.http2_max_streams, head_timeout: settings.head_timeout.get() },
            close_idle,
        }
    }

    /// Sets the limits of a connection. It fails only where the connection is lost, so the error is not reported.
    fn accept<S: OverTcp>(
        self,
        http_version_of: fn(&S) -> HttpVersion,
    ) -> impl ServiceFactory<S, Config = (), Response = Accepted<S>, Error = (), InitError = ()> {
        fn_service(move |stream: S| {
            let http_version = http_version_of(&stream);
            let peer = stream.socket().peer_addr().ok();
            let stream = TimedStream::new(stream, http_version, self.limits, self.close_idle.clone());
            async move { Ok((stream.map_err(drop)?, http_version, peer)) }
        })
    }

    /// Serves the requests on a connection.
    fn http<S: AsyncRead + AsyncWrite + OverTcp + Unpin + 'static>(
        self,
    ) -> impl ServiceFactory<Accepted<S>, Config = (), Response = (), Error = (), InitError = ()> {
        fn_factory(move || {
            let connections = self.clone();
            async move { connections.protocols().await }
        })
    }

    /// Both protocols over the same application.
    async fn protocols<S: AsyncRead + AsyncWrite + OverTcp + Unpin + 'static>(
        self,
    ) -> Result<impl Service<Accepted<S>, Response = (), Error = ()>, ()> {
        let app = app(self.state).wrap(from_fn(track_response)).into_factory();
        let app = Rc::new(app.new_service(AppConfig::default()).await?);
        let shared = Rc::clone(&app);
        let http1 = HttpService::build()
            .client_request_timeout(self.head_timeout)
            .client_disconnect_timeout(self.disconnect_timeout)
            .keep_alive(KeepAlive::Timeout(self.keep_alive))
            .on_connect_ext(|stream: &TimedStream<S>, data| drop(data.insert(stream.connection())))
            .finish(
                fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&shared))))
                    .map_err(|error: Error| error.error_response()),
            )
            .new_service(())
            .await?;
        Ok(Protocols { http1, app, http2: self.http2 })
    }
}
