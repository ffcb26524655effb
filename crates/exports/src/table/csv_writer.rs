//! CSV as RFC 4180 has it, which a spreadsheet opens without running anything.

use crate::output::Output;
use crate::provenance::Provenance;
use crate::table::columns::{Cell, Column};
use crate::table::table_writer::{TableError, TableWriter};
use annotation_statistics_domain::wire;
use std::io::Write;

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
            wire::csv_text(&mut self.line, &column.name);
            self.line.push(b',');
        }
        self.end_line()
    }

    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        for cell in cells {
            match cell {
                Cell::Text(value) => wire::csv_text(&mut self.line, value),
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
