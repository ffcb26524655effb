//! Who looks at the page.

/// Who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Any client, as no access keys are needed.
    Anyone,
    /// One that has signed in.
    SignedIn(SignedIn),
    /// One that has a share link, and may see what it is for and nothing else.
    OfLink {
        /// Until when it is good, in words.
        until: String,
    },
}

/// A visitor who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The id of the access key.
    pub key: String,
    /// What the forms of the page send back.
    pub form_token: String,
    /// Whether the visitor can sign out here; not where a proxy has signed in.
    pub can_sign_out: bool,
}

impl Visitor {
    pub(crate) fn signed_in(&self) -> Option<&SignedIn> {
        if let Self::SignedIn(visitor) = self { Some(visitor) } else { None }
    }

    pub(crate) fn link_until(&self) -> Option<&str> {
        if let Self::OfLink { until } = self { Some(until) } else { None }
    }
}
