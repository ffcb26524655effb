//! Exports of the large request: when the first byte comes, and how much memory the service takes.

use crate::delivery;
use crate::limits::Limits;
use crate::program::Program;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

/// The most memory of the service, in megabytes.
const MOST_MEGABYTES: f64 = 150.0;

/// Until when the first byte is to come, in milliseconds; what is written in columns or packed has none.
const LATEST: [(&str, Option<f64>); 4] =
    [("csv", Some(300.0)), ("jsonl", Some(300.0)), ("parquet", None), ("xlsx", None)];

/// Exports it in each format from a service of its own, whose memory then is that of the export.
pub(crate) fn measure(program: &Program, limits: &mut Limits) {
    println!(
        "\nexport of the large request  first byte ms (aim)   whole s   megabytes   resident MB (at most {MOST_MEGABYTES})"
    );
    for (format, latest) in LATEST {
        let service = program.serve();
        let started = Instant::now();
        let mut stream = TcpStream::connect(&service.address).unwrap();
        let target = format!("/statistics/export?annotationRequestId={}&format={format}", delivery::LARGE);
        write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut response = BufReader::with_capacity(1 << 16, stream);
        let mut head = String::new();
        while response.read_line(&mut head).unwrap() > "\r\n".len() {}
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let mut first = [0];
        // The first piece begins with its size.
        response.read_exact(&mut first).unwrap();
        let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
        let bytes = std::io::copy(&mut response, &mut std::io::sink()).unwrap();
        let (seconds, aim) =
            (started.elapsed().as_secs_f64(), latest.map_or("none".into(), |latest| latest.to_string()));
        let peak = service.peak_megabytes();
        println!("{format:<28} {milliseconds:>13.0} ({aim:>4}) {seconds:>10.1} {:>11} {:>13}", bytes / 1_000_000, peak);
        if let Some(latest) = latest {
            limits.at_most(&format!("first byte of an export as {format}, ms"), milliseconds, latest);
        }
        limits.at_most(&format!("memory of an export as {format}, MB"), peak, MOST_MEGABYTES);
    }
}
