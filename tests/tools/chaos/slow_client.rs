//! The kinds of slow clients.

use crate::client::Clients;
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

/// In so many turns each client sends a byte: not all at once, since nothing makes clients march in step.
const TURNS: usize = 50;

/// So many begin in a turn, 500 a second. Thousands that come at once are another trouble, which being slow does not make
/// worse.
const BEGIN_IN_A_TURN: usize = 10;

/// From one turn to the next; all of them take a second.
const TURN: Duration = Duration::from_millis(20);

/// What a client is slow with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// The head of its first request.
    FirstHead,
    /// The head of its second request.
    SecondHead,
    /// The body of a request.
    Body,
    /// Reading the responses.
    Reader,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::FirstHead, Self::SecondHead, Self::Body, Self::Reader];

    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::FirstHead => "first head",
            Self::SecondHead => "second head",
            Self::Body => "body",
            Self::Reader => "reader",
        }
    }

    /// What it sends first.
    fn beginning(self, clients: &Clients, number: usize) -> String {
        let whole = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let large = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
        match self {
            Self::FirstHead => "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".into(),
            Self::SecondHead => whole.into(),
            // Scheme v1 does not sign the body, which none of them ever has.
            Self::Body => format!(
                "POST /statistics/query HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n[",
                clients.signer(number).v1()
            ),
            // More than the buffers of both sides hold.
            Self::Reader => large.repeat(8),
        }
    }
}

/// Clients of one kind.
pub(crate) struct SlowClients {
    kind: Kind,
    clients: Clients,
    to_begin: usize,
    /// The next one comes first.
    open: VecDeque<TcpStream>,
    in_a_turn: usize,
}

impl SlowClients {
    /// So many that have not begun.
    pub(crate) fn new(kind: Kind, number: usize, clients: &Clients) -> Self {
        Self {
            kind,
            clients: clients.clone(),
            to_begin: number,
            open: VecDeque::new(),
            in_a_turn: number.div_ceil(TURNS),
        }
    }

    /// Whether all of them have begun.
    pub(crate) fn have_begun(&self) -> bool {
        self.to_begin == 0
    }

    /// The next ones begin. Those whose turn it is send their next byte; those that cannot are gone.
    pub(crate) fn take_a_turn(&mut self) {
        let beginning = self.to_begin.min(BEGIN_IN_A_TURN);
        self.to_begin -= beginning;
        let (kind, clients) = (self.kind, &self.clients);
        self.open.extend((0..beginning).map(|number| begin(kind, clients, number)));
        if matches!(self.kind, Kind::Reader) {
            return;
        }
        for mut client in self.open.drain(..self.in_a_turn.min(self.open.len())).collect::<Vec<_>>() {
            if is_there(&mut client) && client.write_all(b"x").is_ok() {
                self.open.push_back(client);
            }
        }
    }
}

/// Waits for the next turn.
pub(crate) fn pass_a_turn() {
    thread::sleep(TURN);
}

fn begin(kind: Kind, clients: &Clients, number: usize) -> TcpStream {
    let mut client = TcpStream::connect(clients.address()).unwrap();
    client.write_all(kind.beginning(clients, number).as_bytes()).unwrap();
    if matches!(kind, Kind::SecondHead) {
        let read = client.read(&mut [0; 4096]).unwrap();
        assert!(read > 0, "the first request is answered");
    }
    client.set_nonblocking(true).unwrap();
    client
}

/// Whether the server has not closed it: it sends nothing before.
fn is_there(client: &mut TcpStream) -> bool {
    matches!(client.read(&mut [0; 512]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}
