//! `annotation-statistics list` and `show`: annotation requests with their sums, from the database.

use super::failure::Failure;
use crate::service::{ApplicationError, DatabaseSource, NewCluster};
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_api::start_time;
use annotation_statistics_domain::{
    AnnotationRequestFinder, CampaignId, CampaignScope, ErrorChain, IdPart, ListedRequest, Progress, RepositoryError,
    RequestSearch, StatusFilter, TaskStatus,
};
use annotation_statistics_storage::{Database, PostgresAnnotationRequestFinder};
use clap::Args;
use jiff::Timestamp;
use std::num::NonZeroU32;

/// Which annotation requests to list.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Those with this part of their id, in the same case
    #[arg(value_name = "PART")]
    pub part: Option<String>,
    /// Those of this campaign
    #[arg(long, value_name = "ID")]
    pub campaign: Option<String>,
    /// Those that are empty, open or complete, or have a task with the status of this number
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Those that were changed then or later: 2025-04-08, which begins in UTC, or 2025-04-08T14:20:00Z
    #[arg(long, value_name = "TIME")]
    pub changed_since: Option<String>,
    /// The most to list
    #[arg(long, value_name = "NUMBER", default_value = "50")]
    pub limit: NonZeroU32,
    /// Print each as one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Which annotation request to show.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// The annotation request
    #[arg(value_name = "ID")]
    pub id: String,
    /// Print it as one JSON object
    #[arg(long)]
    pub json: bool,
}

impl ListArguments {
    fn search(&self) -> Result<RequestSearch, Failure> {
        let invalid = |what: &str, why: &dyn std::fmt::Display| Failure::CommandLine(format!("{what} {why}"));
        let campaign = self.campaign.as_deref().map(CampaignId::new).transpose();
        let part = self.part.as_deref().map(IdPart::new).transpose();
        let since = self.changed_since.as_deref().map(start_time).transpose();
        let all = RequestSearch::of_all(self.limit);
        Ok(RequestSearch {
            campaign_id: campaign.map_err(|error| invalid("--campaign", &error))?,
            id_part: part.map_err(|error| invalid("PART", &error))?,
            status: self.status.as_deref().map(status).transpose()?,
            changed_since: since.map_err(|why| invalid("--changed-since", &why))?,
            ..all
        })
    }
}

fn status(text: &str) -> Result<StatusFilter, Failure> {
    if let Some(progress) = Progress::ALL.into_iter().find(|progress| progress.name() == text) {
        return Ok(StatusFilter::Progress(progress));
    }
    let why = || Failure::CommandLine("--status must be empty, open, complete, or the number of a status".to_owned());
    text.parse::<i32>().map(|code| StatusFilter::HasTasks(TaskStatus::from(code))).map_err(|_| why())
}

pub(super) async fn list(settings: &Settings, arguments: &ListArguments) -> Result<(), Failure> {
    let (found, is_cut) = find(settings, arguments.search()?).await?;
    for listed in &found {
        print_one(listed, arguments.json);
    }
    if is_cut {
        remark(format_args!("there are more than {}; --limit lists more", found.len()));
    }
    if found.is_empty() && !arguments.json {
        remark("no annotation request is found");
    }
    Ok(())
}

/// What is similar to an unknown one is named.
pub(super) async fn show(settings: &Settings, arguments: &ShowArguments) -> Result<(), Failure> {
    let id = arguments.id.as_str();
    let part =
        IdPart::new(id).map_err(|error| Failure::CommandLine(format!("the annotation request {id:?} {error}")))?;
    let search = RequestSearch { id_part: Some(part), ..RequestSearch::of_all(SIMILAR) };
    let (found, is_cut) = find(settings, search).await?;
    if let Some(listed) = found.iter().find(|listed| listed.request().id.as_str() == id) {
        print_one(listed, arguments.json);
        return Ok(());
    }
    if is_cut {
        return Err(Failure::Input(format!(
            "more than {SIMILAR} annotation requests have {id} in their id; list lists them"
        )));
    }
    let similar: Vec<String> = found.iter().take(3).map(|listed| format!("`{}`", listed.request().id)).collect();
    let hint = if similar.is_empty() { String::new() } else { format!("; is {} meant?", similar.join(" or ")) };
    Err(Failure::Input(format!("unknown annotation request: {id}{hint}")))
}

/// How many that have an id as a part of theirs are looked at, to find the one with that id.
const SIMILAR: NonZeroU32 = NonZeroU32::new(1_000).unwrap();

/// The annotation requests, and whether there are more.
async fn find(settings: &Settings, search: RequestSearch) -> Result<(Vec<ListedRequest>, bool), Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let url = database_source.reading_urls().into_iter().next().unwrap_or_default();
    let database = Database::new(settings.export_connections(url), settings.export_limits());
    let found = match database {
        Ok(database) => {
            find_all(&PostgresAnnotationRequestFinder::new(database, settings.api.max_searched), search).await
        }
        Err(error) => {
            database_source.stop()?;
            return Err(ApplicationError::from(error).into());
        }
    };
    let stopped = database_source.stop();
    let found = found.map_err(|error| Failure::Unavailable(ErrorChain(&error).to_string()))?;
    stopped?;
    Ok(found)
}

/// Page after page, until there are enough.
async fn find_all(
    finder: &PostgresAnnotationRequestFinder,
    mut search: RequestSearch,
) -> Result<(Vec<ListedRequest>, bool), RepositoryError> {
    let mut found = Vec::new();
    loop {
        let page = finder.find_requests(&search, &CampaignScope::All).await?;
        let number = u32::try_from(page.requests.len()).unwrap_or(u32::MAX);
        found.extend(page.requests);
        let missing = NonZeroU32::new(search.limit.get().saturating_sub(number));
        match (page.next, missing) {
            (Some(next), Some(missing)) => (search.after, search.limit) = (Some(next), missing),
            (next, _) => return Ok((found, next.is_some())),
        }
    }
}

fn print_one(listed: &ListedRequest, json: bool) {
    let (request, totals) = (listed.request(), listed.totals());
    let time = |time| Timestamp::try_from(time).map(|time: Timestamp| time.to_string()).unwrap_or_default();
    if json {
        print(serde_json::json!({
            "id": request.id.as_str(),
            "campaignId": request.campaign_id.as_str(),
            "status": listed.progress().name(),
            "taskNum": totals.tasks,
            "completeTaskNum": listed.complete_tasks(),
            "instanceNum": totals.instances,
            "attributeNum": totals.attributes,
            "frameNum": totals.frames,
            "countingRule": request.counting_rule.as_ref().map(annotation_statistics_domain::CountingRuleName::as_str),
            "revision": request.revision.number(),
            "createdAt": time(request.created_at),
            "updatedAt": time(request.updated_at),
        }));
    } else {
        print(format_args!(
            "{}  campaign {}  {}: {} of {} tasks complete, {} instances, {} attributes, {} frames, changed {}",
            request.id,
            request.campaign_id,
            listed.progress(),
            listed.complete_tasks(),
            totals.tasks,
            totals.instances,
            totals.attributes,
            totals.frames,
            time(request.updated_at),
        ));
    }
}
