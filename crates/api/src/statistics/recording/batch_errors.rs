//! The errors of the rows of a batch: all are counted, the first ones reported.

use crate::http::body::{JsonError, MediaType};
use crate::response::InvalidParameter;
use std::fmt;

/// The most invalid rows that a message reports.
pub(crate) const MAX_REPORTED: usize = 20;

/// The place of a row, in terms of its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowPlace {
    pub(super) kind: MediaType,
    /// The index in a list, from 0; the number of a line, from 1.
    pub(super) number: u64,
}

impl fmt::Display for RowPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            MediaType::Json => write!(formatter, "[{}]", self.number),
            MediaType::JsonLines => write!(formatter, "line {}", self.number),
        }
    }
}

/// The invalid rows of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchErrors {
    reported: Vec<String>,
    more: u64,
}

impl BatchErrors {
    /// Whether one more error would be reported; the reason costs more than the detection.
    pub(super) fn has_room(&self) -> bool {
        self.reported.len() < MAX_REPORTED
    }

    pub(super) fn count_one(&mut self) {
        self.more += 1;
    }

    pub(super) fn report(&mut self, place: RowPlace, error: &JsonError) {
        if !self.has_room() {
            return self.count_one();
        }
        let separator = match (place.kind, &error.field) {
            (MediaType::Json, Some(_)) => ".",
            (MediaType::Json, None) | (MediaType::JsonLines, _) => ": ",
        };
        self.reported.push(format!("{place}{separator}{error}"));
    }

    /// # Errors
    /// When there is an error.
    pub(super) fn none(self) -> Result<(), InvalidParameter> {
        if self.reported.is_empty() {
            return Ok(());
        }
        let more = if self.more == 0 { String::new() } else { format!("; and {} more", self.more) };
        Err(InvalidParameter(format!("{}{more}", self.reported.join("; "))))
    }
}
