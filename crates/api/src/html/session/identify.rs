//! Finds out who is behind a request of a browser.

use crate::ApiState;
use crate::auth::{AccessGuard, LinkedTo};
use crate::html::query::has_lines;
use crate::html::session::cookies::Cookie;
use crate::html::session::visitor::Visitor;
use crate::http::decode;
use crate::http::parameters::{SHARE, parameters, parse_requests, parse_statement, statement_in_path};
use crate::response::AccessError;
use actix_web::HttpRequest;
use annotation_statistics_access::{AccessKey, Grant, SignedToken, Timestamp};
use std::sync::Arc;

/// Who has sent the request, and the key that it reads by; `None` where it shows nothing that would say so.
///
/// A valid share link comes first: it is narrower than what its reader may read besides. Then a user whom a proxy names,
/// whose header no browser can send, and then a session.
///
/// # Errors
/// [`AccessError::NotSignedIn`] where something is shown and nothing of it is valid, whatever the reason.
pub(crate) fn identify(
    guard: &AccessGuard,
    request: &HttpRequest,
    linked: LinkedTo,
    state: &ApiState,
    now: Timestamp,
) -> Result<Option<(Arc<AccessKey>, Visitor)>, AccessError> {
    let link = by_link(guard, request, linked, state, now);
    if let Some(Ok(found)) = link {
        return Ok(Some(found));
    }
    if let Some((name, key)) = state.settings.sign_in.users.named_by(request, &state.settings.proxies) {
        let key = guard.key_of_user(key.ok_or(AccessError::NotSignedIn)?, now)?;
        let visitor = Visitor::User { name: name.to_owned(), key: key.id.clone() };
        return Ok(Some((key, visitor)));
    }
    match (Cookie::Session.of(request, state), link) {
        (Some(cookie), _) => {
            let token = SignedToken::parse(&cookie).ok_or(AccessError::NotSignedIn)?;
            let key = guard.verify_token(&token, Grant::Session, now)?;
            let visitor = Visitor::Session { key: key.id.clone(), cookie };
            Ok(Some((key, visitor)))
        }
        (None, Some(invalid)) => invalid.map(Some),
        (None, None) => Ok(None),
    }
}

/// The link of the query, if there is one: for exactly what the handler reads of the query.
fn by_link(
    guard: &AccessGuard,
    request: &HttpRequest,
    linked: LinkedTo,
    state: &ApiState,
    now: Timestamp,
) -> Option<Result<(Arc<AccessKey>, Visitor), AccessError>> {
    if linked == LinkedTo::Nothing {
        return None;
    }
    let mut given = parameters(request.query_string()).filter(|(name, _)| *name == SHARE).map(|(_, value)| value);
    let value = given.next()?;
    let is_only = given.next().is_none() && !has_lines(request.query_string());
    let verify = || {
        let token = decode(value).ok().filter(|_| is_only).and_then(|text| SignedToken::parse(&text));
        let token = token.ok_or(AccessError::NotSignedIn)?;
        let (query, settings) = (request.query_string(), &state.settings);
        let statement = match linked {
            LinkedTo::Nothing => return Err(AccessError::NotSignedIn),
            LinkedTo::List => {
                let requests = parse_requests(query, settings).map_err(|_| AccessError::NotSignedIn)?;
                let key = guard.verify_token(&token, Grant::Share(&requests), now)?;
                return Ok((key, Visitor::Link(token)));
            }
            LinkedTo::Statement => parse_statement(query, settings).ok(),
            LinkedTo::StatementFile => statement_in_path(request),
        };
        let (id, name) = statement.ok_or(AccessError::NotSignedIn)?;
        let key = guard.verify_token(&token, Grant::Statement(&id, &name), now)?;
        Ok((key, Visitor::Link(token)))
    };
    Some(verify())
}
