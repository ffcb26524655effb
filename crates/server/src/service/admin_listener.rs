//! The admin listener: health and metrics.

use crate::settings::ServerSettings;
use crate::telemetry::Metrics;
use actix_web::dev::Server;
use actix_web::http::KeepAlive;
use actix_web::{App, HttpServer};
use annotation_statistics_api::{ApiState, MetricsText, admin_app};
use std::io;
use std::net::TcpListener;

/// Its clients are a monitor, an orchestrator and an operator: more connections are a mistake.
const MOST_CONNECTIONS: usize = 64;

/// Serves health and metrics on a thread of their own, with the timeouts of the public listener.
pub(super) fn serve_admin(
    settings: &ServerSettings,
    listener: TcpListener,
    state: ApiState,
    metrics: Metrics,
) -> io::Result<Server> {
    let text = MetricsText::new(move || metrics.text());
    let server = HttpServer::new(move || -> App<_> { admin_app(state.clone(), text.clone()) })
        .workers(1)
        .max_connections(MOST_CONNECTIONS)
        .client_request_timeout(settings.head_timeout.get())
        .client_disconnect_timeout(settings.disconnect_timeout.get())
        .keep_alive(KeepAlive::Timeout(settings.keep_alive.get()))
        .disable_signals();
    Ok(server.listen(listener)?.run())
}
