//! Clients that take their time, of each kind, beside honest ones.

use crate::arguments::Surroundings;
use crate::findings::Findings;
use crate::load::Load;
use crate::question::{Answer, Question, percentile};
use crate::slow_client::{Kind, SlowClients};
use crate::stage::{Stage, request};
use annotation_statistics_tests::Serving;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::thread;
use std::time::{Duration, Instant};

/// Slow clients of each kind, and how many where there is little time.
const CLIENTS: usize = 2000;
const FEW_CLIENTS: usize = 100;

const HONEST: usize = 8;
const PACE: Duration = Duration::from_millis(10);

/// How long the honest ones are alone before.
const CALM: Duration = Duration::from_secs(5);
const SHORT_CALM: Duration = Duration::from_secs(1);

/// By when all slow ones are to be gone, and when nobody waits for them any more.
const GONE: Duration = Duration::from_secs(12);
const GIVEN_UP: Duration = Duration::from_secs(20);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    // One for each slow client.
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    let stage = Stage::new(around);
    let serving = stage.serve();
    // In little time, all kinds come at once.
    let each: Vec<Vec<Kind>> =
        if around.quick { vec![Kind::ALL.to_vec()] } else { Kind::ALL.iter().map(|kind| vec![*kind]).collect() };
    let (number, calm) = if around.quick { (FEW_CLIENTS, SHORT_CALM) } else { (CLIENTS, CALM) };
    for kinds in each {
        play_kinds(&serving, &kinds, number, calm, findings);
    }
}

fn play_kinds(serving: &Serving, kinds: &[Kind], number: usize, calm: Duration, findings: &mut Findings) {
    let address = serving.address();
    let question = Question::answered_now(address, &format!("/statistics?annotationRequestId={}", request(1)));
    let load = Load::start(address, HONEST, PACE, &[question]);
    thread::sleep(calm);
    let (before, begun) = (serving.open_files(), Instant::now());
    let mut slow: Vec<SlowClients> = kinds.iter().map(|kind| SlowClients::start(*kind, number, address)).collect();
    let (opened, files) = (Instant::now(), serving.open_files().saturating_sub(before));
    let mut gone = None;
    while gone.is_none() && opened.elapsed() < GIVEN_UP {
        slow.iter_mut().for_each(SlowClients::send_a_byte);
        gone = (serving.open_files() <= before).then(|| opened.elapsed());
    }
    drop(slow);
    let answers = load.stop();
    let of = kinds.iter().map(|kind| kind.what()).collect::<Vec<_>>().join(", ");
    let (alone, beside): (Vec<Answer>, Vec<Answer>) = answers.iter().cloned().partition(|answer| answer.came() < begun);
    findings.told(
        &format!("{of}: clients, files they take, opened in"),
        format!("{number}, {files}, {} ms", (opened - begun).as_millis()),
    );
    findings.within(&format!("{of}: all gone after the last has begun"), gone, GONE);
    let [alone, beside] = [alone, beside].map(|answers| percentile(&answers, 99).unwrap_or_default());
    let told = format!("{:.1} ms, {:.1} ms", alone.as_secs_f64() * 1e3, beside.as_secs_f64() * 1e3);
    findings.timed(
        &format!("{of}: honest p99 alone and beside them"),
        told,
        "at most doubled".into(),
        beside <= alone * 2,
    );
    findings.all_right(&format!("{of}: honest"), &answers);
}
