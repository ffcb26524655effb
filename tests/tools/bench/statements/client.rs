//! A client that waits as long as it takes, and keeps nothing of what it reads.

use super::REQUEST;
use std::io::{BufRead, BufReader, Write, copy, sink};
use std::net::TcpStream;
use std::time::Instant;

/// The path of a statement.
pub(super) fn statement(name: &str) -> String {
    format!("/annotation-requests/{REQUEST}/statements/{name}")
}

/// Sends a body that is JSON; returns the seconds until the response had come.
pub(super) fn put(address: &str, target: &str, body: &str) -> f64 {
    let about = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    fetch(address, "PUT", target, &about, body, &mut sink())
}

/// Reads all of it; returns the seconds that took.
pub(super) fn get(address: &str, target: &str) -> f64 {
    fetch(address, "GET", target, "", "", &mut sink())
}

/// Reads a response of known length into `out`.
pub(super) fn download(address: &str, target: &str, out: &mut impl Write) {
    fetch(address, "GET", target, "", "", out);
}

fn fetch(address: &str, method: &str, target: &str, headers: &str, body: &str, out: &mut impl Write) -> f64 {
    let started = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n{body}")
        .unwrap();
    let mut response = BufReader::with_capacity(1 << 16, stream);
    let mut head = String::new();
    while response.read_line(&mut head).unwrap() > "\r\n".len() {}
    let read = copy(&mut response, out).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    assert!(head.starts_with("HTTP/1.1 20"), "{method} {target}: {head}");
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    assert!(length.is_none_or(|length: u64| length == read), "{method} {target}: {read} bytes: {head}");
    seconds
}
