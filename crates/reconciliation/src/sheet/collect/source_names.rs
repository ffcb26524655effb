//! Source names, each held once.

use std::hash::{BuildHasher, RandomState};

/// Names and their places, with 4 bytes a place beside them: a map would hold each name twice.
#[derive(Debug, Default)]
pub(crate) struct SourceNames {
    names: Vec<Box<str>>,
    /// Places of names, counted from 1, by the hash of the name; 0 is free. A power of two, at least twice the names.
    table: Vec<u32>,
    hasher: RandomState,
}

const FIRST_SLOTS: usize = 1024;

impl SourceNames {
    /// The place of a name, from 0; a new one is kept.
    pub(crate) fn place(&mut self, name: &str) -> u32 {
        if self.names.len() * 2 >= self.table.len() {
            self.grow();
        }
        let slot = self.slot(name);
        let known = self.table.get(slot).copied().unwrap_or_default();
        if known > 0 {
            return known - 1;
        }
        self.names.push(name.into());
        let places = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        if let Some(free) = self.table.get_mut(slot) {
            *free = places;
        }
        places - 1
    }

    pub(crate) fn into_names(self) -> Vec<Box<str>> {
        self.names
    }

    /// Where a name is, or may be.
    fn slot(&self, name: &str) -> usize {
        let mask = self.table.len() - 1;
        let hash = self.hasher.hash_one(name);
        let mut slot = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or_default() & mask;
        while let Some(place @ 1..) = self.table.get(slot).copied() {
            let at = usize::try_from(place - 1).unwrap_or(usize::MAX);
            if self.names.get(at).is_some_and(|known| **known == *name) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(FIRST_SLOTS)];
        for (place, at) in (1..).zip(0..self.names.len()) {
            let slot = self.names.get(at).map(|name| self.slot(name));
            if let Some(free) = slot.and_then(|slot| self.table.get_mut(slot)) {
                *free = place;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_one_place() {
        let mut names = SourceNames::default();
        let written: Vec<String> = (0..5_000).map(|number| format!("{}.jpg", number % 3_000)).collect();
        let places: Vec<u32> = written.iter().map(|name| names.place(name)).collect();
        let expected: Vec<u32> = (0..5_000).map(|number| number % 3_000).collect();
        assert_eq!(places, expected);
        let names = names.into_names();
        assert!(names.iter().zip(&written).all(|(name, written)| **name == **written));
        assert_eq!(names.len(), 3_000);
    }
}
