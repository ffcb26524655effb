//! The first sheet: what the workbook is of, and its sums.

use super::legend::legend;
use super::sheet::{Formats, Sheet, Value};
use super::sums::{Sums, TaskFormulas};
use crate::provenance::Provenance;
use crate::table::{TableError, item_column};
use annotation_statistics_domain::{CountingRuleName, ItemKind, ItemLabel, PoolType, Summary, TaskStatus, Totals};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;

/// The longest text of a cell with several values: a cell may have 32,767 characters, and shows a thousand.
const MOST_CHARACTERS: usize = 1_000;

/// Sums of a pool type and status over all requests.
type Groups = BTreeMap<(PoolType, TaskStatus), [u128; 4]>;

/// Writes the summary; each sum with the formula that gives it. The numbers are in the same columns in all of its tables.
pub(super) struct SummarySheet<'a> {
    pub(super) page: Sheet,
    pub(super) sums: &'a Sums<'a>,
    pub(super) workbook: &'a mut Workbook,
    pub(super) formats: &'a Formats,
}

impl SummarySheet<'_> {
    pub(super) fn write(mut self, summary: &Summary, provenance: &Provenance) -> Result<(), TableError> {
        self.line(&[Value::Title("Annotation statistics")])?;
        let exported_at = &provenance.exported_at;
        self.line(&[Value::Text("Exported at (UTC)"), Value::Time(Some(exported_at.timestamp()))])?;
        if let Some(zone) = provenance.local_zone() {
            let local = exported_at.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
            self.line(&[Value::Text(&format!("Exported at ({zone})")), Value::Text(&local)])?;
        }
        for filter in provenance.filter_texts(MOST_CHARACTERS) {
            self.line(&[Value::Text("Only tasks of"), Value::Text(&filter)])?;
        }
        self.line(&[])?;
        self.names(["Total", "", "", "", ""], ["Tasks", "Instances", "Attributes", "Frames"])?;
        let all = self.sums.of_all();
        self.numbers(head(["All annotation requests", "", ""]), numbers(&summary.totals()), all)?;
        self.line(&[])?;
        self.requests(summary, provenance)?;
        self.groups(summary)?;
        self.items(summary)?;
        self.line(&[Value::Heading("Legend")])?;
        for (name, meaning) in legend(self.sums.items.is_some()) {
            self.line(&[Value::Text(name), Value::Note(meaning)])?;
        }
        self.page.finish(self.workbook)
    }

    fn requests(&mut self, summary: &Summary, provenance: &Provenance) -> Result<(), TableError> {
        let names = ["Annotation request", "Campaign", "Counting rule", "Revision", "Changed (UTC)"];
        self.names(names, ["Tasks", "Instances", "Attributes", "Frames"])?;
        let mut first = 2;
        for ((_, totals), request) in summary.requests().iter().zip(&provenance.requests) {
            let end = first + totals.tasks;
            let rule = request.counting_rule.as_ref().map_or("", CountingRuleName::as_str);
            // It has 16 digits, which a number of a spreadsheet does not keep.
            let revision = request.revision.number().to_string();
            let head = [
                Value::Text(request.id.as_str()),
                Value::Text(request.campaign_id.as_str()),
                Value::Text(rule),
                Value::Text(&revision),
                Value::Time(request.changed_at()),
            ];
            let formulas = self.sums.between(first, end.saturating_sub(1));
            self.numbers(head, numbers(totals), formulas)?;
            first = end;
        }
        self.line(&[])
    }

    fn groups(&mut self, summary: &Summary) -> Result<(), TableError> {
        self.names(["Pool", "Pool type", "Status", "", ""], ["Tasks", "Instances", "Attributes", "Frames"])?;
        for ((pool, status), sums) in groups(summary) {
            let formulas = self.sums.of_group(pool.number(), status.code());
            let head = [
                Value::Text(pool_name(pool)),
                Value::Code(pool.number().into()),
                Value::Code(status.code().into()),
                Value::Text(status.name().unwrap_or_default()),
                Value::Nothing,
            ];
            self.numbers(head, sums, formulas)?;
        }
        self.line(&[])
    }

    fn items(&mut self, summary: &Summary) -> Result<(), TableError> {
        self.names(["Operation item", "Kind", "Label", "", ""], ["Tasks", "Count", "", ""])?;
        for item in summary.items() {
            let (key, kind) = (item.key.as_str(), item.kind.map_or("", ItemKind::name));
            let label = summary.label_of(&item.key).map_or("", ItemLabel::as_str);
            let cell = format!("$A{}", self.page.lines() + 1);
            let [tasks, count] = self.sums.of_item(&item_column(key), &cell, summary.items().len());
            // A count that is a text is in no sum, and is not compared with a number.
            let tasks = tasks.filter(|_| item.count <= super::sheet::MAX_EXACT);
            let [first, second, third, fourth, fifth] = head([key, kind, label]);
            let sums = [Value::Sum(item.tasks.into(), tasks), Value::Sum(item.count, count)];
            let [tasks, count] = sums;
            self.line(&[first, second, third, fourth, fifth, tasks, count])?;
        }
        self.line(&[])
    }

    fn names(&mut self, names: [&str; 5], numbers: [&str; 4]) -> Result<(), TableError> {
        let cells: Vec<_> = names.into_iter().chain(numbers).map(Value::Heading).collect();
        self.line(&cells)
    }

    fn numbers(&mut self, head: [Value<'_>; 5], sums: [u128; 4], formulas: TaskFormulas) -> Result<(), TableError> {
        let sums = sums.into_iter().zip(formulas).map(|(sum, formula)| Value::Sum(sum, formula));
        let cells: Vec<_> = head.into_iter().chain(sums).collect();
        self.line(&cells)
    }

    fn line(&mut self, cells: &[Value<'_>]) -> Result<(), TableError> {
        self.page.free_line(self.workbook, self.formats, cells)
    }
}

fn head([first, second, third]: [&str; 3]) -> [Value<'_>; 5] {
    [Value::Text(first), Value::Text(second), Value::Text(third), Value::Nothing, Value::Nothing]
}

fn numbers(totals: &Totals) -> [u128; 4] {
    [totals.tasks.into(), totals.instances, totals.attributes, totals.frames]
}

fn groups(summary: &Summary) -> Groups {
    let mut groups = Groups::new();
    for (pool, status, totals) in summary.requests().iter().flat_map(|(request, _)| &request.groups) {
        let sums = groups.entry((*pool, *status)).or_default();
        for (sum, more) in sums.iter_mut().zip(numbers(totals)) {
            // No larger than the total, which was added up.
            *sum = sum.saturating_add(more);
        }
    }
    groups
}

fn pool_name(pool: PoolType) -> &'static str {
    match pool {
        PoolType::Distribution => "distribution",
        PoolType::Annotation => "annotation",
        PoolType::Check => "check",
        PoolType::Sampling => "sampling",
        PoolType::Algorithm => "algorithm",
        PoolType::Complete => "complete",
    }
}
