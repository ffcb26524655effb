//! Keys cannot be read for a while, and one of them is revoked meanwhile.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Probe, Response, count};
use crate::stage::{Stage, key_id, program_on, request, rows, through};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{Ending, Fault, FaultProxy, Upstream};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;
const PACE: Duration = Duration::from_millis(10);
const CALM: Duration = Duration::from_secs(1);

/// How long the keys cannot be read, and how long where there is little time.
const AWAY: Duration = Duration::from_secs(7);
const SHORT_AWAY: Duration = Duration::from_millis(2500);

/// How long a revoked key may be accepted when the keys can be read again.
const OBEYED: Duration = Duration::from_secs(1);
const GIVEN_UP: Duration = Duration::from_secs(30);

/// `database.deadline` and `writes.start_timeout` as delivered, and a little.
const LIMIT: Duration = Duration::from_millis(2100);

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let proxy = FaultProxy::to(Upstream::Unix(stage.postgres.socket()));
    // Reads have another way.
    let read_url = format!("database.read_url = '{}'", stage.postgres.url());
    let program = program_on(around, &through(&proxy), &read_url);
    let serving = program.serve(&["serve"]);
    let outage = Outage { stage, proxy, away: if around.quick { SHORT_AWAY } else { AWAY } };
    outage.play("refused", Fault::Refuse, 0, serving.address(), findings);
    outage.play("no response", Fault::Stall, 1, serving.address(), findings);
}

struct Outage {
    stage: Stage,
    proxy: FaultProxy,
    away: Duration,
}

impl Outage {
    /// The key of this number is revoked; those behind it stay good.
    fn play(&self, what: &str, fault: Fault, number: usize, address: SocketAddr, findings: &mut Findings) {
        let others = Clients::of(address, &self.stage.keys[number + 1..].into());
        let mut revoked = self.stage.clients(address).client(number);
        let probe = revoked.probe(&format!("/statistics?annotationRequestId={}", request(1)));
        let reads = Load::start(&others, CLIENTS, PACE, std::slice::from_ref(&probe));
        thread::sleep(CALM);
        self.begin(fault);
        let writes = Load::start(&others, 1, PACE, &[1, 2].map(|cars| Probe::writing(&request(2), &rows(cars))));
        self.revoke(number);
        thread::sleep(self.away);
        let meanwhile = revoked.fetch(&probe);
        self.proxy.set(Fault::None);
        let repaired = Instant::now();
        let mut fetch = || revoked.fetch(&probe);
        let refused = std::iter::repeat_with(&mut fetch).take_while(|_| repaired.elapsed() < GIVEN_UP).find(is_refused);
        thread::sleep(CALM);
        let last = fetch();
        findings.note(&format!("{what}: the revoked key meanwhile"), format!("{:?}", meanwhile.outcome));
        findings.within(&format!("{what}: it is refused after"), refused.map(|it| it.came() - repaired), OBEYED);
        findings.exactly(&format!("{what}: a second later, too"), usize::from(is_refused(&last)), 1);
        findings.all_right(&format!("{what}: reads of the others"), &reads.stop());
        judge_writes(what, repaired, &writes.stop(), findings);
    }

    fn begin(&self, fault: Fault) {
        self.proxy.set(fault);
        if fault == Fault::Refuse {
            self.proxy.cut_all(Ending::Reset);
        }
    }

    /// The administrator has a way of their own, too.
    fn revoke(&self, number: usize) {
        let run = self.stage.program.run(&["keys", "revoke", &key_id(number)]);
        assert_eq!(run.code, Some(0), "{run:?}");
    }
}

fn judge_writes(what: &str, repaired: Instant, writes: &[Response], findings: &mut Findings) {
    findings.right_or_unavailable(&format!("{what}: writes"), writes, LIMIT);
    findings.at_least(&format!("{what}: writes that are 503"), count(writes, Response::is_unavailable), 1);
    let right = writes.iter().find(|response| response.is_right() && response.came() > repaired);
    findings.within(&format!("{what}: first right write after"), right.map(|it| it.came() - repaired), OBEYED);
}

/// Whether the key was not known.
fn is_refused(response: &Response) -> bool {
    response.error().is_some_and(|error| error.starts_with("401: ") && error.contains("\"code\":402"))
}
