//! Finds the sockets of connections, which libpq does not show, and shuts them down.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other_systems;

#[cfg(target_os = "linux")]
use linux::{TimedSocket, timed_sockets};
#[cfg(not(target_os = "linux"))]
use other_systems::{TimedSocket, timed_sockets};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// For connections without a limit: a day.
const UNLIMITED: u32 = 24 * 60 * 60 * 1_000;

/// People set round numbers: a time that is not a multiple of this is one of ours.
const ROUND: u32 = 10;

/// A `tcp_user_timeout` that no other connection of this process has. The system reports it for each socket, so it
/// identifies the socket of a connection, even while that is being opened. `pidfd_getfd` would be simpler, but is
/// forbidden in containers (ADR 51).
#[derive(Debug)]
pub(super) struct SocketMark(u32);

static TAKEN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn taken() -> MutexGuard<'static, BTreeSet<u32>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SocketMark {
    /// The shortest time that is free and longer than this one, by some milliseconds.
    pub(super) fn after(tcp_user_timeout: Duration) -> Self {
        let limit = u32::try_from(tcp_user_timeout.as_millis()).unwrap_or(UNLIMITED).min(UNLIMITED);
        let mut milliseconds = if limit == 0 { UNLIMITED } else { limit };
        let mut taken = taken();
        while milliseconds % ROUND == 0 || taken.contains(&milliseconds) {
            milliseconds += 1;
        }
        taken.insert(milliseconds);
        Self(milliseconds)
    }

    /// The value of libpq's parameter.
    pub(super) fn milliseconds(&self) -> u32 {
        self.0
    }
}

/// Only after the socket is closed.
impl Drop for SocketMark {
    fn drop(&mut self) {
        taken().remove(&self.0);
    }
}

/// The sockets of all connections at this time. A Unix socket has no such timeout and is not found, nor is any outside
/// of Linux.
pub(super) struct MarkedSockets(BTreeMap<u32, TimedSocket>);

impl MarkedSockets {
    /// Those of this process that have a mark. Where two have the same, one of them is not ours, so both are left alone.
    pub(super) fn find() -> Self {
        let mut found: BTreeMap<u32, TimedSocket> = BTreeMap::new();
        let mut ambiguous = BTreeSet::new();
        for socket in timed_sockets() {
            let milliseconds = socket.milliseconds;
            // While another thread looks for sockets too, one socket has several descriptors.
            if found.get(&milliseconds).is_some_and(|found| found.name != socket.name) {
                ambiguous.insert(milliseconds);
            }
            if milliseconds % ROUND != 0 {
                found.insert(milliseconds, socket);
            }
        }
        found.retain(|milliseconds, _| !ambiguous.contains(milliseconds));
        Self(found)
    }

    /// Shuts down both directions of the socket, so that the thread that waits for it gets an error. Returns whether
    /// there is one with this mark.
    pub(super) fn cut(&self, milliseconds: u32) -> bool {
        self.0.get(&milliseconds).is_some_and(TimedSocket::shut_down)
    }

    /// Which host has accepted it.
    pub(super) fn accepted_by(&self, milliseconds: u32) -> Option<SocketAddr> {
        self.0.get(&milliseconds)?.peer()
    }

    /// Cuts it, if its host has not accepted the connection.
    pub(super) fn cut_unaccepted(&self, milliseconds: u32) -> bool {
        self.0.get(&milliseconds).is_some_and(|socket| socket.peer().is_none() && socket.shut_down())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_marks_are_the_same_and_one_that_is_given_back_is_taken_again() {
        let base = Duration::from_secs(1_000);
        let marks: Vec<SocketMark> = (0..12).map(|_| SocketMark::after(base)).collect();
        let numbers: Vec<u32> = marks.iter().map(SocketMark::milliseconds).collect();
        let expected = (1..=13).filter(|number| *number != 10).map(|number| 1_000_000 + number);
        assert_eq!(numbers, expected.collect::<Vec<_>>(), "none is round");
        drop(marks);
        assert_eq!(SocketMark::after(base).milliseconds(), 1_000_001);
    }

    #[test]
    fn a_session_without_a_limit_has_a_mark_too() {
        for limit in [Duration::ZERO, Duration::from_secs(u64::MAX / 1_000)] {
            assert!(SocketMark::after(limit).milliseconds() > UNLIMITED);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_is_found_by_its_mark_and_cut_and_no_other_one() {
        use std::io::{Read, Write};
        use std::net::{TcpListener, TcpStream};

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let marked = |mark: &SocketMark| {
            let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            rustix::net::sockopt::set_tcp_user_timeout(&client, mark.milliseconds()).unwrap();
            (client, listener.accept().unwrap().0)
        };
        let [one, other, unused] = [(); 3].map(|()| SocketMark::after(Duration::from_secs(2_000)));
        let ((mut first, _at_server), (mut second, mut at_server)) = (marked(&one), marked(&other));
        let _at_the_same_time = MarkedSockets::find();
        let sockets = MarkedSockets::find();
        assert!(sockets.cut(one.milliseconds()));
        assert_eq!(first.read(&mut [0]).unwrap(), 0, "the one that waits notices");
        at_server.write_all(b"!").unwrap();
        assert_eq!(second.read(&mut [0]).unwrap(), 1, "it goes on");
        assert!(!sockets.cut(unused.milliseconds()));
        let _twice = [marked(&unused), marked(&unused)];
        assert!(!MarkedSockets::find().cut(unused.milliseconds()), "which of the two is not known");
    }
}
