//! `POST /share`: makes a link by which others see these annotation requests, or one statement of one of them, without a key.
//! See ADR 80 and 105.

use crate::html::get_html::origin;
use crate::html::html_response::html_of;
use crate::html::query::list_of;
use crate::html::session::forms::{MAX_LIST_FORM, read_form};
use crate::html::session::sign_in_response::{Attempt, Reason, sign_in_response};
use crate::html::session::visitor::{Visitor, time_text};
use crate::http::body::FormBody;
use crate::http::parameters::{SHARE, parse_requests, parse_statement};
use crate::http::{RequestContext, encode_into};
use crate::response::{ApiError, InvalidParameter};
use crate::{ApiSettings, ApiState, ResponseCode};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_access::{AccessKey, Grant, SignedToken, Timestamp, TokenKey};
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds, StatementName};
use annotation_statistics_page::{SharedView, render_shared};

pub(crate) async fn share(
    request: HttpRequest,
    payload: web::Payload,
    visitor: Visitor,
    state: web::Data<ApiState>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let guard = state.guard.clone().ok_or(ApiError::Refused(ResponseCode::NotFound))?;
    let token_key = guard.token_key()?;
    let outdated = || sign_in_response(&request, &state, &Attempt::default(), Reason::Outdated);
    let Some((key, bound_to)) = visitor.sender() else { return outdated() };
    let Some(form) = read_form(&request, payload, MAX_LIST_FORM, &state, &token_key, &bound_to).await? else {
        return outdated();
    };
    let now = Timestamp::from(state.clock.now().as_millisecond());
    let requests = parse_requests(&form.field("list"), &state.settings)?;
    let statement = statement_of(&form, &state.settings)?;
    let (key, expires) = (guard.key_of_user(key, now)?, now.later_by(state.settings.sign_in.share_time));
    let list = list_of(requests.as_slice().iter().map(AnnotationRequestId::as_str));
    let (page, back, query) = match &statement {
        Some((id, name)) => {
            let shown = format!("{}&name={name}", list_of([id.as_str()]));
            let token = SignedToken::issue(&token_key, &key.id, &key.secret, expires, Grant::Statement(id, name));
            ("statement", shown.clone(), format!("{shown}&{SHARE}={token}"))
        }
        None => ("", list, share_query(&token_key, &key, &requests, expires)),
    };
    let base = state.settings.sign_in.public_url.clone().unwrap_or_else(|| origin(&request, &state.origin));
    let html = render_shared(&SharedView {
        link: format!("{base}/{page}?{query}"),
        query: format!("{page}?{query}"),
        back: format!("{page}?{back}"),
        ids: requests.as_slice().iter().map(ToString::to_string).collect(),
        statement: statement.map(|(_, name)| name.to_string()),
        until: time_text(expires),
        key: key.id.to_string(),
        request_id: context.request_id.to_string(),
    });
    Ok(html_of(StatusCode::OK, html.map_err(ApiError::Page)?))
}

/// The statement that a link is to be for, where the form names one.
fn statement_of(
    form: &FormBody,
    settings: &ApiSettings,
) -> Result<Option<(AnnotationRequestId, StatementName)>, InvalidParameter> {
    let name = form.field("statement");
    if name.is_empty() {
        return Ok(None);
    }
    let mut query = form.field("list") + "&name=";
    encode_into(&mut query, &name);
    parse_statement(&query, settings).map(Some)
}

/// The query of a share link: the list of annotation requests, and the token that is good for it until then.
pub fn share_query(
    token_key: &TokenKey,
    key: &AccessKey,
    requests: &AnnotationRequestIds,
    expires: Timestamp,
) -> String {
    let token = SignedToken::issue(token_key, &key.id, &key.secret, expires, Grant::Share(requests));
    let list = list_of(requests.as_slice().iter().map(AnnotationRequestId::as_str));
    format!("{list}&{SHARE}={token}")
}
