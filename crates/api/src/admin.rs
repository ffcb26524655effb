//! What operators and supervisors read: health, readiness and metrics.

mod check_readiness;
pub(crate) mod health;
pub(crate) mod metrics_text;
