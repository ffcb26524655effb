//! Rows that are loaded one after the other, up to a limit of bytes (ADR 47).

use crate::DatabaseError;
use crate::reading::stored_task::TaskRow;
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

/// Keeps rows until they have more than `max` bytes. A single one is kept whatever its size.
pub(super) fn load_within(
    rows: impl Iterator<Item = QueryResult<TaskRow>>,
    max: usize,
) -> Result<Bounded, DatabaseError> {
    let (mut kept, mut bytes, mut largest) = (Vec::new(), 0_usize, 0);
    let mut rows = rows.peekable();
    while let Some(row) = rows.next() {
        let row = row?;
        bytes = bytes.saturating_add(stored_size(&row));
        largest = size_in_json(&row).max(largest);
        kept.push(row);
        if bytes > max && (kept.len() > 1 || rows.peek().is_some()) {
            drop(kept);
            return Ok(Bounded::TooLarge { largest: largest_of(rows, largest) });
        }
    }
    Ok(Bounded::Rows(kept))
}

/// Measures the rest without keeping it, as far as the database sends it in time.
fn largest_of(rest: impl Iterator<Item = QueryResult<TaskRow>>, largest: usize) -> usize {
    rest.map_while(Result::ok).map(|row| size_in_json(&row)).fold(largest, usize::max)
}

fn stored_size(row: &TaskRow) -> usize {
    row.6.size() + row.4.len() + row.10.as_ref().map_or(0, String::len)
}

fn size_in_json(row: &TaskRow) -> usize {
    row.6.size() + ESCAPED * row.4.len() + OTHER_FIELDS
}
