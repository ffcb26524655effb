//! What was found.

use crate::Notice;
use annotation_statistics_domain::{PageRequest, RequestTotals, StatisticsPage, Summary};
use std::num::NonZeroU64;

/// The numbers, or why there are none.
#[derive(Debug)]
pub enum Outcome {
    /// The numbers.
    Found(Box<Found>),
    /// Why there are none, and what to do.
    Notice(Notice),
}

impl Outcome {
    pub(crate) fn summary(&self) -> Option<&Summary> {
        if let Self::Found(found) = self { Some(&found.summary) } else { None }
    }
}

/// The numbers of the requested annotation requests.
#[derive(Debug)]
pub struct Found {
    /// Added up, of the tasks that its filter covers. With operation items by pool type, and by request where there are at most
    /// [`MOST_REQUESTS_APART`].
    pub summary: Summary,
    /// A page of the tasks of the [listed](Self::listed_requests) requests.
    pub tasks: StatisticsPage,
    /// Which page that is.
    pub page: PageRequest,
    /// The listed requests as the part of a query; empty where there are none.
    pub task_list: String,
    /// Which page of the operation items is shown.
    pub item_page: NonZeroU64,
}

/// How many annotation requests have their operation items apart.
pub const MOST_REQUESTS_APART: usize = 12;

impl Found {
    /// The requests whose tasks are listed: all of them, or those that have a task that the filter covers.
    pub fn listed_requests(&self) -> Vec<&RequestTotals> {
        listed_requests(&self.summary)
    }

    /// Whether the sums and the tasks are of the same state of each request.
    pub fn is_of_one_snapshot(&self) -> bool {
        self.listed_requests().iter().map(|request| request.revision).eq(self.tasks.revisions.iter().copied())
    }
}

/// The requests whose tasks are listed beside these sums: all of them, or those that have a task that the filter covers.
pub fn listed_requests(summary: &Summary) -> Vec<&RequestTotals> {
    let is_whole = summary.filter().is_empty();
    let listed = summary.requests().iter().filter(|(_, totals)| is_whole || totals.tasks > 0);
    listed.map(|(request, _)| request).collect()
}
