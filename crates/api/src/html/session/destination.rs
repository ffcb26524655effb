//! Where people go on to after signing in: a page, or what a page links to.

use crate::ApiState;
use crate::auth::KeyHeaders;
use crate::html::html_response::see_other;
use crate::http::{AcceptedMedia, decode, encode_into};
use crate::paths::{EXPORT, PAGES, STATISTICS, SUMMARY};
use crate::{BasePath, ResponseCode};
use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};

/// The start of the query of `/sign-in`; the rest of it is where to go on.
const NEXT: &str = "next=";

/// The longest query with a destination, in bytes: a URL may be little longer.
const MAX_NEXT: usize = 64_000;

/// What pages link to, under the base path.
const LINKED: [&str; 3] = [STATISTICS, SUMMARY, EXPORT];

/// Whether a browser has followed a link to a resource of the API: it names HTML among what it accepts, as programs that
/// accept anything do not, and nothing is signed.
pub(crate) fn is_followed_link(request: &HttpRequest) -> bool {
    *request.method() == Method::GET
        && !KeyHeaders::are_in(request.headers())
        && AcceptedMedia::of(request.headers()).names("text/html")
}

/// Leads a browser to the form to sign in, which leads back to what was requested. Relative, so that it works behind any
/// prefix.
pub(crate) fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let (path, query) = (request.path(), request.query_string());
    let up = "../".repeat(path.matches('/').count().saturating_sub(1));
    let mut next = format!("?{NEXT}");
    encode_into(&mut next, &format!("{}?{query}", path.trim_start_matches('/')));
    let next = if next.len() > MAX_NEXT { "" } else { &next };
    let mut response = see_other(&format!("{up}sign-in{next}"), None);
    // For the log and the metrics: nothing was shown.
    response.extensions_mut().insert(ResponseCode::AuthenticationFailed);
    response
}

/// The destination in the query of `/sign-in`.
pub(super) fn next_of(query: &str, base_path: &BasePath) -> Option<String> {
    let target = decode(query.strip_prefix(NEXT)?).ok()?;
    is_destination(&target, base_path).then(|| target.into_owned())
}

/// The address of a destination, whatever the form says: of the first page where it is none.
pub(super) fn location(target: &str, state: &ApiState) -> String {
    if is_destination(target, &state.settings.base_path) { format!("./{target}") } else { "./".to_owned() }
}

fn is_destination(target: &str, base_path: &BasePath) -> bool {
    let name = target.split(['?', '#']).next().unwrap_or_default();
    let is_page = PAGES.iter().any(|page| page.trim_start_matches('/') == name);
    let is_linked = LINKED.iter().any(|path| format!("{base_path}{path}").trim_start_matches('/') == name);
    (is_page || is_linked) && target.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
#[path = "destination_tests.rs"]
mod tests;
