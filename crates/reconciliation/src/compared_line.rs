//! One value of a comparison.

use crate::Measure;
use annotation_statistics_domain::{BoxError, TaskId};

/// How a value of the sheet compares with what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Both have it, and it is the same. What one side does not list of a task that both have is 0.
    Matched,
    /// Both have the task or item, and the numbers differ.
    Differing,
    /// It is recorded, and the sheet does not have it.
    Missing,
    /// The sheet has it, and it is not recorded.
    Extra,
    /// The sheet has it in an earlier line already: that line is compared, and this one is never joined.
    Duplicate,
}

impl Class {
    /// Its name, in JSON and CSV.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Differing => "differing",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Duplicate => "duplicate",
        }
    }
}

/// Which task a value is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskName<'a> {
    /// A sheet of sums names none.
    None,
    /// By its id.
    Id(TaskId),
    /// By its source name, where the sheet goes by those: of what only the sheet has, or has again.
    SourceName(&'a str),
}

/// One compared value: of a task, or a sum, and of an operation item or a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComparedLine<'a> {
    /// How both compare.
    pub class: Class,
    /// The line of the sheet, from 1; none where the sheet does not have it.
    pub line: Option<u64>,
    /// The task.
    pub task: TaskName<'a>,
    /// The source name of the task, where the sheet or the recorded task has one.
    pub source_name: Option<&'a str>,
    /// What was counted.
    pub measure: Measure<'a>,
    /// The label of the operation item, where the taxonomy has one.
    pub label: Option<&'a str>,
    /// The recorded number, 0 where none is recorded; of a duplicate it is 0, as it belongs to the earlier line.
    pub ours: i128,
    /// The number of the sheet, 0 where it has none.
    pub theirs: i128,
}

impl ComparedLine<'_> {
    /// Ours - theirs.
    pub fn delta(&self) -> i128 {
        self.ours - self.theirs
    }
}

/// Takes the compared values, one at a time: those of recorded tasks in the order of the tasks, then what only the sheet
/// has and what it has twice, in the order of its lines.
pub trait ComparedLines {
    /// The next value, whatever its class.
    ///
    /// # Errors
    /// When it cannot be taken, such as by a closed connection.
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError>;
}

/// Where lines go to two.
impl<A: ComparedLines, B: ComparedLines> ComparedLines for (A, B) {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        self.0.take(line)?;
        self.1.take(line)
    }
}

/// Where lines may be of no use.
impl<L: ComparedLines> ComparedLines for Option<L> {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        self.as_mut().map_or(Ok(()), |lines| lines.take(line))
    }
}
