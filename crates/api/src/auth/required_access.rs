//! The access that a method needs.

use actix_web::http::Method;
use annotation_statistics_access::Access;

/// What a request needs of its caller, and what the caller may show in place of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// The access that the key must have.
    pub(crate) access: Access,
    /// Whether a browser may read it, by a session or as a user of a proxy: never by POST, which a form of another site
    /// could send.
    pub(crate) by_browser: bool,
    /// Whether a share link is good for it, too: what it reads is the list of annotation requests in its query.
    pub(crate) by_link: bool,
}

impl Need {
    /// What a request with this method needs, of a resource that reads the list in its query or does not.
    pub(crate) fn new(access: Access, method: &Method, has_list: bool) -> Self {
        let by_browser = access == Access::Read && is_safe(method);
        Self { access, by_browser, by_link: by_browser && has_list }
    }
}

/// The access that a request with this method needs. An unknown method counts as a write.
pub(crate) fn access(method: &Method) -> Access {
    if is_safe(method) { Access::Read } else { Access::Write }
}

/// The same for a resource whose POST only reads.
pub(crate) fn access_to_query(method: &Method) -> Access {
    if *method == Method::POST { Access::Read } else { access(method) }
}

fn is_safe(method: &Method) -> bool {
    [Method::GET, Method::HEAD].contains(method)
}
