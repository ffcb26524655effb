//! What every request passes on its way to a handler.

pub(crate) mod allowed_hosts;
pub(crate) mod compression;
pub(crate) mod error_responses;
pub(crate) mod graceful_shutdown;
pub(crate) mod observation;
pub(crate) mod observer;
pub(crate) mod panic_guard;
pub(crate) mod request_context;
pub(crate) mod unambiguous;
