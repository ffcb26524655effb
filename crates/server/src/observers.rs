//! Everybody who is told what happens at the interface.

use annotation_statistics_api::{EndedRequest, Observer};
use std::sync::Arc;

/// Several observers, told one after the other.
pub(crate) struct Observers(pub(crate) Vec<Arc<dyn Observer>>);

impl Observer for Observers {
    fn arrived(&self) {
        self.0.iter().for_each(|observer| observer.arrived());
    }

    fn ended(&self, request: &EndedRequest<'_>) {
        self.0.iter().for_each(|observer| observer.ended(request));
    }
}
