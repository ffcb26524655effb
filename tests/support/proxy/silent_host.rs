//! An address where no connection gets a response.

use rustix::net::listen;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// How long a system may take to accept a connection of its own.
const ACCEPTING: Duration = Duration::from_millis(500);

/// An address where connections are neither accepted nor refused, as where a host is gone: its queue is full.
pub struct SilentHost {
    address: SocketAddr,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl SilentHost {
    /// One that is silent from now on.
    #[expect(clippy::new_without_default, reason = "a host is no default of anything")]
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listen(&listener, 0).unwrap();
        let address = listener.local_addr().unwrap();
        let queued = std::iter::from_fn(|| TcpStream::connect_timeout(&address, ACCEPTING).ok()).collect();
        Self { address, _listener: listener, _queued: queued }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
