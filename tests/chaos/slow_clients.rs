//! Clients that take their time, of each kind, beside honest ones.

use crate::arguments::Surroundings;
use crate::findings::Findings;
use crate::load::Load;
use crate::question::{Answer, Question, percentile};
use crate::slow_client::{Kind, SlowClients, pass_a_turn};
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

/// Counting thousands of open files takes time from those who are measured.
const TURNS_BETWEEN_LOOKS: usize = 10;

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
    let calm_from = Instant::now();
    let load = Load::start(address, HONEST, PACE, &[question]);
    thread::sleep(calm);
    let (before, begun) = (serving.open_files(), Instant::now());
    let mut slow: Vec<SlowClients> = kinds.iter().map(|kind| SlowClients::start(*kind, number, address)).collect();
    let (opened, files) = (Instant::now(), serving.open_files().saturating_sub(before));
    let mut gone = None;
    while gone.is_none() && opened.elapsed() < GIVEN_UP {
        for _ in 0..TURNS_BETWEEN_LOOKS {
            slow.iter_mut().for_each(SlowClients::take_a_turn);
            pass_a_turn();
        }
        gone = (serving.open_files() <= before).then(|| opened.elapsed());
    }
    drop(slow);
    let ended = Instant::now();
    let answers = load.stop();
    let of = kinds.iter().map(|kind| kind.what()).collect::<Vec<_>>().join(", ");
    let (alone, meanwhile, beside) =
        (p99(&answers, calm_from, begun), p99(&answers, begun, opened), p99(&answers, opened, ended));
    findings.told(
        &format!("{of}: clients, files they take, opened in"),
        format!("{number}, {files}, {} ms", (opened - begun).as_millis()),
    );
    findings.within(&format!("{of}: all gone after the last has begun"), gone, GONE);
    let told = [alone, meanwhile, beside].map(|p99| format!("{:.1}", p99.as_secs_f64() * 1e3)).join(", ");
    findings.timed(
        &format!("{of}: honest p99 in ms: alone, while they begin, beside them"),
        told,
        "at most twice as alone".into(),
        beside <= alone * 2,
    );
    findings.all_right(&format!("{of}: honest"), &answers);
}

/// Of what was asked in that time.
fn p99(answers: &[Answer], from: Instant, to: Instant) -> Duration {
    let then: Vec<Answer> = answers.iter().filter(|answer| (from..to).contains(&answer.sent)).cloned().collect();
    percentile(&then, 99).unwrap_or_default()
}
