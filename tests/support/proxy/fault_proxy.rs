//! Stands between a client and a server, and does to their bytes what a bad network does.

use super::stream::{ProxiedStream, Upstream};
use rustix::net::sockopt::set_socket_linger;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The most bytes that are passed on at once.
const CHUNK: usize = 16 * 1024;

/// What happens to all bytes from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// They are passed on.
    None,
    /// Those of a reply are passed on after this time, chunk by chunk.
    Delay(Duration),
    /// They are held, in both directions, until there is another fault or none; nothing is closed.
    Stall,
    /// New connections are accepted and closed at once; those that are open are not touched.
    Refuse,
    /// Those of replies are thrown away, for good on each connection that is open or opened meanwhile, and its client is not
    /// notified when the server closes it: as where the way back is lost, or the host, and something responds in its place.
    SwallowReplies,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In good order, after all bytes so far.
    Close,
    /// By a reset; what the other end has not read is lost.
    Reset,
}

/// A proxy on a port of its own. It does what it is set to and nothing by chance.
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    upstream: Upstream,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    fault: Fault,
    cut: Option<(usize, Ending)>,
    refuses_after_cut: bool,
    replied: usize,
    accepted: usize,
    open: BTreeMap<usize, Pair>,
    stopped: bool,
}

/// Both ends of a connection.
struct Pair {
    client: TcpStream,
    server: ProxiedStream,
    /// Whether it ends by a reset, which saying goodbye before would spoil.
    is_reset: Arc<AtomicBool>,
    /// Whether no reply comes any more.
    is_swallowed: Arc<AtomicBool>,
}

impl FaultProxy {
    /// Passes everything on to `upstream`.
    pub fn to(upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            fault: Fault::None,
            cut: None,
            refuses_after_cut: false,
            replied: 0,
            accepted: 0,
            open: BTreeMap::new(),
            stopped: false,
        };
        let shared = Arc::new(Shared { upstream, state: Mutex::new(state), changed: Condvar::new() });
        let accepting = Arc::clone(&shared);
        let listening = thread::spawn(move || accepting.accept(&listener));
        Self { address, shared, listening: Some(listening) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Does this to all bytes from now on.
    pub fn set(&self, fault: Fault) {
        let mut state = self.shared.state();
        state.fault = fault;
        if fault == Fault::SwallowReplies {
            state.open.values().for_each(|pair| pair.is_swallowed.store(true, Ordering::Release));
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Lets this many more bytes of replies pass, all connections together, and then ends the one that the next byte
    /// would be on, once. Counts the bytes of replies from zero.
    pub fn cut_after(&self, bytes: usize, ending: Ending) {
        let mut state = self.shared.state();
        (state.cut, state.replied) = (Some((bytes, ending)), 0);
    }

    /// Does the same, and refuses connections from then on.
    pub fn cut_for_good_after(&self, bytes: usize, ending: Ending) {
        self.shared.state().refuses_after_cut = true;
        self.cut_after(bytes, ending);
    }

    /// Cuts nothing, and counts the bytes of replies from zero. Whether a cut was still to come.
    pub fn cut_nothing(&self) -> bool {
        let mut state = self.shared.state();
        state.replied = 0;
        state.cut.take().is_some()
    }

    /// The bytes of replies that were passed on since the count began.
    pub fn replied(&self) -> usize {
        self.shared.state().replied
    }

    /// Connections so far, those that were refused included.
    pub fn accepted(&self) -> usize {
        self.shared.state().accepted
    }

    /// Connections that are open.
    pub fn open(&self) -> usize {
        self.shared.state().open.len()
    }

    /// Ends all connections. Returns how many there were.
    pub fn cut_all(&self, ending: Ending) -> usize {
        let open = std::mem::take(&mut self.shared.state().open);
        for pair in open.values() {
            pair.end(ending);
        }
        open.len()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.set(Fault::None);
        self.cut_all(Ending::Close);
        // Wakes the one that accepts.
        let _ = TcpStream::connect(self.address);
        let _ = self.listening.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming().flatten() {
            let mut state = self.state();
            if state.stopped {
                return;
            }
            state.accepted += 1;
            if state.fault == Fault::Refuse {
                continue;
            }
            let number = state.accepted;
            drop(state);
            let Ok(server) = self.upstream.connect() else { continue };
            // Small responses are not held back to make larger packets of them.
            client.set_nodelay(true).unwrap();
            let pair = Pair { client, server, is_reset: Arc::default(), is_swallowed: Arc::default() };
            let (request, reply) = (pair.share(), pair.share());
            let mut state = self.state();
            pair.is_swallowed.store(state.fault == Fault::SwallowReplies, Ordering::Release);
            state.open.insert(number, pair);
            drop(state);
            let (asking, replying) = (Arc::clone(self), Arc::clone(self));
            thread::spawn(move || asking.pass_requests(request));
            thread::spawn(move || replying.pass_replies(number, reply));
        }
    }

    fn pass_requests(&self, mut pair: Pair) {
        let mut chunk = [0; CHUNK];
        while let Ok(length @ 1..) = pair.client.read(&mut chunk) {
            drop(self.unless_stalled());
            if pair.server.write_all(&chunk[..length]).is_err() {
                break;
            }
        }
        pair.end(Ending::Close);
    }

    fn pass_replies(&self, number: usize, mut pair: Pair) {
        let mut chunk = [0; CHUNK];
        while let Ok(length @ 1..) = pair.server.read(&mut chunk) {
            let (passing, ending) = self.passing(length);
            if pair.is_swallowed.load(Ordering::Acquire) {
                continue;
            }
            if pair.client.write_all(&chunk[..passing]).is_err() {
                break;
            }
            if let Some(ending) = ending {
                pair.end(ending);
                break;
            }
        }
        if !pair.is_swallowed.load(Ordering::Acquire) {
            pair.end(Ending::Close);
        }
        self.state().open.remove(&number);
    }

    /// How many of these bytes of a reply are passed on, and how their connection ends then if it does.
    fn passing(&self, length: usize) -> (usize, Option<Ending>) {
        let mut state = self.unless_stalled();
        if let Fault::Delay(time) = state.fault {
            drop(state);
            thread::sleep(time);
            state = self.state();
        }
        let passing = match state.cut {
            Some((bytes, ending)) if bytes < length => {
                state.cut = None;
                if std::mem::take(&mut state.refuses_after_cut) {
                    state.fault = Fault::Refuse;
                }
                (bytes, Some(ending))
            }
            Some((bytes, ending)) => {
                state.cut = Some((bytes - length, ending));
                (length, None)
            }
            None => (length, None),
        };
        state.replied += passing.0;
        passing
    }

    fn unless_stalled(&self) -> MutexGuard<'_, State> {
        self.changed.wait_while(self.state(), |state| state.fault == Fault::Stall).unwrap()
    }
}

impl Pair {
    fn share(&self) -> Self {
        let (client, server) = (self.client.try_clone().unwrap(), self.server.share());
        let (is_reset, is_swallowed) = (Arc::clone(&self.is_reset), Arc::clone(&self.is_swallowed));
        Self { client, server, is_reset, is_swallowed }
    }

    fn end(&self, ending: Ending) {
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
