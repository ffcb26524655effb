//! Clients that ask all the time, and write down what they get.

use crate::client::{Client, Clients};
use crate::question::{Answer, Question};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Clients at work, each of which asks again as soon as it has its answer and a pause is over.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<Vec<Answer>>>,
}

impl Load {
    /// Starts clients, each with a connection of its own. A client asks at most once in a `pace`.
    pub(crate) fn start(clients: &Clients, number: usize, pace: Duration, questions: &[Question]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let client = |number: usize| {
            let (stop, client, mut questions) = (Arc::clone(&stop), clients.client(number), questions.to_vec());
            let length = questions.len();
            questions.rotate_left(number % length);
            thread::spawn(move || ask_until(&stop, client, pace, &questions))
        };
        let clients = (0..number).map(client).collect();
        Self { stop, clients }
    }

    /// Lets the clients have their last answers, and gives all of them in the order in which they were asked.
    pub(crate) fn stop(self) -> Vec<Answer> {
        self.stop.store(true, Ordering::Release);
        let mut answers: Vec<Answer> = self.clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        answers.sort_by_key(|answer| answer.sent);
        answers
    }
}

fn ask_until(stop: &AtomicBool, mut client: Client, pace: Duration, questions: &[Question]) -> Vec<Answer> {
    let mut answers = Vec::new();
    for question in questions.iter().cycle() {
        if stop.load(Ordering::Acquire) {
            break;
        }
        let answer = client.ask(question);
        thread::sleep(pace.saturating_sub(answer.took));
        answers.push(answer);
    }
    answers
}
