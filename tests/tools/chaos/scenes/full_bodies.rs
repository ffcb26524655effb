//! Bodies as large as they may be come at once, beside readers that take their time over pages as large as they may be.

use crate::client::Clients;
use crate::findings::Findings;
use crate::load::Load;
use crate::probe::{Probe, Response, count};
use crate::stage::{Stage, request};
use crate::surroundings::Surroundings;
use annotation_statistics_tests::RawConnection;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Bodies at the same time, of `api.max_body` as delivered.
const BODIES: usize = 16;
const BODY: usize = 8 << 20;

/// How long each of them is sent again and again; where there is little time, once.
const AGAIN: Duration = Duration::from_secs(10);

/// Readers, what they take in a turn, and from one turn to the next.
const READERS: usize = 7;
const SIP: usize = 16 << 10;
const TURN: Duration = Duration::from_millis(500);

/// The request whose page is as large as a page may be.
const LARGE: &str = "large-pages";

/// What a refusal says.
const RETRY_AFTER: Duration = Duration::from_secs(1);

const OTHERS: usize = 4;
const PACE: Duration = Duration::from_millis(50);

/// `database.deadline` as delivered, and a little.
const LIMIT: Duration = Duration::from_millis(2100);

/// The memory that containers have.
const COMPOSE: &str = include_str!("../../../../deploy/compose.yml");

pub(crate) fn play(around: &Surroundings, findings: &mut Findings) {
    let stage = Stage::new(around);
    let file = stage.program.write("pages.jsonl", large_page());
    let run = stage.program.run(&["import", &file]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let mut serving = stage.serve();
    let clients = stage.clients(serving.address());
    let target = format!("/statistics?annotationRequestId={}", request(1));
    let others = Load::start(&clients, OTHERS, PACE, &[clients.client(0).probe(&target)]);
    let (rows, page) = (full_body(), clients.client(0).response_to(&Probe::of_status(&large())).body.len());
    let until = Instant::now() + if around.quick { Duration::ZERO } else { AGAIN };
    let is_over = AtomicBool::new(false);
    let responses: Vec<Response> = thread::scope(|scope| {
        for number in 0..READERS {
            let (clients, is_over) = (&clients, &is_over);
            scope.spawn(move || read_slowly(clients, number, is_over));
        }
        let write = |number: usize| write_until(until, &clients, number, &rows);
        let writers: Vec<_> = (0..BODIES).map(|number| scope.spawn(move || write(number))).collect();
        let responses = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        is_over.store(true, Ordering::Release);
        responses
    });
    findings.note("full bodies, their bytes", format!("{BODIES}, {}", rows.len()));
    findings.note("pages that are read slowly, their bytes", format!("{READERS}, {page}"));
    findings.right_or_unavailable("full bodies", &responses, Duration::from_secs(60));
    findings.at_least("full bodies that were recorded", count(&responses, Response::is_right), 1);
    findings.right_or_unavailable("others", &others.stop(), LIMIT);
    findings.at_most_bytes("memory at most", serving.peak_memory(), memory_of_a_container());
    findings.exactly("it still serves, and ends with 0", usize::from(serving.stop_at_once() == Some(0)), 1);
}

fn memory_of_a_container() -> u64 {
    let line = COMPOSE.lines().find_map(|line| line.trim().strip_prefix("mem_limit: ")).unwrap();
    line.trim_end_matches('m').parse::<u64>().unwrap() << 20
}

/// Sends the body, and again until then, a second after each response.
fn write_until(until: Instant, clients: &Clients, number: usize, rows: &str) -> Vec<Response> {
    let (mut client, probe) = (clients.client(number), Probe::writing(&request(u32::try_from(number).unwrap()), rows));
    let mut responses = vec![client.fetch(&probe)];
    while Instant::now() < until {
        thread::sleep(RETRY_AFTER);
        responses.push(client.fetch(&probe));
    }
    responses
}

/// Reads a page a little at a time until it is over.
fn read_slowly(clients: &Clients, number: usize, is_over: &AtomicBool) {
    let target = large();
    let mut connection = RawConnection::open_narrow(clients.address());
    connection.send_request("GET", &target, &clients.signer(number).v2("GET", &target, ""));
    while !is_over.load(Ordering::Acquire) && connection.take(SIP).is_some() {
        thread::sleep(TURN);
    }
}

/// The target of that page.
fn large() -> String {
    format!("/statistics?annotationRequestId={LARGE}")
}

/// The tasks of a page that is as large as a page may be, as JSON Lines.
fn large_page() -> String {
    let items: Vec<String> = (0..1_000).map(|item| format!("\"{item:0>1000}\":1")).collect();
    let lines = (0..8).map(|task| {
        format!("{{\"annotationRequestId\":\"{LARGE}\",\"campaignId\":\"1001\",{}}}\n", of_items(task, &items))
    });
    lines.collect()
}

/// As many rows of as many items, with as short names, as a body has room for.
fn full_body() -> String {
    let items: Vec<String> = (0..10_000).map(|item| format!("\"{item:x}\":1")).collect();
    let mut body = "[".to_owned();
    for task in 0.. {
        let row = format!("{{{}}},", of_items(task, &items));
        if body.len() + row.len() > BODY {
            break;
        }
        body += &row;
    }
    body.pop();
    body + "]"
}

fn of_items(task: u32, items: &[String]) -> String {
    format!(
        "\"id\":{task},\"status\":11,\"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{{}}},\
         \"instanceNum\":{},\"attributeNum\":0,\"frameNum\":1",
        items.join(","),
        items.len()
    )
}
