//! What was found.

use crate::Notice;
use annotation_statistics_domain::{PageRequest, StatisticsPage, Summary};

/// The numbers, or why there are none.
#[derive(Debug)]
pub enum Outcome {
    /// The numbers.
    Found(Box<Found>),
    /// Why there are none, and what to do.
    Notice(Notice),
}

/// The numbers of the requested annotation requests.
#[derive(Debug)]
pub struct Found {
    /// Added up.
    pub summary: Summary,
    /// A page of their tasks.
    pub tasks: StatisticsPage,
    /// Which page that is.
    pub page: PageRequest,
}

impl Found {
    /// Whether the sums and the tasks are of the same state of each request.
    pub fn is_of_one_snapshot(&self) -> bool {
        self.summary.requests().iter().map(|(request, _)| request.revision).eq(self.tasks.revisions.iter().copied())
    }
}
