//! What is wrong with the rows of a batch: all of it is counted, the first of it told.

use crate::body::{JsonFault, MediaType};
use crate::response::InvalidParameter;
use std::fmt;

/// The most wrong rows that a message tells.
pub(crate) const MAX_TOLD: usize = 20;

/// Where a row stands, in the words of its kind of body.
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

/// The wrong rows of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchFaults {
    told: Vec<String>,
    more: u64,
}

impl BatchFaults {
    /// Whether one more fault would be told; finding out what it is costs more than finding it.
    pub(super) fn has_room(&self) -> bool {
        self.told.len() < MAX_TOLD
    }

    pub(super) fn count_one(&mut self) {
        self.more += 1;
    }

    pub(super) fn tell(&mut self, place: RowPlace, fault: &JsonFault) {
        if !self.has_room() {
            return self.count_one();
        }
        let separator = match (place.kind, &fault.field) {
            (MediaType::Json, Some(_)) => ".",
            (MediaType::Json, None) | (MediaType::JsonLines, _) => ": ",
        };
        self.told.push(format!("{place}{separator}{fault}"));
    }

    /// # Errors
    /// When there is a fault.
    pub(super) fn none(self) -> Result<(), InvalidParameter> {
        if self.told.is_empty() {
            return Ok(());
        }
        let more = if self.more == 0 { String::new() } else { format!("; and {} more", self.more) };
        Err(InvalidParameter(format!("{}{more}", self.told.join("; "))))
    }
}
