//! The Postgres adapter of the annotation statistics ports.
