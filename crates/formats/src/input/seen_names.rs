//! The names that an object or an element has had so far.

use crate::input::fingerprint::fingerprint;
use std::collections::HashSet;

/// So many names are looked through faster than a table is searched.
const FEW: usize = 16;

/// The names that an object has had so far, to refuse one that comes twice.
#[derive(Debug, Default)]
pub(crate) struct SeenNames {
    few: [u64; FEW],
    number: usize,
    many: Option<HashSet<u64>>,
}

impl SeenNames {
    /// Adds a name; `false` where it was there.
    pub(crate) fn insert(&mut self, name: &str) -> bool {
        let name = fingerprint(name.as_bytes());
        if self.few.get(..self.number).is_some_and(|few| few.contains(&name)) {
            return false;
        }
        let Some(place) = self.few.get_mut(self.number) else {
            return self.many.get_or_insert_default().insert(name);
        };
        *place = name;
        self.number += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_new_once_however_many_there_are() {
        let mut names = SeenNames::default();
        for number in 0..100 {
            assert!(names.insert(&number.to_string()), "{number}");
            assert!((0..=number).all(|known| !names.insert(&known.to_string())), "{number}");
        }
    }
}
