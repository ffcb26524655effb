//! Numbers that may be less than zero.

use crate::number_format::Figure;

/// `-1,234`.
pub(super) fn number(number: i128) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", Figure(number.unsigned_abs()))
}

/// `+1,234`, `-1,234` or `0`.
pub(super) fn difference(number: i128) -> String {
    let sign = if number > 0 { "+" } else { "" };
    format!("{sign}{}", self::number(number))
}
