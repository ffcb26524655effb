//! More is requested than the database can serve.
//!
//! Each reply of Postgres is delayed, so the database is what bounds the service, and not the processors that it shares
//! with the clients. The capacity is what as many clients as there are sessions get, each requesting again at once.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::open_load::fetch_at_a_rate;
use crate::probe::{Probe, Response, count, percentile, slowest};
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::Fault;
use std::thread;
use std::time::Duration;

/// `database.pool_size` as delivered.
const POOL: usize = 8;

/// How long the capacity is measured, and each overload.
const CALM: Duration = Duration::from_secs(4);
const OVERLOAD: Duration = Duration::from_secs(20);

/// The delay of each of the two replies that a request needs, and how long the tenfold overload lasts besides. With the
/// first one the places in the queue bound the wait, with the second one the time does.
const DELAY: Duration = Duration::from_millis(10);
const LONG_DELAY: Duration = Duration::from_millis(50);
const SHORT_OVERLOAD: Duration = Duration::from_secs(10);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let (stage, proxy) = Stage::behind_a_proxy(around);
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let probe = clients.client(0).probe(&target);
    proxy.set(Fault::Delay(DELAY));
    let capacity = capacity(&clients, &probe);
    findings.note("replies take 10 ms: capacity, responses a second", format!("{capacity:.0}"));
    for times in [3_u32, 10] {
        let responses = fetch_at_a_rate(&clients, capacity * f64::from(times), OVERLOAD, &probe);
        judge(&format!("{times} x as much"), &responses, capacity, OVERLOAD, findings);
    }
    proxy.set(Fault::Delay(LONG_DELAY));
    let capacity = self::capacity(&clients, &probe);
    findings.note("replies take 50 ms: capacity, responses a second", format!("{capacity:.0}"));
    let responses = fetch_at_a_rate(&clients, capacity * 10.0, SHORT_OVERLOAD, &probe);
    judge("10 x as much", &responses, capacity, SHORT_OVERLOAD, findings);
}

fn capacity(clients: &Clients, probe: &Probe) -> f64 {
    let load = Load::start(clients, POOL, Duration::ZERO, std::slice::from_ref(probe));
    thread::sleep(CALM);
    per_second(count(&load.stop(), Response::is_right), CALM)
}

fn per_second(number: usize, length: Duration) -> f64 {
    f64::from(u32::try_from(number).unwrap()) / length.as_secs_f64()
}

fn judge(of: &str, responses: &[Response], capacity: f64, length: Duration, findings: &mut Findings) {
    let (accepted, others): (Vec<Response>, Vec<Response>) = responses.iter().cloned().partition(Response::is_right);
    let (refused, wrong): (Vec<Response>, Vec<Response>) = others.into_iter().partition(Response::is_unavailable);
    let goodput = per_second(accepted.len(), length);
    let share = goodput / capacity;
    findings.note(
        &format!("{of}: requests, responses a second"),
        format!("{:.0}, {goodput:.0}", per_second(responses.len(), length)),
    );
    findings.timed(
        &format!("{of}: share of the capacity"),
        format!("{share:.2}"),
        "at least 0.90".into(),
        share >= 0.9,
    );
    findings.within(&format!("{of}: p99 of the responses"), percentile(&accepted, 99), Duration::from_millis(300));
    findings.within(&format!("{of}: p99 of the refusals"), percentile(&refused, 99), Duration::from_millis(20));
    let millis = |time: Option<Duration>| time.map_or("none".to_owned(), |time| format!("{} ms", time.as_millis()));
    let late = format!("{}, {}", millis(percentile(&refused, 50)), millis(slowest(&refused)));
    findings.note(&format!("{of}: refusals, median and slowest"), late);
    findings.exactly(&format!("{of}: responses but a right 200 or a 503 with Retry-After"), wrong.len(), 0);
}
