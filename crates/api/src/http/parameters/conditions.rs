//! The headers of reads that name what the client knows, as the document declares them.

use utoipa::IntoParams;

/// The header `If-None-Match`.
#[derive(IntoParams)]
#[into_params(names("If-None-Match"), parameter_in = Header)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct IfNoneMatch(
    /// The `ETag` of an earlier response: the response is 304 while that one is current.
    #[param(required = false)]
    String,
);

/// The header `Min-Revision`.
#[derive(IntoParams)]
#[into_params(names("Min-Revision"), parameter_in = Header)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct MinRevision(
    /// The `Revision` of a change: the response is of that state or a later one, also where a replica lags
    /// behind.
    #[param(minimum = 0, required = false, example = 1_744_122_000_000_000_i64)]
    i64,
);
