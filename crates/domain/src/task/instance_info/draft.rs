//! Counts while they are collected; then they are sorted, checked and written once.

use super::error::{InstanceInfoError, MAX_KEYS};
use super::sorted::Sorted;
use crate::Count;
use crate::task::json_text::{Decimal, escaped_len, plain_len, push_escaped};

/// Counts in the order in which they were given. Where their keys are, the collector knows.
pub(super) struct Draft(Vec<Entry>);

/// Where a key is within the texts of all keys, and its count.
struct Entry {
    /// The first bytes of the key, in which most keys differ: as a number they have the order of the keys.
    prefix: u64,
    start: usize,
    end: usize,
    /// The size of the key in JSON, between its quotes.
    written: usize,
    count: Count,
}

impl Draft {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(16))
    }

    /// Adds the count of the key that starts there; `written` is its size in JSON.
    pub(super) fn push(
        &mut self,
        start: usize,
        key: &[u8],
        written: usize,
        count: Count,
    ) -> Result<(), InstanceInfoError> {
        if self.0.len() == MAX_KEYS {
            return Err(InstanceInfoError::TooManyKeys);
        }
        self.0.push(Entry { prefix: prefix(key), start, end: start + key.len(), written, count });
        Ok(())
    }

    /// Sorts and checks the counts, of which `keys` has the keys.
    pub(super) fn finish(mut self, keys: &str) -> Result<Sorted, InstanceInfoError> {
        let entries = &mut self.0;
        let bytes = |entry: &Entry| keys.as_bytes().get(entry.start..entry.end).unwrap_or_default();
        entries.sort_unstable_by(|one, other| one.prefix.cmp(&other.prefix).then_with(|| bytes(one).cmp(bytes(other))));
        let mut neighbours = entries.iter().zip(entries.iter().skip(1));
        if let Some((twice, _)) = neighbours.find(|(one, next)| one.prefix == next.prefix && bytes(one) == bytes(next))
        {
            return Err(InstanceInfoError::DuplicateKey(twice.key(keys).to_owned()));
        }
        let total = entries.iter().try_fold(Count::ZERO, |sum, entry| sum.checked_add(entry.count));
        let total = total.ok_or(InstanceInfoError::TotalTooLarge)?;
        let (text, json_bytes) = write(entries, keys);
        Ok(Sorted { text, json_bytes, keys: entries.len(), total })
    }
}

impl Entry {
    fn key<'a>(&self, keys: &'a str) -> &'a str {
        keys.get(self.start..self.end).unwrap_or_default()
    }

    fn is_escaped(&self) -> bool {
        self.written > self.end - self.start
    }
}

/// No key has a NUL, so a shorter key is a smaller number.
fn prefix(key: &[u8]) -> u64 {
    let first = key.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; 8];
        padded.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        padded
    });
    u64::from_be_bytes(first)
}

/// The text of [`Sorted`], and how much of it is JSON. Its size is known before, so that it is allocated once.
fn write(entries: &[Entry], keys: &str) -> (Box<str>, usize) {
    let separators = 2 + entries.len().saturating_sub(1);
    let members = entries.iter().map(|entry| entry.written + 3 + Decimal::len_of(entry.count.get()));
    let escaped = || entries.iter().filter(|entry| entry.is_escaped());
    let json_bytes = separators + members.sum::<usize>();
    let size = json_bytes + escaped().map(|entry| entry.end - entry.start + 1).sum::<usize>();
    let mut text = String::with_capacity(size);
    text.push('{');
    for (index, entry) in entries.iter().enumerate() {
        text.push_str(if index == 0 { "\"" } else { ",\"" });
        if entry.is_escaped() {
            push_escaped(&mut text, entry.key(keys));
        } else {
            text.push_str(entry.key(keys));
        }
        text.push_str("\":");
        text.push_str(Decimal::new(entry.count.get()).as_str());
    }
    text.push('}');
    for entry in escaped() {
        text.push_str(entry.key(keys));
        text.push('\0');
    }
    (text.into_boxed_str(), json_bytes)
}

/// A draft whose keys come one at a time and are kept here.
pub(super) struct Collector {
    draft: Draft,
    keys: String,
}

impl Collector {
    pub(super) fn new() -> Self {
        Self { draft: Draft::new(), keys: String::with_capacity(256) }
    }

    pub(super) fn push(&mut self, key: &str, count: Count) -> Result<(), InstanceInfoError> {
        let is_plain = plain_len(key.as_bytes()) == key.len();
        let written = if is_plain { key.len() } else { escaped_len(key) };
        self.draft.push(self.keys.len(), key.as_bytes(), written, count)?;
        self.keys.push_str(key);
        Ok(())
    }

    /// Sets the count of the key that was pushed last.
    #[cfg(feature = "serde")]
    pub(super) fn set_last_count(&mut self, count: Count) {
        if let Some(last) = self.draft.0.last_mut() {
            last.count = count;
        }
    }

    pub(super) fn finish(self) -> Result<Sorted, InstanceInfoError> {
        self.draft.finish(&self.keys)
    }
}
