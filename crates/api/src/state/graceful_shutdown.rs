//! Graceful shutdown: make clients close their connections. See ADR 37.

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::ConnectionType;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Begun once, before the service stops. From then on the service is not ready, and each response makes the client close
/// the connection (`Connection: close`), so that no request is in flight when the connections are closed.
///
/// Cheap to clone; all clones share the state.
#[derive(Debug, Clone, Default)]
pub struct ShutdownSignal(Arc<AtomicBool>);

impl ShutdownSignal {
    /// Begins the graceful shutdown.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Makes the client close the connection after this response, once the shutdown has begun. HTTP/2 has no such header.
    pub(crate) fn close_connection<B: MessageBody>(&self, response: &mut ServiceResponse<B>) {
        if self.has_begun() {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
    }
}
