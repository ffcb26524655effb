//! Clients that request all the time, and write down what they get.

use crate::client::{Client, Clients};
use crate::probe::{Probe, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Clients at work, each of which sends again as soon as it has its response and a pause is over.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Response>>>,
}

impl Load {
    /// Starts clients, each with a connection of its own. A client sends at most once in a `pace`.
    pub(crate) fn start(clients: &Clients, number: usize, pace: Duration, probes: &[Probe]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let client = |number: usize| {
            let (stop, client, mut probes) = (Arc::clone(&stop), clients.client(number), probes.to_vec());
            let length = probes.len();
            probes.rotate_left(number % length);
            thread::spawn(move || fetch_until(&stop, client, pace, &probes))
        };
        let clients = (0..number).map(client).collect();
        Self { stop, clients }
    }

    /// Lets the clients have their last responses, and returns all of them in the order of their requests.
    pub(crate) fn stop(self) -> Vec<Response> {
        self.stop.store(true, Ordering::Release);
        let mut responses: Vec<Response> = self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        responses.sort_by_key(|response| response.sent);
        responses
    }
}

fn fetch_until(stop: &AtomicBool, mut client: Client, pace: Duration, probes: &[Probe]) -> Vec<Response> {
    let mut responses = Vec::new();
    for probe in probes.iter().cycle() {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let response = client.fetch(probe);
        thread::sleep(pace.saturating_sub(response.took));
        responses.push(response);
    }
    responses
}
