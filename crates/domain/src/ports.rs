//! The ports: what the interface needs, and adapters implement.

pub(crate) mod annotation_request_registry;
pub(crate) mod statistics_exporter;
pub(crate) mod statistics_recorder;
pub(crate) mod statistics_repository;
pub(crate) mod summary_repository;
