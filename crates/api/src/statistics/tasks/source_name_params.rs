//! The parameters of a query for tasks by their source name.

use crate::http::decode;
use crate::http::parameters::{DEFAULT_LIMIT, LIMIT, decode_name, parameters, take_number};
use crate::response::{InvalidParameter, invalid, quoted};
#[cfg(feature = "openapi")]
use crate::{http::parameters::LimitNumber, response::schema::SourceNameText};
use annotation_statistics_domain::SourceName;
use std::num::NonZeroU32;
use utoipa::IntoParams;

const SOURCE_NAME: &str = "sourceName";

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SourceNameParams {
    /// What the tasks were made of, at most 1,024 bytes of UTF-8; compared byte by byte.
    #[param(inline, value_type = SourceNameText, rename = "sourceName")]
    pub(super) name: SourceName,
    /// The most tasks to return; above the server's maximum it is lowered to it.
    #[param(inline, value_type = LimitNumber, required = false)]
    pub(super) limit: u32,
}

impl SourceNameParams {
    /// Reads a raw query string; other parameters are ignored.
    pub(super) fn parse(query: &str, max_limit: NonZeroU32) -> Result<Self, InvalidParameter> {
        let (mut name, mut limit) = (None, None);
        for (raw_name, value) in parameters(query) {
            match decode_name(raw_name)?.as_ref() {
                SOURCE_NAME if name.is_some() => return Err(invalid(SOURCE_NAME, "must be given only once")),
                SOURCE_NAME => name = Some(source_name(value)?),
                LIMIT => take_number(&mut limit, LIMIT, value)?,
                _ => {}
            }
        }
        let name = name.ok_or_else(|| invalid(SOURCE_NAME, "must be given: what the tasks were made of"))?;
        let limit = u32::try_from(limit.unwrap_or(DEFAULT_LIMIT)).unwrap_or(u32::MAX);
        Ok(Self { name, limit: limit.min(max_limit.get()) })
    }
}

fn source_name(value: &str) -> Result<SourceName, InvalidParameter> {
    let text = decode(value).map_err(|error| invalid(SOURCE_NAME, &format!("{error}, got {}", quoted(value))))?;
    SourceName::new(&*text).map_err(|error| invalid(SOURCE_NAME, &error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<(String, u32), String> {
        let params =
            SourceNameParams::parse(query, NonZeroU32::new(100).unwrap()).map_err(|error| error.to_string())?;
        Ok((params.name.to_string(), params.limit))
    }

    #[test]
    fn a_name_is_decoded_once_and_a_large_limit_lowered() {
        for (query, name, limit) in [
            ("sourceName=a.jpg", "a.jpg", 10),
            ("limit=7&sourceName=a%2Fb+c%252F.jpg&x=1", "a/b c%2F.jpg", 7),
            ("sourceName=%C3%A9&limit=4294967297", "\u{e9}", 100),
        ] {
            assert_eq!(parse(query), Ok((name.to_owned(), limit)), "{query}");
        }
    }

    #[test]
    fn what_names_nothing_is_refused_with_its_reason() {
        for (query, why) in [
            ("", "sourceName must be given: what the tasks were made of"),
            ("limit=1", "sourceName must be given: what the tasks were made of"),
            ("sourceName=", "sourceName must not be empty"),
            ("sourceName=a&sourceName=a", "sourceName must be given only once"),
            ("sourceName=%00", "sourceName must not contain a NUL character"),
            ("sourceName=%FF", "sourceName is not UTF-8 when decoded, got \"%FF\""),
            ("sourceName=a&limit=0", "limit must be a whole number from 1, got \"0\""),
        ] {
            assert_eq!(parse(query), Err(why.to_owned()), "{query}");
        }
        let long = parse(&format!("sourceName={}", "x".repeat(1025)));
        assert_eq!(long, Err("sourceName is 1025 bytes long, at most 1024 are allowed".to_owned()));
    }
}
