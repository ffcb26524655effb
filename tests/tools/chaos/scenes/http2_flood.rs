//! A client sends 25,000 requests at once over HTTP/2, without a key, beside clients that have one.

use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Response, percentile, slowest};
use crate::stage::{Stage, program_on, request};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::{Authority, Http2Frames, Program, TlsClient};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

/// The requests without a key, on one connection after the other as the service closes them.
const REQUESTS: usize = 25_000;

const HONEST: usize = 8;
const PACE: Duration = Duration::from_millis(10);

/// How long the honest ones are alone, and how long it is looked what comes of the flood.
const CALM: Duration = Duration::from_secs(2);
const AFTER: Duration = Duration::from_secs(3);

/// How long an honest response may take, and 99 of 100.
const SLOWEST: Duration = Duration::from_secs(1);
const P99: Duration = Duration::from_millis(500);

/// By how many bytes memory and log may grow.
const MEMORY: u64 = 50 << 20;
const LOG: u64 = 8 << 20;

/// As delivered: each request has a line.
const LOGGED: &str = "log.filter = 'info,actix_http::h1::dispatcher=off'
tls.certificate_file = 'service.crt'
tls.private_key_file = 'service.key'
";

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let authority = Authority::new();
    let program = encrypting(program_on(around, &stage.postgres.url(), LOGGED), &authority);
    let serving = program.serve(&["serve"]);
    let clients = stage.clients(serving.address()).trusting(TlsClient::trusting(&authority));
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let load = Load::start(&clients, HONEST, PACE, &[clients.client(0).probe(&target)]);
    thread::sleep(CALM);
    let (memory, log, begun) = (serving.memory(), serving.log().len(), Instant::now());
    let connections = flood(&TlsClient::trusting(&authority), serving.address());
    let took = begun.elapsed();
    thread::sleep(AFTER);
    let (before, meanwhile): (Vec<Response>, Vec<Response>) = load.stop().into_iter().partition(|it| it.came() < begun);
    let logged: usize =
        serving.log()[log..].lines().filter(|line| !line.contains("\"status\":200")).map(str::len).sum();
    findings.note("connections that it took, and the time", format!("{connections}, {} ms", took.as_millis()));
    findings.note("p99 of honest responses before", shown(percentile(&before, 99)));
    findings.within("p99 of honest responses", percentile(&meanwhile, 99), P99);
    findings.within("slowest honest response", slowest(&meanwhile), SLOWEST);
    findings.all_right("honest", &[before, meanwhile].concat());
    let grown = serving.peak_memory().saturating_sub(memory);
    findings.at_most_bytes("memory at most, more than before", grown, MEMORY);
    findings.at_most_bytes("log but for the lines of honest responses", u64::try_from(logged).unwrap(), LOG);
}

fn shown(time: Option<Duration>) -> String {
    time.map_or_else(String::new, |time| format!("{} ms", time.as_millis()))
}

fn encrypting(program: Program, authority: &Authority) -> Program {
    let certified = authority.certify("localhost");
    program.write("service.crt", &certified.certificate);
    program.write("service.key", &certified.private_key);
    program
}

/// Sends so many requests; returns over how many connections.
fn flood(client: &TlsClient, address: SocketAddr) -> usize {
    let (mut open, mut requested) = (Vec::new(), 0);
    while requested < REQUESTS {
        let mut connection = Http2Frames::open(client, address);
        requested += connection.send_anyway(REQUESTS - requested, "/statistics?annotationRequestId=a");
        open.push(connection);
    }
    open.len()
}
