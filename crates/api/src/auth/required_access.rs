//! The access that a method needs.

use actix_web::http::Method;
use annotation_statistics_access::Access;

/// What a share link has to be for, so that a resource is read by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkedTo {
    /// No link is good for it.
    Nothing,
    /// The list of annotation requests in its query.
    List,
    /// The statement that its query names.
    Statement,
    /// The statement that its path names.
    StatementFile,
}

/// What a request needs of its caller, and what the caller may show in place of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// The access that the key must have.
    pub(crate) access: Access,
    /// Whether a browser may read it, by a session or as a user of a proxy: never by POST, which a form of another site
    /// could send.
    pub(crate) by_browser: bool,
    /// Which share links are good for it, too.
    pub(crate) by_link: LinkedTo,
}

impl Need {
    /// What a request with this method needs, of a resource for which these links are good.
    pub(crate) fn new(access: Access, method: &Method, linked: LinkedTo) -> Self {
        let by_browser = access == Access::Read && is_safe(method);
        Self { access, by_browser, by_link: if by_browser { linked } else { LinkedTo::Nothing } }
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
