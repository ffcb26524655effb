//! `GET /statement`: one statement, on screen and on paper.

use crate::ApiState;
use crate::ResponseCode;
use crate::auth::CallerScope;
use crate::html::get_html::origin;
use crate::html::html_response::notice_response;
use crate::html::query::list_of;
use crate::html::session::Visitor;
use crate::html::statement::envelope_view::{StatementRead, shown};
use crate::html::statement::statement_files::Files;
use crate::html::statement::statements_page::{page_response, refused, site_for_reader};
use crate::http::parameters::parse_statement;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::ApiError;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestId, CampaignScope, StatementError, StatementName};
use annotation_statistics_page::{Requested, render_statement};
use std::num::NonZeroU32;

pub(crate) async fn show_statement(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let (site, reader) = site_for_reader(&request, &state, &context, &visitor)?;
    let parsed = reader.and_then(|()| parse_statement(request.query_string(), &state.settings));
    let (id, name) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return notice_response(&site, &Requested::default(), &[], &error.into(), Vec::new()),
    };
    let is_alone = matches!(visitor, Visitor::Link(_));
    let read = time.measure(read(&state, &id, &name, &scope, is_alone)).await;
    let base = state.settings.sign_in.public_url.clone().unwrap_or_else(|| origin(&request, &state.origin));
    let url = format!("{base}/statement?{}&name={name}", list_of([id.as_str()]));
    let files = Files { base_path: &state.settings.base_path, id: &id, link: &visitor.link() };
    match read.and_then(|read| shown(read, &files, url)) {
        Ok(statement) => {
            let html = render_statement(&site, &statement).map_err(ApiError::Page)?;
            Ok(page_response(&site, ResponseCode::Success, html))
        }
        Err(error) => refused(&site, Some(&id), error),
    }
}

/// A statement, its key and the one before; without the latter for those who may see no other one.
async fn read(
    state: &ApiState,
    id: &AnnotationRequestId,
    name: &StatementName,
    scope: &CampaignScope,
    is_alone: bool,
) -> Result<StatementRead, StatementError> {
    let port = &*state.ports.statements;
    let statement = port.find(id, name, scope).await?;
    let keys = port.list_keys().await?;
    let key = keys.into_iter().map(|published| published.key).find(|key| key.id == statement.head.key_id);
    let before = Some(statement.head.number);
    let previous = if is_alone { Vec::new() } else { port.list(id, before, NonZeroU32::MIN, scope).await? };
    Ok(StatementRead { statement, key, previous: previous.into_iter().next().map(|head| head.name), is_alone })
}
