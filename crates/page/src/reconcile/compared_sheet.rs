//! The form for a sheet, and what comparing it comes to, as their caller states it.

use annotation_statistics_domain::{Revision, TaskId};

/// The form for a sheet, as it is shown.
#[derive(Debug, Clone, Default)]
pub struct SheetForm {
    /// The annotation request.
    pub id: String,
    /// It as the part of a query.
    pub query: String,
    /// The worksheet, as it was filled in.
    pub worksheet: String,
    /// Whether the lines are to be a file.
    pub is_file: bool,
    /// Why there is no comparison, in words.
    pub problem: Option<String>,
}

/// What a comparison comes to.
#[derive(Debug, Clone)]
pub struct ComparedSheet {
    /// The annotation request.
    pub id: String,
    /// Its campaign.
    pub campaign: String,
    /// Its state that was compared.
    pub revision: Revision,
    /// The rule by which it is counted, in words.
    pub rule: String,
    /// The name of the file.
    pub file: String,
    /// Whether both agree in all they say.
    pub agrees: bool,
    /// The lines of the sheet that state something.
    pub sheet_lines: u64,
    /// How many values are of each class.
    pub classes: ClassCounts,
    /// The sums of what the sheet states.
    pub sums: Vec<ComparedSum>,
    /// The line of the sheet that gives the sums of its others.
    pub control_total: Option<StatedTotal>,
    /// Columns that were not compared.
    pub ignored_columns: Vec<String>,
    /// Ids that end as those do which a spreadsheet rounded.
    pub rounded_ids: u64,
    /// The first values that do not match.
    pub differences: Vec<Difference>,
}

/// How many values are of each class.
#[derive(Debug, Clone, Copy, Default)]
pub struct ClassCounts {
    /// Those that agree.
    pub matched: u64,
    /// Those that differ.
    pub differing: u64,
    /// Recorded values that the sheet does not have.
    pub missing: u64,
    /// Values that only the sheet has.
    pub extra: u64,
    /// Values that an earlier line has already.
    pub duplicate: u64,
}

/// A sum of both sides.
#[derive(Debug, Clone)]
pub struct ComparedSum {
    /// What was counted, in words.
    pub name: &'static str,
    /// What is recorded.
    pub ours: i128,
    /// What the sheet says.
    pub theirs: i128,
}

/// A line of a sheet that gives the sums of its others.
#[derive(Debug, Clone, Copy)]
pub struct StatedTotal {
    /// Its line, from 1.
    pub line: u64,
    /// Whether the others add up to it.
    pub agrees: bool,
}

/// A value that does not match.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The key of the operation item, or which total it is, in words.
    pub what: String,
    /// The label of the operation item.
    pub label: Option<String>,
    /// Its class, in a word.
    pub class: &'static str,
    /// The line of the sheet, from 1.
    pub line: Option<u64>,
    /// The task.
    pub task: Option<TaskId>,
    /// What the task was made of.
    pub source_name: Option<String>,
    /// What is recorded.
    pub ours: i128,
    /// What the sheet says.
    pub theirs: i128,
}
