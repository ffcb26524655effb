//! Several observers of requests as one.

use annotation_statistics_api::{EndedRequest, Observer, ReadyChecks};
use std::sync::Arc;

/// Several observers, notified one after the other.
pub(super) struct Observers(pub(super) Vec<Arc<dyn Observer>>);

impl Observer for Observers {
    fn arrived(&self) {
        self.0.iter().for_each(|observer| observer.arrived());
    }

    fn access_checked(&self, outcome: &'static str) {
        self.0.iter().for_each(|observer| observer.access_checked(outcome));
    }

    fn admitted_by_v1(&self) {
        self.0.iter().for_each(|observer| observer.admitted_by_v1());
    }

    fn checked_ready(&self, checks: &ReadyChecks) {
        self.0.iter().for_each(|observer| observer.checked_ready(checks));
    }

    fn page_looked_up(&self, is_cached: bool) {
        self.0.iter().for_each(|observer| observer.page_looked_up(is_cached));
    }

    fn pages_cached(&self, bytes: u64) {
        self.0.iter().for_each(|observer| observer.pages_cached(bytes));
    }

    fn ended(&self, request: &EndedRequest<'_>) {
        self.0.iter().for_each(|observer| observer.ended(request));
    }
}
