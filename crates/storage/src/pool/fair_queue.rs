//! Whose work is next where several callers wait for the same connections: round robin, with bounded places (ADR 54), and
//! in batches (ADR 63, ADR 70).

use std::collections::VecDeque;
use std::iter;

/// How much work may be in flight and wait, of all callers and of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct QueueLimits {
    /// Work at the same time, where a batch counts once.
    pub(super) connections: usize,
    /// The same of one caller.
    pub(super) per_caller: usize,
    /// Work that waits.
    pub(super) places: usize,
    /// Pieces of work in one batch.
    pub(super) batch: usize,
    /// Rows of one batch of several.
    pub(super) batch_rows: u64,
}

/// What the queue has to know of work.
pub(super) trait Joining {
    /// About how many rows it looks at, if it may be done together with other work.
    fn rows(&self) -> Option<u64>;

    /// Whether it is to be done together with this work.
    fn joins(&self, first: &Self) -> bool;
}

/// Work in flight, and work that waits: round robin between callers, first in first out for each of them.
///
/// Work that may join other work waits for the batch in flight, whose thread then does all that waits; another batch
/// begins beside it only when a full one waits, or one of its work is in a hurry. All other work begins as soon as a
/// connection is free. One thread for each connection is enough: when work ends, its thread gets what begins in its
/// place.
#[derive(Debug)]
pub(super) struct FairQueue<C, W> {
    limits: QueueLimits,
    /// Callers with work, the least recently served first.
    callers: VecDeque<Line<C, W>>,
    running: usize,
    /// Of that, batches.
    batches: usize,
    waiting: usize,
    /// Of that, what may join a batch, and its rows.
    joining: (usize, u64),
    tickets: u64,
}

#[derive(Debug)]
struct Line<C, W> {
    caller: C,
    running: usize,
    waiting: VecDeque<Waiting<W>>,
}

#[derive(Debug)]
struct Waiting<W> {
    ticket: Ticket,
    work: W,
    is_hurried: bool,
}

/// Identifies work that has entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

/// What happens when work is admitted.
#[derive(Debug)]
pub(super) struct Entry<C, W> {
    pub(super) ticket: Ticket,
    /// Work that begins: this, or what has waited to begin with it.
    pub(super) begun: Vec<Begun<C, W>>,
    /// Work that has lost its place to this.
    pub(super) displaced: Option<W>,
}

/// Work that begins, and what is done together with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Begun<C, W> {
    pub(super) slot: Slot<C>,
    pub(super) work: W,
    pub(super) joined: Vec<W>,
}

/// The place of work in flight, which is given back when it [ends](FairQueue::end).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slot<C> {
    caller: C,
    is_batch: bool,
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

impl<C: PartialEq + Clone, W: Joining> FairQueue<C, W> {
    pub(super) fn new(limits: QueueLimits) -> Self {
        Self { limits, callers: VecDeque::new(), running: 0, batches: 0, waiting: 0, joining: (0, 0), tickets: 0 }
    }

    /// Admits work. Where all places are taken, a caller with fewer of them displaces the latest work of the caller
    /// with the most.
    ///
    /// # Errors
    /// Why it cannot begin, when it cannot wait either.
    pub(super) fn enter(&mut self, caller: C, work: W) -> Result<Entry<C, W>, Blocked> {
        let displaced = match self.has_connection(&caller) {
            Err(why) if self.waiting >= self.limits.places => Some(self.displace(&caller).ok_or(why)?),
            _ => None,
        };
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.count_waiting(&work);
        let waiting = Waiting { ticket, work, is_hurried: false };
        match self.callers.iter_mut().find(|line| line.caller == caller) {
            Some(line) => line.waiting.push_back(waiting),
            None => self.callers.push_back(Line { caller, running: 0, waiting: [waiting].into() }),
        }
        Ok(Entry { ticket, begun: self.begin_all(), displaced })
    }

    /// Whether a connection is free for work of a caller.
    pub(super) fn has_connection(&self, caller: &C) -> Result<(), Blocked> {
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

    /// Work has ended; what has waited for that begins.
    pub(super) fn end(&mut self, slot: Slot<C>) -> Vec<Begun<C, W>> {
        let Slot { caller, is_batch } = slot;
        self.running = self.running.saturating_sub(1);
        self.batches = self.batches.saturating_sub(usize::from(is_batch));
        if let Some(line) = self.callers.iter_mut().find(|line| line.caller == caller) {
            line.running = line.running.saturating_sub(1);
        }
        let begun = self.begin_all();
        self.forget_idle();
        begun
    }

    /// Work has waited for a batch long enough: it begins beside it as soon as a connection is free.
    pub(super) fn hurry(&mut self, ticket: Ticket) -> Vec<Begun<C, W>> {
        let mut waiting = self.callers.iter_mut().flat_map(|line| &mut line.waiting);
        match waiting.find(|waiting| waiting.ticket == ticket) {
            Some(waiting) => waiting.is_hurried = true,
            None => return Vec::new(),
        }
        self.begin_all()
    }

    /// Withdraws work that still waits, and returns why it does, and what begins in its place; `None` when it has begun.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<(Blocked, Vec<Begun<C, W>>)> {
        let place_in = |line: &Line<C, W>| line.waiting.iter().position(|waiting| waiting.ticket == ticket);
        let (line, place) = self.callers.iter_mut().find_map(|line| place_in(line).map(|place| (line, place)))?;
        let (left, caller) = (line.waiting.remove(place)?, line.caller.clone());
        self.count_gone(&left.work);
        let why = self.has_connection(&caller).err().unwrap_or(Blocked::AllTaken);
        let begun = self.begin_all();
        self.forget_idle();
        Some((why, begun))
    }

