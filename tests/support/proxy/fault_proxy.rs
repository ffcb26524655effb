//! Stands between a client and a server, and does to their bytes what a bad network does.

use super::pair::{Ending, Pair};
use super::stream::Upstream;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The most bytes that are passed on at once.
const CHUNK: usize = 16 * 1024;

/// A request that ends a transaction, as libpq sends it.
const COMMIT: &[u8] = b"COMMIT\0";

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
    /// The number of the COMMIT whose reply is cut, and how.
    cut_commit: Option<(usize, Ending)>,
    commits: usize,
    refuses_after_cut: bool,
    replied: usize,
    accepted: usize,
    open: BTreeMap<usize, Pair>,
    stopped: bool,
}

impl FaultProxy {
    /// Passes everything on to `upstream`.
    pub fn to(upstream: Upstream) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State {
            fault: Fault::None,
            cut: None,
            cut_commit: None,
            commits: 0,
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

    /// Passes this COMMIT on, the first of all connections is number 1, and ends its connection in place of the reply. The
    /// bytes of replies need not be the same each time for that. Counts COMMITs from zero.
    pub fn cut_at_commit(&self, number: usize, ending: Ending) {
        let mut state = self.shared.state();
        (state.cut_commit, state.commits) = (Some((number, ending)), 0);
    }

    /// Does the same, and refuses connections from then on.
    pub fn cut_for_good_at_commit(&self, number: usize, ending: Ending) {
        self.shared.state().refuses_after_cut = true;
        self.cut_at_commit(number, ending);
    }

    /// The COMMITs that were passed on since the count began.
    pub fn commits(&self) -> usize {
        self.shared.state().commits
    }

    /// Cuts nothing, and counts the bytes of replies and COMMITs from zero. Whether a cut was still to come.
    pub fn cut_nothing(&self) -> bool {
        let mut state = self.shared.state();
        (state.replied, state.commits) = (0, 0);
        let (bytes, commit) = (state.cut.take(), state.cut_commit.take());
        bytes.or(commit).is_some()
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
            let pair = Pair::new(client, server);
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
            if let Some(ending) = self.commit_to_cut(&chunk[..length]) {
                pair.end_at_reply(ending);
            }
            if pair.server.write_all(&chunk[..length]).is_err() {
                break;
            }
        }
        pair.end(Ending::Close);
    }

    fn pass_replies(&self, number: usize, mut pair: Pair) {
        let mut chunk = [0; CHUNK];
        while let Ok(length @ 1..) = pair.server.read(&mut chunk) {
            let (passing, ending) = match pair.ending_at_reply() {
                Some(ending) => (0, Some(self.cutting(ending))),
                None => self.passing(length),
            };
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
                state.refuse_after_cut();
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

    /// How the connection of this request ends, if it is the COMMIT to cut.
    fn commit_to_cut(&self, request: &[u8]) -> Option<Ending> {
        if !request.windows(COMMIT.len()).any(|bytes| bytes == COMMIT) {
            return None;
        }
        let mut state = self.state();
        state.commits += 1;
        let (number, ending) = state.cut_commit?;
        if state.commits != number {
            return None;
        }
        state.cut_commit = None;
        Some(ending)
    }

    fn cutting(&self, ending: Ending) -> Ending {
        self.state().refuse_after_cut();
        ending
    }

    fn unless_stalled(&self) -> MutexGuard<'_, State> {
        self.changed.wait_while(self.state(), |state| state.fault == Fault::Stall).unwrap()
    }
}

impl State {
    fn refuse_after_cut(&mut self) {
        if std::mem::take(&mut self.refuses_after_cut) {
            self.fault = Fault::Refuse;
        }
    }
}
