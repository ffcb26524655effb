//! Measures whether the time of a response reveals to a client what the response does not.
//!
//! `make timing` runs it. Two requests with like responses are sent in turn, so that a noisy machine is noisy for both.

use annotation_statistics_access::AccessKey;
use annotation_statistics_domain::{CampaignId, CampaignScope};
use annotation_statistics_tests::{
    Envelope, KeyDatabase, KeyHolder, RawConnection, RunningService, Signer, access_key, record, task,
};
use clap::Parser;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Sends requests in pairs and compares the medians of their times.
#[derive(Debug, Parser)]
struct Arguments {
    /// How often each request is sent
    #[arg(long, default_value_t = 4_000)]
    times: usize,
    /// By what part the medians of a pair may differ
    #[arg(long, default_value_t = 0.05)]
    limit: f64,
}

/// A request: the target and the headers of its client.
type Probe<'a> = (&'a str, Box<dyn Fn() -> String + 'a>);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let data = KeyDatabase::empty();
    record(&data.database, [task("a", 1), task("b", 2).campaign("1002")]).await;
    let campaigns =
        CampaignScope::Only(BTreeSet::from([CampaignId::new("1001").unwrap_or_else(|error| panic!("{error}"))]));
    let key = AccessKey { campaigns, ..access_key("ak-1") };
    data.add(key.clone());
    let limits = "auth.requests_per_key = 0\nauth.requests_per_address = 0";
    let settings = format!("auth.enabled = true\nauth.master_key = '{}'\n{limits}", KeyDatabase::MASTER_KEY);
    let service = RunningService::with(&data.database.url(), &settings);
    let owner = Signer::new("ak-1", key.secret.reveal());
    let [wrong, unknown] = ["ak-1", "ak-9"].map(|id| Signer::new(id, "not-the-secret-at-all"));
    let (foreign, missing) = ("/statistics?annotationRequestId=b", "/statistics?annotationRequestId=x");
    let v1 = |signer: &Signer| -> Box<dyn Fn() -> String> {
        let signer = signer.clone();
        Box::new(move || signer.v1())
    };
    let v2 = |signer: &Signer, target: &'static str| -> Box<dyn Fn() -> String> {
        let signer = signer.clone();
        Box::new(move || signer.v2("GET", target, ""))
    };
    let pairs: [(&str, [Probe; 2], [i64; 2]); 3] = [
        ("another campaign, a missing request", [(foreign, v1(&owner)), (missing, v1(&owner))], [53003, 53003]),
        ("v1: a wrong signature, an unknown key", [(missing, v1(&wrong)), (missing, v1(&unknown))], [401, 402]),
        (
            "v2: a wrong signature, an unknown key",
            [(missing, v2(&wrong, missing)), (missing, v2(&unknown, missing))],
            [401, 402],
        ),
    ];
    println!("{:<40} {:>9} {:>9} {:>7}", "medians", "us", "us", "ratio");
    let mut is_even = true;
    for (name, probes, codes) in pairs {
        let [one, other] = medians(&service, &probes, codes, arguments.times).map(|time| time.as_secs_f64() * 1e6);
        let ratio = one / other;
        println!("{name:<40} {one:>9.1} {other:>9.1} {ratio:>7.3}");
        is_even &= (ratio - 1.0).abs() <= arguments.limit;
    }
    println!("limit: 1 +- {}; {} times each, in turn", arguments.limit, arguments.times);
    if is_even { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn medians(service: &RunningService, probes: &[Probe; 2], codes: [i64; 2], times: usize) -> [Duration; 2] {
    let mut connection = service.connect();
    let mut taken = [vec![], vec![]];
    for round in 0..times {
        // Which comes first changes, too.
        for place in [round % 2, 1 - round % 2] {
            taken[place].push(fetch(&mut connection, &probes[place], codes[place]));
        }
    }
    taken.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

fn fetch(connection: &mut RawConnection, (target, headers): &Probe, code: i64) -> Duration {
    let headers = headers();
    let start = Instant::now();
    let response = connection.fetch("GET", target, &headers);
    let taken = start.elapsed();
    assert_eq!(Envelope::of(&response).code, code, "{target}");
    taken
}
