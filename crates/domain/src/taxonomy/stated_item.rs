//! What the taxonomies of several requests say of one operation item.

use crate::{ItemKind, ItemLabel, OperationItemKey};

/// What the taxonomies of the requests of a summary state of an operation item, as far as they agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedItem {
    /// Its key.
    pub key: OperationItemKey,
    /// Its label, where all taxonomies that have it give it the same.
    pub label: Option<ItemLabel>,
    /// What it makes, where all of them say the same.
    pub kind: Option<ItemKind>,
    /// Whether none of them was stated: what they say is what annotation files list.
    pub is_found: bool,
    /// Whether it is ordered: in the whitelist of one of them.
    pub is_whitelisted: bool,
}
