//! The middleware that every request passes before a handler.

mod authorization;
mod body_limit;
mod compression;
mod error_responses;
mod host_check;
mod observation;
mod panic_guard;
mod request_target;
mod with_request_context;

pub(crate) use authorization::guard_access;
pub(crate) use body_limit::refuse_large_bodies;
pub(crate) use compression::compress_responses;
pub(crate) use error_responses::convert_errors;
pub(crate) use host_check::refuse_other_hosts;
pub(crate) use observation::observe_requests;
pub(crate) use panic_guard::catch_panics;
pub(crate) use request_target::refuse_ambiguous_requests;
pub(crate) use with_request_context::with_request_context;
