//! `If-None-Match` of a change, as the document declares it.

use utoipa::IntoParams;

/// The header `If-None-Match`.
#[derive(IntoParams)]
#[into_params(names("If-None-Match"), parameter_in = Header)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct IfNoneMatchAny(
    /// `*`: the response is 412 where there is a statement of this name.
    #[param(required = false)]
    String,
);
