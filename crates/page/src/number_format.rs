//! Numbers as people read them.

use std::fmt;

/// A number with a comma between each three digits: `1,234,567`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Figure(pub(crate) u128);

impl Figure {
    /// The number and what it is of: `1 task`, `2 tasks`.
    pub(crate) fn of(self, one: &str, many: &str) -> String {
        format!("{self} {}", if self.0 == 1 { one } else { many })
    }
}

impl From<u64> for Figure {
    fn from(number: u64) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (place, digit) in (0..digits.len()).rev().zip(digits.chars()) {
            write!(formatter, "{digit}")?;
            if place > 0 && place.is_multiple_of(3) {
                formatter.write_str(",")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn three_digits_are_one_group() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (25_090, "25,090"), (1_234_567, "1,234,567")] {
            assert_eq!(Figure(number).to_string(), text);
        }
        assert_eq!([1, 2].map(|number| Figure(number).of("task", "tasks")), ["1 task", "2 tasks"]);
    }

    proptest! {
        #[test]
        fn without_commas_it_is_the_number(number in any::<u128>()) {
            let text = Figure(number).to_string();
            prop_assert_eq!(text.replace(',', ""), number.to_string());
            prop_assert!(text.split(',').skip(1).all(|group| group.len() == 3));
        }
    }
}
