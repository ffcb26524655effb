//! The primary accepts connections and says nothing, beside a replica that serves.

use crate::findings::Findings;
use crate::load::Load;
use crate::postgres::Postgres;
use crate::probe::{Probe, Response, count};
use crate::stage::{REQUESTS, Stage, TASKS, program_on, request, rows, through};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{Fault, FaultProxy, Upstream, wait_until};
use std::thread;
use std::time::{Duration, Instant};

const READERS: usize = 8;
const PACE: Duration = Duration::from_millis(20);
const CALM: Duration = Duration::from_secs(1);

/// How long nothing comes of the primary.
const SILENT: Duration = Duration::from_secs(6);

/// How long a read, or a write that has not begun, may take to be answered.
const LIMIT: Duration = Duration::from_millis(2100);

/// Until reads have found the replica: a read is given up after two seconds, and libpq gives the primary as long.
const FOUND: Duration = Duration::from_secs(5);

/// From the first byte of the primary to the first right write: the one that hangs is cut first.
const BACK: Duration = Duration::from_secs(2);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let replica = Postgres::replica_of(&stage.postgres);
    let primary = FaultProxy::to(Upstream::Unix(stage.postgres.socket()));
    let hosts = format!("postgresql://postgres@{},{}/postgres", primary.address(), replica.host());
    // Reads have the replica behind the primary; keys, nonces and writes have the primary alone.
    let stage =
        Stage { program: program_on(around, &through(&primary), &format!("database.read_url = '{hosts}'")), ..stage };
    let tasks = (REQUESTS * TASKS).to_string();
    wait_until("the replica has all", || {
        replica.session().query("SELECT count(*) FROM statistics") == [tasks.as_str()]
    });
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    let target = format!("/statistics?annotationRequestId={}&limit=50", request(1));
    let written = [1, 2].map(|cars| Probe::writing(&request(2), &rows(cars)));
    let reads = Load::start(&clients, READERS, PACE, &[clients.client(0).probe(&target)]);
    let writes = Load::start(&clients, 1, PACE, &written);
    thread::sleep(CALM);
    let silent_at = Instant::now();
    primary.set(Fault::SwallowReplies);
    thread::sleep(SILENT);
    primary.set(Fault::None);
    let back_at = Instant::now();
    thread::sleep(BACK);
    judge_reads([silent_at, back_at], &reads.stop(), findings);
    judge_writes([silent_at, back_at], &writes.stop(), findings);
}

fn judge_reads([silent_at, back_at]: [Instant; 2], reads: &[Response], findings: &mut Findings) {
    let before = count(reads, |response| response.is_right() && response.came() < silent_at);
    findings.at_least("reads: right before the primary is silent", before, 1);
    findings.right_or_unavailable("reads", reads, LIMIT);
    let failed = reads.iter().filter(|response| !response.is_right()).map(Response::came).max();
    let found = failed.map_or(Duration::ZERO, |last| last.saturating_duration_since(silent_at));
    findings.within("reads: the last one that is not right, since the primary is silent", Some(found), FOUND);
    let right = count(reads, |response| response.is_right() && response.sent > silent_at && response.came() < back_at);
    findings.at_least("reads: right while it is silent", right, 1);
}

fn judge_writes([silent_at, back_at]: [Instant; 2], writes: &[Response], findings: &mut Findings) {
    let before = count(writes, |response| response.is_right() && response.came() < silent_at);
    findings.at_least("writes: right before the primary is silent", before, 1);
    // One that had begun may have been done: it waits until that is known.
    findings.right_or_unavailable("writes", writes, SILENT + LIMIT);
    let first = writes.iter().filter(|response| response.is_right() && response.came() > back_at);
    findings.within(
        "writes: the first right one after it responds",
        first.map(|response| response.came() - back_at).min(),
        BACK,
    );
}
