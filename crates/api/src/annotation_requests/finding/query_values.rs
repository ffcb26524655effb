//! The values of a query string whose names are each given at most once.

use crate::http::decode;
use crate::http::parameters::{decode_name, number, parameters};
use crate::response::{InvalidParameter, invalid, quoted};
use std::collections::HashMap;
use std::num::NonZeroU32;

/// Names that mean something elsewhere in the API. Ignored, they would look like a filter that was applied.
const OF_OTHERS: [&str; 13] = [
    "annotationRequestId",
    "asOf",
    "before",
    "campaignId",
    "changedSince",
    "offset",
    "page",
    "poolType",
    "q",
    "sourceName",
    "statement",
    "status",
    "taskId",
];

/// The values that a query string gives to the names of an operation.
pub(crate) struct QueryValues(HashMap<&'static str, String>);

impl QueryValues {
    /// Reads a raw query string; names that mean nothing anywhere are ignored.
    pub(crate) fn parse(query: &str, names: &[&'static str]) -> Result<Self, InvalidParameter> {
        let mut values = HashMap::new();
        for (raw_name, value) in parameters(query) {
            let name = decode_name(raw_name)?;
            let Some(name) = names.iter().copied().find(|known| *known == name.as_ref()) else {
                if OF_OTHERS.contains(&name.as_ref()) {
                    return Err(invalid(&name, &format!("is no parameter here, where there are {}", names.join(", "))));
                }
                continue;
            };
            let text = decode(value).map_err(|error| invalid(name, &format!("{error}, got {}", quoted(value))))?;
            if values.insert(name, text.into_owned()).is_some() {
                return Err(invalid(name, "must be given only once"));
            }
        }
        Ok(Self(values))
    }

    /// The value of a name, if it has one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a name as something else.
    pub(crate) fn read<'a, T, Error: std::fmt::Display>(
        &'a self,
        name: &str,
        read: impl FnOnce(&'a str) -> Result<T, Error>,
    ) -> Result<Option<T>, InvalidParameter> {
        let value = self.text(name).map(read).transpose();
        value.map_err(|error| invalid(name, &error.to_string()))
    }

    /// The rows of a page, at most `max`; without the name, `default`.
    pub(crate) fn limit(&self, name: &str, default: i64, max: NonZeroU32) -> Result<NonZeroU32, InvalidParameter> {
        let read = |text: &str| number(text).map_err(|why| format!("{why}, got {}", quoted(text)));
        let limit = self.read(name, read)?.unwrap_or(default);
        let limit = u32::try_from(limit).ok().and_then(NonZeroU32::new).unwrap_or(max);
        Ok(limit.min(max))
    }
}
