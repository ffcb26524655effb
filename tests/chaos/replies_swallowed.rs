//! The replies of Postgres are lost, and nobody closes a connection; then new connections are whole, and the old ones never.

use crate::arguments::Surroundings;
use crate::findings::Findings;
use crate::load::Load;
use crate::question::{Answer, Question};
use crate::stage::{Stage, request, rows};
use annotation_statistics_tests::Fault;
use std::thread;
use std::time::{Duration, Instant};

const READERS: usize = 8;
const WRITERS: usize = 2;
const PACE: Duration = Duration::from_millis(20);
const CALM: Duration = Duration::from_secs(2);

/// How long nothing comes, not even for a new connection.
const LOST: Duration = Duration::from_secs(4);

/// How long a read, or a write that has not begun, may take to be answered.
const LIMIT: Duration = Duration::from_millis(2100);

/// From the first connection that is whole to the first right answer, and until all are right.
const BACK: Duration = Duration::from_secs(1);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let (stage, proxy, _) = Stage::behind_a_proxy(around);
    let serving = stage.serve();
    let address = serving.address();
    let target = format!("/statistics?annotationRequestId={}&limit=50", request(1));
    let export = format!("/statistics/export?annotationRequestId={}&format=csv", request(1));
    let written = [1, 2].map(|cars| Question::writing(&request(2), &rows(cars)));
    let reads = Load::start(address, READERS, PACE, &[Question::answered_now(address, &target)]);
    let exports = Load::start(address, 2, PACE, &[Question::of_status(&export)]);
    let writes = Load::start(address, WRITERS, PACE, &written);
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
    judge("exports", times, &exports.stop(), LOST + LIMIT, findings);
}

fn judge(what: &str, [lost_at, whole_at]: [Instant; 2], answers: &[Answer], limit: Duration, findings: &mut Findings) {
    let (before, after): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.came() < lost_at);
    findings.at_least(&format!("{what}: answers before"), before.len(), 1);
    findings.right_or_unavailable(what, answers, limit);
    let first = after.iter().filter(|answer| answer.is_right() && answer.came() > whole_at);
    let first = first.map(|answer| answer.came() - whole_at).min();
    findings.within(&format!("{what}: the first right one after new connections are whole"), first, BACK);
    let failed = after.iter().filter(|answer| !answer.is_right() && answer.came() > whole_at);
    let last = failed.map(|answer| answer.came() - whole_at).max().unwrap_or_default();
    findings.within(&format!("{what}: the last one that is not right"), Some(last), BACK);
}
