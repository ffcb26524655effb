//! Counts with zeros among them.

use crate::{Count, OperationItemKey};
use std::collections::BTreeSet;
use std::iter;

/// The counts, and zero for each of the keys that has none; both and the result are in byte order of the keys.
pub(super) fn merged<'a>(
    counts: impl Iterator<Item = (&'a str, Count)>,
    keys: &'a BTreeSet<OperationItemKey>,
) -> impl Iterator<Item = (&'a str, Count)> {
    let mut counts = counts.peekable();
    let mut keys = keys.iter().map(OperationItemKey::as_str).peekable();
    iter::from_fn(move || {
        let counted = counts.peek().map(|(key, _)| *key);
        match (counted, keys.peek().copied()) {
            (Some(counted), Some(key)) if key < counted => keys.next().map(|key| (key, Count::ZERO)),
            (None, Some(_)) => keys.next().map(|key| (key, Count::ZERO)),
            (Some(counted), key) => {
                keys.next_if(|_| key == Some(counted));
                counts.next()
            }
            (None, None) => None,
        }
    })
}
