//! Parquet, by its columns.

use crate::output::Output;
use crate::provenance::Provenance;
use crate::table::columns::{Cell, Column};
use crate::table::parquet_columns::{ColumnLines, schema};
use crate::table::table_writer::{TableError, TableWriter};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use std::io::Write;
use std::sync::Arc;

/// A group of lines is held in memory; smaller ones make the file larger, and slower to read.
const MOST_LINES: u32 = 65_536;
/// The same for their cells.
const MOST_CELLS: usize = 1_048_576;

const CREATED_BY: &str = concat!("annotation-statistics ", env!("CARGO_PKG_VERSION"));

/// Writes a group of lines at a time.
pub(crate) struct ParquetWriter {
    state: State,
    group: Vec<ColumnLines>,
    lines: u32,
    cells: usize,
}

enum State {
    Waiting(Option<Output>),
    Begun(Box<SerializedFileWriter<Output>>),
}

impl ParquetWriter {
    pub(crate) fn new(output: Output) -> Self {
        Self { state: State::Waiting(Some(output)), group: Vec::new(), lines: 0, cells: 0 }
    }

    fn write_group(&mut self) -> Result<(), TableError> {
        let State::Begun(file) = &mut self.state else { return Err(TableError::NotBegun) };
        let mut group = file.next_row_group()?;
        for lines in &mut self.group {
            let mut column = group.next_column()?.ok_or(TableError::NotBegun)?;
            lines.write(self.lines, &mut column)?;
            column.close()?;
        }
        group.close()?;
        (self.lines, self.cells) = (0, 0);
        Ok(())
    }
}

impl TableWriter for ParquetWriter {
    fn begin(&mut self, columns: &[Column], provenance: &Provenance) -> Result<(), TableError> {
        let State::Waiting(output) = &mut self.state else { return Err(TableError::NotBegun) };
        let output = output.take().ok_or(TableError::NotBegun)?;
        let metadata = provenance.properties().map(|(name, text)| KeyValue::new(name.to_owned(), text));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            // Those of each page are of no use to a reader of the whole file, and stay in memory until the end.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_created_by(CREATED_BY.to_owned())
            .set_key_value_metadata(Some(metadata.collect()));
        let file = SerializedFileWriter::new(output, schema(columns)?, Arc::new(properties.build()))?;
        self.state = State::Begun(Box::new(file));
        self.group = columns.iter().map(|column| ColumnLines::new(column.kind)).collect();
        Ok(())
    }

    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        for (column, cell) in self.group.iter_mut().zip(cells) {
            column.push(self.lines, *cell)?;
            self.cells += usize::from(*cell != Cell::Nothing);
        }
        self.lines += 1;
        if self.lines == MOST_LINES || self.cells >= MOST_CELLS { self.write_group() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<(), TableError> {
        if self.lines > 0 {
            self.write_group()?;
        }
        let State::Begun(file) = &mut self.state else { return Err(TableError::NotBegun) };
        file.finish()?;
        Ok(file.inner_mut().flush()?)
    }
}
