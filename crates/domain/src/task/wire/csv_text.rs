//! A text as a cell of CSV, for whatever writes tables.
//!
//! Not by the crate `csv`: it quotes only what RFC 4180 requires, but a semicolon must be quoted as well, since it separates
//! cells where a comma is the decimal sign, and a formula could follow it.

/// A text that starts with one of these is a formula to a spreadsheet, and may do more than show itself. Some take the signs
/// of full width for the others.
pub const STARTS_OF_FORMULAS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A text with one of these is in quotes. A semicolon separates cells where a comma is for decimals.
const IN_QUOTES: [char; 5] = [',', ';', '"', '\r', '\n'];

/// Appends a text as a cell of CSV, as RFC 4180 has it: in quotes where it has to be, and with an apostrophe in front of what
/// is a formula to a spreadsheet.
pub fn csv_text(line: &mut Vec<u8>, value: &str) {
    let apostrophe = if value.starts_with(STARTS_OF_FORMULAS) { "'" } else { "" };
    if value.contains(IN_QUOTES) {
        line.push(b'"');
        line.extend(apostrophe.bytes());
        line.extend(value.replace('"', "\"\"").bytes());
        line.push(b'"');
    } else {
        line.extend(apostrophe.bytes());
        line.extend(value.bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell(value: &str) -> String {
        let mut line = Vec::new();
        csv_text(&mut line, value);
        String::from_utf8(line).unwrap()
    }

    /// What a reader of RFC 4180 makes of one cell.
    fn read(cell: &str) -> String {
        match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => cell.to_owned(),
        }
    }

    #[test]
    fn a_text_is_quoted_where_it_has_to_be_and_never_a_formula() {
        for (value, expected, reason) in [
            ("complete pool", "complete pool", "plain"),
            ("a,b", "\"a,b\"", "a comma separates cells"),
            ("say \"x\"", "\"say \"\"x\"\"\"", "a quotation mark ends a cell"),
            ("two\nlines", "\"two\nlines\"", "a line feed ends a line"),
            ("a\rb", "\"a\rb\"", "so does a carriage return"),
            ("=1+1", "'=1+1", "a formula"),
            ("+1", "'+1", "a formula"),
            ("-1", "'-1", "a formula"),
            ("@SUM(A1)", "'@SUM(A1)", "a formula"),
            ("\t=1", "'\t=1", "a formula after a tab"),
            ("\r=1", "\"'\r=1\"", "a formula after a line end"),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"", "both"),
            ("\n=1", "\"'\n=1\"", "a formula after a line feed"),
            ("\u{ff1d}1+1", "'\u{ff1d}1+1", "a formula in full width"),
            ("\u{ff0b}1", "'\u{ff0b}1", "a formula in full width"),
            ("\u{ff0d}1", "'\u{ff0d}1", "a formula in full width"),
            ("\u{ff20}SUM(A1)", "'\u{ff20}SUM(A1)", "a formula in full width"),
            ("a;=1+1", "\"a;=1+1\"", "a semicolon separates cells in some countries"),
            ("1-2=3", "1-2=3", "only the start makes a formula"),
        ] {
            assert_eq!(cell(value), expected, "{reason}");
        }
    }

    proptest! {
        #[test]
        fn every_text_reads_back_but_for_the_apostrophe_before_a_formula(value in "[=+@\u{ff1d}\u{ff20}\t\r\n,;\"'a-]{0,9}") {
            let back = read(&cell(&value));
            let expected = if value.starts_with(STARTS_OF_FORMULAS) { format!("'{value}") } else { value };
            prop_assert_eq!(back, expected);
        }
    }
}
