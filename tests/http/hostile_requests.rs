//! HTTP that means harm, byte for byte over a socket: what comes of it, and that nothing else ever does.

use annotation_statistics_tests::{RunningService, TestDatabase};
use std::iter::from_fn;

/// What comes back.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// By the HTTP parser: this status without a body, and the connection is closed.
    Parser(u16),
    /// By the service, in envelopes with these statuses, and the connection is closed.
    Closed(&'static [u16]),
    /// The same, and the connection goes on.
    Open(&'static [u16]),
}
use Outcome::{Closed, Open, Parser};

/// What must never be answered: there is nothing at its path, so its response would be a 404.
const SMUGGLED: &[u8] = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
const HONEST: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Why, the headers, and what is sent behind the head; then comes a smuggled request.
type Framing = (&'static str, &'static [u8], &'static [u8], Outcome);

/// Where the length of a body is told twice, or in a way that somebody in front may read otherwise.
const LENGTHS: &[Framing] = &[
    ("a length and chunks", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("chunks and a length", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"0\r\n\r\n", Parser(400)),
    ("two lengths", b"Content-Length: 2\r\nContent-Length: 41\r\n", b"{}", Parser(400)),
    ("the same length twice", b"Content-Length: 2\r\nContent-Length: 2\r\n", b"{}", Parser(400)),
    ("a list of lengths", b"Content-Length: 2, 2\r\n", b"{}", Parser(400)),
    ("a length with a sign", b"Content-Length: +2\r\n", b"{}", Parser(400)),
    ("a negative length", b"Content-Length: -2\r\n", b"{}", Parser(400)),
    ("a hexadecimal length", b"Content-Length: 0x2\r\n", b"{}", Parser(400)),
    ("an empty length", b"Content-Length: \r\n", b"{}", Parser(400)),
    ("a length past 64 bits", b"Content-Length: 18446744073709551616\r\n", b"{}", Parser(400)),
    ("a blank before the colon of a length", b"Content-Length : 2\r\n", b"{}", Parser(400)),
    ("a length on a folded line", b"Content-Length:\r\n 2\r\n", b"{}", Parser(400)),
    ("another transfer coding", b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("chunks that are not the last coding", b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n", Parser(400)),
    ("a coding before the chunks", b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("identity", b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n", b"{}", Parser(400)),
    ("chunked twice", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("a blank before the colon of a coding", b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("a vertical tab before a coding", b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("a coding in quotes", b"Transfer-Encoding: \"chunked\"\r\n", b"0\r\n\r\n", Parser(400)),
    ("an empty coding", b"Transfer-Encoding:\r\n", b"0\r\n\r\n", Parser(400)),
    ("a coding behind a bare CR", b"X: y\rTransfer-Encoding: chunked\r\n", b"0\r\n\r\n", Parser(400)),
    ("a body over the limit", b"Content-Length: 8388609\r\n", b"", Closed(&[413])),
];

/// Chunks that somebody in front may end elsewhere.
const CHUNKS: &[Framing] = &[
    ("no size", CHUNKED, b"\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
    ("a size that is no number", CHUNKED, b"zz\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
    ("a size with a prefix", CHUNKED, b"0x2\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
    ("a negative size", CHUNKED, b"-2\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
    ("a size past 64 bits", CHUNKED, b"10000000000000002\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
    ("more bytes than the size says", CHUNKED, b"1\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
    ("line feeds alone", CHUNKED, b"2\n{}\n0\n\n", Closed(&[400])),
    ("carriage returns alone", CHUNKED, b"2\r{}\r0\r\r", Closed(&[400])),
    ("an extension with a line feed", CHUNKED, b"2;a\nb\r\n{}\r\n0\r\n\r\n", Closed(&[400])),
];
const CHUNKED: &[u8] = b"Transfer-Encoding: chunked\r\n";

/// Whole requests that are as they should be, but for what they carry: none of it is a request of its own.
const CARRIED: &[(&str, &[u8], Outcome)] = &[
    (
        "an extension of a chunk",
        b"POST /statistics/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
        Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n",
        Open(&[400]),
    ),
    (
        "a length in the trailer",
        b"POST /statistics/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
        Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n",
        Open(&[400]),
    ),
    (
        "a request as the body of a GET",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 43\r\n\r\n\
        GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Closed(&[200]),
    ),
    (
        "a request as a chunk of a GET",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
        2b\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n0\r\n\r\n",
        Open(&[200]),
    ),
    (
        "a request as the body for a wrong method",
        b"DELETE /statistics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 43\r\n\r\n\
        GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Closed(&[405]),
    ),
    (
        "a request behind a chunk that is none",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
        zz\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Closed(&[200]),
    ),
    (
        "a request behind an upgrade",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
        Upgrade: websocket\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Closed(&[200]),
    ),
    (
        "a request behind CONNECT",
        b"CONNECT test:80 HTTP/1.1\r\nHost: localhost\r\n\r\n\
        GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Closed(&[400]),
    ),
    (
        "a request behind a refused head",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n\
        GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Parser(400),
    ),
    (
        "an upgrade that nobody offers",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n\
        Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
        Closed(&[200]),
    ),
    (
        "a body that waits for a yes",
        b"POST /statistics/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
        Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        Open(&[100, 400]),
    ),
    (
        "another expectation",
        b"POST /statistics/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
        Expect: miracle\r\nContent-Length: 2\r\n\r\n{}",
        Open(&[400]),
    ),
];

/// Heads that are read in one way only, or not at all.
const HEADS: &[(&str, &[u8], Outcome)] = &[
    ("a folded header", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b: c\r\n\r\n", Parser(400)),
    (
        "a header folded by a tab",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\tb: c\r\n\r\n",
        Parser(400),
    ),
    ("a blank before the first header", b"GET /health/live HTTP/1.1\r\n Host: localhost\r\n\r\n", Parser(400)),
    ("two hosts", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n", Parser(400)),
    ("the same host twice", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("no host", b"GET /health/live HTTP/1.1\r\n\r\n", Parser(400)),
    ("a host with a blank", b"GET /health/live HTTP/1.1\r\nHost: a b\r\n\r\n", Open(&[400])),
    ("a host with a path", b"GET /health/live HTTP/1.1\r\nHost: a/b\r\n\r\n", Open(&[400])),
    ("somebody at a host", b"GET /health/live HTTP/1.1\r\nHost: user@a\r\n\r\n", Open(&[400])),
    ("a host that is not ASCII", b"GET /health/live HTTP/1.1\r\nHost: \xc3\xa4\r\n\r\n", Open(&[400])),
    ("the host of somebody else", b"GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", Open(&[400])),
    ("a URL of somebody else", b"GET http://evil.example/docs/ HTTP/1.1\r\nHost: localhost\r\n\r\n", Open(&[400])),
    ("an empty host, which is allowed", b"GET /health/live HTTP/1.1\r\nHost:\r\n\r\n", Open(&[200])),
    ("line feeds alone, which are allowed", b"GET /health/live HTTP/1.1\nHost: localhost\n\n", Open(&[200])),
    ("one line feed alone", b"GET /health/live HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n", Open(&[200])),
    ("carriage returns alone", b"GET /health/live HTTP/1.1\rHost: localhost\r\r\n\r\n", Parser(400)),
    (
        "a carriage return in a value",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\rY: b\r\n\r\n",
        Parser(400),
    ),
    ("a carriage return in a name", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX\r: a\r\n\r\n", Parser(400)),
    ("NUL in a value", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", Parser(400)),
    ("NUL in a name", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX\0: a\r\n\r\n", Parser(400)),
    ("DEL in a value", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\x7fb\r\n\r\n", Parser(400)),
    (
        "bytes above ASCII in a value, which are allowed",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: \xff\r\n\r\n",
        Open(&[200]),
    ),
    (
        "bytes above ASCII in a name",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX\xc3\xa4: a\r\n\r\n",
        Parser(400),
    ),
    ("a header without a name", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n", Parser(400)),
    ("a blank in a name", b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX Y: a\r\n\r\n", Parser(400)),
    (
        "chunks in HTTP/1.0",
        b"POST /statistics/query HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        Parser(400),
    ),
    ("a body without a length in HTTP/1.0", b"POST /statistics/query HTTP/1.0\r\n\r\n{}", Parser(400)),
];

/// Request lines.
const LINES: &[(&str, &[u8], Outcome)] = &[
    ("a URL, which is allowed", b"GET http://127.0.0.1/health/live HTTP/1.1\r\nHost: [::1]:9\r\n\r\n", Open(&[200])),
    (
        "a URL with somebody in it",
        b"GET http://user@localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Open(&[400]),
    ),
    ("a URL of another scheme", b"GET ftp://localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", Open(&[400])),
    ("a host as the target", b"GET test:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", Open(&[400])),
    ("the server itself, of which only OPTIONS may ask", b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", Open(&[400])),
    ("the server itself", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", Open(&[404])),
    ("a target without a slash", b"GET health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("a blank in the target", b"GET /health/live x HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("NUL in the target", b"GET /health/\0live HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("a target that is not ASCII", b"GET /health/l\xc3\xafve HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("a method that is not ASCII", b"G\xc3\x8bT /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("a method in lower case is another one", b"get /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", Open(&[405])),
    ("two blanks", b"GET  /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("tabs for blanks", b"GET\t/health/live\tHTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("a blank before the method", b" GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    (
        "line breaks before the method, which are allowed",
        b"\r\n\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
        Open(&[200]),
    ),
    ("no version", b"GET /health/live\r\n\r\n", Parser(400)),
    ("a version that there is not", b"GET /health/live HTTP/1.2\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("a version in lower case", b"GET /health/live http/1.1\r\nHost: localhost\r\n\r\n", Parser(400)),
    ("the start of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Parser(400)),
    ("the start of TLS", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00\r\n\r\n", Parser(400)),
];

/// The statuses of all answers, and whether each has a body.
fn responses(bytes: &[u8]) -> Vec<(u16, bool)> {
    let mut rest = bytes;
    let next = from_fn(|| {
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, behind) = (String::from_utf8(rest[..end].to_vec()).unwrap(), &rest[end + 4..]);
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
        rest = &behind[length..];
        Some((head.split(' ').nth(1).unwrap().parse().unwrap(), length > 0))
    });
    next.collect()
}

/// Sends the bytes, and an honest request behind them where the connection should go on.
fn assert_outcome(service: &RunningService, reason: &str, bytes: &[u8], outcome: Outcome) {
    let mut connection = service.connect();
    connection.send_anyway(bytes);
    let expected: Vec<(u16, bool)> = match outcome {
        Parser(status) => vec![(status, false)],
        Closed(statuses) => statuses.iter().map(|status| (*status, true)).collect(),
        Open(statuses) => {
            connection.send_anyway(HONEST);
            statuses.iter().chain(&[200]).map(|status| (*status, *status != 100)).collect()
        }
    };
    assert_eq!(responses(&connection.until_closed()), expected, "{reason}");
    assert_eq!(service.fetch("GET", "/health/live", "").status, 200, "the next client, after {reason}");
}

#[test]
fn nothing_is_smuggled_past_the_end_of_a_body() {
    let database = TestDatabase::new();
    let service = RunningService::on(&database);
    let head = b"POST /statistics/query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    for (reason, headers, body, outcome) in LENGTHS.iter().chain(CHUNKS) {
        assert_outcome(&service, reason, &[&head[..], headers, b"\r\n", body, SMUGGLED].concat(), *outcome);
    }
    for (reason, bytes, outcome) in CARRIED {
        assert_outcome(&service, reason, bytes, *outcome);
    }
}

#[test]
fn a_head_that_could_be_read_in_two_ways_is_refused() {
    let database = TestDatabase::new();
    let service = RunningService::on(&database);
    for (reason, bytes, outcome) in HEADS.iter().chain(LINES) {
        assert_outcome(&service, reason, bytes, *outcome);
    }
}

#[test]
fn heads_have_limits() {
    let database = TestDatabase::new();
    let service = RunningService::on(&database);
    let target =
        |bytes: usize| format!("GET /health/live?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(bytes - 13));
    let headers = |number: usize| {
        format!("GET /health/live HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: 1\r\n".repeat(number - 1))
    };
    for (reason, bytes, outcome) in [
        ("the longest target", target(65_534), Open(&[200])),
        ("a target that is too long", target(65_535), Parser(400)),
        ("as many headers as may be", headers(96), Open(&[200])),
        ("one header more", headers(97), Parser(431)),
    ] {
        assert_outcome(&service, reason, bytes.as_bytes(), outcome);
    }
}
