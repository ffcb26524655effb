//! The forms of the page: of this origin, with the token that they were given, and of a bounded size.

use crate::ApiState;
use crate::html::session::same_origin::is_same_origin;
use crate::html::session::visitor::Visitor;
use crate::http::body::FormBody;
use crate::response::{AccessError, ApiError};
use actix_web::{HttpRequest, web};
use annotation_statistics_access::TokenKey;
use std::sync::Arc;

/// The largest form with a list of annotation requests, in bytes: no longer than a URL may be.
pub(super) const MAX_LIST_FORM: usize = 65_536;

/// The largest form to sign in, in bytes: a key, a secret, a token and the address of a page.
pub(super) const MAX_SIGN_IN_FORM: usize = 65_536;

/// The field with the token.
const TOKEN: &str = "form";

/// A form whose browser has proven that it was sent by a page of this service; `None` where it has not.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read_form(
    request: &HttpRequest,
    payload: web::Payload,
    max: usize,
    state: &ApiState,
    token_key: &TokenKey,
    bound_to: &str,
) -> Result<Option<FormBody>, ApiError> {
    if bound_to.is_empty() || !is_same_origin(request, &state.settings.proxies) {
        return Ok(None);
    }
    let form = FormBody::read(request, payload, max, state).await?;
    let is_ours = token_key.is_form_token(&form.field(TOKEN), bound_to);
    Ok(Some(form).filter(|_| is_ours))
}

/// A form that the browser says is of this origin, and what its token must be.
pub(crate) struct SentForm {
    /// Without access keys there is no token: the origin alone is checked, as in all that such a service does.
    expected: Option<(Arc<TokenKey>, String)>,
}

impl SentForm {
    /// That of a visitor of a page; `None` where the visitor may send none, or it is of another origin.
    ///
    /// # Errors
    /// When keys cannot be read.
    pub(crate) fn of(request: &HttpRequest, visitor: &Visitor, state: &ApiState) -> Result<Option<Self>, AccessError> {
        if !is_same_origin(request, &state.settings.proxies) {
            return Ok(None);
        }
        let Some(guard) = &state.guard else { return Ok(Some(Self { expected: None })) };
        let token_key = guard.token_key()?;
        Ok(visitor.sender().map(|(_, bound_to)| Self { expected: Some((token_key, bound_to)) }))
    }

    /// Whether this is the token that the visitor was given.
    pub(crate) fn is_ours(&self, token: &str) -> bool {
        self.expected.as_ref().is_none_or(|(token_key, bound_to)| token_key.is_form_token(token, bound_to))
    }
}
