//! All lines as a CSV file.

use crate::{Class, ComparedLine, ComparedLines, TaskName};
use annotation_statistics_domain::{BoxError, wire};
use std::io::{self, Write};

/// How the file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CsvOptions {
    /// Whether lines that match are left out.
    pub differences_only: bool,
    /// Whether it starts with a byte order mark, by which spreadsheets know UTF-8.
    pub byte_order_mark: bool,
}

/// Writes the lines as a CSV file (RFC 4180), the first of which is `class,line,id,operationItem,label,ours,theirs,delta,
/// sourceName,measure`. The numbers of one `measure` add up.
///
/// The cells that a [`Difference`](crate::Difference) has as none are empty. Texts that are formulas to a spreadsheet have an
/// apostrophe in front; ids have all their digits.
#[derive(Debug)]
pub struct CsvLines<W> {
    output: W,
    line: Vec<u8>,
    differences_only: bool,
}

const COLUMNS: &str = "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure";

impl<W: Write> CsvLines<W> {
    /// Writes the line of names. It writes line by line: give it a buffer.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(mut output: W, options: CsvOptions) -> io::Result<Self> {
        let mark = if options.byte_order_mark { wire::BYTE_ORDER_MARK } else { "" };
        write!(output, "{mark}{COLUMNS}\r\n")?;
        Ok(Self { output, line: Vec::new(), differences_only: options.differences_only })
    }

    /// All was written: the output, which is not flushed.
    pub fn into_output(self) -> W {
        self.output
    }

    fn write(&mut self, line: &ComparedLine<'_>) -> io::Result<()> {
        let cells = &mut self.line;
        cells.clear();
        cells.extend(line.class.name().bytes());
        cells.push(b',');
        if let Some(line) = line.line {
            write!(cells, "{line}")?;
        }
        cells.push(b',');
        if let TaskName::Id(id) = line.task {
            write!(cells, "{id}")?;
        }
        cells.push(b',');
        wire::csv_text(cells, line.measure.key().unwrap_or_default());
        cells.push(b',');
        wire::csv_text(cells, line.label.unwrap_or_default());
        write!(cells, ",{},{},{},", line.ours, line.theirs, line.delta())?;
        wire::csv_text(cells, line.source_name.unwrap_or_default());
        write!(cells, ",{}\r\n", line.measure.name())?;
        self.output.write_all(cells)
    }
}

impl<W: Write> ComparedLines for CsvLines<W> {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        let is_left_out = self.differences_only && line.class == Class::Matched;
        if is_left_out { Ok(()) } else { Ok(self.write(line)?) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{BOX, CAR, COLOR, names, sheet, source_names, task};
    use crate::sheet::{SheetTasks, StatedMeasure};
    use crate::{Comparison, FirstDifferences, Sheet};
    use annotation_statistics_domain::Statistics;

    fn csv(sheet: Sheet, tasks: &[Statistics], options: CsvOptions) -> String {
        let lines = CsvLines::new(Vec::new(), options).unwrap();
        let mut comparison = Comparison::new(sheet, names(), (lines, Some(FirstDifferences::default())));
        tasks.iter().try_for_each(|task| comparison.take(task)).unwrap();
        let (found, (lines, differences)) = comparison.finish().unwrap();
        let differing = u64::try_from(differences.unwrap().lines().len()).unwrap();
        assert_eq!(differing, found.lines + found.missing - found.matched);
        String::from_utf8(lines.into_output()).unwrap()
    }

    #[test]
    fn each_value_is_a_line_whose_measure_says_what_adds_up() {
        let id = 304_500_000_000_000_707;
        let values = [(2, id, CAR, 4), (2, id, StatedMeasure::Frames, 2), (3, id, CAR, 4), (4, -9, COLOR, i64::MAX)];
        let recorded = task(id, Some("=a,\"b\".jpg"), &[("car", 2), ("+box", 1)], 2);
        let expected = [
            "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure",
            "missing,,304500000000000707,'+box,,1,0,1,\"'=a,\"\"b\"\".jpg\",count",
            "differing,2,304500000000000707,car,A car,2,4,-2,\"'=a,\"\"b\"\".jpg\",count",
            "matched,2,304500000000000707,,,2,2,0,\"'=a,\"\"b\"\".jpg\",frameNum",
            "duplicate,3,304500000000000707,car,A car,0,4,-4,,count",
            "extra,4,-9,car/color,,0,9223372036854775807,-9223372036854775807,,count",
            "",
        ];
        let read = || sheet(SheetTasks::Ids, &values);
        let tasks = [recorded];
        assert_eq!(csv(read(), &tasks, CsvOptions::default()), expected.join("\r\n"));

        let differences = expected.iter().filter(|line| !line.starts_with("matched")).copied().collect::<Vec<_>>();
        let options = CsvOptions { differences_only: true, byte_order_mark: true };
        assert_eq!(csv(read(), &tasks, options), format!("\u{feff}{}", differences.join("\r\n")));
    }

    #[test]
    fn sums_have_no_task_and_what_only_a_sheet_by_source_name_has_no_id() {
        let sums = csv(sheet(SheetTasks::None, &[(2, 0, BOX, 4)]), &[], CsvOptions::default());
        assert_eq!(sums.lines().nth(1), Some("extra,2,,box,,0,4,-4,,count"));
        let named = csv(sheet(source_names(&["@x"]), &[(2, 0, BOX, 4)]), &[], CsvOptions::default());
        assert_eq!(named.lines().nth(1), Some("extra,2,,box,,0,4,-4,'@x,count"));
    }

    #[test]
    fn an_output_that_is_full_ends_the_comparison() {
        let mut full: &mut [u8] = &mut [0; 80];
        let lines = CsvLines::new(&mut full, CsvOptions::default()).unwrap();
        let comparison = Comparison::new(sheet(SheetTasks::Ids, &[(2, 1, CAR, 4)]), names(), lines);
        assert_eq!(comparison.finish().unwrap_err().to_string(), "failed to write whole buffer");
    }
}
