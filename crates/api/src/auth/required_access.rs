//! The access that a method needs.

use actix_web::http::Method;
use annotation_statistics_access::Access;

/// The access that a request with this method needs. An unknown method counts as a write.
pub(crate) fn access(method: &Method) -> Access {
    if [Method::GET, Method::HEAD].contains(method) { Access::Read } else { Access::Write }
}

/// The same for a resource whose POST only reads.
pub(crate) fn access_to_query(method: &Method) -> Access {
    if *method == Method::POST { Access::Read } else { access(method) }
}
