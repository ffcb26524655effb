//! The numbers of the requested annotation requests, as the HTML page shows them.

mod counting_rule;
mod filter_form;
mod filter_text;
mod flow_view;
mod item_bars;
mod item_name;
mod item_page;
mod matrix;
mod request_rows;
mod request_states;
#[cfg(test)]
mod sample;
mod status_rows;
mod task_table;
#[cfg(test)]
mod tests;

use crate::number_format::Figure;
use crate::times::StatedTime;
use crate::{Found, Letterhead, Requested, Site};
use annotation_statistics_domain::Totals;
pub(crate) use counting_rule::in_words as rules_in_words;
pub(crate) use filter_form::FilterForm;
use filter_text::filter_text;
use flow_view::FlowView;
pub(crate) use flow_view::pool_name;
use item_bars::ItemBars;
use item_page::ItemPage;
use matrix::{Matrix, RequestMatrices, by_pool, request_matrices};
use request_rows::{RequestRow, request_rows};
use request_states::RequestStates;
use status_rows::{StatusRow, status_rows};
use task_table::TaskTable;

/// From how many requests on their table is folded up.
const MOST_UNFOLDED: usize = 12;

/// From here on a number takes half of the width of the page.
const LONG: u128 = 10_000_000_000;

pub(crate) struct DeliveryView {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) states: RequestStates,
    pub(crate) read_at: StatedTime,
    pub(crate) zone: String,
    pub(crate) letterhead: Letterhead,
    /// What the links to other states of this page keep besides the list, as a part of a query.
    pub(crate) kept: String,
    /// Which tasks are added up, where not all are.
    pub(crate) filter: Option<String>,
    pub(crate) numbers: [BigNumber; 4],
    pub(crate) is_empty: bool,
    pub(crate) is_of_one_snapshot: bool,
    pub(crate) flow: FlowView,
    pub(crate) items: ItemBars,
    pub(crate) by_pool: Option<Matrix>,
    pub(crate) by_request: RequestMatrices,
    pub(crate) statuses: Vec<StatusRow>,
    pub(crate) requests: Vec<RequestRow>,
    pub(crate) are_requests_unfolded: bool,
    pub(crate) tasks: TaskTable,
    pub(crate) exports: Vec<(&'static str, &'static str, String)>,
    /// The sums by operation item and request as files.
    pub(crate) item_files: [(&'static str, String); 2],
    pub(crate) curl: Vec<(&'static str, String)>,
}

pub(crate) struct BigNumber {
    pub(crate) name: &'static str,
    pub(crate) number: Figure,
    pub(crate) about: &'static str,
}

impl DeliveryView {
    pub(crate) fn of(site: &Site, requested: &Requested, found: &Found) -> Self {
        let summary = &found.summary;
        let requests = request_rows(summary);
        let items = ItemPage::of(summary, found.item_page);
        Self {
            title: title(&requests),
            subtitle: subtitle(&requests, requested),
            states: RequestStates::of(summary, &site.times),
            read_at: site.times.stated(site.times.now),
            zone: site.times.zone_name().to_owned(),
            letterhead: site.letterhead.clone(),
            kept: site.letterhead.query(),
            filter: filter_text(summary),
            numbers: numbers(&summary.totals()),
            is_empty: summary.totals().tasks == 0,
            is_of_one_snapshot: found.is_of_one_snapshot(),
            flow: FlowView::of(summary),
            items: ItemBars::of(&items),
            by_pool: by_pool(summary, &items),
            by_request: request_matrices(summary, &items),
            statuses: status_rows(summary),
            are_requests_unfolded: requests.len() <= MOST_UNFOLDED,
            requests,
            exports: exports(site, requested),
            item_files: item_files(site, requested),
            curl: curl(site, requested, found),
            tasks: TaskTable::of(found),
        }
    }

    /// Whether the sums are of all pools and statuses, so that a part of them can be complete.
    pub(crate) fn shows_completeness(&self) -> bool {
        self.requests.iter().any(|request| request.completeness.is_some())
    }

    /// Whether four numbers do not fit side by side.
    pub(crate) fn has_long_numbers(&self) -> bool {
        self.numbers.iter().any(|number| number.number.0 >= LONG)
    }
}

fn numbers(totals: &Totals) -> [BigNumber; 4] {
    let number = |name, number, about| BigNumber { name, number, about };
    [
        number("Tasks", Figure::from(totals.tasks), "units of work"),
        number("Instances", Figure(totals.instances), "counted in slots"),
        number("Attributes", Figure(totals.attributes), "counted in inputs"),
        number("Frames", Figure(totals.frames), "images and scans"),
    ]
}

fn title(requests: &[RequestRow]) -> String {
    match requests {
        [request] => request.id.clone(),
        requests => format!("{} annotation requests", requests.len()),
    }
}

fn subtitle(requests: &[RequestRow], requested: &Requested) -> String {
    match requests {
        [request] if requested.is_chosen => format!("Annotation request of campaign {}", request.campaign),
        [request] => format!("Changed last: annotation request of campaign {}", request.campaign),
        _ => "Added up over all of them".into(),
    }
}

fn exports(site: &Site, requested: &Requested) -> Vec<(&'static str, &'static str, String)> {
    let zone = site.times.zone_query();
    let target = |query: &str| format!("{}/export?{}&{query}{zone}", site.api, requested.list);
    site.downloads.iter().map(|offer| (offer.label, offer.about, target(&offer.query))).collect()
}

fn item_files(site: &Site, requested: &Requested) -> [(&'static str, String); 2] {
    let (list, zone) = (&requested.list, site.times.zone_query());
    let target =
        |format: &str| format!("{}/summary?{list}&itemsBy=annotationRequestId&format={format}{zone}", site.api);
    [("Excel", target("xlsx")), ("CSV", target("csv"))]
}

/// The requests to the API that have the same responses. The list is encoded, so that no shell finds anything in it.
fn curl(site: &Site, requested: &Requested, found: &Found) -> Vec<(&'static str, String)> {
    let (at, page, limit) = (format!("{}/{}", site.origin, site.api), found.page.page(), found.page.limit());
    let tasks = (!found.task_list.is_empty())
        .then(|| ("This page of tasks", format!("curl '{at}?{}&offset={page}&limit={limit}'", found.task_list)));
    tasks.into_iter().chain([("The sums", format!("curl '{at}/summary?{}'", requested.list))]).collect()
}
