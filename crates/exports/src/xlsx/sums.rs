//! The formulas of the summary: ranges of the other sheets, added up.

use super::sheet::Sheet;
use crate::table::Column;
use annotation_statistics_domain::wire;
use rust_xlsxwriter::ColNum;

/// The most comparisons of texts that the formulas of operation items make each time a workbook is opened; where there would
/// be more, the sums are plain numbers.
const MOST_COMPARISONS: u64 = 50_000_000;

/// A sheet with the names of its columns.
pub(super) struct NamedSheet<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) columns: &'a [Column],
}

/// Where the numbers are that the summary adds up.
pub(super) struct Sums<'a> {
    pub(super) tasks: NamedSheet<'a>,
    pub(super) items: Option<NamedSheet<'a>>,
}

/// Formulas for the number of tasks, and for their instances, attributes and frames.
pub(super) type TaskFormulas = [Option<String>; 4];

impl NamedSheet<'_> {
    /// A column between two lines; `None` where it is not there.
    fn range(&self, name: &str, first: u64, last: u64) -> Option<String> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        (first <= last).then(|| self.sheet.range(ColNum::try_from(at).unwrap_or(ColNum::MAX), first, last))
    }

    /// A whole column, without its name.
    fn column(&self, name: &str) -> Option<String> {
        self.range(name, 2, self.sheet.lines())
    }
}

impl Sums<'_> {
    /// All tasks.
    pub(super) fn of_all(&self) -> TaskFormulas {
        self.between(2, self.tasks.sheet.lines())
    }

    /// The tasks between two lines, as those of one request are.
    pub(super) fn between(&self, first: u64, last: u64) -> TaskFormulas {
        let range = |name| self.tasks.range(name, first, last);
        let sum = |name| range(name).map(|range| format!("=SUM({range})"));
        let tasks = range(wire::ID).map(|range| format!("=COUNTA({range})"));
        [tasks, sum(wire::INSTANCE_NUM), sum(wire::ATTRIBUTE_NUM), sum(wire::FRAME_NUM)]
    }

    /// The tasks of a pool type and status.
    pub(super) fn of_group(&self, pool_type: i16, status: i32) -> TaskFormulas {
        let column = |name| self.tasks.column(name);
        let Some((pools, statuses)) = column(wire::POOL_TYPE).zip(column(wire::STATUS)) else {
            return [const { None }; 4];
        };
        let of_group = format!("{pools},{pool_type},{statuses},{status}");
        let sum = |name| column(name).map(|range| format!("=SUMIFS({range},{of_group})"));
        let tasks = Some(format!("=COUNTIFS({of_group})"));
        [tasks, sum(wire::INSTANCE_NUM), sum(wire::ATTRIBUTE_NUM), sum(wire::FRAME_NUM)]
    }

    /// The tasks that have an operation item, and how many there are of it: of its column, or else of the lines with the text
    /// that is in `cell` of the summary, which compares that text for so many `items`.
    ///
    /// Not by SUMIF: it takes `Car` for `car`, and `*` for any text.
    pub(super) fn of_item(&self, column: &str, cell: &str, items: usize) -> [Option<String>; 2] {
        if let Some(range) = self.tasks.column(column) {
            return [Some(format!("=COUNTIF({range},\">0\")")), Some(format!("=SUM({range})"))];
        }
        let Some(lines) = &self.items else { return [None, None] };
        let comparisons = lines.sheet.lines().saturating_mul(u64::try_from(items).unwrap_or(u64::MAX));
        let columns = lines.column(crate::table::OPERATION_ITEM).zip(lines.column(crate::table::COUNT));
        match columns.filter(|_| comparisons <= MOST_COMPARISONS) {
            Some((names, counts)) => {
                let is_item = format!("--EXACT({names},{cell})");
                [Some(format!("=SUMPRODUCT({is_item})")), Some(format!("=SUMPRODUCT({is_item},{counts})"))]
            }
            None => [None, None],
        }
    }
}
