//! Connections to Postgres are cut: by a planned restart, while they are idle, and in the middle of replies.

use crate::client::{Client, Clients};
use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Probe, Response, count};
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{Ending, FaultProxy, wait_until};
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
const PACE: Duration = Duration::from_millis(10);
const CALM: Duration = Duration::from_secs(1);

/// Planned restarts; one where there is little time.
const RESTARTS: usize = 3;

/// Cuts, and how many where there is little time.
const CUTS: usize = 500;
const FEW_CUTS: usize = 120;

/// `database.deadline` as delivered, and a little: a read that is run once more may take longer than one that is refused.
const DEADLINE: Duration = Duration::from_millis(2100);

/// `database.pool_size` as delivered.
const POOL: usize = 8;

/// One session for reads, so that the next bytes are of the next reply.
const ONE_SESSION: &str = "database.pool_size = 1\n";

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let (stage, proxy) = Stage::behind_a_proxy(around);
    {
        let serving = stage.serve();
        let clients = stage.clients(serving.address());
        restarts(&stage, if around.quick { 1 } else { RESTARTS }, &clients, findings);
        idle_connections(&proxy, &mut clients.client(0), findings);
    }
    let stage = Stage { program: stage.reading_through(around, &proxy, ONE_SESSION), ..stage };
    let serving = stage.serve();
    replies(&proxy, &stage.clients(serving.address()), if around.quick { FEW_CUTS } else { CUTS }, findings);
}

fn page(client: &mut Client, limit: u32) -> Probe {
    client.probe(&format!("/statistics?annotationRequestId={}&limit={limit}", request(1)))
}

fn restarts(stage: &Stage, number: usize, clients: &Clients, findings: &mut Findings) {
    let (mut meanwhile, mut away) = (Vec::new(), Duration::ZERO);
    for _ in 0..number {
        let load = Load::start(clients, CLIENTS, PACE, &[page(&mut clients.client(0), 50)]);
        thread::sleep(CALM);
        let since = Instant::now();
        let accepting = stage.postgres.restart();
        away = away.max(accepting - since);
        thread::sleep(CALM);
        meanwhile.extend(load.stop().into_iter().filter(|response| response.came() >= since));
    }
    findings.note("planned restarts: the longest took", format!("{} ms", away.as_millis()));
    findings.right_or_unavailable("planned restarts", &meanwhile, DEADLINE);
    succeed("planned restarts, and a second after each", &meanwhile, findings);
}

fn idle_connections(proxy: &FaultProxy, client: &mut Client, findings: &mut Findings) {
    let probe = page(client, 50);
    let mut cut = 0;
    let mut fetch_after = |ending| {
        wait_until("the sessions are open and idle", || proxy.open() >= POOL);
        cut += proxy.cut_all(ending);
        client.fetch(&probe)
    };
    let responses: Vec<Response> = (0..25).flat_map(|_| [Ending::Close, Ending::Reset]).map(&mut fetch_after).collect();
    findings.at_least("idle connections that were cut", cut, 50);
    findings.right_or_unavailable("idle connections cut", &responses, DEADLINE);
    succeed("idle connections cut", &responses, findings);
}

/// Cuts after every byte of the replies to a short response, and after bytes of a longer one at even distances.
fn replies(proxy: &FaultProxy, clients: &Clients, cuts: usize, findings: &mut Findings) {
    let (mut warming, client) = (clients.client(0), &mut clients.client(1));
    let (short, long) = (page(client, 1), page(client, 50));
    let (short_length, long_length) = (reply_length(proxy, client, &short), reply_length(proxy, client, &long));
    let of_short = (0..short_length).step_by((2 * short_length).div_ceil(cuts).max(1)).map(|bytes| (bytes, &short));
    let of_short: Vec<(usize, &Probe)> = of_short.collect();
    let rest = cuts - of_short.len();
    let of_long = (0..rest).map(|number| (number * long_length / rest, &long));
    let (mut responses, mut missed) = (Vec::new(), 0);
    for (number, (bytes, probe)) in of_short.into_iter().chain(of_long).enumerate() {
        // The session is warm again.
        drop(warming.reconnected().fetch(probe));
        proxy.cut_after(bytes, if number % 2 == 0 { Ending::Close } else { Ending::Reset });
        responses.push(client.reconnected().fetch(probe));
        missed += usize::from(proxy.cut_nothing());
    }
    findings.note("bytes of the replies to a short and to a long response", format!("{short_length}, {long_length}"));
    findings.exactly("replies that were cut", responses.len() - missed, cuts);
    findings.right_or_unavailable("replies cut", &responses, DEADLINE);
    succeed("replies cut", &responses, findings);
}

/// The bytes that Postgres replies with when the session knows the statements, and no other session is opened.
fn reply_length(proxy: &FaultProxy, client: &mut Client, probe: &Probe) -> usize {
    let lengths = (0..4).map(|_| {
        proxy.cut_nothing();
        assert!(client.reconnected().fetch(probe).is_right());
        proxy.replied()
    });
    lengths.min().unwrap_or_default()
}

fn succeed(what: &str, responses: &[Response], findings: &mut Findings) {
    let right = count(responses, Response::is_right);
    let percent = format!("{right} of {}", responses.len());
    findings.timed(
        &format!("{what}: reads that succeed"),
        percent,
        "at least 99 %".into(),
        right * 100 >= responses.len() * 99,
    );
}
