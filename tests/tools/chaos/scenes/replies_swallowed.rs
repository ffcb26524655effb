//! The replies of Postgres are lost, and no connection is closed; then new connections are whole, and the old ones never.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Outcome, Probe, Response};
use crate::scheme::Scheme;
use crate::stage::{Stage, program_on, request, rows, through};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{Fault, FaultProxy, Upstream};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const READERS: usize = 8;
const WRITERS: usize = 2;
const PACE: Duration = Duration::from_millis(20);
const CALM: Duration = Duration::from_secs(2);

/// How long nothing comes, not even for a new connection.
const LOST: Duration = Duration::from_secs(4);

/// How long a read, or a write that has not begun, may take to be answered.
const LIMIT: Duration = Duration::from_millis(2100);

/// From the first connection that is whole to the first right response, and until all are right.
const BACK: Duration = Duration::from_secs(1);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let proxy = FaultProxy::to(Upstream::Unix(stage.postgres.socket()));
    // Keys, nonces and writes go through it, too.
    let program = program_on(around, &through(&proxy), "");
    let serving = program.serve(&["serve"]);
    let clients = stage.clients(serving.address());
    let target = format!("/statistics?annotationRequestId={}&limit=50", request(1));
    let export = format!("/statistics/export?annotationRequestId={}&format=csv", request(1));
    let written = [1, 2].map(|cars| Probe::writing(&request(2), &rows(cars)));
    let reads = Load::start(&clients, READERS, PACE, &[clients.client(0).probe(&target)]);
    let is_over = Arc::new(AtomicBool::default());
    let exports = exporting(clients.clone(), export, &is_over);
    let writes = Load::start(&clients, WRITERS, PACE, &written);
    thread::sleep(CALM);
    let lost_at = Instant::now();
    proxy.set(Fault::SwallowReplies);
    thread::sleep(LOST);
    proxy.set(Fault::None);
    let whole_at = Instant::now();
    thread::sleep(CALM);
    let times = [lost_at, whole_at];
    // A write that had begun may have been done, and an export has begun when its head is sent: both wait until it is known.
    judge("reads", times, &reads.stop(), LIMIT, findings);
    judge("writes", times, &writes.stop(), LOST + LIMIT, findings);
    is_over.store(true, Ordering::Release);
    judge("exports", times, &exports.join().unwrap(), LOST + LIMIT, findings);
}

/// Downloads the same file again and again; what is not whole is 503.
fn exporting(clients: Clients, target: String, is_over: &Arc<AtomicBool>) -> JoinHandle<Vec<Response>> {
    let is_over = Arc::clone(is_over);
    thread::spawn(move || {
        let mut responses = Vec::new();
        while !is_over.load(Ordering::Acquire) {
            let sent = Instant::now();
            let got = download(&clients, &target).unwrap_or_else(|error| error.to_string());
            let outcome = match got.split(' ').nth(1) {
                Some("200") if got.ends_with("\r\n0\r\n\r\n") => Outcome::Right,
                // The head was sent already, and the file is cut short so that it is no file.
                Some("200" | "503") => Outcome::Unavailable,
                _ => Outcome::Wrong(got),
            };
            responses.push(Response { sent, took: sent.elapsed(), scheme: Scheme::V2, outcome });
            thread::sleep(PACE);
        }
        responses
    })
}

fn download(clients: &Clients, target: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(clients.address())?;
    let signature = clients.signer(0).v2("GET", target, "");
    write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\n{signature}Connection: close\r\n\r\n")?;
    let mut got = Vec::new();
    // One that is cut short may end by a reset.
    let _ = stream.read_to_end(&mut got);
    Ok(String::from_utf8_lossy(&got).into_owned())
}

fn judge(
    what: &str,
    [lost_at, whole_at]: [Instant; 2],
    responses: &[Response],
    limit: Duration,
    findings: &mut Findings,
) {
    let (before, after): (Vec<&Response>, Vec<&Response>) =
        responses.iter().partition(|response| response.came() < lost_at);
    findings.at_least(&format!("{what}: responses before"), before.len(), 1);
    findings.right_or_unavailable(what, responses, limit);
    let first = after.iter().filter(|response| response.is_right() && response.came() > whole_at);
    let first = first.map(|response| response.came() - whole_at).min();
    findings.within(&format!("{what}: the first right one after new connections are whole"), first, BACK);
    let failed = after.iter().filter(|response| !response.is_right() && response.came() > whole_at);
    let last = failed.map(|response| response.came() - whole_at).max().unwrap_or_default();
    findings.within(&format!("{what}: the last one that is not right"), Some(last), BACK);
}
