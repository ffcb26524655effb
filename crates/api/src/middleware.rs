//! The middleware that every request passes before a handler.

mod authorization;
mod body_limit;
mod compression;
mod error_responses;
mod head_checks;
mod host_check;
mod observation;
mod page_authorization;
mod panic_guard;
mod request_target;
mod with_request_context;

pub(crate) use authorization::guard_access;
pub(crate) use compression::compress_responses;
pub(crate) use error_responses::convert_errors;
pub(crate) use head_checks::check_heads;
pub(crate) use observation::observe_requests;
pub(crate) use page_authorization::guard_page;
pub(crate) use panic_guard::catch_panics;
pub(crate) use with_request_context::with_request_context;
