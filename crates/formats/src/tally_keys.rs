//! Keys by number.

use std::collections::HashMap;

/// Keys by number, where their names are known only later: the number of a category, and an attribute's name.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    categories: HashMap<i64, Category>,
    keys: Vec<Key>,
}

#[derive(Debug)]
struct Category {
    key: u32,
    attributes: HashMap<Box<str>, u32>,
}

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) category: i64,
    pub(crate) attribute: Option<Box<str>>,
    /// The byte of the file at which it was first used.
    pub(crate) first_use: u64,
}

impl Keys {
    /// The number of a category's key; `None` when there are more than 32 bits can number.
    pub(crate) fn category(&mut self, category: i64, byte: u64) -> Option<u32> {
        if let Some(known) = self.categories.get(&category) {
            return Some(known.key);
        }
        let key = push(&mut self.keys, Key { category, attribute: None, first_use: byte })?;
        self.categories.insert(category, Category { key, attributes: HashMap::new() });
        Some(key)
    }

    /// The number of the key of a category's attribute.
    pub(crate) fn attribute(&mut self, category: i64, name: &str, byte: u64) -> Option<u32> {
        self.category(category, byte)?;
        let known = self.categories.get_mut(&category)?;
        if let Some(key) = known.attributes.get(name) {
            return Some(*key);
        }
        let attribute: Box<str> = name.into();
        let key = push(&mut self.keys, Key { category, attribute: Some(attribute.clone()), first_use: byte })?;
        known.attributes.insert(attribute, key);
        Some(key)
    }

    /// All keys; the number of each is its index.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }
}

fn push(keys: &mut Vec<Key>, key: Key) -> Option<u32> {
    let number = u32::try_from(keys.len()).ok()?;
    keys.push(key);
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_number() {
        let mut keys = Keys::default();
        assert_eq!(keys.attribute(5, "x", 10), Some(1));
        assert_eq!(keys.category(5, 20), Some(0));
        assert_eq!(keys.attribute(5, "x", 30), Some(1));
        assert_eq!(keys.category(6, 40), Some(2));
        assert_eq!(keys.iter().map(|key| key.first_use).collect::<Vec<_>>(), [10, 10, 40]);
    }
}
