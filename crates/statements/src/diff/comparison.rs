//! The merge of two states.

use super::changed_task::ChangedTask;
use super::known_sums::KnownSums;
use super::outcome::Diff;
use super::row_lines::RowLines;
use super::tally::Tally;
use annotation_statistics_domain::{BoxError, Statistics, TaskId};
use annotation_statistics_formats::{JsonLines, LineError};
use std::cmp::Ordering;
use std::fmt;

/// Takes the tasks that differ.
pub trait DiffLines {
    /// The sums of both sides, earlier and later, where they are known before.
    ///
    /// # Errors
    /// When nothing can be taken.
    fn begin(&mut self, known: Option<&[KnownSums; 2]>) -> Result<(), BoxError>;

    /// The next one, in ascending order of the ids.
    ///
    /// # Errors
    /// When it cannot be taken.
    fn take(&mut self, task: &ChangedTask<'_>) -> Result<(), BoxError>;

    /// Whether it needs no more.
    fn is_full(&self) -> bool {
        false
    }
}

/// One of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The earlier state.
    From,
    /// The later state.
    To,
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::From => "from",
            Self::To => "to",
        })
    }
}

/// Why states were not compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// A side cannot be read.
    #[error("`{side}` cannot be read")]
    Unread {
        /// The side.
        side: Side,
        /// Why.
        #[source]
        cause: BoxError,
    },
    /// A row is no task.
    #[error("`{side}`, row {row}: {}", .cause.without_line())]
    Row {
        /// The side.
        side: Side,
        /// The row, from 1.
        row: u64,
        /// Why.
        cause: LineError,
    },
    /// A task is not behind the one before.
    #[error("`{side}`, row {row}: the task {task} is not behind the one before; the ids must ascend")]
    Order {
        /// The side.
        side: Side,
        /// The row, from 1.
        row: u64,
        /// The task.
        task: TaskId,
    },
    /// The tasks do not add up to the known sums.
    #[error("the tasks do not add up to the kept sums; `annotation-statistics verify` shows where")]
    SumsDisagree,
    /// The lines could not be taken.
    #[error("the differences were not taken")]
    Untaken(#[source] BoxError),
}

/// Compares two states: the earlier one is read, the later one is given, row by row.
#[derive(Debug)]
pub struct Comparison<F, L> {
    from: F,
    /// The task of the current row of `from`, once it was needed.
    earlier_task: Option<Statistics>,
    places: [Place; 2],
    /// Rows of the later state up to this task are left out.
    after: Option<TaskId>,
    known: Option<[KnownSums; 2]>,
    tally: Tally,
    lines: L,
}

/// How far a side was read.
#[derive(Debug, Default)]
struct Place {
    /// The number of the current row, from 1.
    row: u64,
    /// The last task that was parsed.
    last: Option<TaskId>,
}

impl<F: RowLines, L: DiffLines> Comparison<F, L> {
    /// Of the rows of `from` with what will be given. With known sums of both sides, rows that are equal are not parsed, and
    /// the rows are held to the sums; without, all are parsed and added up.
    ///
    /// # Errors
    /// When nothing can be taken.
    pub fn new(from: F, known: Option<[KnownSums; 2]>, mut lines: L) -> Result<Self, DiffError> {
        lines.begin(known.as_ref()).map_err(DiffError::Untaken)?;
        Ok(Self {
            from,
            earlier_task: None,
            places: Default::default(),
            after: None,
            known,
            tally: Tally::default(),
            lines,
        })
    }

    /// The next row of the later state, without its line end.
    ///
    /// # Errors
    /// [`DiffError`].
    pub fn take(&mut self, line: &[u8]) -> Result<(), DiffError> {
        self.place(Side::To).row += 1;
        if self.earlier_task.is_none() && self.from.line() == Some(line) {
            return self.take_equal(line);
        }
        let to = self.read(Side::To, line)?;
        if self.after.is_some_and(|after| to.id() <= after) {
            return Ok(());
        }
        while let Some(from) = self.earlier_task()? {
            match from.id().cmp(&to.id()) {
                Ordering::Less => self.take_removed()?,
                Ordering::Equal => return self.take_both(&to),
                Ordering::Greater => break,
            }
        }
        self.give(&ChangedTask::added(&to))
    }

    /// All rows of the later state.
    ///
    /// # Errors
    /// [`DiffError`].
    pub fn take_all(&mut self, mut to: impl RowLines) -> Result<(), DiffError> {
        while let Some(line) = to.line().filter(|_| !self.is_full()) {
            self.take(line)?;
            to.advance().map_err(|cause| DiffError::Unread { side: Side::To, cause })?;
        }
        Ok(())
    }

