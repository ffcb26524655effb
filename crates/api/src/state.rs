//! What the handlers and the middleware share.

pub(crate) mod api_state;
pub(crate) mod graceful_shutdown;
pub(crate) mod observer;
pub(crate) mod ports;
pub(crate) mod readiness;
