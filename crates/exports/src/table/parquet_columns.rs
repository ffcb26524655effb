//! The columns of one group of lines, held until they are written: Parquet is written column by column.

use crate::table::columns::{Cell, Column, Kind};
use crate::table::table_writer::TableError;
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::{Type, TypePtr};
use std::sync::Arc;

/// The schema of a table.
pub(super) fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(|column| {
        let physical = match column.kind {
            Kind::Text | Kind::OptionalText => Physical::BYTE_ARRAY,
            Kind::Code => Physical::INT32,
            Kind::Id | Kind::Count | Kind::OptionalCount => Physical::INT64,
        };
        let is_optional = matches!(column.kind, Kind::OptionalText | Kind::OptionalCount);
        let repetition = if is_optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let field = Type::primitive_type_builder(&column.name, physical).with_repetition(repetition);
        let field = if physical == Physical::BYTE_ARRAY {
            field.with_logical_type(Some(LogicalType::String)).with_converted_type(ConvertedType::UTF8)
        } else {
            field
        };
        field.build().map(Arc::new)
    });
    let fields = fields.collect::<Result<_, _>>()?;
    Type::group_type_builder("statistics").with_fields(fields).build().map(Arc::new)
}

/// What the lines of a group have in one column.
pub(super) struct ColumnLines {
    values: Values,
    /// The lines that have a value, where not all have; most have none in most of many columns.
    present: Option<Vec<u32>>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Codes(Vec<i32>),
    Numbers(Vec<i64>),
}

impl ColumnLines {
    pub(super) fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::OptionalText => Values::Texts(Vec::new()),
            Kind::Code => Values::Codes(Vec::new()),
            Kind::Id | Kind::Count | Kind::OptionalCount => Values::Numbers(Vec::new()),
        };
        let is_optional = matches!(kind, Kind::OptionalText | Kind::OptionalCount);
        Self { values, present: is_optional.then(Vec::new) }
    }

    /// Adds what line number `line` of the group has.
    pub(super) fn push(&mut self, line: u32, cell: Cell<'_>) -> Result<(), TableError> {
        match (&mut self.values, cell, &mut self.present) {
            (_, Cell::Nothing, Some(_)) => return Ok(()),
            (Values::Texts(values), Cell::Text(text), _) => {
                // Most lines say what the one before said, and share it.
                let same = values.last().filter(|last| last.data() == text.as_bytes()).cloned();
                values.push(same.unwrap_or_else(|| ByteArray::from(text)));
            }
            (Values::Codes(values), Cell::Code(number), _) => values.push(number),
            (Values::Numbers(values), Cell::Id(number) | Cell::Count(number), _) => values.push(number),
            (Values::Texts(_) | Values::Codes(_) | Values::Numbers(_), _, _) => return Err(TableError::NotBegun),
        }
        if let Some(present) = &mut self.present {
            present.push(line);
        }
        Ok(())
    }

    /// Writes them, and has none then.
    pub(super) fn write(&mut self, lines: u32, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = self.present.as_mut().map(|present| levels(lines, std::mem::take(present)));
        let levels = levels.as_deref();
        match &mut self.values {
            Values::Texts(values) => {
                column.typed::<ByteArrayType>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Codes(values) => {
                column.typed::<Int32Type>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Numbers(values) => {
                column.typed::<Int64Type>().write_batch(values, levels, None)?;
                values.clear();
            }
        }
        Ok(())
    }
}

/// For each line 1 where there is a value, else 0.
fn levels(lines: u32, present: Vec<u32>) -> Vec<i16> {
    let mut present = present.into_iter().peekable();
    (0..lines).map(|line| i16::from(present.next_if_eq(&line).is_some())).collect()
}
