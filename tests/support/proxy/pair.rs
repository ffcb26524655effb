//! A connection through the proxy.

use super::stream::ProxiedStream;
use rustix::net::sockopt::set_socket_linger;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In good order, after all bytes so far.
    Close,
    /// By a reset; what the other end has not read is lost.
    Reset,
}

/// Both ends of a connection.
pub(super) struct Pair {
    pub(super) client: TcpStream,
    pub(super) server: ProxiedStream,
    /// Whether it ends by a reset, which saying goodbye before would spoil.
    is_reset: Arc<AtomicBool>,
    /// Whether no reply comes any more.
    pub(super) is_swallowed: Arc<AtomicBool>,
    /// How it ends at its next reply, of which nothing is passed on.
    ends_at_reply: Arc<Mutex<Option<Ending>>>,
}

impl Pair {
    pub(super) fn new(client: TcpStream, server: ProxiedStream) -> Self {
        Self { client, server, is_reset: Arc::default(), is_swallowed: Arc::default(), ends_at_reply: Arc::default() }
    }

    /// Ends so at its next reply.
    pub(super) fn end_at_reply(&self, ending: Ending) {
        *self.ends_at_reply.lock().unwrap() = Some(ending);
    }

    pub(super) fn ending_at_reply(&self) -> Option<Ending> {
        *self.ends_at_reply.lock().unwrap()
    }

    pub(super) fn share(&self) -> Self {
        let (client, server) = (self.client.try_clone().unwrap(), self.server.share());
        let (is_reset, is_swallowed) = (Arc::clone(&self.is_reset), Arc::clone(&self.is_swallowed));
        Self { client, server, is_reset, is_swallowed, ends_at_reply: Arc::clone(&self.ends_at_reply) }
    }

    pub(super) fn end(&self, ending: Ending) {
        if ending == Ending::Reset {
            self.is_reset.store(true, Ordering::Release);
            // With nothing to linger for, closing is a reset; the system does so when the last handle is dropped.
            let _ = set_socket_linger(&self.client, Some(Duration::ZERO));
        }
        self.server.end();
        let direction = if self.is_reset.load(Ordering::Acquire) { Shutdown::Read } else { Shutdown::Both };
        let _ = self.client.shutdown(direction);
    }
}
