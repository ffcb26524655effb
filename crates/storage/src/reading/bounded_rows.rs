//! Rows that are loaded one after the other, up to a limit of bytes (ADR 47).

use crate::DatabaseError;
use crate::reading::stored_task::{StoredText, TaskRow};
use diesel::QueryResult;

/// What a task has in JSON besides its operation items and texts; more than enough.
const OTHER_FIELDS: usize = 512;

/// In JSON a character of a text takes at most six.
const ESCAPED: usize = 6;

/// The rows of a page, or that they exceed the limit.
pub(super) enum Bounded {
    Rows(Vec<TaskRow>),
    TooLarge { largest: usize },
}

/// Keeps rows until they have more bytes than the limit. A single one is kept whatever its size.
pub(super) struct BoundedRows {
    max: usize,
    kept: Vec<TaskRow>,
    bytes: usize,
    largest: usize,
    is_exceeded: bool,
}

impl BoundedRows {
    pub(super) fn new(max: usize) -> Self {
        Self { max, kept: Vec::new(), bytes: 0, largest: 0, is_exceeded: false }
    }

    /// Keeps one more row. From the one on that exceeds the limit they are only measured.
    pub(super) fn push(&mut self, row: TaskRow) {
        self.largest = size_in_json(&row).max(self.largest);
        if self.is_exceeded {
            return;
        }
        self.bytes = self.bytes.saturating_add(stored_size(&row));
        self.kept.push(row);
        if self.bytes > self.max && self.kept.len() > 1 {
            self.kept = Vec::new();
            self.is_exceeded = true;
        }
    }

    /// Whether what comes now is only measured.
    pub(super) fn is_exceeded(&self) -> bool {
        self.is_exceeded
    }

    pub(super) fn finish(self) -> Bounded {
        if self.is_exceeded { Bounded::TooLarge { largest: self.largest } } else { Bounded::Rows(self.kept) }
    }
}

/// Keeps rows until they have more than `max` bytes.
pub(super) fn load_within(
    rows: impl Iterator<Item = QueryResult<TaskRow>>,
    max: usize,
) -> Result<Bounded, DatabaseError> {
    let mut kept = BoundedRows::new(max);
    for row in rows {
        match row {
            Ok(row) => kept.push(row),
            // The rest is measured as far as the database sends it in time.
            Err(_) if kept.is_exceeded() => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(kept.finish())
}

fn stored_size(row: &TaskRow) -> usize {
    row.instance_info.size() + row.pool_name.size() + row.source_name.as_ref().map_or(0, StoredText::size)
}

fn size_in_json(row: &TaskRow) -> usize {
    row.instance_info.size() + ESCAPED * row.pool_name.size() + OTHER_FIELDS
}
