//! Postgres is killed under load, and comes back.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Probe, Response, count};
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
const PACE: Duration = Duration::from_millis(10);
const PROBE_PACE: Duration = Duration::from_millis(20);

/// Before it is killed, and after it is back.
const CALM: Duration = Duration::from_secs(2);

/// What was seen of one outage.
struct Seen {
    killed: Instant,
    accepting: Instant,
    reads: Vec<Response>,
    live: Vec<Response>,
    ready: Vec<Response>,
}

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let serving = stage.serve();
    for seconds in if around.quick { &[1][..] } else { &[1, 12] } {
        let seen = outage(&stage, &stage.clients(serving.address()), Duration::from_secs(*seconds));
        judge(&format!("{seconds} s away"), &seen, findings);
    }
}

fn outage(stage: &Stage, clients: &Clients, length: Duration) -> Seen {
    let targets = [
        format!("/statistics?annotationRequestId={}&limit=50", request(1)),
        format!("/statistics?annotationRequestId={}&annotationRequestId={}", request(2), request(3)),
    ];
    let probes = targets.map(|target| clients.client(0).probe(&target));
    let reads = Load::start(clients, CLIENTS, PACE, &probes);
    let live = Load::start(clients, 1, PROBE_PACE, &[Probe::of_status("/health/live")]);
    let readiness = Load::start(clients, 1, PROBE_PACE, &[Probe::of_status("/health/ready")]);
    thread::sleep(CALM);
    let killed = Instant::now();
    stage.postgres.kill();
    thread::sleep(length);
    let accepting = stage.postgres.start_again();
    thread::sleep(CALM);
    Seen { killed, accepting, reads: reads.stop(), live: live.stop(), ready: readiness.stop() }
}

fn judge(outage: &str, seen: &Seen, findings: &mut Findings) {
    let back = Duration::from_millis(500);
    let what = |text: &str| format!("{outage}: {text}");
    let calm = count(&seen.reads, |response| response.is_right() && response.came() < seen.killed);
    findings.at_least(&what("right responses before it is killed"), calm, 1);
    findings.right_or_unavailable(outage, &seen.reads, Duration::from_millis(600));
    let is_outside = |response: &Response| response.came() < seen.killed || response.sent > seen.accepting + back;
    let early = count(&seen.reads, |response| response.is_unavailable() && is_outside(response));
    findings.timed(
        &what("503 before it is killed or 500 ms after it is back"),
        early.to_string(),
        "0".into(),
        early == 0,
    );
    findings.all_right(&what("/health/live"), &seen.live);
    let unready = seen.ready.iter().find(|response| response.is_unavailable() && response.came() > seen.killed);
    let noticed = unready.map(|response| response.came() - seen.killed);
    findings.within(&what("/health/ready turns 503 after"), noticed, Duration::from_secs(1));
    let right = seen.reads.iter().filter(|response| response.is_right()).map(Response::came);
    let first = right.filter(|came| *came > seen.accepting).min();
    findings.within(&what("first 200 after it accepts connections"), first.map(|came| came - seen.accepting), back);
}
