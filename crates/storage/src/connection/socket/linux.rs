//! Sockets on Linux, which shows a process its own by their numbers.

use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, Shutdown, getpeername, recvmsg, shutdown, sockopt,
};
use std::fs;
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// A socket with a `tcp_user_timeout`.
pub(super) struct TimedSocket {
    pub(super) milliseconds: u32,
    /// The system's name of it.
    pub(super) name: PathBuf,
    /// A descriptor of our own, which stays the same socket whatever becomes of the number that it was found by.
    socket: OwnedFd,
}

impl TimedSocket {
    /// Shuts down both directions.
    pub(super) fn shut_down(&self) -> bool {
        shutdown(&self.socket, Shutdown::Both).is_ok()
    }

    /// The other host, if it has accepted it.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        getpeername(&self.socket).ok()??.try_into().ok()
    }
}

/// All sockets of this process that have a `tcp_user_timeout`.
pub(super) fn timed_sockets() -> impl Iterator<Item = TimedSocket> {
    let numbers = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten().filter_map(|entry| {
        let number: RawFd = entry.file_name().to_str()?.parse().ok()?;
        // Nothing else is duplicated: closing a second descriptor of a file gives up its locks.
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

/// The only safe path from a number to a descriptor: the system makes one of it in what is sent (ADR 51).
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
