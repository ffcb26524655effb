//! The ports in memory.

mod export;
mod finding;
mod keys;
mod recording;
mod registry;
mod statements;
mod statistics;
mod store;
mod summary;
mod taxonomy;

pub use keys::InMemoryKeys;
pub use statistics::InMemoryStatistics;
pub use summary::{items_of, totals_of};
