//! A collector of spans, for a test to look into.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// Takes OTLP over HTTP until it is dropped with the test.
pub struct Collector {
    endpoint: String,
    exports: Receiver<(String, Value)>,
}

impl Collector {
    /// One that responses each export with this status line, such as `200 OK`.
    pub fn answering(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (heard, exports) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                while let Some(export) = read(&mut stream) {
                    write!(stream.get_mut(), "HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}").unwrap();
                    // The test may have ended.
                    let _ = heard.send(export);
                }
            }
        });
        Self { endpoint, exports }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The next export: the head of the request, and the body.
    pub fn next_export(&self) -> (String, Value) {
        self.exports.recv_timeout(std::time::Duration::from_secs(60)).unwrap()
    }

    /// The spans of the next export.
    pub fn next_spans(&self) -> Vec<Value> {
        let (_, body) = self.next_export();
        body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone()
    }
}

/// One request, until the client closes.
fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, Value)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let mut body = vec![0; length?.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some((head, serde_json::from_slice(&body).unwrap()))
}
