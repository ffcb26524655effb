//! The shared ground of the integration tests.
