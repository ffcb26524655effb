//! The numbers of the requested annotation requests, as the HTML page shows them.

mod counting_rule;
mod flow_view;
mod item_bars;
mod item_matrix;
mod request_rows;
mod request_states;
mod status_rows;
mod task_table;

use crate::number_format::Figure;
use crate::times::StatedTime;
use crate::{Found, Letterhead, Requested, Site};
use annotation_statistics_domain::Totals;
use flow_view::FlowView;
use item_bars::ItemBars;
use item_matrix::ItemMatrix;
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
    pub(crate) numbers: [BigNumber; 4],
    pub(crate) is_empty: bool,
    pub(crate) is_of_one_snapshot: bool,
    pub(crate) flow: FlowView,
    pub(crate) items: ItemBars,
    pub(crate) matrix: ItemMatrix,
    pub(crate) statuses: Vec<StatusRow>,
    pub(crate) requests: Vec<RequestRow>,
    pub(crate) are_requests_unfolded: bool,
    pub(crate) tasks: TaskTable,
    pub(crate) exports: Vec<(&'static str, &'static str, String)>,
    pub(crate) curl: [(&'static str, String); 2],
}

pub(crate) struct BigNumber {
    pub(crate) name: &'static str,
    pub(crate) number: Figure,
    pub(crate) about: &'static str,
}

impl DeliveryView {
    pub(crate) fn of(site: &Site, requested: &Requested, found: &Found) -> Self {
        let (summary, tasks) = (&found.summary, TaskTable::of(found));
        let requests = request_rows(summary);
        Self {
            title: title(&requests),
            subtitle: subtitle(&requests, requested),
            states: RequestStates::of(summary, &site.times),
            read_at: site.times.stated(site.times.now),
            zone: site.times.zone_name().to_owned(),
            letterhead: site.letterhead.clone(),
            kept: site.letterhead.query(),
            numbers: numbers(&summary.totals()),
            is_empty: summary.totals().tasks == 0,
            is_of_one_snapshot: found.is_of_one_snapshot(),
            flow: FlowView::of(summary),
            items: ItemBars::of(summary),
            matrix: ItemMatrix::of(summary),
            statuses: status_rows(summary),
            are_requests_unfolded: requests.len() <= MOST_UNFOLDED,
            requests,
            exports: exports(site, requested),
            curl: curl(site, requested, &tasks),
            tasks,
        }
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
    let target = |query: &str| format!("{}/export?{}&{query}", site.api, requested.list);
    site.downloads.iter().map(|offer| (offer.label, offer.about, target(&offer.query))).collect()
}

/// The requests to the API that have the same responses. The list is encoded, so that no shell finds anything in it.
fn curl(site: &Site, requested: &Requested, tasks: &TaskTable) -> [(&'static str, String); 2] {
    let (at, list) = (format!("{}/{}", site.origin, site.api), &requested.list);
    [
        ("This page of tasks", format!("curl '{at}?{list}&offset={}&limit={}'", tasks.page, tasks.limit)),
        ("The sums", format!("curl '{at}/summary?{list}'")),
    ]
}
