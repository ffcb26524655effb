//! Which annotation requests the caller may register. See ADR 58.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use annotation_statistics_domain::{AnnotationRequestId, IdPrefix};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The prefix of the ids that the caller may register: the authorization middleware inserts it into the extensions of the
/// request. Without one, any id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CallerPrefix(pub(crate) Option<IdPrefix>);

impl CallerPrefix {
    /// The prefix that an id lacks.
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
