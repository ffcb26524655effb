//! Clients that take their time, of each kind, beside honest ones.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Response, percentile};
use crate::slow_client::{Kind, SlowClients, pass_a_turn};
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::Serving;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::thread;
use std::time::{Duration, Instant};

/// Slow clients of each kind, and how many where there is little time.
const CLIENTS: usize = 2000;
const FEW_CLIENTS: usize = 100;

const HONEST: usize = 8;
const PACE: Duration = Duration::from_millis(10);

/// How long the honest ones are alone before, and again after.
const CALM: Duration = Duration::from_secs(5);
const SHORT_CALM: Duration = Duration::from_secs(1);

/// What the p99 of the honest ones may be beside slow ones, even if it is more than twice what it is alone.
const UNNOTICED: Duration = Duration::from_millis(4);

/// By when all slow ones are to be gone, and when they are not waited for any more.
const GONE: Duration = Duration::from_secs(12);
const GIVEN_UP: Duration = Duration::from_secs(30);

/// Counting thousands of open files takes time from those who are measured.
const TURNS_BETWEEN_LOOKS: usize = 10;

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    // One for each slow client.
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    let stage = Stage::new(around);
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    // In little time, all kinds come at once.
    let each: Vec<Vec<Kind>> =
        if around.quick { vec![Kind::ALL.to_vec()] } else { Kind::ALL.iter().map(|kind| vec![*kind]).collect() };
    let (number, calm) = if around.quick { (FEW_CLIENTS, SHORT_CALM) } else { (CLIENTS, CALM) };
    for kinds in each {
        play_kinds(&serving, &clients, &kinds, number, calm, findings);
    }
}

fn play_kinds(
    serving: &Serving,
    clients: &Clients,
    kinds: &[Kind],
    number: usize,
    calm: Duration,
    findings: &mut Findings,
) {
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let load = Load::start(clients, HONEST, PACE, &[clients.client(0).probe(&target)]);
    thread::sleep(calm);
    let (before, begun) = (serving.open_files(), Instant::now());
    let mut slow: Vec<SlowClients> = kinds.iter().map(|kind| SlowClients::new(*kind, number, clients)).collect();
    let (mut opened, mut files, mut gone) = (None, 0, None);
    while gone.is_none() && begun.elapsed() < GIVEN_UP {
        for _ in 0..TURNS_BETWEEN_LOOKS {
            slow.iter_mut().for_each(SlowClients::take_a_turn);
            pass_a_turn();
        }
        let open = serving.open_files().saturating_sub(before);
        files = files.max(open);
        if slow.iter().all(SlowClients::have_begun) {
            let since: &Instant = opened.get_or_insert_with(Instant::now);
            gone = (open == 0).then(|| since.elapsed());
        }
    }
    drop(slow);
    let meanwhile = begun..Instant::now();
    thread::sleep(calm);
    let responses = load.stop();
    let of = kinds.iter().map(|kind| kind.what()).collect::<Vec<_>>().join(", ");
    findings.note(&format!("{of}: clients, files they take"), format!("{number}, {files}"));
    findings.within(&format!("{of}: all gone after the last has begun"), gone, GONE);
    let beside = p99(&responses, |sent| meanwhile.contains(&sent));
    let alone = p99(&responses, |sent| !meanwhile.contains(&sent));
    findings.timed(
        &format!("{of}: honest p99 in ms: alone, from the first to the last of them"),
        [alone, beside].map(|p99| format!("{:.1}", p99.as_secs_f64() * 1e3)).join(", "),
        format!("at most twice as alone, or {}", UNNOTICED.as_millis()),
        beside <= UNNOTICED.max(alone * 2),
    );
    findings.all_right(&format!("{of}: honest"), &responses);
}

/// Of the requests of then.
fn p99(responses: &[Response], is_then: impl Fn(Instant) -> bool) -> Duration {
    let then: Vec<Response> = responses.iter().filter(|response| is_then(response.sent)).cloned().collect();
    percentile(&then, 99).unwrap_or_default()
}
