//! The memory of request bodies, limited in total and per caller. See ADR 48.

use crate::http::caller::Caller;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The memory for the bodies of all in-flight requests; each reserves what it has received, byte by byte, and releases it
/// when it ends. No request waits for memory: while waiting, it would hold what others need.
#[derive(Debug, Clone)]
pub(crate) struct BodyMemory(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    max: usize,
    max_per_caller: usize,
    /// What bodies leave for the rows parsed from them: else concurrent bodies could fill the memory, and none could be completed.
    rows: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    by_all: usize,
    by: HashMap<Caller, usize>,
}

/// There is no memory for one more body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodiesTooMany {
    /// The bodies of all requests hold too much.
    #[error(
        "the bodies of other requests take all the memory that there is for them: api.max_bodies, and reconciliation.max_body for \
            each of reconciliation.max_concurrent sheets"
    )]
    OfAll,
    /// Those of the same caller do.
    #[error(
        "the bodies of the same caller take all the memory that it may have: api.max_bodies_per_key, and reconciliation.max_body \
            for sheets"
    )]
    OfCaller,
}

/// The memory that is reserved for one body.
#[derive(Debug)]
pub(crate) struct HeldMemory {
    memory: BodyMemory,
    caller: Caller,
    bytes: usize,
}

impl BodyMemory {
    /// So much in total, and so much per caller. Bodies leave room for the rows of one body, but may always have a ninth.
    pub(crate) fn new(max: usize, max_per_caller: usize, rows: usize) -> Self {
        Self(Arc::new(Shared { max, max_per_caller, rows, taken: Mutex::default() }))
    }

    /// A reservation for a caller, empty at first.
    pub(crate) fn hold(&self, caller: Caller) -> HeldMemory {
        HeldMemory { memory: self.clone(), caller, bytes: 0 }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HeldMemory {
    /// Reserves more for a body.
    ///
    /// # Errors
    /// [`BodiesTooMany`] when others, or others of the same caller, hold too much of it.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), BodiesTooMany> {
        let rows = self.memory.0.rows;
        self.take_within(bytes, |max| max.saturating_sub(rows).max(max / 9))
    }

    /// Reserves more for the rows that are parsed from it.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(crate) fn take_for_rows(&mut self, bytes: usize) -> Result<(), BodiesTooMany> {
        self.take_within(bytes, |max| max)
    }

    fn take_within(&mut self, bytes: usize, part: impl Fn(usize) -> usize) -> Result<(), BodiesTooMany> {
        let mut taken = self.memory.taken();
        let by_all = taken.by_all.saturating_add(bytes);
        let by_caller = taken.by.get(&self.caller).copied().unwrap_or_default().saturating_add(bytes);
        if by_all > part(self.memory.0.max) {
            return Err(BodiesTooMany::OfAll);
        }
        if by_caller > part(self.memory.0.max_per_caller) {
            return Err(BodiesTooMany::OfCaller);
        }
        taken.by_all = by_all;
        taken.by.insert(self.caller.clone(), by_caller);
        drop(taken);
        self.bytes = self.bytes.saturating_add(bytes);
        Ok(())
    }
}

impl Drop for HeldMemory {
    fn drop(&mut self) {
        let mut taken = self.memory.taken();
        taken.by_all = taken.by_all.saturating_sub(self.bytes);
        if let Some(bytes) = taken.by.get_mut(&self.caller) {
            *bytes = bytes.saturating_sub(self.bytes);
            if *bytes == 0 {
                taken.by.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_access::KeyId;

    fn key(id: &str) -> Caller {
        Caller::key(&KeyId::new(id).unwrap())
    }

    #[test]
    fn bodies_share_the_memory_and_give_it_back() {
        let memory = BodyMemory::new(10, 10, 0);
        let (mut one, mut other) = (memory.hold(key("a")), memory.hold(key("b")));
        one.take(4).unwrap();
        one.take(3).unwrap();
        other.take(3).unwrap();
        assert!(matches!(other.take(1), Err(BodiesTooMany::OfAll)));
        drop(one);
        other.take(7).unwrap();
        drop(other);
        let taken = memory.taken();
        assert_eq!((taken.by_all, taken.by.len()), (0, 0));
    }

    #[test]
    fn bodies_that_came_together_leave_room_for_the_rows_of_one() {
        let memory = BodyMemory::new(20, 20, 16);
        let mut bodies = [memory.hold(key("a")), memory.hold(key("b")), memory.hold(key("c"))];
        bodies[0].take(2).unwrap();
        bodies[1].take(2).unwrap();
        assert!(matches!(bodies[2].take(1), Err(BodiesTooMany::OfAll)));
        bodies[0].take_for_rows(16).unwrap();
        assert!(matches!(bodies[1].take_for_rows(1), Err(BodiesTooMany::OfAll)));
    }

    #[test]
    fn one_caller_leaves_the_others_their_part() {
        let memory = BodyMemory::new(10, 6, 0);
        let mut bodies = [memory.hold(key("a")), memory.hold(key("a")), memory.hold(key("b"))];
        bodies[0].take(4).unwrap();
        assert!(matches!(bodies[1].take(3), Err(BodiesTooMany::OfCaller)));
        bodies[2].take(6).unwrap();
        assert!(matches!(bodies[1].take(1), Err(BodiesTooMany::OfAll)));
    }
}
