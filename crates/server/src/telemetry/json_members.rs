//! Members of a JSON object, as log lines and spans have them.

use serde::Serialize;
use std::fmt::{self, Debug};
use tracing::field::{Field, Visit};

/// JSON that is written member by member, each after a comma.
pub(super) struct JsonMembers {
    text: Vec<u8>,
    members: usize,
    result: serde_json::Result<()>,
}

impl JsonMembers {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { text: Vec::with_capacity(bytes), members: 0, result: Ok(()) }
    }

    /// Appends what is JSON already.
    pub(super) fn push(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    /// How many members were written.
    pub(super) fn members(&self) -> usize {
        self.members
    }

    /// What was written.
    pub(super) fn text(&self) -> Result<&str, fmt::Error> {
        if self.result.is_ok() { str::from_utf8(&self.text).map_err(|_| fmt::Error) } else { Err(fmt::Error) }
    }

    pub(super) fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.members += 1;
        self.text.push(b',');
        self.value(name);
        self.text.push(b':');
        self.value(value);
    }

    pub(super) fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        if self.result.is_ok() {
            self.result = serde_json::to_writer(&mut self.text, value);
        }
    }
}

impl Visit for JsonMembers {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field.name(), &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field.name(), &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field.name(), &value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.member(field.name(), &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.member(field.name(), &format_args!("{value:?}"));
    }
}
