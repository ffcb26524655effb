//! Cuts connections on which a client takes too long for the head of a request. The server itself limits only the first.

use crate::connection::{Activity, Connection, cut};
use crate::settings::ServerSettings;
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use std::any::Any;
use std::io;
use std::os::fd::AsFd;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionLimits {
    /// From the first byte of a head to its last.
    head: Duration,
    /// Without a request and without a byte. The server closes an idle connection sooner, if it still counts the time.
    idle: Duration,
}

impl ConnectionLimits {
    pub(crate) fn of(settings: &ServerSettings) -> Self {
        let (head, keep_alive) = (settings.head_timeout.get(), settings.keep_alive.get());
        Self { head, idle: keep_alive.saturating_add(head) }
    }

    /// Watches a connection that was just made, on a task of its own with a second handle to its socket.
    pub(crate) fn watch(self, io: &dyn Any, data: &mut Extensions) {
        let Some(socket) = socket_of(io) else { return };
        match second_handle(socket) {
            Ok(handle) => {
                let activity = Activity::new(handle);
                let watch = actix_web::rt::spawn(watch(Rc::clone(&activity), self));
                data.insert(Connection::new(activity, watch));
            }
            Err(fault) => {
                tracing::warn!(%fault, "a connection is cut: it cannot be watched");
                cut(socket);
            }
        }
    }
}

/// The socket under whatever the server was given: the one place that knows what that may be.
fn socket_of(io: &dyn Any) -> Option<&TcpStream> {
    io.downcast_ref().or_else(|| io.downcast_ref().map(|encrypted: &TlsStream<TcpStream>| encrypted.get_ref().0))
}

fn second_handle(socket: &TcpStream) -> io::Result<TcpStream> {
    let handle = socket.as_fd().try_clone_to_owned()?;
    TcpStream::from_std(handle.into())
}

/// Returns when the client took too long, and has cut the connection then.
async fn watch(activity: Rc<Activity>, limits: ConnectionLimits) {
    loop {
        let begun = activity.begun();
        if timeout(limits.idle, activity.bytes()).await.is_ok() {
            let has_begun = activity.until(|activity| activity.begun() != begun || activity.is_under_way());
            if timeout(limits.head, has_begun).await.is_err() {
                break;
            }
            activity.until(|activity| !activity.is_under_way()).await;
        } else if activity.idle_for().is_some_and(|idle| idle >= limits.idle) {
            break;
        }
    }
    tracing::debug!("a connection is cut: its client took too long for a request");
    activity.cut();
}
