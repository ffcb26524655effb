//! Annotation requests: registered, found, changed and deleted, one request at a time.

mod annotation_request_registry;
mod change_mark;
mod packing;
mod packing_slot;
mod statements;

pub use annotation_request_registry::PostgresAnnotationRequestRegistry;
pub use packing::{PACK_SQL, PackingLimits};
pub use packing_slot::PackingFailures;

pub(crate) use statements::recount;
