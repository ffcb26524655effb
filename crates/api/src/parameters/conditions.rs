//! The headers of reads that name what the client knows, as the document declares them.

use utoipa::IntoParams;

/// The header `If-None-Match`.
#[derive(IntoParams)]
#[into_params(names("If-None-Match"), parameter_in = Header)]
#[expect(dead_code, reason = "it is described, and never made")]
pub(crate) struct IfNoneMatch(
    /// The `ETag` of an answer: it is 304 as long as that is right.
    #[param(required = false)]
    String,
);

/// The header `Min-Revision`.
#[derive(IntoParams)]
#[into_params(names("Min-Revision"), parameter_in = Header)]
#[expect(dead_code, reason = "it is described, and never made")]
pub(crate) struct MinRevision(
    /// The `Revision` of a change: the answer is not of an earlier state, also where a replica answers that is behind.
    #[param(minimum = 0, required = false, example = 1_744_122_000_000_000_i64)]
    i64,
);
