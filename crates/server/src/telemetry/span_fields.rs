//! The fields of a span as JSON: those of the span of a request without a tree of values.

use super::json_members::JsonMembers;
use std::fmt;
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FormatFields, FormattedFields};

/// The size of the fields of a request.
const FIELDS_BYTES: usize = 64;

/// Writes the bytes of [`JsonFields`], which has several fields in the order of their names.
#[derive(Debug, Default)]
pub(super) struct SpanFields(JsonFields);

impl<'writer> FormatFields<'writer> for SpanFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut only = JsonMembers::with_capacity(FIELDS_BYTES);
        fields.record(&mut only);
        if only.members() != 1 {
            return self.0.format_fields(writer, fields);
        }
        writer.write_str("{")?;
        writer.write_str(only.text()?.trim_start_matches(','))?;
        writer.write_str("}")
    }

    fn add_fields(&self, current: &'writer mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut theirs = FormattedFields::new(std::mem::take(&mut current.fields));
        let added = self.0.add_fields(&mut theirs, fields);
        current.fields = theirs.fields;
        added
    }
}
