//! A download as it is on the wire, whole or cut off.

use super::service::RunningService;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What does not come within this hangs.
const DEADLINE: Duration = Duration::from_secs(60);

/// What was downloaded.
#[derive(Debug)]
pub struct Download {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in the order of the wire.
    pub headers: Vec<(String, String)>,
    /// What came of the body.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// A download of which the head has come.
pub struct OpenDownload {
    input: BufReader<TcpStream>,
    got: Download,
}

impl OpenDownload {
    /// Sends the request, and reads the head of the response. The headers are lines, each with its line break.
    pub fn start(service: &RunningService, method: &str, target: &str, headers: &str) -> Self {
        Self::start_with(service, method, target, headers, "")
    }

    /// The same of a request with this body, whose size is stated.
    pub fn start_with(service: &RunningService, method: &str, target: &str, headers: &str, body: &str) -> Self {
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let mut stream = TcpStream::connect_timeout(&service.address(), DEADLINE).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let request = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut input = BufReader::new(stream);
        let status = line(&mut input).split(' ').nth(1).unwrap().parse().unwrap();
        let mut got = Download { status, headers: Vec::new(), body: Vec::new(), is_whole: false };
        loop {
            let line = line(&mut input);
            let Some((name, value)) = line.split_once(": ") else { break };
            got.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Self { input, got }
    }

    /// What its head says.
    pub fn head(&self) -> &Download {
        &self.got
    }

    /// Reads one piece more of a body that comes in pieces; whether it was the last. `None` where it is cut off.
    pub fn piece(&mut self) -> Option<bool> {
        let mut size = String::new();
        self.input.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.strip_suffix("\r\n")?, 16).ok()?;
        let start = self.got.body.len();
        self.got.body.resize(start + size, 0);
        let mut filled = start;
        while filled < start + size {
            let read = self.input.read(&mut self.got.body[filled..]).unwrap_or(0);
            filled += read;
            if read == 0 {
                self.got.body.truncate(filled);
                return None;
            }
        }
        let mut end = [0; 2];
        self.input.read_exact(&mut end).ok()?;
        Some(size == 0)
    }

    /// Reads the body to its end, wherever that is.
    pub fn finish(mut self) -> Download {
        self.got.is_whole = match self.got.header("content-length") {
            Some(length) => {
                let length = length.parse().unwrap();
                (&mut self.input).take(length).read_to_end(&mut self.got.body).unwrap();
                u64::try_from(self.got.body.len()) == Ok(length)
            }
            None => self.read_pieces().is_some(),
        };
        self.got
    }

    /// `None` where it is cut off.
    fn read_pieces(&mut self) -> Option<()> {
        while !self.piece()? {}
        Some(())
    }
}

impl Download {
    /// Downloads all that comes.
    pub fn get(service: &RunningService, target: &str) -> Self {
        OpenDownload::start(service, "GET", target, "").finish()
    }

    /// The value of a header that is there at most once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let values: Vec<&str> = self.all(name).collect();
        assert!(values.len() < 2, "{name} is there twice: {:?}", self.headers);
        values.first().copied()
    }

    /// The values of a header.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn line(input: &mut impl BufRead) -> String {
    let mut line = String::new();
    input.read_line(&mut line).unwrap();
    line.trim_end_matches("\r\n").to_owned()
}
