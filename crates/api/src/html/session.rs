//! People in a browser, where access keys are needed: signing in and out, share links, and users whom a proxy names.
//! See ADR 79, 80 and 81.

mod cookies;
mod destination;
mod forms;
mod identify;
mod same_origin;
pub(crate) mod share;
pub(crate) mod sign_in;
mod sign_in_response;
pub(crate) mod sign_out;
mod visitor;

pub(crate) use cookies::Cookie;
pub(crate) use destination::{is_followed_link, to_sign_in};
pub(crate) use forms::SentForm;
pub(crate) use identify::identify;
pub(crate) use sign_in_response::{Attempt, Reason, sign_in_response};
pub(crate) use visitor::Visitor;
