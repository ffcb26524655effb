//! Postgres runs and refuses: it has no connection left, is read-only, or another session holds a lock.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::postgres::Postgres;
use crate::probe::{Probe, Response};
use crate::stage::{Stage, request, rows};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::SqlSession;
use diesel::Connection;
use diesel::pg::PgConnection;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
const PACE: Duration = Duration::from_millis(10);

/// How long each fault lasts.
const WHILE: Duration = Duration::from_secs(2);

/// The longest that a response may take.
const LIMIT: Duration = Duration::from_millis(600);

/// The same of a write that waits for a lock: `writes.start_timeout`, and something more.
const LOCKED_OUT: Duration = Duration::from_millis(2100);

/// Enough for the service, and few enough to be taken.
const CONNECTIONS: (&str, &str) = ("max_connections", "40");

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::filled(around, Postgres::with(&[CONNECTIONS]));
    let serving = stage.serve();
    let clients = stage.clients(serving.address());
    no_connection_left(&stage, &clients, findings);
    read_only(&stage, &clients, findings);
    locked(&stage, &clients, findings);
}

fn probe(clients: &Clients) -> Probe {
    clients.client(0).probe(&format!("/statistics?annotationRequestId={}&limit=50", request(1)))
}

/// Reads over many clients and writes over one, for as long as the fault lasts.
fn fetch(clients: &Clients, probe: &Probe, length: Duration) -> (Vec<Response>, Vec<Response>) {
    let reads = Load::start(clients, CLIENTS, PACE, std::slice::from_ref(probe));
    let writes =
        Load::start(clients, 1, PACE, &[Probe::writing(&request(2), &rows(1)), Probe::writing(&request(2), &rows(2))]);
    thread::sleep(length);
    (reads.stop(), writes.stop())
}

fn no_connection_left(stage: &Stage, clients: &Clients, findings: &mut Findings) {
    let probe = probe(clients);
    let (reads, writes) = fetch(clients, &probe, Duration::from_millis(300));
    findings.all_right("before: reads", &reads);
    findings.all_right("before: writes", &writes);
    let mut administrator = stage.postgres.session();
    let url = stage.postgres.url();
    let mut take = |name: &str| take_connections_of(&mut administrator, &url, name);
    let taken = take("= 'annotation-statistics writes'");
    let (reads, writes) = fetch(clients, &probe, WHILE);
    findings.all_right("connections of writes taken: reads", &reads);
    findings.all_unavailable("connections of writes taken: writes", &writes, LIMIT);
    let more = take("LIKE 'annotation-statistics%'");
    let (reads, writes) = fetch(clients, &probe, WHILE);
    findings.all_unavailable("all connections taken: reads", &reads, LIMIT);
    findings.all_unavailable("all connections taken: writes", &writes, LIMIT);
    drop((taken, more));
    back("connections free again", clients, &probe, findings);
}

/// Ends the service's sessions of these names, and takes their connections and all others that are free, until the
/// service has got none in between.
fn take_connections_of(administrator: &mut SqlSession, url: &str, names: &str) -> Vec<PgConnection> {
    let end = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name {names}");
    let mut taken = Vec::new();
    while !administrator.query(&end).is_empty() {
        taken.extend(std::iter::from_fn(|| PgConnection::establish(url).ok()));
    }
    assert!(!taken.is_empty(), "no session whose name is {names}");
    taken
}

fn read_only(stage: &Stage, clients: &Clients, findings: &mut Findings) {
    let probe = probe(clients);
    let mut administrator = stage.postgres.session();
    set_read_only(&mut administrator, "on");
    let (reads, writes) = fetch(clients, &probe, WHILE);
    findings.all_right("read-only: reads", &reads);
    findings.all_unavailable("read-only: writes", &writes, LIMIT);
    set_read_only(&mut administrator, "off");
    back("no longer read-only", clients, &probe, findings);
}

fn set_read_only(administrator: &mut SqlSession, value: &str) {
    administrator.execute("SET default_transaction_read_only = off");
    administrator.execute(&format!("ALTER SYSTEM SET default_transaction_read_only = {value}"));
    administrator.execute("SELECT pg_reload_conf()");
}

fn locked(stage: &Stage, clients: &Clients, findings: &mut Findings) {
    let probe = probe(clients);
    let mut holder = stage.postgres.session();
    holder.execute("BEGIN; LOCK TABLE annotation_requests IN SHARE ROW EXCLUSIVE MODE");
    let (reads, writes) = fetch(clients, &probe, WHILE);
    findings.all_right("writes locked out: reads", &reads);
    findings.all_unavailable("writes locked out: writes", &writes, LOCKED_OUT);
    // The counters are read even where the rows of a page are in the cache.
    holder.execute("COMMIT; BEGIN; LOCK TABLE annotation_requests, statistics IN ACCESS EXCLUSIVE MODE");
    let (reads, writes) = fetch(clients, &probe, WHILE);
    findings.all_unavailable("all locked out: reads", &reads, LIMIT);
    findings.all_unavailable("all locked out: writes", &writes, LOCKED_OUT);
    holder.execute("COMMIT");
    back("unlocked", clients, &probe, findings);
}

/// That reads and writes work again.
fn back(what: &str, clients: &Clients, probe: &Probe, findings: &mut Findings) {
    let since = Instant::now();
    let write = Probe::writing(&request(2), &rows(3));
    let mut client = clients.client(0);
    let mut until_right = |probe: &Probe| {
        while since.elapsed() < Duration::from_secs(5) {
            if client.reconnected().fetch(probe).is_right() {
                return Some(since.elapsed());
            }
            thread::sleep(PACE);
        }
        None
    };
    findings.within(&format!("{what}: first right read after"), until_right(probe), Duration::from_millis(500));
    findings.within(&format!("{what}: first right write after"), until_right(&write), Duration::from_secs(1));
}
