//! How a request is signed.

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Not at all.
    Open,
    V1,
    V2,
}
