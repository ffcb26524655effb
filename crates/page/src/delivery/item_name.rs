//! An operation item, as the page names it: all tables take its name and its kind from here.

use annotation_statistics_domain::{ItemKind, ItemTotal, Summary};
use std::collections::HashMap;

/// What an operation item is called, and what it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemName {
    /// The key, by which it is known.
    pub(crate) key: String,
    /// The name for people, where a taxonomy gives it one that says more than the key.
    pub(crate) label: Option<String>,
    /// In a word, which is a class of the stylesheet too.
    pub(crate) kind: &'static str,
}

/// The kind of an item that makes either, or of which it is not known.
pub(crate) const UNKNOWN: &str = "unknown";

impl ItemName {
    pub(crate) fn of(item: &ItemTotal, summary: &Summary) -> Self {
        let kind = match item.kind {
            Some(ItemKind::Slot) => "slot",
            Some(ItemKind::Input) => "input",
            None => UNKNOWN,
        };
        let label = summary.label_of(&item.key).map(ToString::to_string).filter(|label| label != item.key.as_str());
        Self { key: item.key.to_string(), label, kind }
    }
}

/// The names of the items that are summed up, by key.
pub(crate) struct ItemNames<'a> {
    summary: &'a Summary,
    items: HashMap<&'a str, &'a ItemTotal>,
}

impl<'a> ItemNames<'a> {
    pub(crate) fn of(summary: &'a Summary) -> Self {
        Self { summary, items: summary.items().iter().map(|item| (item.key.as_str(), item)).collect() }
    }

    /// One that is not summed up is known by its key alone.
    pub(crate) fn name(&self, key: &str) -> ItemName {
        let unknown = || ItemName { key: key.to_owned(), label: None, kind: UNKNOWN };
        self.items.get(key).map_or_else(unknown, |item| ItemName::of(item, self.summary))
    }
}
