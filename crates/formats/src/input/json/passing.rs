//! Values that are passed over.

use crate::input::json::tokens::{Tokens, Unclear};

impl Tokens<'_> {
    /// Passes the next value.
    pub(super) fn skip(&mut self) -> Result<(), Unclear> {
        match self.peek()? {
            b'-' | b'0'..=b'9' => self.number().map(drop),
            b'"' => self.pass_string(),
            b'[' => self.skip_array(),
            b'{' => self.skip_object(),
            b'n' => self.pass_word("null"),
            b't' => self.pass_word("true"),
            b'f' => self.pass_word("false"),
            _ => Err(Unclear::Odd),
        }
    }

    fn skip_array(&mut self) -> Result<(), Unclear> {
        self.open(b'[')?;
        let mut is_first = true;
        while self.has_next(b']', is_first)? {
            if !self.pass_decimals() {
                self.skip()?;
            }
            is_first = false;
        }
        self.close(b']')
    }

    fn skip_object(&mut self) -> Result<(), Unclear> {
        self.open(b'{')?;
        let mut is_first = true;
        while self.has_next(b'}', is_first)? {
            self.pass_string()?;
            self.expect(b':')?;
            self.skip()?;
            is_first = false;
        }
        self.close(b'}')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    /// Passes a value and the blanks behind it; where that ends.
    fn passed(text: &str, depth: usize) -> Result<usize, Unclear> {
        let mut tokens = Tokens::new(text, depth);
        tokens.skip().map(|()| tokens.place())
    }

    #[test]
    fn what_parsers_read_in_different_ways_is_odd_wherever_it_is() {
        for (odd, plain) in [
            ("-0", "-0.5"),
            ("[-0,1]", "[\"2020-01-05\",-0.0]"),
            (r#"{"a":-0}"#, r#"{"a":"-0"}"#),
            (r#""\uD83D\uDE00""#, r#""\u00e9""#),
            (r#""\udead""#, r#""\\ud""#),
            ("18446744073709551616", "999999999999999999"),
            ("[1,9223372036854775808]", "[1.9223372036854775808]"),
            ("-9223372036854775809", "-922337203685477580"),
        ] {
            for padding in 0..20 {
                let padding = " ".repeat(padding);
                assert_eq!(passed(&format!("{padding}{odd} {padding}"), 9), Err(Unclear::Odd), "{odd}");
                let place = padding.len() + plain.len();
                assert_eq!(passed(&format!("{padding}{plain} {padding}"), 9), Ok(place), "{plain}");
            }
        }
    }

    #[test]
    fn nesting_is_bounded_and_brackets_in_texts_are_none() {
        let text = r#"{"a":[[1],[2],"[[[[\"[[[",{"b":[]}]}"#;
        assert_eq!((passed(text, 4), passed(text, 3)), (Ok(text.len()), Err(Unclear::Odd)));
    }

    #[test]
    fn a_value_that_is_cut_may_be_clear_when_there_is_more_of_it() {
        let text = r#"{"a":[1.5,-2e+3,"b\u00e9\n",true,false,null],"c":12345678.123456789}"#;
        for (end, _) in text.char_indices() {
            assert_eq!(passed(&text[..end], 9), Err(Unclear::Ended), "{}", &text[..end]);
        }
    }

    fn has_odd_number(text: &str) -> bool {
        let is_other = |character: char| !character.is_ascii_digit();
        text.contains("-0") || text.split(is_other).any(|digits| digits.len() >= 19)
    }

    /// What numbers are made of, and texts.
    const PIECES: [&str; 22] = [
        "0", "1", "23", "456789", "01234567", ".", "-", "e", "E+", ",", " ", "[", "]", "\"", "\\", "\\n", "\\u0", "é",
        "{", "}", ":", "\u{1}",
    ];

    proptest! {
        #[test]
        fn what_is_passed_is_json(pieces in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..12)) {
            let text = format!("[{}]", pieces.concat());
            let mut values = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
            match (passed(&text, 90), values.next()) {
                (Ok(end), Some(Ok(_))) => prop_assert_eq!(end, values.byte_offset(), "{}", text),
                (Ok(end), other) => prop_assert!(false, "{} to {}: {:?}", text, end, other),
                (Err(Unclear::Odd), Some(Ok(_))) => prop_assert!(has_odd_number(&text), "{}", text),
                (Err(Unclear::Ended), Some(Ok(_))) => prop_assert!(false, "{}", text),
                (Err(_), _) => {}
            }
        }

        #[test]
        fn numbers_are_passed_however_many_digits_they_have(
            numbers in proptest::collection::vec("-?[1-9][0-9]{0,17}([.][0-9]{1,40})?(e[0-9]{1,3})?|-?0[.][0-9]{1,40}|0", 1..30),
        ) {
            let text = format!("[{}]", numbers.join(","));
            prop_assert_eq!(passed(&text, 1), Ok(text.len()));
        }
    }
}
