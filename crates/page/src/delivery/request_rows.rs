//! What each of several annotation requests adds to the sums.

use crate::number_format::Figure;
use crate::share::Share;
use annotation_statistics_domain::{PoolType, RequestTotals, Summary, Totals};

/// The most requests that have a bar each.
const MOST_BARS: usize = 100;

pub(crate) struct RequestRow {
    /// From 1, in the order requested.
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) campaign: String,
    pub(crate) rule: String,
    /// `None` where a filter by pool or status has left the tasks that are to be compared.
    pub(crate) completeness: Option<Completeness>,
    pub(crate) has_bar: bool,
    pub(crate) tasks: Figure,
    pub(crate) instances: Figure,
    pub(crate) attributes: Figure,
    pub(crate) frames: Figure,
}

/// How much of a request is in the pool of what is delivered.
pub(crate) struct Completeness {
    pub(crate) tasks: Figure,
    pub(crate) of_tasks: Share,
    pub(crate) instances: Figure,
    pub(crate) of_instances: Share,
}

pub(crate) fn request_rows(summary: &Summary) -> Vec<RequestRow> {
    let filter = summary.filter();
    let is_whole = filter.pool_types.is_empty() && filter.statuses.is_empty();
    let has_bar = is_whole && summary.requests().len() <= MOST_BARS;
    let row = |(number, (request, totals)): (usize, &(RequestTotals, Totals))| RequestRow {
        number,
        id: request.id.to_string(),
        campaign: request.campaign_id.to_string(),
        rule: request.counting_rule.as_ref().map_or_else(|| "not stated".into(), |rule| rule.as_str().to_owned()),
        completeness: is_whole.then(|| Completeness::of(request, totals)),
        has_bar,
        tasks: Figure::from(totals.tasks),
        instances: Figure(totals.instances),
        attributes: Figure(totals.attributes),
        frames: Figure(totals.frames),
    };
    (1..).zip(summary.requests()).map(row).collect()
}

impl Completeness {
    fn of(request: &RequestTotals, all: &Totals) -> Self {
        let groups = request.groups.iter().filter(|(pool, _, _)| *pool == PoolType::Complete);
        let done = groups.fold((0_u64, 0_u128), |(tasks, instances), (_, _, totals)| {
            (tasks.saturating_add(totals.tasks), instances.saturating_add(totals.instances))
        });
        Self {
            tasks: Figure::from(done.0),
            of_tasks: Share::new(done.0.into(), all.tasks.into()),
            instances: Figure(done.1),
            of_instances: Share::new(done.1, all.instances),
        }
    }
}
