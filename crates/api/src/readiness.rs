//! Whether requests would be answered, asked once for all who want to know.

use crate::ApiState;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// What must be so for a request to be answered, and why it is not; `None` where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadyChecks {
    /// The access keys are known, and can be used; so they are where none are needed.
    pub keys: Option<Arc<str>>,
    /// The database answers reads.
    pub reads: Option<Arc<str>>,
}

impl ReadyChecks {
    /// Each check by its name, and why it fails if it does.
    pub fn each(&self) -> [(&'static str, Option<&str>); 2] {
        [("keys", self.keys.as_deref()), ("reads", self.reads.as_deref())]
    }

    /// Why requests would not be answered, if that is so.
    pub(crate) fn fault(&self) -> Option<String> {
        self.each().into_iter().find_map(|(name, fault)| Some(format!("{name}: {}", fault?)))
    }
}

/// The last answer, for those who ask again within its time.
#[derive(Default)]
pub(crate) struct Readiness {
    /// How long an answer is good.
    shared: Duration,
    last: Mutex<Option<(Duration, ReadyChecks)>>,
}

impl Readiness {
    pub(crate) fn shared_for(shared: Duration) -> Self {
        Self { shared, last: Mutex::default() }
    }
}

impl ApiState {
    /// Whether requests would be answered now. Whoever asks while an answer is on its way, or soon after, gets the same:
    /// however often this is asked, it costs next to nothing.
    pub async fn check_ready(&self) -> ReadyChecks {
        let mut last = self.readiness.last.lock().await;
        if let Some((_, checks)) = last.as_ref().filter(|(at, _)| self.is_fresh(*at)) {
            return checks.clone();
        }
        let keys = self.guard.as_ref().and_then(|guard| guard.check_ready().err());
        let reads = self.ports.repository.check_ready().await.err();
        let checks = ReadyChecks {
            keys: keys.map(|fault| fault.to_string().into()),
            reads: reads.map(|fault| fault.to_string().into()),
        };
        *last = Some((self.stopwatch.elapsed(), checks.clone()));
        self.observer.checked_ready(&checks);
        checks
    }

    fn is_fresh(&self, at: Duration) -> bool {
        self.stopwatch.elapsed().saturating_sub(at) < self.readiness.shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stopwatch;
    use crate::test_support::state;
    use annotation_statistics_domain::{MockStatisticsRepository, RepositoryError};
    use std::sync::atomic::{AtomicU64, Ordering};

    #[actix_web::test]
    async fn an_answer_is_good_for_its_time_and_no_longer() {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_check_ready().times(1).returning(|| Ok(()));
        repository.expect_check_ready().times(1).returning(|| Err(RepositoryError::Unavailable("no route".into())));
        let seconds = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&seconds);
        let stopwatch = Stopwatch::new(move || Duration::from_secs(clock.load(Ordering::Relaxed)));
        let state = state(repository).with_stopwatch(stopwatch).with_shared_readiness(Duration::from_secs(2));
        let mut told = Vec::new();
        for now in [0, 1, 2, 3] {
            seconds.store(now, Ordering::Relaxed);
            told.push(state.check_ready().await.reads.is_none());
        }
        assert_eq!(told, [true, true, false, false]);
    }
}
