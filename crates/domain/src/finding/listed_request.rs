//! An annotation request with the sums over its tasks.

use crate::{AnnotationRequest, Progress, RequestPosition, SumsDisagree, Totals};

/// An annotation request and the sums over its tasks, of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRequest {
    request: AnnotationRequest,
    totals: Totals,
    complete_tasks: u64,
}

impl ListedRequest {
    /// Of these sums.
    ///
    /// # Errors
    /// [`SumsDisagree`]: they are not of the tasks that it has.
    pub fn new(request: AnnotationRequest, totals: Totals, complete_tasks: u64) -> Result<Self, SumsDisagree> {
        if totals.tasks == request.task_count && complete_tasks <= totals.tasks {
            Ok(Self { request, totals, complete_tasks })
        } else {
            Err(SumsDisagree::Tasks { id: request.id, summed: totals.tasks, tasks: request.task_count })
        }
    }

    /// The request.
    pub fn request(&self) -> &AnnotationRequest {
        &self.request
    }

    /// The sums over its tasks.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// How many of its tasks are in the pool of complete ones.
    pub fn complete_tasks(&self) -> u64 {
        self.complete_tasks
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress::of(self.totals.tasks, self.complete_tasks)
    }
}

/// A page of annotation requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundRequests {
    /// The requests, those that were changed last first.
    pub requests: Vec<ListedRequest>,
    /// Where the next page begins; `None` where there is no other.
    pub next: Option<RequestPosition>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnnotationRequestId, CampaignId, Revision};
    use std::time::SystemTime;

    fn listed(task_count: u64, summed: u64, complete: u64) -> Result<Progress, SumsDisagree> {
        let request = AnnotationRequest {
            id: AnnotationRequestId::new("a").unwrap(),
            campaign_id: CampaignId::new("1001").unwrap(),
            counting_rule: None,
            task_count,
            revision: Revision::from(1),
            created_at: SystemTime::UNIX_EPOCH,
            updated_at: SystemTime::UNIX_EPOCH,
        };
        let totals = Totals { tasks: summed, ..Totals::default() };
        Ok(ListedRequest::new(request, totals, complete)?.progress())
    }

    #[test]
    fn sums_of_other_tasks_are_refused() {
        let refused =
            |summed, tasks| Err(SumsDisagree::Tasks { id: AnnotationRequestId::new("a").unwrap(), summed, tasks });
        assert_eq!((listed(5, 5, 2), listed(0, 0, 0)), (Ok(Progress::Open), Ok(Progress::Empty)));
        assert_eq!((listed(4, 3, 3), listed(3, 3, 4)), (refused(3, 4), refused(3, 3)));
    }
}
