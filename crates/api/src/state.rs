//! The state that handlers and middleware share: ports, settings, clocks, readiness, shutdown.

mod api_state;
mod graceful_shutdown;
mod observer;
mod ports;
mod readiness;
mod signing;

pub use api_state::{ApiState, ROWS_OF_A_BODY};
pub use graceful_shutdown::ShutdownSignal;
pub(crate) use observer::ADMITTED;
pub use observer::{ACCESS_OUTCOMES, EndedRequest, Observer};
pub use ports::{Ports, PrimaryPorts};
pub use readiness::ReadyChecks;
pub use signing::SigningSource;
