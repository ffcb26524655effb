//! The listener for clients.

use crate::connection::note_requests;
use crate::connection_watch::ConnectionLimits;
use crate::open_files::connections_per_worker;
use crate::settings::ServerSettings;
use crate::tls::ServerTls;
use actix_web::dev::Server;
use actix_web::http::KeepAlive;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer};
use annotation_statistics_api::{ApiState, app};
use rustix::net::sockopt::set_tcp_user_timeout;
use std::io;
use std::net::TcpListener;

/// Serves the interface, encrypted where there is a certificate.
pub(crate) fn serve(
    settings: &ServerSettings,
    listener: TcpListener,
    tls: Option<&ServerTls>,
    state: ApiState,
) -> io::Result<Server> {
    // The sockets of connections have it from this one; to the system, a client that takes nothing is one that is gone.
    let write_timeout = u32::try_from(settings.write_timeout.get().as_millis()).unwrap_or(u32::MAX);
    set_tcp_user_timeout(&listener, write_timeout)?;
    let limits = ConnectionLimits::of(settings);
    let mut server = HttpServer::new(move || -> App<_> { app(state.clone()).wrap(from_fn(note_requests)) })
        .on_connect(move |io, data| limits.watch(io, data))
        .backlog(settings.backlog)
        .max_connections(connections_per_worker(settings))
        .client_request_timeout(settings.head_timeout.get())
        .client_disconnect_timeout(settings.disconnect_timeout.get())
        .keep_alive(KeepAlive::Timeout(settings.keep_alive.get()))
        .shutdown_timeout(settings.shutdown_timeout.get().as_secs().max(1))
        .disable_signals();
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    let server = match tls {
        Some(tls) => {
            server.tls_handshake_timeout(tls.handshake_timeout()).listen_rustls_0_23(listener, tls.config())?
        }
        None => server.listen(listener)?,
    };
    Ok(server.run())
}
