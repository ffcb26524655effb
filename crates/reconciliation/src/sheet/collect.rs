//! Collects the values of a sheet, whatever its format.

mod items;
mod source_names;
mod total;

pub(super) use total::is_total_word;

use super::{Measures, Sheet, SheetError, SheetLimits, SheetTasks, Stated, StatedMeasure};
use crate::ItemNames;
use annotation_statistics_domain::SourceName;
use items::Items;
use source_names::SourceNames;
use total::{TotalLine, TotalLines};

/// Room is made for so many values at once.
const MOST_ROOM: usize = 1_000_000;

/// What the lines of a sheet are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinesOf {
    /// Tasks, by their ids.
    Ids,
    /// Tasks, by their source names.
    SourceNames,
    /// All tasks: operation items.
    Items,
    /// All tasks.
    Sums,
}

/// What a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineOf<'a> {
    Id(i64),
    SourceName(&'a str),
    /// In a sheet of sums.
    AllTasks,
    /// It does not say, as the last line may that gives the sums of the others.
    Nothing,
    /// All other lines, as it says.
    Total,
}

/// Collects the values of a sheet, line by line.
#[derive(Debug)]
pub(super) struct Collect<'n> {
    limits: SheetLimits,
    stated: Vec<Stated>,
    names: SourceNames,
    items: Items<'n>,
    totals: TotalLines,
    /// Of the line that is being read.
    values: Vec<(StatedMeasure, i64)>,
    /// Of that line, too: of all operation items.
    count: Option<i64>,
    sheet_lines: u64,
}

impl<'n> Collect<'n> {
    /// From a spreadsheet, names may have an apostrophe before a formula.
    pub(super) fn new(names: &'n ItemNames, limits: SheetLimits, is_from_spreadsheet: bool) -> Self {
        Self {
            limits,
            // One that grew would be in memory twice at times. What is not written takes none.
            stated: Vec::with_capacity(
                usize::try_from(limits.max_lines).map_or(MOST_ROOM, |lines| lines.min(MOST_ROOM)),
            ),
            names: SourceNames::default(),
            items: Items::new(names, is_from_spreadsheet),
            totals: TotalLines::default(),
            values: Vec::new(),
            count: None,
            sheet_lines: 0,
        }
    }

    /// What stands for an operation item of that name.
    pub(super) fn item(&mut self, name: &str) -> Result<StatedMeasure, String> {
        self.items.place(name).map(StatedMeasure::Item)
    }

    /// Whether an operation item of that name is recorded or agreed on.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.items.is_known(name)
    }

    /// The line has this value.
    pub(super) fn state(&mut self, measure: StatedMeasure, count: i64) {
        self.values.push((measure, count));
    }

    /// The line has this count, and no operation item.
    pub(super) fn state_without_item(&mut self, count: i64) {
        self.count = Some(count);
    }

    /// The line has ended, and is of that.
    pub(super) fn end_line(&mut self, line: u64, of: LineOf<'_>) -> Result<(), SheetError> {
        let states_nothing = self.values.is_empty() && self.count.is_none();
        if matches!(of, LineOf::Nothing | LineOf::Total) {
            let total = TotalLine { line, says_so: of == LineOf::Total, count: self.count.take() };
            return if states_nothing { Ok(()) } else { self.totals.begin(total, self.values.drain(..)) };
        }
        self.totals.go_on()?;
        if self.count.take().is_some() {
            return Err(SheetError::at(line, "has a count, and no operation item that it is of"));
        }
        if states_nothing {
            return Ok(());
        }
        let allowed = self.limits.max_lines;
        if u64::try_from(self.stated.len() + self.values.len()).unwrap_or(u64::MAX) > allowed {
            return Err(SheetError::at(line, format!("the sheet has more than {allowed} values: split it")));
        }
        self.sheet_lines += 1;
        self.keep(line, of)
    }

    fn keep(&mut self, line: u64, of: LineOf<'_>) -> Result<(), SheetError> {
        let task = match of {
            LineOf::Id(id) => id,
            LineOf::SourceName(name) => {
                if name.len() > SourceName::MAX_BYTES || name.contains('\0') {
                    let error = SourceName::new(name).err().map(|error| error.to_string()).unwrap_or_default();
                    return Err(SheetError::at(line, format!("a source name {error}")));
                }
                self.names.place(name).into()
            }
            LineOf::AllTasks | LineOf::Nothing | LineOf::Total => 0,
        };
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        for (measure, count) in self.values.drain(..) {
            self.totals.add(measure, count);
            self.stated.push(Stated { task, count, line, measure });
        }
        Ok(())
    }

    /// The sheet has ended.
    pub(super) fn finish(self, of: LinesOf, measures: Measures, ignored_columns: Vec<String>) -> Sheet {
        let tasks = match of {
            LinesOf::Ids => SheetTasks::Ids,
            LinesOf::SourceNames => SheetTasks::SourceNames(self.names.into_names()),
            LinesOf::Items | LinesOf::Sums => SheetTasks::None,
        };
        Sheet {
            stated: self.stated,
            tasks,
            items: self.items.into_keys(),
            measures,
            sheet_lines: self.sheet_lines,
            control_total: self.totals.finish(),
            ignored_columns,
        }
    }
}
