//! Finds source names.

use std::hash::{BuildHasher, RandomState};

/// The places of names by their hash, in 8 to 16 bytes a name: the names are not copied. The hash has a key of its own, so
/// that no sheet can be made whose names collide.
#[derive(Debug)]
pub(super) struct NameIndex {
    /// A power of two, at most half of it used, so that a free one ends each search.
    slots: Vec<u32>,
    hasher: RandomState,
}

/// No name has this place: a sheet has fewer lines.
const FREE: u32 = u32::MAX;

impl NameIndex {
    pub(super) fn new(names: &[Box<str>]) -> Self {
        let slots = vec![FREE; (names.len() * 2).next_power_of_two()];
        let mut index = Self { slots, hasher: RandomState::new() };
        for (place, name) in (0..FREE).zip(names) {
            let at = index.probe(name).find(|at| index.slots.get(*at) == Some(&FREE));
            if let Some(slot) = at.and_then(|at| index.slots.get_mut(at)) {
                *slot = place;
            }
        }
        index
    }

    /// The place of a name among those that it was made of.
    pub(super) fn find(&self, name: &str, names: &[Box<str>]) -> Option<u32> {
        let places = self.probe(name).map_while(|at| self.slots.get(at).copied()).take_while(|place| *place != FREE);
        places.into_iter().find(|place| {
            let known = usize::try_from(*place).ok().and_then(|place| names.get(place));
            known.is_some_and(|known| **known == *name)
        })
    }

    /// The slots where a name may be: from that of its hash on, each once.
    fn probe(&self, name: &str) -> impl Iterator<Item = usize> + use<> {
        let mask = self.slots.len() - 1;
        // The lower bits of a hash are as good as all of them.
        let start = usize::try_from(self.hasher.hash_one(name) & u64::from(u32::MAX)).unwrap_or_default();
        (0..=mask).map(move |step| (start + step) & mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found_at_its_place_and_no_other_is() {
        for count in [0, 1, 2, 3, 1000] {
            let names: Vec<Box<str>> = (0..count).map(|number| format!("{number}.jpg").into()).collect();
            let index = NameIndex::new(&names);
            let found: Vec<_> = names.iter().map(|name| index.find(name, &names)).collect();
            assert_eq!(found, (0..count).map(Some).collect::<Vec<_>>());
            assert_eq!(index.find("1000.jpg", &names), None);
        }
    }
}
