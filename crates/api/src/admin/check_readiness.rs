//! Checks what the service depends on. See ADR 50.

use crate::{ApiState, ReadyChecks};
use annotation_statistics_domain::ErrorChain;
use std::sync::Arc;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "annotation_statistics_api::readiness";

impl ApiState {
    /// Whether requests would succeed now. The result is shared for a short time, so that frequent checks cost the
    /// database next to nothing.
    pub async fn check_ready(&self) -> ReadyChecks {
        self.readiness.check_once(|| self.stopwatch.elapsed(), async || self.check_dependencies().await).await
    }

    async fn check_dependencies(&self) -> ReadyChecks {
        let keys = self.guard.as_ref().and_then(|guard| guard.check_ready().err());
        let reads = self.ports.repository.check_ready().await.err();
        let checks = ReadyChecks {
            keys: keys.map(|error| ErrorChain(&error).to_string().into()),
            reads: reads.map(|error| ErrorChain(&error).to_string().into()),
            writes: self.readiness.writes().clone(),
        };
        self.observer.checked_ready(&checks);
        checks
    }

    /// Checks whether changes could be made now; [`check_ready`](Self::check_ready) reports the result.
    pub async fn check_writes(&self) {
        let recorder = self.ports.recorder.check_ready().await.err().map(|error| ErrorChain(&error).to_string());
        let error = match (&self.guard, recorder) {
            (Some(guard), None) => guard.check_nonces().await.err().map(|error| ErrorChain(&error).to_string()),
            (_, recorder) => recorder,
        };
        let error: Option<Arc<str>> = error.map(Into::into);
        let before = std::mem::replace(&mut *self.readiness.writes(), error.clone());
        match (before, error) {
            (None, Some(cause)) => tracing::warn!(target: TARGET, %cause, "no changes can be made"),
            (Some(_), None) => tracing::info!(target: TARGET, "changes can be made again"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{get, ports, settings, state, state_of};
    use crate::{AccessSettings, Ports, Stopwatch};
    use annotation_statistics_access::{KeysUnavailable, MockKeys, MockNonces, NoncesUnavailable};
    use annotation_statistics_domain::{
        MockStatisticsRecorder, MockStatisticsRepository, RecordError, RepositoryError,
    };
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    #[actix_web::test]
    async fn a_check_is_shared_for_its_time_and_no_longer() {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_check_ready().times(1).returning(|| Ok(()));
        repository.expect_check_ready().times(1).returning(|| Err(RepositoryError::Unavailable("no route".into())));
        let seconds = Arc::new(AtomicU64::new(0));
        let clock = Arc::clone(&seconds);
        let stopwatch = Stopwatch::new(move || Duration::from_secs(clock.load(Ordering::Relaxed)));
        let state = state(repository).with_stopwatch(stopwatch).with_shared_readiness(Duration::from_secs(2));
        let mut reported = Vec::new();
        for now in [0, 1, 2, 3] {
            seconds.store(now, Ordering::Relaxed);
            reported.push(state.check_ready().await.reads.is_none());
        }
        assert_eq!(reported, [true, true, false, false]);
    }

    #[actix_web::test]
    async fn a_check_that_fails_says_why_down_to_the_cause() {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_check_ready().returning(|| Err(RepositoryError::Unavailable("no route".into())));
        let mut keys = MockKeys::new();
        keys.expect_find().returning(|_| Err(KeysUnavailable("another master key".into())));
        let state =
            state(repository).with_access_keys(Arc::new(keys), Arc::new(MockNonces::new()), AccessSettings::default());
        let checks = state.check_ready().await;
        assert_eq!(checks.keys.as_deref(), Some("the access keys cannot be reached: another master key"));
        assert_eq!(checks.reads.as_deref(), Some("the statistics cannot be reached: no route"));
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
        let mut reported = Vec::new();
        for _ in 0..3 {
            reported.push((get(state.clone(), "/health/ready").await, state.check_ready().await.writes));
            state.check_writes().await;
        }
        let cause = "the statistics cannot be reached: it is read-only";
        for ((response, writes), (status, expected)) in
            reported.iter().zip([("ready", None), ("read-only", Some(cause)), ("ready", None)])
        {
            assert_eq!((response.status, writes.as_deref()), (200, expected));
            let data = format!(r#""data":{{"status":"{status}"}}"#);
            assert!(response.text().contains(&data), "{data}: {}", response.text());
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
