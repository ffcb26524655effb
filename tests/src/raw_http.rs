//! HTTP as it is on the wire: bytes out, one whole answer back.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What does not answer within this hangs.
const DEADLINE: Duration = Duration::from_secs(30);

/// A connection that sends exactly what it is told.
pub struct RawConnection(BufReader<TcpStream>);

/// An answer, byte for byte.
#[derive(Debug)]
pub struct RawAnswer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// The body, still compressed if it was.
    pub body: Vec<u8>,
}

impl RawConnection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, DEADLINE).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_write_timeout(Some(DEADLINE)).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Sends a request without a body; the headers are lines, each with its line break.
    pub fn send_request(&mut self, method: &str, target: &str, headers: &str) {
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: test\r\n{headers}\r\n").as_bytes());
    }

    /// Sends a request and reads its answer.
    pub fn ask(&mut self, method: &str, target: &str, headers: &str) -> RawAnswer {
        self.send_request(method, target, headers);
        self.answer_to(method)
    }

    /// Sends a request with a body, whose size is told, and reads its answer.
    pub fn ask_with(&mut self, method: &str, target: &str, headers: &str, body: &str) -> RawAnswer {
        let length = format!("{headers}Content-Length: {}\r\n", body.len());
        self.send_request(method, target, &length);
        self.send(body.as_bytes());
        self.answer_to(method)
    }

    /// Reads the answer to a request with this method.
    pub fn answer_to(&mut self, method: &str) -> RawAnswer {
        let line = self.line();
        let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("{line:?} is no status line")).parse().unwrap();
        let mut answer = RawAnswer { status, headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            answer.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let has_body = method != "HEAD" && status != 304;
        assert_eq!(answer.header("transfer-encoding"), None, "bodies are sent whole");
        if has_body {
            let length = answer.header("content-length").unwrap_or_else(|| panic!("no length: {answer:?}"));
            answer.body.resize(length.parse().unwrap(), 0);
            self.0.read_exact(&mut answer.body).unwrap();
        }
        answer
    }

    /// Reads an interim answer, which has nothing but its status.
    pub fn interim_status(&mut self) -> u16 {
        let line = self.line();
        assert_eq!(self.line(), "", "an interim answer ends after its status line");
        line.split(' ').nth(1).unwrap_or_else(|| panic!("{line:?} is no status line")).parse().unwrap()
    }

    /// Whether the server closes the connection without sending anything more.
    pub fn is_closed(&mut self) -> bool {
        match self.0.read(&mut [0]) {
            Ok(read) => read == 0,
            // It closed without reading all that was sent.
            Err(fault) => fault.kind() == ErrorKind::ConnectionReset,
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end_matches("\r\n").to_owned()
    }
}

impl RawAnswer {
    /// The value of a header that is there at most once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} is there twice: {:?}", self.headers);
        value
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
