//! Postgres is paused for ten seconds, with all of its connections open.

use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Probe, Response};
use crate::stage::{Stage, request, rows};
use crate::surroundings::Surroundings;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 64;
const PACE: Duration = Duration::from_millis(50);

/// How long it is paused, and how long where there is little time.
const PAUSE: Duration = Duration::from_secs(10);
const SHORT_PAUSE: Duration = Duration::from_secs(5);

/// How long a response may take.
const LIMIT: Duration = Duration::from_millis(2100);

/// Between two looks at the threads.
const LOOK: Duration = Duration::from_millis(50);

/// `database.pool_size` and `writes.pool_size` as delivered: both pools are used.
const POOLS: usize = 8 + 8;

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    let idle = serving.threads();
    let target = format!("/statistics?annotationRequestId={}&limit=50", request(1));
    let probe = clients.client(0).probe(&target);
    let reads = Load::start(&clients, CLIENTS, PACE, std::slice::from_ref(&probe));
    let writes = Load::start(&clients, 2, PACE, &[Probe::writing(&request(2), &rows(1))]);
    thread::sleep(Duration::from_secs(1));
    let paused = stage.postgres.pause();
    let (since, length) = (Instant::now(), if around.quick { SHORT_PAUSE } else { PAUSE });
    let late_writes = Load::start(&clients, 2, PACE, &[Probe::writing(&request(3), &rows(1))]);
    let mut most = 0;
    while since.elapsed() < length {
        most = most.max(serving.threads());
        thread::sleep(LOOK);
    }
    let until = Instant::now();
    drop(paused);
    let first = clients.client(0).fetch(&probe);
    thread::sleep(Duration::from_secs(1));
    findings.right_or_unavailable("reads", &reads.stop(), LIMIT);
    let meanwhile: Vec<Response> = late_writes.stop().into_iter().filter(|response| response.came() < until).collect();
    findings.all_unavailable("writes not begun", &meanwhile, LIMIT);
    // One that had begun may have been done: its outcome is reported, however long that takes.
    findings.right_or_unavailable("writes that had begun", &writes.stop(), length + LIMIT);
    findings.note("threads of the process before the first request", idle.to_string());
    findings.at_most("threads beyond those, at most", most.saturating_sub(idle), POOLS + 8);
    let verdict = if first.is_right() { "yes" } else { "no" };
    findings.timed("the first request after it goes on succeeds", verdict.into(), "yes".into(), first.is_right());
}
