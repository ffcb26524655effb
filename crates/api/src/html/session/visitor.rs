//! Who looks at the HTML page.

use crate::ApiState;
use crate::http::parameters::SHARE;
use crate::response::AccessError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use annotation_statistics_access::{KeyId, SignedToken, Timestamp};
use annotation_statistics_page as page;
use std::convert::Infallible;
use std::future::{Ready, ready};

/// Who looks at the HTML page: the middleware of pages inserts it into the extensions of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// Any client, as no access keys are needed.
    Anyone,
    /// One that has signed in.
    Session {
        /// With this key.
        key: KeyId,
        /// The value of the cookie.
        cookie: String,
    },
    /// One that a proxy has signed in.
    User {
        /// By this name.
        name: String,
        /// With the key of that name.
        key: KeyId,
    },
    /// One that has a share link.
    Link(SignedToken),
}

impl Visitor {
    /// The key that the visitor reads by, and what its forms are bound to; none of them for those who may send no form.
    pub(super) fn sender(&self) -> Option<(&KeyId, String)> {
        match self {
            Self::Anyone | Self::Link(_) => None,
            Self::Session { key, cookie } => Some((key, cookie.clone())),
            // No cookie has a blank in it.
            Self::User { name, key } => Some((key, format!("user {key} {name}"))),
        }
    }
}

impl Visitor {
    /// The key that the visitor has signed in with.
    pub(crate) fn key(&self) -> Option<&KeyId> {
        self.sender().map(|(key, _)| key)
    }

    /// The part of a query that keeps the share link in the links of the page, with its `&`; empty without one.
    pub(crate) fn link(&self) -> String {
        if let Self::Link(token) = self { format!("&{SHARE}={token}") } else { String::new() }
    }

    /// What the page shows of the visitor.
    pub(crate) fn on_page(&self, state: &ApiState) -> Result<page::Visitor, AccessError> {
        Ok(match (self, self.sender(), &state.guard) {
            (Self::Link(token), _, _) => page::Visitor::OfLink { until: time_text(token.expires()) },
            (_, Some((key, bound_to)), Some(guard)) => page::Visitor::SignedIn(page::SignedIn {
                key: key.to_string(),
                form_token: guard.token_key()?.form_token(&bound_to),
                can_sign_out: matches!(self, Self::Session { .. }),
            }),
            _ => page::Visitor::Anyone,
        })
    }
}

/// A time as people read it.
pub(super) fn time_text(timestamp: Timestamp) -> String {
    let time = jiff::Timestamp::from_millisecond(timestamp.millis());
    time.map_or_else(|_| timestamp.to_string(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

impl FromRequest for Visitor {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or(Self::Anyone)))
    }
}
