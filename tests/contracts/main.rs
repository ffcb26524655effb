//! The contracts of the ports: each suite holds the implementations of a port to the obligations of its documentation.

mod annotation_request_finder;
mod annotation_request_registry;
mod keys;
mod nonces;
mod plain_format;
mod statement_repository;
mod statistics_exporter;
mod statistics_recorder;
mod statistics_repository;
mod summary_repository;
mod taxonomy_repository;
