//! `GET /find`: the page by which people find annotation requests.

use crate::ApiState;
use crate::annotation_requests::finding::ListRequestsParams;
use crate::auth::CallerScope;
use crate::html::get_html::site;
use crate::html::html_response::{findings_response, in_words};
use crate::html::query::list_of;
use crate::html::session::Visitor;
use crate::http::parameters::{decode_name, parameters};
use crate::http::{DatabaseTime, RequestContext, decode, encode_into};
use crate::response::{ApiError, invalid};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequestFinder, CampaignId, CampaignScope, FoundRequests, FoundTaskPlaces, SourceName, TaskId, TaskPlace,
    TaskSearch, TaskTerm,
};
use annotation_statistics_page::{Findings, FoundRow};
use std::num::NonZeroU32;

/// How many annotation requests, and tasks, are shown.
const ROWS: NonZeroU32 = NonZeroU32::new(25).unwrap();

/// How many campaigns are shown.
const CAMPAIGNS: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// How often a search goes on where it stopped, while it has not found enough. After that the reader decides.
const SEARCHES: usize = 20;

const TASK: &str = "task";
const CAMPAIGNS_AFTER: &str = "campaignsAfter";
const CURSOR: &str = "cursor";

/// What was typed, and the query of the list in it.
#[derive(Default)]
struct FindQuery {
    typed: Findings,
    campaigns_after: Option<String>,
    /// The parameters of the list that have a value, without the cursor.
    conditions: String,
    cursor: Option<String>,
}

impl FindQuery {
    fn parse(query: &str) -> Result<Self, ApiError> {
        let mut found = Self::default();
        // A form sends its empty fields, too.
        for (raw_name, value) in parameters(query).filter(|(_, value)| !value.is_empty()) {
            let name = decode_name(raw_name)?;
            let text = decode(value).map_err(|error| invalid(&name, &error.to_string()))?.trim().to_owned();
            let target = match name.as_ref() {
                "q" => &mut found.typed.part,
                "campaignId" => &mut found.typed.campaign,
                "status" => &mut found.typed.status,
                "changedSince" => &mut found.typed.changed_since,
                TASK => &mut found.typed.task,
                CAMPAIGNS_AFTER => found.campaigns_after.insert(String::new()),
                CURSOR => found.cursor.insert(String::new()),
                _ => continue,
            };
            *target = text;
        }
        let Findings { part, campaign, status, changed_since, .. } = &found.typed;
        let conditions = [("q", part), ("campaignId", campaign), ("status", status), ("changedSince", changed_since)];
        for (name, value) in conditions.into_iter().filter(|(_, value)| !value.is_empty()) {
            append(&mut found.conditions, name, value);
        }
        Ok(found)
    }
}

fn append(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.extend([name, "="]);
    encode_into(query, value);
}

fn link(conditions: &str, name: &str, value: &str) -> String {
    let mut query = conditions.to_owned();
    append(&mut query, name, value);
    format!("find?{query}")
}

pub(crate) async fn find(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    visitor: Visitor,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let site = site(&request, &state, &context, &visitor)?;
    let (typed, found) = match FindQuery::parse(request.query_string()) {
        Ok(query) => {
            let typed = query.typed.clone();
            (typed, time.measure(find_all(&*state.ports.finder, query, &scope)).await)
        }
        Err(error) => (Findings::default(), Err(error)),
    };
    findings_response(&site, typed, found)
}

async fn find_all(
    finder: &dyn AnnotationRequestFinder,
    query: FindQuery,
    scope: &CampaignScope,
) -> Result<Findings, ApiError> {
    let FindQuery { mut typed, campaigns_after, conditions, cursor } = query;
    let mut list = conditions.clone();
    if let Some(cursor) = &cursor {
        append(&mut list, CURSOR, cursor);
    }
    let params = ListRequestsParams::parse(&list, ROWS)?;
    let found = find_requests(finder, &params, scope).await?;
    typed.more_requests = found.next.as_ref().map(|next| link(&conditions, CURSOR, &params.cursor(next)));
    typed.requests = found
        .requests
        .into_iter()
        .map(|row| FoundRow {
            link: format!("./?{}", list_of([row.request().id.as_str()])),
            changed: in_words(row.request().updated_at),
            row,
        })
        .collect();
    if !typed.task.is_empty() {
        add_tasks(finder, &mut typed, scope).await?;
    }
    let after =
        campaigns_after.map(|id| CampaignId::new(id).map_err(|error| invalid(CAMPAIGNS_AFTER, &error.to_string())));
    let campaigns = finder.list_campaigns(after.transpose()?, CAMPAIGNS, scope).await?;
    typed.more_campaigns = campaigns.next.map(|next| link(&conditions, CAMPAIGNS_AFTER, next.as_str()));
    typed.campaigns = campaigns
        .campaigns
        .into_iter()
        .map(|row| FoundRow { link: link("", "campaignId", row.campaign_id.as_str()), changed: String::new(), row })
        .collect();
    Ok(typed)
}

async fn add_tasks(
    finder: &dyn AnnotationRequestFinder,
    typed: &mut Findings,
    scope: &CampaignScope,
) -> Result<(), ApiError> {
    let found = find_tasks(finder, &typed.task, scope).await?;
    typed.are_more_tasks = found.next.is_some();
    let row = |row: TaskPlace| FoundRow {
        link: format!("./?{}", list_of([row.annotation_request_id.as_str()])),
        changed: String::new(),
        row,
    };
    typed.tasks = found.tasks.into_iter().map(row).collect();
    Ok(())
}

/// A page of the search, which goes on while it finds too few.
async fn find_requests(
    finder: &dyn AnnotationRequestFinder,
    params: &ListRequestsParams,
    scope: &CampaignScope,
) -> Result<FoundRequests, ApiError> {
    let mut search = params.search.clone();
    search.limit = ROWS;
    let mut found = FoundRequests::default();
    for _ in 0..SEARCHES {
        let page = finder.find_requests(&search, scope).await?;
        found.requests.extend(page.requests);
        found.next.clone_from(&page.next);
        let missing = usize::try_from(ROWS.get()).unwrap_or_default().saturating_sub(found.requests.len());
        let missing = u32::try_from(missing).ok().and_then(NonZeroU32::new);
        let (Some(next), Some(missing)) = (page.next, missing) else { break };
        (search.after, search.limit) = (Some(next), missing);
    }
    Ok(found)
}

/// The tasks with this id, where it may be one and there are any, or else those that were made of it.
async fn find_tasks(
    finder: &dyn AnnotationRequestFinder,
    text: &str,
    scope: &CampaignScope,
) -> Result<FoundTaskPlaces, ApiError> {
    let search = |term| TaskSearch { term, after: None, limit: ROWS };
    if let Ok(id) = text.parse::<i64>() {
        let found = finder.find_tasks(&search(TaskTerm::Id(TaskId::from(id))), scope).await?;
        if !found.tasks.is_empty() {
            return Ok(found);
        }
    }
    let name = SourceName::new(text).map_err(|error| invalid(TASK, &error.to_string()))?;
    Ok(finder.find_tasks(&search(TaskTerm::SourceName(name)), scope).await?)
}

#[cfg(test)]
#[path = "get_findings_tests.rs"]
mod tests;
