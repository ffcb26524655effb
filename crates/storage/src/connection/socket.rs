//! Finds the sockets of sessions, which libpq does not show, and cuts them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// As good as none, for sessions that have no limit: a day.
const UNLIMITED: u32 = 24 * 60 * 60 * 1_000;

/// Nobody sets such a number by hand: no socket but those of sessions has a time that is none of these.
const ROUND: u32 = 10;

/// A `tcp_user_timeout` that no other session of this process has. The system tells it of each socket: so one that is known
/// by its number only is known to be of this session, while it is being opened too.
#[derive(Debug)]
pub(crate) struct SocketMark(u32);

static TAKEN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn taken() -> MutexGuard<'static, BTreeSet<u32>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SocketMark {
    /// The shortest time that is free and longer than this one, by some milliseconds.
    pub(crate) fn after(tcp_user_timeout: Duration) -> Self {
        let limit = u32::try_from(tcp_user_timeout.as_millis()).unwrap_or(UNLIMITED).min(UNLIMITED);
        let mut milliseconds = if limit == 0 { UNLIMITED } else { limit };
        let mut taken = taken();
        while milliseconds % ROUND == 0 || taken.contains(&milliseconds) {
            milliseconds += 1;
        }
        taken.insert(milliseconds);
        Self(milliseconds)
    }

    /// As libpq is told it.
    pub(crate) fn milliseconds(&self) -> u32 {
        self.0
    }
}

/// Only after the socket is closed.
impl Drop for SocketMark {
    fn drop(&mut self) {
        taken().remove(&self.0);
    }
}

/// The sockets that sessions have now. None where they go by a Unix socket, which has no such time, nor where the system is
/// not Linux.
pub(crate) struct MarkedSockets(BTreeMap<u32, (PathBuf, Socket)>);

/// A socket with a `tcp_user_timeout`, and the system's name of it.
struct TimedSocket {
    milliseconds: u32,
    name: PathBuf,
    socket: Socket,
}

impl MarkedSockets {
    /// Those of this process that have a mark. Two that have the same, as one of something else may, are left alone.
    pub(crate) fn find() -> Self {
        let mut found: BTreeMap<u32, (PathBuf, Socket)> = BTreeMap::new();
        let mut ambiguous = BTreeSet::new();
        for TimedSocket { milliseconds, name, socket } in system::timed_sockets() {
            // While somebody else looks for sockets too, one has several descriptors.
            let is_other = |(found, _): &(PathBuf, Socket)| *found != name;
            if found.get(&milliseconds).is_some_and(is_other) {
                ambiguous.insert(milliseconds);
            }
            if milliseconds % ROUND != 0 {
                found.insert(milliseconds, (name, socket));
            }
        }
        found.retain(|milliseconds, _| !ambiguous.contains(milliseconds));
        Self(found)
    }

    /// Ends both directions of the socket, so that whoever waits for it is told that the connection is lost. Whether there
    /// is one with this mark.
    pub(crate) fn cut(&self, milliseconds: u32) -> bool {
        self.0.get(&milliseconds).is_some_and(|(_, socket)| system::end(socket))
    }
}

use system::Socket;

#[cfg(target_os = "linux")]
mod system {
    use super::TimedSocket;
    use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
    use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, Shutdown, recvmsg, shutdown, sockopt};
    use std::fs;
    use std::io::{IoSlice, IoSliceMut};
    use std::mem::MaybeUninit;
    use std::os::fd::{AsRawFd, OwnedFd, RawFd};
    use std::os::unix::net::UnixStream;

    /// A descriptor of our own, which stays the same socket whatever becomes of the number that it was found by.
    pub(super) type Socket = OwnedFd;

    /// All sockets of this process that have a `tcp_user_timeout`.
    pub(super) fn timed_sockets() -> impl Iterator<Item = TimedSocket> {
        let numbers = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten().filter_map(|entry| {
            let number: RawFd = entry.file_name().to_str()?.parse().ok()?;
            // Of anything else nothing is taken: closing a second descriptor of a file gives up its locks.
            let name = fs::read_link(entry.path()).ok().filter(|name| name.to_string_lossy().starts_with("socket:"))?;
            Some((number, name))
        });
        let pair = UnixStream::pair().ok();
        numbers.filter_map(move |(number, name)| {
            let socket = duplicate(number, pair.as_ref()?)?;
            let milliseconds = sockopt::tcp_user_timeout(&socket).ok()?;
            (milliseconds > 0).then_some(TimedSocket { milliseconds, name, socket })
        })
    }

    /// The only safe way from a number to a descriptor: the system makes one of it in what is sent.
    fn duplicate(number: RawFd, (from, to): &(UnixStream, UnixStream)) -> Option<OwnedFd> {
        let numbers = [number];
        let message = [ControlMessage::ScmRights(&numbers)];
        sendmsg::<()>(from.as_raw_fd(), &[IoSlice::new(b"f")], &message, MsgFlags::empty(), None).ok()?;
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut received = RecvAncillaryBuffer::new(&mut space);
        recvmsg(to, &mut [IoSliceMut::new(&mut [0])], &mut received, RecvFlags::CMSG_CLOEXEC).ok()?;
        received.drain().find_map(|message| {
            let RecvAncillaryMessage::ScmRights(mut descriptors) = message else { return None };
            descriptors.next()
        })
    }

    pub(super) fn end(socket: &Socket) -> bool {
        shutdown(socket, Shutdown::Both).is_ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::TimedSocket;

    /// There is none.
    pub(super) enum Socket {}

    pub(super) fn timed_sockets() -> impl Iterator<Item = TimedSocket> {
        std::iter::empty()
    }

    pub(super) fn end(socket: &Socket) -> bool {
        match *socket {}
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
        assert_eq!(first.read(&mut [0]).unwrap(), 0, "whoever waits is told");
        at_server.write_all(b"!").unwrap();
        assert_eq!(second.read(&mut [0]).unwrap(), 1, "it goes on");
        assert!(!sockets.cut(unused.milliseconds()));
        let _twice = [marked(&unused), marked(&unused)];
        assert!(!MarkedSockets::find().cut(unused.milliseconds()), "which of the two is not known");
    }
}
