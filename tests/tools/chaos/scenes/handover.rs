//! The program is replaced under load, with a socket that is handed over; and stopped under load without one.

use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Probe, Response, slowest};
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use rustix::process::Signal;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
const PACE: Duration = Duration::from_millis(2);

/// Handovers and requests, and how many where there is little time.
const HANDOVERS: usize = 20;
const FEW_HANDOVERS: usize = 2;
const REQUESTS: usize = 100_000;

/// How long both programs serve.
const BOTH: Duration = Duration::from_millis(500);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    handovers(&stage, around.quick, findings);
    stop(&stage, findings);
}

fn handovers(stage: &Stage, quick: bool, findings: &mut Findings) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut serving = stage.program.serve_on(&listener, &["serve"]);
    let clients = stage.clients(address);
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let load = Load::start(&clients, CLIENTS, PACE, &[clients.client(0).probe(&target)]);
    let (mut ends, number) = (Vec::new(), if quick { FEW_HANDOVERS } else { HANDOVERS });
    for _ in 0..number {
        let next = stage.program.serve_on(&listener, &["serve"]);
        thread::sleep(BOTH);
        ends.push(serving.stop(Signal::TERM));
        serving = next;
    }
    let responses = load.stop();
    let what = "handed over";
    findings.exactly(
        &format!("{what}: programs that ended with 0"),
        ends.iter().filter(|end| **end == Some(0)).count(),
        number,
    );
    findings.at_least(&format!("{what}: requests"), responses.len(), if quick { 1 } else { REQUESTS });
    findings.all_right(what, &responses);
    let errors: Vec<&str> = responses.iter().filter_map(Response::error).take(3).collect();
    findings.note(&format!("{what}: the first errors"), errors.join(" | "));
    findings.note(
        &format!("{what}: slowest response"),
        slowest(&responses).map_or_else(String::new, |time| format!("{} ms", time.as_millis())),
    );
}

fn stop(stage: &Stage, findings: &mut Findings) {
    let mut serving = stage.serve();
    let clients = stage.clients(serving.address());
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let ready = Probe::of_status("/health/ready");
    let load = Load::start(&clients, CLIENTS, PACE, &[clients.client(0).probe(&target)]);
    thread::sleep(BOTH);
    serving.signal(Signal::TERM);
    let since = Instant::now();
    let mut probing = clients.client(0);
    let unready = loop {
        let response = probing.fetch(&ready);
        if !response.is_right() {
            break response;
        }
    };
    findings.within("stopped: /health/ready is 503 after", Some(unready.came() - since), Duration::from_secs(1));
    findings.exactly("stopped: ends with 0", usize::from(serving.end().code() == Some(0)), 1);
    let ended = Instant::now();
    let responses = load.stop();
    // Nothing listens afterwards, and the system refuses a client that comes then.
    let lost = |response: &&Response| response.error().is_some_and(|error| !error.contains("refused"));
    let lost = responses.iter().filter(lost).count();
    findings.note(
        "stopped: responses, and the time it took",
        format!("{}, {} ms", responses.len(), (ended - since).as_millis()),
    );
    findings.note("stopped: requests that were lost as the socket was closed", lost.to_string());
}
