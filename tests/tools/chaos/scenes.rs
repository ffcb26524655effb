//! The scenes, one a file.

pub(crate) mod connections_cut;
pub(crate) mod full_bodies;
pub(crate) mod handover;
pub(crate) mod http2_flood;
pub(crate) mod import_killed;
pub(crate) mod key_revoked;
pub(crate) mod overload;
pub(crate) mod panics;
pub(crate) mod postgres_killed;
pub(crate) mod postgres_paused;
pub(crate) mod postgres_refuses;
pub(crate) mod primary_lost;
pub(crate) mod primary_silent;
pub(crate) mod replies_swallowed;
pub(crate) mod schema_changed;
pub(crate) mod slow_clients;
