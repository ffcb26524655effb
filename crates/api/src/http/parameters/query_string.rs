//! The parameters of a query string that several resources have.

use crate::http::decode;
#[cfg(feature = "openapi")]
use crate::response::schema::{PageNumber, positive, schema_types};
use crate::response::{InvalidParameter, invalid, quoted};
use std::borrow::Cow;
use std::fmt::Display;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

pub(crate) const OFFSET: &str = "offset";
pub(crate) const LIMIT: &str = "limit";
pub(crate) const FORMAT: &str = "format";
pub(crate) const BOM: &str = "bom";

/// The rows of a page when no limit is given.
pub(crate) const DEFAULT_LIMIT: i64 = 10;

#[cfg(feature = "openapi")]
schema_types! {
    LimitNumber = positive().default(Some(DEFAULT_LIMIT.into()));
}

/// The page, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct PageParams {
    /// The page number, from 1.
    #[param(inline, required = false)]
    offset: PageNumber,
    /// Rows per page; above {max-limit} it is lowered to {max-limit}.
    #[param(inline, required = false)]
    limit: LimitNumber,
}

/// The parameters of a raw query string, still encoded. One without `=` has an empty value.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

pub(crate) fn decode_name(raw_name: &str) -> Result<Cow<'_, str>, InvalidParameter> {
    decode(raw_name).map_err(|error| InvalidParameter(format!("the parameter name {} {error}", quoted(raw_name))))
}

/// Keeps a number that is given for the first time.
pub(crate) fn take_number(slot: &mut Option<i64>, name: &str, value: &str) -> Result<(), InvalidParameter> {
    take_once(slot, name, value, number)
}

/// Keeps a value that is given for the first time.
pub(crate) fn take_once<T, E: Display>(
    slot: &mut Option<T>,
    name: &str,
    value: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<(), InvalidParameter> {
    let text = decode(value).map_err(|error| invalid(name, &format!("{error}, got {}", quoted(value))))?;
    let value = read(&text).map_err(|why| invalid(name, &format!("{why}, got {}", quoted(&text))))?;
    if slot.replace(value).is_some() { Err(invalid(name, "must be given only once")) } else { Ok(()) }
}

pub(crate) fn flag(text: &str) -> Result<bool, &'static str> {
    text.parse().map_err(|_| "must be true or false")
}

/// Only digits; at least 1.
pub(crate) fn number(text: &str) -> Result<i64, Cow<'static, str>> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("must be a whole number from 1".into());
    }
    match text.parse::<i64>() {
        Ok(0) => Err("must be a whole number from 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("must be at most {}", i64::MAX).into()),
    }
}
