//! `GET /statistics/summary`: the sums over all tasks of the asked annotation requests.

use crate::caller_scope::CallerScope;
use crate::database_time::DatabaseTime;
use crate::entity_tag::EntityTag;
use crate::error::ApiError;
use crate::stamp::Stamp;
use crate::statistics_page::answer_with_tag;
use crate::statistics_params::parse_requests;
use crate::summary_body::SummaryBody;
use crate::{ApiState, envelope};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::SummaryRepository;

pub(crate) async fn get_summary(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    summaries: web::Data<dyn SummaryRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    stamp: web::ReqData<Stamp>,
) -> Result<HttpResponse, ApiError> {
    let requests = parse_requests(request.query_string(), &state.settings)?;
    let summary = time.measure(summaries.summarize(&requests, &scope)).await?;
    let revisions: Vec<_> = summary.requests().iter().map(|(request, _)| request.revision).collect();
    let tag = EntityTag::of_summary(&requests, &revisions);
    let rules: Vec<_> = summary.requests().iter().map(|(request, _)| request.counting_rule.clone()).collect();
    let body = SummaryBody::of(&summary);
    answer_with_tag(request.headers(), &tag, &rules, || envelope::success(&stamp, &body, body.bytes()))
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
