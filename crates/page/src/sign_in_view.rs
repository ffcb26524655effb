//! The page that lets people sign in, and the one with a share link.

use crate::{Unrendered, stylesheet_name};
use askama::Template;

/// The page that lets people sign in.
#[derive(Debug, Clone)]
pub struct SignInView {
    /// What went before, if anything.
    pub problem: Option<SignInProblem>,
    /// What the form sends back; `None` where no user can sign in now, and there is no form.
    pub form_token: Option<String>,
    /// The key id, as it was filled in.
    pub key: String,
    /// The page to go on to.
    pub target: String,
    /// Whether another site has led here: the browser does not say then that it has signed in.
    pub is_from_elsewhere: bool,
    /// The id of the request for the page.
    pub request_id: String,
}

/// Why a visitor is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// The key or the secret is not right, or the key may not read: one text for all, so that none is revealed.
    Refused,
    /// The session or the share link has ended.
    Ended,
    /// The form is not one that this browser was given.
    Outdated,
    /// There were too many attempts.
    TooMany,
    /// It cannot be checked now.
    Unavailable,
}

impl SignInProblem {
    fn text(self) -> &'static str {
        match self {
            Self::Refused => "These are not the id and the secret of an access key that may read here.",
            Self::Ended => "The session or the share link is not valid, or not any more. Sign in with an access key.",
            Self::Outdated => {
                "This form was out of date, or the browser keeps no cookies. Nothing was done: please try again."
            }
            Self::TooMany => "There were too many requests. Wait a minute, then try again.",
            Self::Unavailable => "Access keys cannot be checked now. Try again in a moment.",
        }
    }
}

/// A share link, as it is made.
#[derive(Debug, Clone)]
pub struct SharedView {
    /// The link, for others.
    pub link: String,
    /// Its page and query, for a link on the page: `?annotationRequestId=a`.
    pub query: String,
    /// The page that it was made on, and the query of that.
    pub back: String,
    /// The name of the statement that it shows; `None` where it shows the annotation requests.
    pub statement: Option<String>,
    /// What it shows.
    pub ids: Vec<String>,
    /// Until when it is good, in words.
    pub until: String,
    /// The access key that it is of.
    pub key: String,
    /// The id of the request for the page.
    pub request_id: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    stylesheet: String,
    view: &'a SignInView,
}

#[derive(Template)]
#[template(path = "shared.html")]
struct SharedPage<'a> {
    stylesheet: String,
    view: &'a SharedView,
}

/// The page that lets people sign in, as HTML.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_sign_in(view: &SignInView) -> Result<String, Unrendered> {
    SignInPage { stylesheet: stylesheet_name(), view }.render().map_err(Unrendered)
}

/// The page with a share link, as HTML.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_shared(view: &SharedView) -> Result<String, Unrendered> {
    SharedPage { stylesheet: stylesheet_name(), view }.render().map_err(Unrendered)
}
