//! Which annotation requests the caller may make known.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use annotation_statistics_domain::{AnnotationRequestId, IdPrefix};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// How the ids start of the requests that the caller may make known: what the guard put into the extensions of the
/// request, or else anyhow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CallerPrefix(pub(crate) Option<IdPrefix>);

impl CallerPrefix {
    /// The prefix that an id would need to have.
    pub(crate) fn missing_of(&self, id: &AnnotationRequestId) -> Option<&IdPrefix> {
        self.0.as_ref().filter(|prefix| !prefix.covers(id))
    }
}

impl FromRequest for CallerPrefix {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or_default()))
    }
}
