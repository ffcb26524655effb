//! On whose behalf work is done, so that each caller gets a fair share of the connections (ADR 54).

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// On whose behalf work is done; without a name, that of the service itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller(Option<Arc<str>>);

impl From<Option<Arc<str>>> for Caller {
    fn from(name: Option<Arc<str>>) -> Self {
        Self(name)
    }
}

/// Who the current caller is, and how many connections one caller may use.
#[derive(Clone, Default)]
pub struct Callers {
    now: Option<Arc<dyn Fn() -> Caller + Send + Sync>>,
    max_connections: Option<NonZeroU32>,
    setting: &'static str,
}

impl Callers {
    /// At most so many connections each, `None` for all of them. `now` is called in the task that hands over the work;
    /// `setting` is where the number comes from.
    pub fn new(
        now: impl Fn() -> Caller + Send + Sync + 'static,
        max_connections: Option<NonZeroU32>,
        setting: &'static str,
    ) -> Self {
        Self { now: Some(Arc::new(now)), max_connections, setting }
    }

    /// The setting of the share, for error messages.
    pub(super) fn setting(&self) -> &'static str {
        self.setting
    }

    pub(super) fn now(&self) -> Caller {
        self.now.as_ref().map(|now| now()).unwrap_or_default()
    }

    /// How many of so many connections one caller may use.
    pub(super) fn share_of(&self, connections: u32) -> u32 {
        self.max_connections.map_or(connections, |most| most.get().min(connections))
    }
}

impl fmt::Debug for Callers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Callers").field("max_sessions", &self.max_connections).finish_non_exhaustive()
    }
}
