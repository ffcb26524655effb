//! The primary is lost, and a replica is promoted in its place.

use crate::findings::Findings;
use crate::load::Load;
use crate::postgres::Postgres;
use crate::probe::{Probe, Response, count};
use crate::scheme::Scheme;
use crate::stage::{REQUESTS, Stage, TASKS, program_on, request, rows};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::wait_until;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

const READERS: usize = 8;
const PACE: Duration = Duration::from_millis(10);
const CALM: Duration = Duration::from_secs(2);

/// From the loss of the primary to the promotion: an operator has to notice.
const ALONE: Duration = Duration::from_secs(2);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let replica = Postgres::replica_of(&stage.postgres);
    let hosts = format!("postgresql://postgres@{},{}/postgres", stage.postgres.host(), replica.host());
    let read_url = format!("database.read_url = '{hosts}'");
    // Sessions for reads are on the one that will be lost; those for writes go where writing is possible.
    let url = format!("{hosts}?target_session_attrs=read-write");
    let stage = Stage { program: program_on(around, &url, &read_url), ..stage };
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    let tasks = (REQUESTS * TASKS).to_string();
    wait_until("the replica has all", || {
        replica.session().query("SELECT count(*) FROM statistics") == [tasks.as_str()]
    });
    let target = format!("/statistics?annotationRequestId={}&limit=50", request(1));
    let reads = Load::start(&clients, READERS, PACE, &[clients.client(0).probe(&target)]);
    let written = [1, 2].map(|cars| Probe::writing(&request(2), &rows(cars)));
    let writes = Load::start(&clients, 1, PACE, &written);
    thread::sleep(CALM);
    let lost_at = Instant::now();
    stage.postgres.kill();
    thread::sleep(ALONE);
    let promoted = replica.promote();
    thread::sleep(CALM);
    let reads = reads.stop();
    for (what, scheme) in [("reads signed by v1", Scheme::V1), ("reads signed by v2", Scheme::V2)] {
        let reads: Vec<Response> = reads.iter().filter(|response| response.scheme == scheme).cloned().collect();
        judge_reads(what, lost_at..promoted, &reads, findings);
    }
    judge_writes(lost_at, promoted, &writes.stop(), findings);
}

fn judge_reads(what: &str, away: Range<Instant>, reads: &[Response], findings: &mut Findings) {
    let before = count(reads, |response| response.is_right() && response.came() < away.start);
    findings.at_least(&format!("{what}: right before the primary is lost"), before, 1);
    let meanwhile = count(reads, |response| response.is_right() && away.contains(&response.sent));
    findings.at_least(&format!("{what}: right while there is no primary"), meanwhile, 1);
    findings.right_or_unavailable(what, reads, Duration::from_millis(600));
    let failed = || reads.iter().filter(|response| !response.is_right());
    let from = failed().map(|response| response.sent).min();
    let until = failed().map(Response::came).max();
    let length = from.zip(until).map_or(Duration::ZERO, |(from, until)| until - from);
    findings.within(&format!("{what}: they fail for"), Some(length), Duration::from_millis(600));
}

fn judge_writes(lost_at: Instant, promoted: Instant, writes: &[Response], findings: &mut Findings) {
    let before = count(writes, |response| response.is_right() && response.came() < lost_at);
    findings.at_least("right writes before the primary is lost", before, 1);
    findings.right_or_unavailable("writes", writes, Duration::from_millis(600));
    let right = writes.iter().filter(|response| response.is_right()).map(Response::came);
    let first = right.filter(|came| *came > promoted).min().map(|came| came - promoted);
    findings.within("first right write after the promotion", first, Duration::from_secs(1));
}
