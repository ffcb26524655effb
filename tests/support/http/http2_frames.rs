//! HTTP/2 frame by frame, by a client that heeds no limit.

use super::tls_client::{TlsClient, TlsStream};
use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::SocketAddr;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const MAX_CONCURRENT_STREAMS: u16 = 3;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;

/// A connection on which frames are sent as requested.
pub struct Http2Frames {
    stream: TlsStream,
    next: u32,
    max_concurrent_streams: Option<u32>,
    refused: Vec<u32>,
    answered: BTreeSet<u32>,
    pongs: usize,
}

impl Http2Frames {
    /// Connects to a server that is called `localhost`.
    pub fn open(client: &TlsClient, address: SocketAddr) -> Self {
        let stream = client.shake_hands(address, "localhost", &["h2"]).unwrap();
        let mut opened = Self {
            stream,
            next: 1,
            max_concurrent_streams: None,
            refused: Vec::new(),
            answered: BTreeSet::new(),
            pongs: 0,
        };
        opened.stream.write_all(PREFACE).unwrap();
        opened.send(SETTINGS, 0, 0, &[]);
        opened
    }

    /// Sends so many plain GETs at once.
    pub fn send_request(&mut self, number: usize, target: &str) {
        assert_eq!(self.send_anyway(number, target), number);
    }

    /// Does the same to a server that may cut the connection; returns how many it took before.
    pub fn send_anyway(&mut self, number: usize, target: &str) -> usize {
        let mut head = vec![0x82, 0x87];
        for (index, value) in [(0x04, target), (0x01, "localhost")] {
            head.extend([index, u8::try_from(value.len()).unwrap()]);
            head.extend(value.bytes());
        }
        let mut send = || {
            let sent = self.try_send(HEADERS, END_STREAM | END_HEADERS, self.next, &head);
            self.next += 2;
            sent.is_ok()
        };
        (0..number).take_while(|_| send()).count()
    }

    /// Gives up the last requests.
    pub fn give_up(&mut self, number: u32) {
        for back in (1..=number).rev() {
            self.send(RST_STREAM, 0, self.next - 2 * back, &CANCEL.to_be_bytes());
        }
    }

    /// Waits until the server has read all so far.
    pub fn ping(&mut self) {
        let before = self.pongs;
        self.send(PING, 0, 0, b"are you ");
        self.read_until(|client| client.pongs > before);
    }

    /// The streams that are refused, once there are so many.
    pub fn refused(&mut self, number: usize) -> &[u32] {
        self.read_until(|client| client.refused.len() >= number);
        &self.refused
    }

    /// The streams that are answered to their ends, once there are so many.
    pub fn answered(&mut self, number: usize) -> BTreeSet<u32> {
        self.read_until(|client| client.answered.len() >= number);
        self.answered.clone()
    }

    /// What the server has sent.
    pub fn max_concurrent_streams(&self) -> Option<u32> {
        self.max_concurrent_streams
    }

    fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        self.try_send(kind, flags, stream, payload).unwrap();
    }

    fn try_send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let frame = [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat();
        self.stream.write_all(&frame)
    }

    fn read_until(&mut self, is_enough: impl Fn(&Self) -> bool) {
        while !is_enough(self) {
            let mut head = [0; 9];
            self.stream.read_exact(&mut head).unwrap();
            let [_, high, middle, low, kind, flags] = [0, head[0], head[1], head[2], head[3], head[4]];
            let mut payload = vec![0; usize::try_from(u32::from_be_bytes([0, high, middle, low])).unwrap()];
            self.stream.read_exact(&mut payload).unwrap();
            self.take(kind, flags, u32::from_be_bytes([head[5], head[6], head[7], head[8]]), &payload);
        }
    }

    fn take(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        match kind {
            SETTINGS if flags & ACK == 0 => {
                let reported = payload.chunks(6).find(|reported| reported[..2] == MAX_CONCURRENT_STREAMS.to_be_bytes());
                self.max_concurrent_streams =
                    reported.map(|reported| u32::from_be_bytes(reported[2..].try_into().unwrap()));
                self.send(SETTINGS, ACK, 0, &[]);
            }
            RST_STREAM if payload == REFUSED_STREAM.to_be_bytes() => self.refused.push(stream),
            DATA | HEADERS if flags & END_STREAM != 0 => drop(self.answered.insert(stream)),
            PING => self.pongs += 1,
            _ => {}
        }
    }
}
