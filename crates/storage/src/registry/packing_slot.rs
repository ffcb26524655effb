//! Whether a request is being packed, and how often that failed.

use annotation_statistics_domain::AnnotationRequestId;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Lets one packing run at a time. Cloning shares it.
#[derive(Clone, Default)]
pub(super) struct PackingSlot {
    is_taken: Arc<AtomicBool>,
    failures: PackingFailures,
    /// What was logged last, so that the same is not logged with each attempt.
    logged: Arc<Mutex<String>>,
}

/// A packing that runs, until this is dropped: however it ends, another one may begin.
pub(super) struct PackingClaim(Arc<AtomicBool>);

/// How often gaps were left because closing them failed. Cloning shares the number.
#[derive(Debug, Clone, Default)]
pub struct PackingFailures(Arc<AtomicU64>);

impl PackingFailures {
    /// How often since the registry was made.
    pub fn number(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl PackingSlot {
    /// `None` while another packing runs.
    pub(super) fn claim(&self) -> Option<PackingClaim> {
        let was_taken = self.is_taken.swap(true, Ordering::AcqRel);
        (!was_taken).then(|| PackingClaim(Arc::clone(&self.is_taken)))
    }

    pub(super) fn failures(&self) -> PackingFailures {
        self.failures.clone()
    }

    /// All gaps of a request were closed.
    pub(super) fn succeeded(&self) {
        self.log_change(String::new());
    }

    /// Those of this one were not. Logged once for each cause: each removal tries again.
    pub(super) fn failed(&self, request: &AnnotationRequestId, cause: &dyn fmt::Display) {
        self.failures.0.fetch_add(1, Ordering::Relaxed);
        let cause = cause.to_string();
        if self.log_change(format!("{request}: {cause}")) {
            tracing::warn!(request = %request, cause, "the gaps of deleted tasks cannot be closed, which is tried again");
        }
    }

    /// Whether it is something else than before.
    fn log_change(&self, current: String) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *logged != current;
        *logged = current;
        is_new
    }
}

impl Drop for PackingClaim {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
