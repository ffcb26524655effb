//! Read-your-writes: where a replica lags behind the state that the client knows, the primary is read.

mod read_sources;
mod required_state;

pub(crate) use read_sources::{ReadSources, ReplicaBehind, Source};
pub(crate) use required_state::{RequiredState, revisions};
