//! What every request passes on its way to a handler.

pub(crate) mod authorization;
pub(crate) mod body_limit;
pub(crate) mod compression;
pub(crate) mod error_responses;
pub(crate) mod host_check;
pub(crate) mod observation;
pub(crate) mod panic_guard;
pub(crate) mod request_target;
pub(crate) mod with_request_context;
