//! Proxies that break connections on purpose.

mod fault_proxy;
mod stream;

pub use fault_proxy::{Ending, Fault, FaultProxy};
pub(crate) use stream::ProxiedStream;
pub use stream::Upstream;
