//! How long one piece of work may wait, all of its waits together (ADR 35).

use std::time::Duration;

/// What is left of that time. The wait in the queue and those for connections to be opened share one budget, so that a
/// client gets its error no later where other work was queued before.
#[derive(Debug, Clone, Copy)]
pub(super) struct WaitBudget {
    left: Duration,
    connect_timeout: Duration,
}

impl WaitBudget {
    /// The full budget: the longer of the two limits.
    pub(super) fn new(queue_wait: Duration, connect_timeout: Duration) -> Self {
        Self { left: queue_wait.max(connect_timeout), connect_timeout }
    }

    /// Subtracts a wait that is over.
    pub(super) fn spend(&mut self, waited: Duration) {
        self.left = self.left.saturating_sub(waited);
    }

    /// The longest time that the next connection may take to be opened.
    pub(super) fn for_connection(&self) -> Duration {
        self.left.min(self.connect_timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    #[test]
    fn all_waits_of_some_work_come_off_the_same_time() {
        let mut wait = WaitBudget::new(ms(250), ms(500));
        assert_eq!(wait.for_connection(), ms(500));
        for (waited, left) in [(200, 300), (200, 100), (200, 0), (1, 0)] {
            wait.spend(ms(waited));
            assert_eq!(wait.for_connection(), ms(left), "after {waited} ms more");
        }
    }

    #[test]
    fn one_session_never_has_longer_to_be_opened_than_its_own_limit() {
        let mut wait = WaitBudget::new(ms(5000), ms(500));
        assert_eq!(wait.for_connection(), ms(500));
        wait.spend(ms(4800));
        assert_eq!(wait.for_connection(), ms(200));
    }
}