    /// Work in flight, and work that waits.
    pub(super) fn admitted(&self) -> usize {
        self.running + self.waiting
    }

    /// Begins all work that may: what joins a batch may have kept other work of its caller waiting.
    fn begin_all(&mut self) -> Vec<Begun<C, W>> {
        iter::from_fn(|| self.begin_next()).collect()
    }

    /// Begins the next work that may, if there is any. Its caller moves to the end of the round.
    fn begin_next(&mut self) -> Option<Begun<C, W>> {
        if self.running >= self.limits.connections {
            return None;
        }
        let (per_caller, is_batch_due) = (self.limits.per_caller, self.is_batch_due());
        let may_begin = |waiting: &Waiting<W>| is_batch_due || waiting.is_hurried || waiting.work.rows().is_none();
        let is_next = |line: &Line<C, W>| line.running < per_caller && line.waiting.front().is_some_and(may_begin);
        let place = self.callers.iter().position(is_next)?;
        let mut line = self.callers.remove(place)?;
        let work = line.waiting.pop_front()?.work;
        line.running += 1;
        let slot = Slot { caller: line.caller.clone(), is_batch: work.rows().is_some() };
        self.callers.push_back(line);
        self.running += 1;
        self.batches += usize::from(slot.is_batch);
        self.count_gone(&work);
        let joined = self.take_joining(&work);
        Some(Begun { slot, work, joined })
    }

    /// Whether a batch may begin: none is in flight, or a full one waits, or there is no place to wait for more.
    fn is_batch_due(&self) -> bool {
        let (number, rows) = self.joining;
        let is_full = number >= self.limits.batch || rows >= self.limits.batch_rows;
        self.batches == 0 || is_full || self.waiting > self.limits.places
    }

    /// Takes what waits and is done together with this work, in the order in which it would begin: the first of each caller
    /// as long as it fits. It takes up no connection, so no share either.
    fn take_joining(&mut self, first: &W) -> Vec<W> {
        let (mut joined, mut place) = (Vec::new(), 0);
        let Some(mut rows) = first.rows() else { return joined };
        while let Some(line) = self.callers.get_mut(place) {
            let fits = |work: &W| {
                let all_rows = rows.saturating_add(work.rows()?);
                (all_rows <= self.limits.batch_rows && work.joins(first)).then_some(all_rows)
            };
            let all_rows = line.waiting.front().and_then(|waiting| fits(&waiting.work));
            let Some(all_rows) = all_rows.filter(|_| joined.len() + 1 < self.limits.batch) else {
                place += 1;
                continue;
            };
            rows = all_rows;
            let taken = line.waiting.pop_front();
            let served = self.callers.remove(place);
            self.callers.extend(served);
            if let Some(Waiting { work, .. }) = taken {
                self.count_gone(&work);
                joined.push(work);
            }
        }
        self.forget_idle();
        joined
    }

    /// Displaces the latest work of the caller with the longest line, as long as that is longer than the caller's own would
    /// be: otherwise two callers would displace each other without end.
    fn displace(&mut self, caller: &C) -> Option<W> {
        let own = self.find(caller).map_or(0, |line| line.waiting.len());
        let longest = self.callers.iter_mut().max_by_key(|line| line.waiting.len())?;
        if longest.waiting.len() <= own + 1 {
            return None;
        }
        let work = longest.waiting.pop_back()?.work;
        self.count_gone(&work);
        Some(work)
    }

    fn count_waiting(&mut self, work: &W) {
        self.waiting += 1;
        if let Some(rows) = work.rows() {
            self.joining = (self.joining.0 + 1, self.joining.1.saturating_add(rows));
        }
    }

    fn count_gone(&mut self, work: &W) {
        self.waiting = self.waiting.saturating_sub(1);
        if let Some(rows) = work.rows() {
            self.joining = (self.joining.0.saturating_sub(1), self.joining.1.saturating_sub(rows));
        }
    }

    fn find(&self, caller: &C) -> Option<&Line<C, W>> {
        self.callers.iter().find(|line| line.caller == *caller)
    }

    fn forget_idle(&mut self) {
        self.callers.retain(|line| line.running > 0 || !line.waiting.is_empty());
    }
}

#[cfg(test)]
#[path = "fair_queue_tests.rs"]
mod tests;
