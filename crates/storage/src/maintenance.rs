//! The schema, its verification and repair, and the clocks that are watched.

pub(crate) mod clock_skew;
pub(crate) mod migrations;
pub(crate) mod repair;
pub(crate) mod replica_lag;
pub(crate) mod verification;
