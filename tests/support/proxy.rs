//! Proxies that break connections on purpose.

mod fault_proxy;
mod pair;
mod stream;

pub use fault_proxy::{Fault, FaultProxy};
pub use pair::Ending;
pub(crate) use stream::ProxiedStream;
pub use stream::Upstream;
