//! How much memory the bodies of requests may take, all together.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The memory for the bodies of all requests under way; each takes what it has received, byte by byte, and gives it
/// back when it ends. Nobody waits for it: who waits holds what others need.
#[derive(Debug, Clone)]
pub(crate) struct BodyMemory(Arc<Semaphore>);

/// The bodies of other requests hold too much for one more.
#[derive(Debug, thiserror::Error)]
#[error("the bodies of other requests take all the memory that api.max_bodies gives them")]
pub(crate) struct BodiesTooMany;

/// The memory that one body holds.
#[derive(Debug, Default)]
pub(crate) struct HeldMemory(Option<OwnedSemaphorePermit>);

impl BodyMemory {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    /// Takes more for a body.
    ///
    /// # Errors
    /// [`BodiesTooMany`] when others hold too much of it.
    pub(crate) fn take(&self, held: &mut HeldMemory, bytes: usize) -> Result<(), BodiesTooMany> {
        let bytes = u32::try_from(bytes).map_err(|_| BodiesTooMany)?;
        let more = self.0.clone().try_acquire_many_owned(bytes).map_err(|_| BodiesTooMany)?;
        match &mut held.0 {
            Some(permit) => permit.merge(more),
            empty => *empty = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_the_memory_and_give_it_back() {
        let memory = BodyMemory::new(10);
        let (mut one, mut other) = (HeldMemory::default(), HeldMemory::default());
        memory.take(&mut one, 4).unwrap();
        memory.take(&mut one, 3).unwrap();
        memory.take(&mut other, 3).unwrap();
        let refused = memory.take(&mut other, 1);
        assert!(matches!(refused, Err(BodiesTooMany)));
        drop(one);
        memory.take(&mut other, 7).unwrap();
        drop(other);
        assert_eq!(memory.0.available_permits(), 10);
    }
}
