//! What the handlers share.

use crate::{ApiSettings, Clock, RequestIds};
use annotation_statistics_domain::StatisticsRepository;
use std::fmt;
use std::sync::Arc;

/// What the workers share: the port, the settings, the clock and the source of request ids. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    pub(crate) repository: Arc<dyn StatisticsRepository>,
    pub(crate) settings: Arc<ApiSettings>,
    pub(crate) clock: Clock,
    pub(crate) request_ids: RequestIds,
}

impl ApiState {
    /// With the clock of the machine and random request ids.
    pub fn new(repository: Arc<dyn StatisticsRepository>, settings: ApiSettings) -> Self {
        Self { repository, settings: Arc::new(settings), clock: Clock::system(), request_ids: RequestIds::random() }
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// With another source of request ids.
    #[must_use]
    pub fn with_request_ids(self, request_ids: RequestIds) -> Self {
        Self { request_ids, ..self }
    }
}

impl fmt::Debug for ApiState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ApiState").field("settings", &self.settings).finish_non_exhaustive()
    }
}
