//! More is requested than the database can serve.
//!
//! Each reply of Postgres is delayed, so the database is what bounds the service, and not the processors that it shares
//! with the clients. The capacity is what as many clients as there are sessions get, each requesting again at once. What
//! is more than that is refused if each read has a statement of its own. As delivered, those that wait share one, and nearly
//! all of ten times as much is served.

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

/// Each read has a statement of its own, whose rows are read.
const SINGLE_READS: &str = "database.batch_reads = 1\ncache.max_bytes = 0\n";

/// p99 of what is served, and of what is refused.
const SERVED_WITHIN: Duration = Duration::from_millis(300);
const REFUSED_WITHIN: Duration = Duration::from_millis(20);

/// `database.pool_size` as delivered.
const POOL: usize = 8;

/// How long the capacity is measured, and each overload.
const CALM: Duration = Duration::from_secs(4);
const OVERLOAD: Duration = Duration::from_secs(8);

/// How long each reply takes. With the first one the places in the queue bound the wait, with the second one the time
/// does.
const DELAYS: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(50)];

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let (stage, proxy) = Stage::behind_a_proxy(around);
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let single = stage.reading_through(around, &proxy, SINGLE_READS).serve(&["serve"]);
    let clients = stage.clients(single.address());
    let probe = clients.client(0).probe(&target);
    let capacities = DELAYS.map(|delay| {
        proxy.set(Fault::Delay(delay));
        let of = format!("single reads, replies take {} ms", delay.as_millis());
        let capacity = capacity(&clients, &probe);
        findings.note(&format!("{of}: capacity, responses a second"), format!("{capacity:.0}"));
        for times in [3, 10] {
            let load = Overload { of: format!("{of}, {times} x as much"), times, capacity };
            load.play(&clients, &probe, Beyond::Refused, findings);
        }
        capacity
    });
    drop(single);
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    for (delay, capacity) in DELAYS.into_iter().zip(capacities) {
        proxy.set(Fault::Delay(delay));
        let of = format!("as delivered, replies take {} ms, 10 x as much", delay.as_millis());
        Overload { of, times: 10, capacity }.play(&clients, &probe, Beyond::Served, findings);
    }
}

/// Responses a second when as many clients as there are connections request again at once.
fn capacity(clients: &Clients, probe: &Probe) -> f64 {
    let load = Load::start(clients, POOL, Duration::ZERO, std::slice::from_ref(probe));
    thread::sleep(CALM);
    per_second(count(&load.stop(), Response::is_right), CALM)
}

fn per_second(number: usize, length: Duration) -> f64 {
    f64::from(u32::try_from(number).unwrap()) / length.as_secs_f64()
}

/// What becomes of the requests that are more than the capacity of single reads.
#[derive(Clone, Copy)]
enum Beyond {
    Refused,
    Served,
}

/// So many times the capacity.
struct Overload {
    of: String,
    times: u32,
    capacity: f64,
}

impl Overload {
    fn play(&self, clients: &Clients, probe: &Probe, beyond: Beyond, findings: &mut Findings) {
        let responses = fetch_at_a_rate(clients, self.capacity * f64::from(self.times), OVERLOAD, probe);
        let (right, others): (Vec<Response>, Vec<Response>) = responses.iter().cloned().partition(Response::is_right);
        let (refused, wrong): (Vec<Response>, Vec<Response>) = others.into_iter().partition(Response::is_unavailable);
        let what = |what: &str| format!("{}: {what}", self.of);
        let (requested, served) = (per_second(responses.len(), OVERLOAD), per_second(right.len(), OVERLOAD));
        findings.note(&what("requests, responses a second"), format!("{requested:.0}, {served:.0}"));
        let (share, least) = (served / self.capacity, "at least 0.90".to_owned());
        findings.timed(&what("share of the capacity"), format!("{share:.2}"), least, share >= 0.9);
        findings.within(&what("p99 of the responses"), percentile(&right, 99), SERVED_WITHIN);
        match beyond {
            Beyond::Refused => {
                findings.within(&what("p99 of the refusals"), percentile(&refused, 99), REFUSED_WITHIN);
                let late = [percentile(&refused, 50), slowest(&refused)].map(in_millis).join(", ");
                findings.note(&what("refusals, median and slowest"), late);
            }
            // A burst may find the queue full.
            Beyond::Served => {
                let (share, least) = (served / requested, "at least 0.95".to_owned());
                findings.timed(&what("share that is served"), format!("{share:.3}"), least, share >= 0.95);
            }
        }
        findings.exactly(&what("responses but a right 200 or a 503 with Retry-After"), wrong.len(), 0);
    }
}

fn in_millis(time: Option<Duration>) -> String {
    time.map_or("none".to_owned(), |time| format!("{} ms", time.as_millis()))
}
