//! Read-your-writes: where a replica lags behind the state that the client knows, the primary is read.

mod known_state;
mod sources;

pub(crate) use known_state::{KnownState, revisions};
pub(crate) use sources::{Behind, Source};
