//! What taxonomies add to sums: labels, and items that no task has.

use crate::{ItemLabel, ItemTotal, OperationItemKey, StatedItem, Summary};

impl Summary {
    /// With the labels that taxonomies state, and a sum of zero for each ordered item that no task has. The other sums stay
    /// as they are.
    #[must_use]
    pub fn with_stated_items(mut self, stated: Vec<StatedItem>) -> Self {
        let mut unused = Vec::new();
        for StatedItem { key, label, kind, is_found, is_whitelisted } in stated {
            let is_used = self.items.binary_search_by(|item| item.key.cmp(&key)).is_ok();
            if is_used || is_whitelisted {
                self.has_found_labels |= is_found && label.as_ref().is_some_and(|label| label.as_str() != key.as_str());
                self.labels.extend(label.map(|label| (key.clone(), label)));
            }
            if !is_used && is_whitelisted {
                unused.push(ItemTotal { key, kind, count: 0, tasks: 0 });
            }
        }
        self.items.append(&mut unused);
        self.items.sort_by(|one, other| one.key.cmp(&other.key));
        self
    }

    /// Whether any label that says more than the key was not stated, and is a name in annotation files.
    pub fn has_found_labels(&self) -> bool {
        self.has_found_labels
    }

    /// The label of an operation item, where the taxonomies of the requests give it one.
    pub fn label_of(&self, key: &OperationItemKey) -> Option<&ItemLabel> {
        self.labels.get(key)
    }
}
