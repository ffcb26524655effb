//! The version of HTTP on a connection.

/// Which protocol a connection speaks, for what its bytes mean between requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpVersion {
    /// A byte between requests begins the head of the next one.
    Http1,
    /// There are frames between requests that begin none.
    Http2,
}
