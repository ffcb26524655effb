//! All tables of a summary as one, whose first column says what a line is of.

use crate::summary::tables::{COLUMNS, Table, Value};
use annotation_statistics_domain::wire;
use std::io::Write;

pub(super) fn write(tables: &[Table<'_>], byte_order_mark: bool) -> Vec<u8> {
    let mut file = if byte_order_mark { wire::BYTE_ORDER_MARK.into() } else { Vec::new() };
    file.extend(b"of");
    for column in COLUMNS {
        file.push(b',');
        wire::csv_text(&mut file, column);
    }
    file.extend(b"\r\n");
    for table in tables {
        for line in &table.lines {
            write_line(&mut file, table, line);
        }
    }
    file
}

fn write_line(file: &mut Vec<u8>, table: &Table<'_>, line: &[Value<'_>]) {
    wire::csv_text(file, table.name);
    for column in COLUMNS {
        file.push(b',');
        let value = table.columns.iter().zip(line).find(|(name, _)| **name == column).map(|(_, value)| *value);
        // Writing to memory cannot fail.
        let _ = match value.unwrap_or(Value::Nothing) {
            Value::Text(text) => {
                wire::csv_text(file, text);
                Ok(())
            }
            Value::Code(number) => write!(file, "{number}"),
            Value::Sum(number) => write!(file, "{number}"),
            Value::Nothing => Ok(()),
        };
    }
    file.extend(b"\r\n");
}
