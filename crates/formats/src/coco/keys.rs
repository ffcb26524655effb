//! Keys by number.

use crate::coco::annotation::Shape;
use std::collections::BTreeMap;

/// Keys by number, where their names are known only later: the label, and an attribute's name.
#[derive(Debug, Default)]
pub(super) struct Keys {
    labels: BTreeMap<Label, Known>,
    keys: Vec<Key>,
}

/// The number of a category, and the shape, after which an instance is called where its category has no name.
pub(super) type Label = (i64, Shape);

#[derive(Debug)]
struct Known {
    key: u32,
    attributes: BTreeMap<Box<str>, u32>,
}

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) label: Label,
    pub(super) attribute: Option<Box<str>>,
    /// The byte of the file at which it was first used.
    pub(super) first_use: u64,
}

impl Keys {
    /// The number of the key of instances; `None` when there are more than 32 bits can number.
    pub(super) fn instance(&mut self, label: Label, byte: u64) -> Option<u32> {
        if let Some(known) = self.labels.get(&label) {
            return Some(known.key);
        }
        let key = push(&mut self.keys, Key { label, attribute: None, first_use: byte })?;
        self.labels.insert(label, Known { key, attributes: BTreeMap::new() });
        Some(key)
    }

    /// The number of the key of an attribute of instances.
    pub(super) fn attribute(&mut self, label: Label, name: &str, byte: u64) -> Option<u32> {
        if let Some(key) = self.labels.get(&label).and_then(|known| known.attributes.get(name)) {
            return Some(*key);
        }
        self.instance(label, byte)?;
        let attribute: Box<str> = name.into();
        let key = push(&mut self.keys, Key { label, attribute: Some(attribute.clone()), first_use: byte })?;
        self.labels.get_mut(&label)?.attributes.insert(attribute, key);
        Some(key)
    }

    /// All keys; the number of each is its index.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Key> {
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
        assert_eq!(keys.attribute((5, Shape::Box), "x", 10), Some(1));
        assert_eq!(keys.instance((5, Shape::Box), 20), Some(0));
        assert_eq!(keys.attribute((5, Shape::Box), "x", 30), Some(1));
        assert_eq!(keys.instance((6, Shape::Box), 40), Some(2));
        assert_eq!(keys.instance((5, Shape::Keypoints), 50), Some(3));
        assert_eq!(keys.iter().map(|key| key.first_use).collect::<Vec<_>>(), [10, 10, 40, 50]);
    }
}
