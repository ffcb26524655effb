//! Whose work is next where several callers wait for the same connections: round robin, with bounded places (ADR 54).

use std::collections::VecDeque;

/// How much work may be in flight and wait, of all callers and of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueueLimits {
    /// Work at the same time.
    pub(super) connections: usize,
    /// Work of one caller at the same time.
    pub(super) per_caller: usize,
    /// Work that waits.
    pub(super) places: usize,
}

/// Work in flight, and work that waits: round robin between callers, first in first out for each of them.
///
/// No connection is free while there is work that may begin. One thread for each connection is enough: when work ends, its
/// thread gets the work that begins in its place.
#[derive(Debug)]
pub(super) struct FairQueue<C, W> {
    limits: QueueLimits,
    /// Callers with work, the least recently served first.
    callers: VecDeque<Line<C, W>>,
    running: usize,
    waiting: usize,
    tickets: u64,
}

#[derive(Debug)]
struct Line<C, W> {
    caller: C,
    running: usize,
    waiting: VecDeque<(Ticket, W)>,
}

/// Identifies work that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// What happens to work that is admitted.
#[derive(Debug)]
pub(super) enum Entry<W> {
    /// It begins.
    Begins(W),
    /// It waits, perhaps in the place of other work, which is displaced.
    Waits { ticket: Ticket, displaced: Option<W> },
}

/// Why work does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocked {
    /// All connections are in use.
    AllTaken,
    /// There are free connections, but the caller uses its whole share.
    ShareTaken,
}

/// What waits before the next work of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    /// Of all callers, in round robin order.
    pub(super) of_all: usize,
    /// Of the caller.
    pub(super) of_caller: usize,
}

impl<C: PartialEq + Clone, W> FairQueue<C, W> {
    pub(super) fn new(limits: QueueLimits) -> Self {
        Self { limits, callers: VecDeque::new(), running: 0, waiting: 0, tickets: 0 }
    }

    /// Admits work. Where all places are taken, a caller with fewer of them displaces the latest work of the caller
    /// with the most.
    ///
    /// # Errors
    /// Why it cannot begin, when it cannot wait either.
    pub(super) fn enter(&mut self, caller: C, work: W) -> Result<Entry<W>, Blocked> {
        let Err(why) = self.may_begin(&caller) else {
            let mut line = self.take_line(caller);
            line.running += 1;
            self.running += 1;
            self.callers.push_back(line);
            return Ok(Entry::Begins(work));
        };
        let displaced = if self.waiting < self.limits.places { None } else { Some(self.displace(&caller).ok_or(why)?) };
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.waiting += 1;
        match self.callers.iter_mut().find(|line| line.caller == caller) {
            Some(line) => line.waiting.push_back((ticket, work)),
            None => self.callers.push_back(Line { caller, running: 0, waiting: [(ticket, work)].into() }),
        }
        Ok(Entry::Waits { ticket, displaced })
    }

    /// Whether the next work of a caller would begin at once.
    pub(super) fn may_begin(&self, caller: &C) -> Result<(), Blocked> {
        if self.running >= self.limits.connections {
            return Err(Blocked::AllTaken);
        }
        let running = self.find(caller).map_or(0, |line| line.running);
        if running < self.limits.per_caller { Ok(()) } else { Err(Blocked::ShareTaken) }
    }

    /// What would wait before the next work of a caller.
    pub(super) fn before(&self, caller: &C) -> Before {
        let of_caller = self.find(caller).map_or(0, |line| line.waiting.len());
        let others = self.callers.iter().filter(|line| line.caller != *caller);
        let of_others: usize = others.map(|line| line.waiting.len().min(of_caller + 1)).sum();
        Before { of_all: of_others + of_caller, of_caller }
    }

    /// Work of a caller has ended; the next one begins.
    pub(super) fn end(&mut self, caller: &C) -> Option<(C, W)> {
        self.running = self.running.saturating_sub(1);
        if let Some(line) = self.callers.iter_mut().find(|line| line.caller == *caller) {
            line.running = line.running.saturating_sub(1);
        }
        let per_caller = self.limits.per_caller;
        let next = self.callers.iter().position(|line| line.running < per_caller && !line.waiting.is_empty());
        let begun = next.and_then(|place| self.begin(place));
        self.forget_idle();
        begun
    }

    /// Takes work that waits to the thread of other work, in the order in which it would begin: the first of each caller as
    /// long as it is `wanted`. It takes up no connection, so no share either.
    pub(super) fn take(&mut self, mut wanted: impl FnMut(&W) -> bool) -> Vec<W> {
        let (mut taken, mut place) = (Vec::new(), 0);
        while let Some(line) = self.callers.get_mut(place) {
            if !line.waiting.front().is_some_and(|(_, work)| wanted(work)) {
                place += 1;
                continue;
            }
            taken.extend(line.waiting.pop_front().map(|(_, work)| work));
            self.waiting -= 1;
            let served = self.callers.remove(place);
            self.callers.extend(served);
        }
        self.forget_idle();
        taken
    }

    /// Withdraws work that still waits, and returns why it does; `None` when it has begun.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<Blocked> {
        let is_it = |(name, _): &(Ticket, W)| *name == ticket;
        let line = self.callers.iter_mut().find(|line| line.waiting.iter().any(is_it))?;
        line.waiting.retain(|work| !is_it(work));
        let caller = line.caller.clone();
        self.waiting -= 1;
        let why = self.may_begin(&caller).err();
        self.forget_idle();
        why.or(Some(Blocked::AllTaken))
    }

    /// Work in flight, and work that waits.
    pub(super) fn admitted(&self) -> usize {
        self.running + self.waiting
    }

    /// Begins work of a caller, which moves to the end of the round.
    fn begin(&mut self, place: usize) -> Option<(C, W)> {
        let mut line = self.callers.remove(place)?;
        let (_, work) = line.waiting.pop_front()?;
        line.running += 1;
        (self.running, self.waiting) = (self.running + 1, self.waiting - 1);
        let caller = line.caller.clone();
        self.callers.push_back(line);
        Some((caller, work))
    }

    /// The latest work of the caller with the longest line, as long as that is longer than the caller's own would be:
    /// otherwise two callers would displace each other without end.
    fn displace(&mut self, caller: &C) -> Option<W> {
        let own = self.find(caller).map_or(0, |line| line.waiting.len());
        let longest = self.callers.iter_mut().max_by_key(|line| line.waiting.len())?;
        if longest.waiting.len() <= own + 1 {
            return None;
        }
        let (_, work) = longest.waiting.pop_back()?;
        self.waiting -= 1;
        Some(work)
    }

    fn find(&self, caller: &C) -> Option<&Line<C, W>> {
        self.callers.iter().find(|line| line.caller == *caller)
    }

    /// The line of a caller, which has to be put back.
    fn take_line(&mut self, caller: C) -> Line<C, W> {
        let place = self.callers.iter().position(|line| line.caller == caller);
        let line = place.and_then(|place| self.callers.remove(place));
        line.unwrap_or(Line { caller, running: 0, waiting: VecDeque::new() })
    }

    fn forget_idle(&mut self) {
        self.callers.retain(|line| line.running > 0 || !line.waiting.is_empty());
    }
}

#[cfg(test)]
#[path = "fair_queue_tests.rs"]
mod tests;
