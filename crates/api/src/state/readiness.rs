//! The results of readiness checks.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;

/// What the service depends on, and the error of each dependency that fails; `None` where it works.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadyChecks {
    /// The access keys are loaded; `None` as well where no keys are needed.
    pub keys: Option<Arc<str>>,
    /// Reads from the database succeed.
    pub reads: Option<Arc<str>>,
    /// The database takes writes, by the [last check](crate::ApiState::check_writes). A service that only reads is still ready.
    pub writes: Option<Arc<str>>,
}

impl ReadyChecks {
    /// Each check by its name, with its error if it fails.
    pub fn each(&self) -> [(&'static str, Option<&str>); 3] {
        let [keys, reads] = self.needed();
        [keys, reads, ("writes", self.writes.as_deref())]
    }

    fn needed(&self) -> [(&'static str, Option<&str>); 2] {
        [("keys", self.keys.as_deref()), ("reads", self.reads.as_deref())]
    }

    /// Why the service is not ready, if it is not.
    pub(crate) fn error(&self) -> Option<String> {
        self.needed().into_iter().find_map(|(name, error)| Some(format!("{name}: {}", error?)))
    }
}

/// The last checks, shared by all callers within a short time.
#[derive(Default)]
pub(crate) struct Readiness {
    /// For how long the result of a check is shared.
    shared: Duration,
    last: Mutex<Option<(Duration, ReadyChecks)>>,
    /// Why no changes can be made. It is checked separately, so that no caller waits for a primary that it does not read from.
    writes: std::sync::Mutex<Option<Arc<str>>>,
}

impl Readiness {
    pub(crate) fn shared_for(shared: Duration) -> Self {
        Self { shared, ..Self::default() }
    }

    /// The last checks if they are fresh at `now`, else those of `check`. Callers that come meanwhile wait for its result.
    pub(crate) async fn check_once(
        &self,
        now: impl Fn() -> Duration,
        check: impl AsyncFnOnce() -> ReadyChecks,
    ) -> ReadyChecks {
        let mut last = self.last.lock().await;
        if let Some((_, checks)) = last.as_ref().filter(|(at, _)| now().saturating_sub(*at) < self.shared) {
            return checks.clone();
        }
        let checks = check().await;
        *last = Some((now(), checks.clone()));
        checks
    }

    pub(crate) fn writes(&self) -> MutexGuard<'_, Option<Arc<str>>> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
