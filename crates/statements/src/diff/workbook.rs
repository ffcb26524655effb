//! All tasks that differ, as a workbook with the sums in front.

use super::changed_task::{ChangedTask, Delivery};
use super::comparison::DiffLines;
use super::count_lines::{COLUMNS, CountLine, each_count, labels};
use super::known_sums::KnownSums;
use annotation_statistics_domain::{BoxError, Count, SourceName, Statistics};
use annotation_statistics_exports::{Cell, Column, Kind, LinesWorkbook};
use std::collections::BTreeMap;

/// Keeps the tasks that differ for a workbook, with the lines of [`DiffCsv`](super::DiffCsv): the same columns, in the same
/// order.
#[derive(Debug)]
pub struct DiffWorkbook {
    workbook: LinesWorkbook,
    /// By operation item.
    labels: BTreeMap<String, String>,
}

impl DiffWorkbook {
    /// With no lines yet.
    ///
    /// # Errors
    /// When there is no place for temporary files.
    pub fn new() -> Result<Self, BoxError> {
        let column = |name: &str| Column { name: name.to_owned(), kind: kind(name) };
        let workbook = LinesWorkbook::new("Differences", COLUMNS.map(column).into())?;
        Ok(Self { workbook, labels: BTreeMap::new() })
    }

    /// All was taken: what the summary is written to.
    pub(super) fn into_workbook(self) -> LinesWorkbook {
        self.workbook
    }
}

impl DiffLines for DiffWorkbook {
    fn begin(&mut self, known: Option<&[KnownSums; 2]>) -> Result<(), BoxError> {
        self.labels = labels(known);
        Ok(())
    }

    fn take(&mut self, task: &ChangedTask<'_>) -> Result<(), BoxError> {
        let Self { workbook, labels } = self;
        let state = state_cells(task);
        each_count(task, |line| {
            let label = line.item.and_then(|item| labels.get(item)).map(String::as_str);
            let cells: Vec<_> = count_cells(task, &line, label).into_iter().chain(state).collect();
            workbook.line(&cells)
        })
    }
}

fn kind(name: &str) -> Kind {
    match name {
        "action" | "measure" => Kind::Text,
        "id" => Kind::Id,
        "from" | "to" | "delta" => Kind::OptionalCount,
        "fromStatus" | "toStatus" | "fromPoolType" | "toPoolType" => Kind::Code,
        _ => Kind::OptionalText,
    }
}

fn count_cells<'a>(task: &ChangedTask<'_>, line: &CountLine<'a>, label: Option<&'a str>) -> [Cell<'a>; 9] {
    let [from, to] = line.counts.map(|count| count.map_or(Cell::Nothing, |count| Cell::Count(Count::get(count))));
    [
        Cell::Text(task.change.name()),
        text(task.delivery.map(Delivery::name)),
        Cell::Id(task.id.get()),
        Cell::Text(line.measure),
        text(line.item),
        text(label),
        from,
        to,
        Cell::Count(line.delta()),
    ]
}

fn state_cells<'a>(task: &ChangedTask<'a>) -> [Cell<'a>; 8] {
    let code = |code: Option<i32>| code.map_or(Cell::Nothing, Cell::Code);
    let status = |side: Option<&Statistics>| code(side.map(|task| task.status().code()));
    let pool = |side: Option<&Statistics>| code(side.map(|task| task.pool_type().number().into()));
    let name = |side: Option<&'a Statistics>| text(side.map(|task| task.pool_name().as_str()));
    let source = |side: Option<&'a Statistics>| text(side.and_then(Statistics::source_name).map(SourceName::as_str));
    let (from, to) = (task.from, task.to);
    [status(from), status(to), pool(from), pool(to), name(from), name(to), source(from), source(to)]
}

fn text(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Nothing, Cell::Text)
}
