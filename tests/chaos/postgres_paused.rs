//! Postgres stands still for ten seconds, with all of its connections open.

use crate::arguments::Surroundings;
use crate::findings::Findings;
use crate::load::{Answer, Load, Outcome, Question, count, slowest, wrong_ones};
use crate::stage::{Stage, request};
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 64;
const PACE: Duration = Duration::from_millis(10);

/// How long it stands still, and how long where there is little time.
const PAUSE: Duration = Duration::from_secs(10);
const SHORT_PAUSE: Duration = Duration::from_secs(5);

/// Between two looks at the threads.
const LOOK: Duration = Duration::from_millis(50);

/// `database.pool_size` as delivered.
const POOL: usize = 8;

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let serving = stage.serve();
    let address = serving.address();
    let idle = serving.threads();
    let target = format!("/statistics?annotationRequestId={}&limit=50", request(1));
    let question = Question::answered_now(address, &target);
    let load = Load::start(address, CLIENTS, PACE, std::slice::from_ref(&question));
    thread::sleep(Duration::from_secs(1));
    let paused = stage.postgres.pause();
    let (since, length) = (Instant::now(), if around.quick { SHORT_PAUSE } else { PAUSE });
    let mut most = 0;
    while since.elapsed() < length {
        most = most.max(serving.threads());
        thread::sleep(LOOK);
    }
    drop(paused);
    let first = question.ask(&mut None, address);
    thread::sleep(Duration::from_secs(1));
    let answers = load.stop();
    let is_wrong = |answer: &Answer| matches!(answer.outcome, Outcome::Wrong(_));
    findings.told("answers", answers.len().to_string());
    findings.within("slowest answer", slowest(&answers), Duration::from_millis(2100));
    findings.exactly("answers but a right 200 or a 503 with Retry-After", count(&answers, is_wrong), 0);
    if count(&answers, is_wrong) > 0 {
        findings.told("the first of them", wrong_ones(&answers));
    }
    findings.told("threads of the process before the first question", idle.to_string());
    findings.at_most("threads beyond those, at most, meanwhile", most.saturating_sub(idle), POOL + 8);
    findings.exactly(
        "the first request after it goes on: right answers",
        usize::from(first.outcome == Outcome::Right),
        1,
    );
}
