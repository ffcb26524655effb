//! Whether requests would be answered, asked once for all who want to know.

use crate::ApiState;
use crate::response::error::chain;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;

/// What must be so for a request to be answered or a change to be made, and why it is not; `None` where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadyChecks {
    /// The access keys are known, and can be used; so they are where none are needed.
    pub keys: Option<Arc<str>>,
    /// The database answers reads.
    pub reads: Option<Arc<str>>,
    /// Changes are made, as it was [last looked at](ApiState::check_writes). It is no part of being ready: whoever can read
    /// must not be turned away because nobody can write.
    pub writes: Option<Arc<str>>,
}

impl ReadyChecks {
    /// Each check by its name, and why it fails if it does.
    pub fn each(&self) -> [(&'static str, Option<&str>); 3] {
        let [keys, reads] = self.needed();
        [keys, reads, ("writes", self.writes.as_deref())]
    }

    fn needed(&self) -> [(&'static str, Option<&str>); 2] {
        [("keys", self.keys.as_deref()), ("reads", self.reads.as_deref())]
    }

    /// Why requests would not be answered, if that is so.
    pub(crate) fn fault(&self) -> Option<String> {
        self.needed().into_iter().find_map(|(name, fault)| Some(format!("{name}: {}", fault?)))
    }
}

/// The last answer, for those who ask again within its time.
#[derive(Default)]
pub(crate) struct Readiness {
    /// How long an answer is good.
    shared: Duration,
    last: Mutex<Option<(Duration, ReadyChecks)>>,
    /// Why no changes are made. It is looked at by itself, so that nobody waits for a database that is not asked for reads.
    writes: std::sync::Mutex<Option<Arc<str>>>,
}

impl Readiness {
    pub(crate) fn shared_for(shared: Duration) -> Self {
        Self { shared, ..Self::default() }
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
            writes: self.writes().clone(),
        };
        *last = Some((self.stopwatch.elapsed(), checks.clone()));
        self.observer.checked_ready(&checks);
        checks
    }

    /// Looks whether changes would be made, for those who ask later.
    pub async fn check_writes(&self) {
        let recorder = self.ports.recorder.check_ready().await.err().map(|fault| chain(&fault));
        let fault = match (&self.guard, recorder) {
            (Some(guard), None) => guard.check_nonces().await.err().map(|fault| chain(&fault)),
            (_, recorder) => recorder,
        };
        let fault = fault.map(Into::into);
        let before = std::mem::replace(&mut *self.writes(), fault.clone());
        match (before, fault) {
            (None, Some(cause)) => tracing::warn!(%cause, "no changes can be made"),
            (Some(_), None) => tracing::info!("changes can be made again"),
            _ => {}
        }
    }

    fn writes(&self) -> MutexGuard<'_, Option<Arc<str>>> {
        self.readiness.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_fresh(&self, at: Duration) -> bool {
        self.stopwatch.elapsed().saturating_sub(at) < self.readiness.shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{get, ports, settings, state, state_of};
    use crate::{AccessSettings, Ports, Stopwatch};
    use annotation_statistics_access::{MockKeys, MockNonces, NoncesUnavailable};
    use annotation_statistics_domain::{
        MockStatisticsRecorder, MockStatisticsRepository, RecordError, RepositoryError,
    };
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

    #[actix_web::test]
    async fn a_service_that_takes_no_changes_is_ready_and_says_so() {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_check_ready().returning(|| Ok(()));
        let mut recorder = MockStatisticsRecorder::new();
        recorder.expect_check_ready().times(1).returning(|| Err(RecordError::Unavailable("it is read-only".into())));
        recorder.expect_check_ready().returning(|| Ok(()));
        let ports = Ports { repository: Arc::new(repository), recorder: Arc::new(recorder), ..ports() };
        let state = state_of(ports, settings());
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push((get(state.clone(), "/health/ready").await, state.check_ready().await.writes));
            state.check_writes().await;
        }
        let cause = "the statistics cannot be reached: it is read-only";
        for ((answer, writes), (status, expected)) in
            told.iter().zip([("ready", None), ("read-only", Some(cause)), ("ready", None)])
        {
            assert_eq!((answer.status, writes.as_deref()), (200, expected));
            let data = format!(r#""data":{{"status":"{status}"}}"#);
            assert!(answer.text().contains(&data), "{data}: {}", answer.text());
        }
    }

    #[actix_web::test]
    async fn where_keys_are_needed_a_change_needs_nonces_too() {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_check_ready().returning(|| Ok(()));
        let mut recorder = MockStatisticsRecorder::new();
        recorder.expect_check_ready().returning(|| Ok(()));
        let (mut keys, mut nonces) = (MockKeys::new(), MockNonces::new());
        keys.expect_find().returning(|_| Ok(None));
        nonces.expect_check_ready().returning(|| Err(NoncesUnavailable("no connection left".into())));
        let ports = Ports { repository: Arc::new(repository), recorder: Arc::new(recorder), ..ports() };
        let state = state_of(ports, settings());
        let state = state.with_access_keys(Arc::new(keys), Arc::new(nonces), AccessSettings::default());
        state.check_writes().await;
        let writes = Some("the used nonces cannot be reached: no connection left".into());
        assert_eq!(state.check_ready().await, ReadyChecks { writes, ..ReadyChecks::default() });
    }
}
