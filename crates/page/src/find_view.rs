//! The page by which people find annotation requests.

use crate::number_format::Figure;
use crate::page_view::Unrendered;
use crate::share::Share;
use crate::{Findings, Site, Visitor, stylesheet_name};
use annotation_statistics_domain::{CampaignProgress, ListedRequest, TaskPlace};
use askama::Template;

#[derive(Template)]
#[template(path = "find.html")]
struct FindView<'a> {
    stylesheet: String,
    request_id: &'a str,
    visitor: &'a Visitor,
    findings: &'a Findings,
    statuses: Vec<(&'static str, &'static str, bool)>,
    requests: Vec<RequestRow<'a>>,
    campaigns: Vec<CampaignRow<'a>>,
    tasks: Vec<TaskRow<'a>>,
}

struct RequestRow<'a> {
    listed: &'a ListedRequest,
    link: &'a str,
    changed: &'a str,
    share: Share,
    tasks: Figure,
    complete: Figure,
    instances: Figure,
    attributes: Figure,
    frames: Figure,
}

struct CampaignRow<'a> {
    campaign: &'a CampaignProgress,
    link: &'a str,
    share: Share,
    requests: String,
    tasks: Figure,
    complete: Figure,
}

struct TaskRow<'a> {
    task: &'a TaskPlace,
    link: &'a str,
    status: String,
}

/// The page as HTML.
///
/// # Errors
/// [`Unrendered`]: a bug.
pub fn render_findings(site: &Site, findings: &Findings) -> Result<String, Unrendered> {
    let statuses = [("", "any"), ("open", "open"), ("complete", "complete"), ("empty", "without tasks")];
    let page = FindView {
        stylesheet: stylesheet_name(),
        request_id: &site.request_id,
        visitor: &site.visitor,
        statuses: statuses.map(|(value, name)| (value, name, findings.status == value)).into(),
        requests: findings.requests.iter().map(|found| request_row(&found.row, &found.link, &found.changed)).collect(),
        campaigns: findings.campaigns.iter().map(|found| campaign_row(&found.row, &found.link)).collect(),
        tasks: findings.tasks.iter().map(|found| task_row(&found.row, &found.link)).collect(),
        findings,
    };
    page.render().map_err(Unrendered::from)
}

fn request_row<'a>(listed: &'a ListedRequest, link: &'a str, changed: &'a str) -> RequestRow<'a> {
    let totals = listed.totals();
    RequestRow {
        listed,
        link,
        changed,
        share: Share::new(listed.complete_tasks().into(), totals.tasks.into()),
        tasks: Figure::from(totals.tasks),
        complete: Figure::from(listed.complete_tasks()),
        instances: Figure(totals.instances),
        attributes: Figure(totals.attributes),
        frames: Figure(totals.frames),
    }
}

fn campaign_row<'a>(campaign: &'a CampaignProgress, link: &'a str) -> CampaignRow<'a> {
    let number = Figure::from(campaign.requests);
    CampaignRow {
        campaign,
        link,
        share: Share::new(campaign.complete_tasks.into(), campaign.tasks.into()),
        requests: if campaign.is_all { number.to_string() } else { format!("the last {number}") },
        tasks: Figure::from(campaign.tasks),
        complete: Figure::from(campaign.complete_tasks),
    }
}

fn task_row<'a>(task: &'a TaskPlace, link: &'a str) -> TaskRow<'a> {
    TaskRow { task, link, status: task.status.to_string() }
}
