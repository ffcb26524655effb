//! Annotation requests: registered, found, changed and deleted, one request at a time.

mod annotation_request_registry;
mod change_mark;
mod conformance_rows;
mod deletion;
mod not_changed;
mod packing;
mod packing_slot;
mod statements;
mod taxonomy_repository;
mod taxonomy_rows;

pub use annotation_request_registry::PostgresAnnotationRequestRegistry;
pub use conformance_rows::CONFORMANCE_SQL;
pub use packing::{PACK_SQL, PackingLimits};
pub use packing_slot::PackingFailures;
pub use taxonomy_repository::PostgresTaxonomyRepository;
pub use taxonomy_rows::{TAXONOMY_SOURCE_SQL, TAXONOMY_SQL};

pub(crate) use statements::{is_known, recount};