    /// Leaves out the rows of both states up to this task, of the later one those that are given after this call.
    ///
    /// # Errors
    /// [`DiffError`].
    pub fn skip_through(&mut self, last: TaskId) -> Result<(), DiffError> {
        self.after = Some(last);
        while self.earlier_task()?.is_some_and(|task| task.id() <= last) {
            self.advance()?;
        }
        Ok(())
    }

    /// Whether no more lines are needed.
    pub fn is_full(&self) -> bool {
        self.lines.is_full()
    }

    /// All was given: what it comes to, and what took the lines.
    ///
    /// # Errors
    /// [`DiffError`].
    pub fn finish(mut self) -> Result<(Diff, L), DiffError> {
        self.take_rest()?;
        let Self { known, tally, lines, .. } = self;
        let diff = match &known {
            None => Diff::of_counted(tally),
            Some([from, to]) => Diff::of_known(&tally, from, to).ok_or(DiffError::SumsDisagree)?,
        };
        Ok((diff, lines))
    }

    /// What took the lines, as far as they are needed.
    ///
    /// # Errors
    /// [`DiffError`].
    pub fn into_lines(mut self) -> Result<L, DiffError> {
        self.take_rest()?;
        Ok(self.lines)
    }

    fn take_rest(&mut self) -> Result<(), DiffError> {
        while !self.is_full() && self.earlier_task()?.is_some() {
            self.take_removed()?;
        }
        Ok(())
    }

    fn take_equal(&mut self, line: &[u8]) -> Result<(), DiffError> {
        if self.known.is_some() {
            self.tally.tasks.unchanged += 1;
        } else {
            let task = self.read(Side::To, line)?;
            self.follow(Side::From, task.id())?;
            self.tally.add_unchanged(&task);
        }
        self.advance()
    }

    fn take_both(&mut self, to: &Statistics) -> Result<(), DiffError> {
        let Some(from) = self.earlier_task.take() else { return Ok(()) };
        match ChangedTask::changed(&from, to) {
            Some(changed) => self.give(&changed)?,
            None => self.tally.add_unchanged(to),
        }
        self.advance()
    }

    fn take_removed(&mut self) -> Result<(), DiffError> {
        if let Some(from) = self.earlier_task.take() {
            self.give(&ChangedTask::removed(&from))?;
        }
        self.advance()
    }

    fn give(&mut self, task: &ChangedTask<'_>) -> Result<(), DiffError> {
        self.tally.add(task);
        self.lines.take(task).map_err(DiffError::Untaken)
    }

    /// The task of the current row of the earlier state.
    fn earlier_task(&mut self) -> Result<Option<&Statistics>, DiffError> {
        if self.earlier_task.is_none() {
            let row = self.row(Side::From);
            let task = self.from.line().map(|line| parse(Side::From, row, line)).transpose()?;
            task.as_ref().map_or(Ok(()), |task| self.follow(Side::From, task.id()))?;
            self.earlier_task = task;
        }
        Ok(self.earlier_task.as_ref())
    }

    fn read(&mut self, side: Side, line: &[u8]) -> Result<Statistics, DiffError> {
        let task = parse(side, self.row(side), line)?;
        self.follow(side, task.id())?;
        Ok(task)
    }

    fn place(&mut self, side: Side) -> &mut Place {
        let [from, to] = &mut self.places;
        if side == Side::From { from } else { to }
    }

    /// The number of the current row, from 1.
    fn row(&mut self, side: Side) -> u64 {
        // The rows of `from` are counted as they are passed.
        self.place(side).row + u64::from(side == Side::From)
    }

    /// A task is the next one of its side.
    fn follow(&mut self, side: Side, task: TaskId) -> Result<(), DiffError> {
        let row = self.row(side);
        match self.place(side).last.replace(task) {
            Some(last) if last >= task => Err(DiffError::Order { side, row, task }),
            _ => Ok(()),
        }
    }

    fn advance(&mut self) -> Result<(), DiffError> {
        self.earlier_task = None;
        self.place(Side::From).row += 1;
        self.from.advance().map_err(|cause| DiffError::Unread { side: Side::From, cause })
    }
}

fn parse(side: Side, row: u64, line: &[u8]) -> Result<Statistics, DiffError> {
    let task = JsonLines::new(line).next().transpose().map_err(|cause| DiffError::Row { side, row, cause })?;
    let blank = || DiffError::Unread { side, cause: format!("row {row} is blank").into() };
    Ok(task.ok_or_else(blank)?.statistics)
}
