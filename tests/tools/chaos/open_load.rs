//! Clients that send at a rate, whatever comes back.

use crate::client::Clients;
use crate::probe::{Probe, Response};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// More than there are ever requests in flight.
const CLIENTS: usize = 160;

/// Sends so many requests a second, for so long. A response's time is counted from when its request was due.
pub(crate) fn fetch_at_a_rate(clients: &Clients, rate: f64, length: Duration, probe: &Probe) -> Vec<Response> {
    let (next, start) = (AtomicU32::new(0), Instant::now());
    let (next, interval) = (&next, Duration::from_secs_f64(1.0 / rate));
    let fetch = move |number: usize| {
        let (mut client, mut responses) = (clients.client(number), Vec::new());
        loop {
            let due = start + interval * next.fetch_add(1, Ordering::Relaxed);
            if due.saturating_duration_since(start) > length {
                return responses;
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let response = client.fetch(probe);
            let took = response.came().saturating_duration_since(due);
            responses.push(Response { sent: due, took, ..response });
        }
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || fetch(number))).collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}
