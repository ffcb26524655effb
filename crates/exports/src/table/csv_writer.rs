//! CSV as RFC 4180 has it, which a spreadsheet opens without running anything.
//!
//! Not by the crate `csv`: it quotes only what RFC 4180 requires, but a semicolon must be quoted as well, since it separates
//! cells where a comma is the decimal sign, and a formula could follow it.

use crate::output::Output;
use crate::provenance::Provenance;
use crate::table::columns::{Cell, Column};
use crate::table::table_writer::{TableError, TableWriter};
use annotation_statistics_domain::wire;
use std::io::Write;

/// A text that starts with one of these is a formula to a spreadsheet, and may do more than show itself. Some take the signs
/// of full width for the others.
const STARTS_OF_FORMULAS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A text with one of these is in quotes. A semicolon separates cells where a comma is for decimals.
const IN_QUOTES: [char; 5] = [',', ';', '"', '\r', '\n'];

/// Writes lines that end with a carriage return and a line feed.
pub(crate) struct CsvWriter {
    output: Output,
    line: Vec<u8>,
}

impl CsvWriter {
    pub(crate) fn new(output: Output, byte_order_mark: bool) -> Self {
        let line = if byte_order_mark { wire::BYTE_ORDER_MARK.into() } else { Vec::new() };
        Self { output, line }
    }

    fn end_line(&mut self) -> Result<(), TableError> {
        // A comma follows every cell but the last.
        self.line.pop();
        self.line.extend(b"\r\n");
        self.output.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}

impl TableWriter for CsvWriter {
    fn begin(&mut self, columns: &[Column], _: &Provenance) -> Result<(), TableError> {
        for column in columns {
            text(&mut self.line, &column.name);
            self.line.push(b',');
        }
        self.end_line()
    }

    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        for cell in cells {
            match cell {
                Cell::Text(value) => text(&mut self.line, value),
                Cell::Id(number) | Cell::Count(number) => write!(self.line, "{number}")?,
                Cell::Code(number) => write!(self.line, "{number}")?,
                Cell::Nothing => {}
            }
            self.line.push(b',');
        }
        self.end_line()
    }

    fn finish(&mut self) -> Result<(), TableError> {
        Ok(self.output.flush()?)
    }
}

/// In quotes where it has to be, and no formula.
pub(crate) fn text(line: &mut Vec<u8>, value: &str) {
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
        text(&mut line, value);
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
