//! Proxies that break connections on purpose.

mod fault_proxy;
mod pair;
mod silent_host;
mod stream;

pub use fault_proxy::{Fault, FaultProxy};
pub use pair::Ending;
pub use silent_host::SilentHost;
pub(crate) use stream::ProxiedStream;
pub use stream::Upstream;
