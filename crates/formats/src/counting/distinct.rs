//! Knows what is seen for the first time.

use std::collections::{HashMap, HashSet};

/// Names by number.
#[derive(Debug, Default)]
pub(crate) struct Numbers(HashMap<Box<str>, usize>);

impl Numbers {
    /// The number of a name, from 0, given out in order.
    pub(crate) fn of(&mut self, name: &str) -> usize {
        if let Some(known) = self.0.get(name) {
            return *known;
        }
        let number = self.0.len();
        self.0.insert(name.into(), number);
        number
    }
}

/// What an object, by number, was seen with: itself, and its attributes by name.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    names: Numbers,
    pairs: HashSet<(usize, Option<usize>)>,
}

impl Seen {
    /// Whether the object is seen for the first time.
    pub(crate) fn object(&mut self, object: usize) -> bool {
        self.pairs.insert((object, None))
    }

    /// Whether the attribute of the object is seen for the first time.
    pub(crate) fn attribute(&mut self, object: usize, name: &str) -> bool {
        let name = self.names.of(name);
        self.pairs.insert((object, Some(name)))
    }

    /// Sees everything for the first time again.
    pub(crate) fn forget(&mut self) {
        self.pairs.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_attributes_are_new_once_until_all_is_forgotten() {
        let mut seen = Seen::default();
        assert!(seen.object(0) && seen.object(1) && !seen.object(0));
        assert!(seen.attribute(0, "x") && seen.attribute(1, "x") && !seen.attribute(0, "x"));
        seen.forget();
        assert!(seen.object(0) && seen.attribute(0, "x"));
    }
}
