//! The version of HTTP on a connection.

/// The version of HTTP, which decides what bytes between requests mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpVersion {
    /// A byte between requests is the start of the next head.
    Http1,
    /// There are frames between requests, such as `PING`.
    Http2,
}
