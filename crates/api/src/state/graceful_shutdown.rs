//! The clients are let go before the service stops.

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::ConnectionType;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Told once, when the service is about to stop. From then on it says that it is not ready, and asks with each answer that
/// the client leaves (`Connection: close`), so that nobody has a request on its way when the connections are closed.
///
/// Cheap to clone; all clones are told.
#[derive(Debug, Clone, Default)]
pub struct Drain(Arc<AtomicBool>);

impl Drain {
    /// Lets the clients go from now on.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Asks the client to leave with this answer, once that has begun. HTTP/2 has no such header.
    pub(crate) fn close_connection<B: MessageBody>(&self, response: &mut ServiceResponse<B>) {
        if self.has_begun() {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
    }
}
