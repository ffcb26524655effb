//! All tasks that differ, as a CSV file.

use super::changed_task::{ChangedTask, Delivery};
use super::comparison::DiffLines;
use super::count_lines::{COLUMNS, CountLine, each_count, labels};
use super::known_sums::KnownSums;
use annotation_statistics_domain::{BoxError, SourceName, Statistics, wire};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes the tasks that differ as a CSV file (RFC 4180): a line for each count of each of them, whether that differs or not.
///
/// So the deltas of one `measure` add up to what has changed, and the counts of `to` whose `delivery` is `delivered` to what was
/// newly delivered. A cell of a state that does not have the task is empty. Texts that are formulas to a spreadsheet have an
/// apostrophe in front; ids have all their digits.
#[derive(Debug)]
pub struct DiffCsv<W> {
    output: W,
    /// By operation item.
    labels: BTreeMap<String, String>,
    /// What all lines of a task begin and end with, and one line.
    head: Vec<u8>,
    tail: Vec<u8>,
    line: Vec<u8>,
    byte_order_mark: bool,
}

impl<W: Write> DiffCsv<W> {
    /// It writes line by line: give it a buffer. With a byte order mark spreadsheets know UTF-8.
    pub const fn new(output: W, byte_order_mark: bool) -> Self {
        let labels = BTreeMap::new();
        Self { output, labels, head: Vec::new(), tail: Vec::new(), line: Vec::new(), byte_order_mark }
    }

    /// All was written: the output, which is not flushed.
    pub fn into_output(self) -> W {
        self.output
    }

    /// What all lines of the task have.
    fn frame(&mut self, task: &ChangedTask<'_>) -> io::Result<()> {
        let (head, tail) = (&mut self.head, &mut self.tail);
        head.clear();
        tail.clear();
        write!(head, "{},{},{},", task.change.name(), task.delivery.map_or("", Delivery::name), task.id)?;
        let sides = [task.from, task.to];
        for side in sides {
            cell(tail, side.map(|task| task.status().code()))?;
        }
        for side in sides {
            cell(tail, side.map(|task| task.pool_type().number()))?;
        }
        for side in sides {
            text(tail, side.map(|task| task.pool_name().as_str()));
        }
        for side in sides {
            text(tail, side.and_then(Statistics::source_name).map(SourceName::as_str));
        }
        tail.extend(b"\r\n");
        Ok(())
    }

    fn count(&mut self, count: &CountLine<'_>) -> io::Result<()> {
        let line = &mut self.line;
        line.clear();
        line.extend_from_slice(&self.head);
        write!(line, "{},", count.measure)?;
        wire::csv_text(line, count.item.unwrap_or_default());
        line.push(b',');
        let label = count.item.and_then(|item| self.labels.get(item));
        wire::csv_text(line, label.map_or("", String::as_str));
        for side in count.counts {
            cell(line, side)?;
        }
        write!(line, ",{}", count.delta())?;
        line.extend_from_slice(&self.tail);
        self.output.write_all(line)
    }
}

impl<W: Write> DiffLines for DiffCsv<W> {
    fn begin(&mut self, known: Option<&[KnownSums; 2]>) -> Result<(), BoxError> {
        self.labels = labels(known);
        let mark = if self.byte_order_mark { wire::BYTE_ORDER_MARK } else { "" };
        Ok(write!(self.output, "{mark}{}\r\n", COLUMNS.join(","))?)
    }

    fn take(&mut self, task: &ChangedTask<'_>) -> Result<(), BoxError> {
        self.frame(task)?;
        Ok(each_count(task, |line| self.count(&line))?)
    }
}

fn cell(line: &mut Vec<u8>, number: Option<impl std::fmt::Display>) -> io::Result<()> {
    line.push(b',');
    number.map_or(Ok(()), |number| write!(line, "{number}"))
}

fn text(line: &mut Vec<u8>, text: Option<&str>) {
    line.push(b',');
    wire::csv_text(line, text.unwrap_or_default());
}
