//! How much of a whole something is.

use std::fmt;

/// A part of a whole, in thousandths, rounded to the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    thousandths: u128,
    is_none: bool,
    is_all: bool,
}

impl Share {
    pub(crate) fn new(part: u128, whole: u128) -> Self {
        let half = whole / 2;
        let scaled = part.checked_mul(1_000).and_then(|scaled| scaled.checked_add(half));
        let thousandths = scaled.and_then(|scaled| scaled.checked_div(whole));
        // Past what can be multiplied, the last digits of the whole do not matter.
        let thousandths = thousandths.or_else(|| part.checked_div(whole / 1_000)).unwrap_or_default();
        Self { thousandths: thousandths.min(1_000), is_none: part == 0, is_all: part == whole }
    }

    /// Of a hundred, for the width of a bar. What there is can be seen, however little.
    pub(crate) fn width(self) -> String {
        let least = if self.is_none { 0 } else { 5 };
        let thousandths = self.thousandths.max(least);
        format!("{}.{}", thousandths / 10, thousandths % 10)
    }
}

/// In percent. Only nothing is 0 %, and only all is 100 %.
impl fmt::Display for Share {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.thousandths {
            _ if self.is_none => formatter.write_str("0 %"),
            _ if self.is_all => formatter.write_str("100 %"),
            0 => formatter.write_str("< 0.1 %"),
            1_000 => formatter.write_str("> 99.9 %"),
            thousandths => write!(formatter, "{}.{} %", thousandths / 10, thousandths % 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_is_none_and_only_everything_is_all() {
        for (part, whole, text, width) in [
            (0, 0, "0 %", "0.0"),
            (0, 7, "0 %", "0.0"),
            (7, 7, "100 %", "100.0"),
            (1, 3, "33.3 %", "33.3"),
            (2, 3, "66.7 %", "66.7"),
            (1, 1_000_000, "< 0.1 %", "0.5"),
            (999_999, 1_000_000, "> 99.9 %", "100.0"),
            (u128::MAX / 2, u128::MAX, "50.0 %", "50.0"),
        ] {
            let share = Share::new(part, whole);
            assert_eq!((share.to_string().as_str(), share.width().as_str()), (text, width), "{part} of {whole}");
        }
    }
}
