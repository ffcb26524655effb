//! HTTP as it is on the wire: bytes out, one whole response back.

use socket2::{Domain, Socket, Type};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What does not respond within this hangs.
const DEADLINE: Duration = Duration::from_secs(30);

/// What a system takes that takes little, in bytes.
const NARROW: usize = 65_536;

/// A connection that sends exactly the given bytes.
pub struct RawConnection(BufReader<Box<dyn Wire>>);

/// What bytes go over, encrypted or not.
pub trait Wire: Read + Write + Send {}

impl<W: Read + Write + Send> Wire for W {}

/// A response, byte for byte.
#[derive(Debug)]
pub struct RawResponse {
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
        Self::try_open(address).unwrap()
    }

    /// Connects with a system that takes little before it is read: a large response does not fit.
    pub fn open_narrow(address: SocketAddr) -> Self {
        Self::over(narrow_stream(address).unwrap())
    }

    /// Connects to a server that may not be there.
    ///
    /// # Errors
    /// What the system says.
    pub fn try_open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, DEADLINE)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        stream.set_write_timeout(Some(DEADLINE))?;
        // Otherwise the system holds back what follows a head until that is acknowledged, 40 ms later.
        stream.set_nodelay(true)?;
        Ok(Self::over(stream))
    }

    /// One that is open already.
    pub fn over(wire: impl Wire + 'static) -> Self {
        Self(BufReader::new(Box::new(wire)))
    }

    /// Sends bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).unwrap();
    }

    /// Sends bytes, if the connection is still there.
    pub fn can_send(&mut self, bytes: &[u8]) -> bool {
        self.0.get_mut().write_all(bytes).is_ok()
    }

    /// Sends a request without a body; the headers are lines, each with its line break.
    pub fn send_request(&mut self, method: &str, target: &str, headers: &str) {
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes());
    }

    /// Sends a request and reads its response.
    pub fn fetch(&mut self, method: &str, target: &str, headers: &str) -> RawResponse {
        self.send_request(method, target, headers);
        self.response_to(method)
    }

    /// Sends a request, with these headers and a body that is JSON or with none, to a server that may go away, and reads its
    /// response.
    ///
    /// # Errors
    /// When the connection ends before the response does, or the response is no HTTP.
    pub fn try_fetch(&mut self, method: &str, target: &str, headers: &str, body: &str) -> io::Result<RawResponse> {
        let about = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let about = if body.is_empty() { "" } else { &about };
        let request = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}{about}\r\n{body}");
        let sent = self.0.get_mut().write_all(request.as_bytes());
        // One that refuses a body need not have read it.
        let response = self.try_response_to(method);
        if response.is_ok() { response } else { sent.and(response) }
    }

    /// Sends a request with a body, whose size is stated, and reads its response.
    pub fn fetch_with(&mut self, method: &str, target: &str, headers: &str, body: &str) -> RawResponse {
        let length = format!("{headers}Content-Length: {}\r\n", body.len());
        self.send_request(method, target, &length);
        self.send(body.as_bytes());
        self.response_to(method)
    }

    /// Reads the response to a request with this method.
    pub fn response_to(&mut self, method: &str) -> RawResponse {
        self.try_response_to(method).unwrap()
    }

    fn try_response_to(&mut self, method: &str) -> io::Result<RawResponse> {
        let line = self.try_line()?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("{line:?} is no status line")))?;
        let mut response = RawResponse { status, headers: Vec::new(), body: Vec::new() };
        loop {
            let line = self.try_line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            response.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let has_body = method != "HEAD" && status != 304;
        assert_eq!(response.header("transfer-encoding"), None, "bodies are sent whole");
        if has_body {
            let length = response.header("content-length").and_then(|length| length.parse().ok());
            let length = length.ok_or_else(|| io::Error::other(format!("no length: {response:?}")))?;
            response.body.resize(length, 0);
            self.0.read_exact(&mut response.body)?;
        }
        Ok(response)
    }

    /// Reads an interim response, which has nothing but its status.
    pub fn interim_status(&mut self) -> u16 {
        let line = self.line();
        assert_eq!(self.line(), "", "an interim response ends after its status line");
        line.split(' ').nth(1).unwrap_or_else(|| panic!("{line:?} is no status line")).parse().unwrap()
    }

    /// Reads until the server closes.
    pub fn everything(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // It may close without reading all that was sent; what came before counts.
        let _ = self.0.read_to_end(&mut bytes);
        bytes
    }

    /// Reads up to so many bytes; `None` when there are none any more.
    pub fn take(&mut self, most: usize) -> Option<usize> {
        let mut bytes = vec![0; most];
        self.0.read(&mut bytes).ok().filter(|read| *read > 0)
    }

    /// Whether the server closes the connection without sending anything more.
    pub fn is_closed(&mut self) -> bool {
        match self.0.read(&mut [0]) {
            Ok(read) => read == 0,
            // It closed without reading all that was sent.
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        }
    }

    /// Sends bytes to a server that may close before it has read them all.
    pub fn send_anyway(&mut self, bytes: &[u8]) {
        // What it answered before is still to be read.
        let _ = self.0.get_mut().write_all(bytes);
    }

    /// All that the server sends until it closes the connection.
    pub fn until_closed(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self.0.read_to_end(&mut bytes) {
            Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("it does not close: {error}: {bytes:?}"),
            Ok(_) | Err(_) => bytes,
        }
    }

    fn line(&mut self) -> String {
        self.try_line().unwrap()
    }

    fn try_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end_matches("\r\n").to_owned()),
        }
    }
}

/// A stream of whose bytes the system takes little before they are read.
pub(crate) fn narrow_stream(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_recv_buffer_size(NARROW)?;
    socket.connect_timeout(&address.into(), DEADLINE)?;
    socket.set_read_timeout(Some(DEADLINE))?;
    socket.set_write_timeout(Some(DEADLINE))?;
    Ok(socket.into())
}

impl RawResponse {
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
