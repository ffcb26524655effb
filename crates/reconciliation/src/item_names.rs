//! The names of operation items that a sheet may use.

use annotation_statistics_domain::{ItemLabel, OperationItemKey};
use std::collections::HashMap;

/// The keys of the operation items that are recorded or agreed on, and their labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemNames {
    labels: HashMap<String, Option<String>>,
    keys: HashMap<String, Vec<String>>,
}

/// What a name of a sheet stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedItem<'a> {
    /// This key: it is known, or the label of this item alone.
    Key(&'a str),
    /// Neither a known key nor a label.
    Unknown,
    /// The label of several items, with these keys in byte order: it cannot be used.
    Ambiguous(&'a [String]),
}

impl ItemNames {
    /// Those of items with and without a label.
    pub fn new<'a>(items: impl IntoIterator<Item = (&'a OperationItemKey, Option<&'a ItemLabel>)>) -> Self {
        let mut names = Self::default();
        for (key, label) in items {
            names.add(key.as_str(), label.map(ItemLabel::as_str));
        }
        names
    }

    /// One more, or the label of one.
    pub(crate) fn add(&mut self, key: &str, label: Option<&str>) {
        self.labels.insert(key.to_owned(), label.map(str::to_owned));
        if let Some(label) = label {
            let keys = self.keys.entry(label.to_owned()).or_default();
            if let Err(place) = keys.binary_search_by(|known| known.as_str().cmp(key)) {
                keys.insert(place, key.to_owned());
            }
        }
    }

    /// What a name stands for; a key wins over a label.
    pub fn find(&self, name: &str) -> NamedItem<'_> {
        if let Some((key, _)) = self.labels.get_key_value(name) {
            return NamedItem::Key(key);
        }
        match self.keys.get(name).map(Vec::as_slice) {
            None | Some([]) => NamedItem::Unknown,
            Some([key]) => NamedItem::Key(key),
            Some(keys) => NamedItem::Ambiguous(keys),
        }
    }

    /// The label of an item, where it has one.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key)?.as_deref()
    }
}
