//! Read-your-writes: where a replica lags behind the state that the client knows, the primary is read.

pub(crate) mod known_state;
pub(crate) mod sources;
