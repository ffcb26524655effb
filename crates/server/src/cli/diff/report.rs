//! What a comparison comes to, for people and for scripts.

use super::arguments::Task;
use super::compared::Compared;
use crate::cli::failure::Failure;
use crate::terminal::Table;
use annotation_statistics_domain::{Statistics, TaskId};
use annotation_statistics_statements::{Diff, FirstLines, ItemDelta, KeptLine, SumsEnvelope, TaskState};
use indicatif::HumanCount;
use serde::Serialize;
use std::fmt;

/// The most operation items and tasks that are listed.
const LISTED: usize = 20;

/// The most characters that are shown of a text.
const SHOWN_CHARS: usize = 60;

/// The report on standard output.
pub(super) struct Report<'a> {
    pub(super) compared: &'a Compared,
    pub(super) task: &'a Task,
    pub(super) is_coloured: bool,
}

/// The data of the response of the service, without the names of the states.
#[derive(Serialize)]
struct Outcome<'a> {
    #[serde(flatten)]
    diff: &'a Diff,
    data: &'a [KeptLine],
    next: Option<TaskId>,
}

impl Report<'_> {
    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        let Compared { diff, first } = self.compared;
        let next = first.lines().last().filter(|_| first.has_more()).map(|line| line.id);
        serde_json::to_string(&Outcome { diff, data: first.lines(), next })
    }

    /// What the command ends with.
    pub(super) fn verdict(&self) -> Result<(), Failure> {
        if self.compared.diff.is_empty() {
            return Ok(());
        }
        let tasks = self.differing();
        let all = if self.task.is_written {
            format!("all of them are in {}", self.task.output.name())
        } else {
            "-o differences.csv writes all of them".to_owned()
        };
        let differ = if tasks == 1 { "task differs" } else { "tasks differ" };
        Err(Failure::Differs(format!("{tasks} {differ}; {all}")))
    }

    fn differing(&self) -> u64 {
        let tasks = self.compared.diff.tasks;
        tasks.added + tasks.removed + tasks.changed
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compared { diff, first } = self.compared;
        let [from, to] = [&self.task.from, &self.task.to].map(|state| shown(&state.name()));
        let (verdict, colour) = if diff.is_empty() { ("is the same as", 32) } else { ("differs from", 31) };
        let verdict = if self.is_coloured { format!("\x1b[1;{colour}m{verdict}\x1b[0m") } else { verdict.to_owned() };
        writeln!(formatter, "{to} {verdict} {from}\n")?;
        write!(formatter, "{}\n{}", tasks(diff), sums(diff))?;
        let items: Vec<_> = diff.operation_items.iter().filter(|item| item.delta != 0).collect();
        if !items.is_empty() {
            let lines = items.iter().take(LISTED).map(|item| item_cells(item)).collect();
            write!(formatter, "\n{}", Table { columns: ITEM_COLUMNS, lines })?;
            more(formatter, u64::try_from(items.len()).unwrap_or(u64::MAX), LISTED)?;
        }
        let lines = listed(first);
        if !lines.is_empty() {
            write!(formatter, "\n{}", Table { columns: TASK_COLUMNS, lines })?;
            more(formatter, self.differing(), LISTED)?;
        }
        Ok(())
    }
}

fn more(formatter: &mut fmt::Formatter<'_>, all: u64, listed: usize) -> fmt::Result {
    match all.saturating_sub(u64::try_from(listed).unwrap_or(u64::MAX)) {
        0 => Ok(()),
        number => writeln!(formatter, "... and {number} more"),
    }
}

fn tasks(diff: &Diff) -> Table<3> {
    let line = |class: &str, number, meaning: &str| [class.into(), HumanCount(number).to_string(), meaning.into()];
    let tasks = diff.tasks;
    Table {
        columns: [("", false), ("tasks", true), ("", false)],
        lines: vec![
            line("added", tasks.added, "only in the later state"),
            line("removed", tasks.removed, "only in the earlier state"),
            line("changed", tasks.changed, "in both, and not the same"),
            line("unchanged", tasks.unchanged, "in both, and the same"),
            line("delivered", tasks.delivered, "complete, and not before"),
            line("reopened", tasks.reopened, "complete before, and not any more"),
            line("reworked", tasks.reworked, "complete in both, with other counts"),
        ],
    }
}

type SumOf = fn(&SumsEnvelope) -> u128;

fn sums(diff: &Diff) -> Table<4> {
    let measures: [(&str, SumOf); 4] = [
        ("tasks", |sums| sums.task_num.into()),
        ("instances", |sums| sums.instance_num),
        ("attributes", |sums| sums.attribute_num),
        ("frames", |sums| sums.frame_num),
    ];
    let lines = |prefix: &str, from: SumsEnvelope, to: SumsEnvelope| {
        measures.map(|(name, sum)| {
            let [from, to] = [sum(&from), sum(&to)];
            [format!("{prefix}{name}"), from.to_string(), to.to_string(), signed(minus(to, from))]
        })
    };
    let (all, complete) = (("", diff.from.total, diff.to.total), ("complete ", diff.from.delivered, diff.to.delivered));
    Table {
        columns: [("", false), ("from", true), ("to", true), ("to - from", true)],
        lines: [all, complete].into_iter().flat_map(|(prefix, from, to)| lines(prefix, from, to)).collect(),
    }
}

/// Sums are below 2^127.
fn minus(to: u128, from: u128) -> i128 {
    i128::try_from(to).unwrap_or(i128::MAX) - i128::try_from(from).unwrap_or(i128::MAX)
}

const ITEM_COLUMNS: [(&str, bool); 5] =
    [("operation item", false), ("label", false), ("from", true), ("to", true), ("to - from", true)];

fn item_cells(item: &ItemDelta) -> [String; 5] {
    let label = item.label.as_deref().map(shown).unwrap_or_default();
    [shown(item.key.as_str()), label, item.from.to_string(), item.to.to_string(), signed(item.delta)]
}

const TASK_COLUMNS: [(&str, bool); 6] =
    [("task", true), ("what", false), ("pool", false), ("instances", true), ("attributes", true), ("frames", true)];

fn listed(first: &FirstLines) -> Vec<[String; 6]> {
    first.lines().iter().take(LISTED).map(task_cells).collect()
}

fn task_cells(line: &KeptLine) -> [String; 6] {
    let sides = [&line.from, &line.to].map(|side| side.as_ref().map(|TaskState(task)| task));
    let both = |text: fn(&Statistics) -> String| {
        let [from, to] = sides.map(|side| side.map_or_else(|| "-".to_owned(), text));
        if from == to { from } else { format!("{from} -> {to}") }
    };
    [
        line.id.to_string(),
        line.flags.join(", "),
        both(|task| shown(task.pool_name().as_str())),
        both(|task| task.instance_num().to_string()),
        both(|task| task.attribute_num().to_string()),
        both(|task| task.frame_num().to_string()),
    ]
}

/// A difference with its sign.
fn signed(number: i128) -> String {
    if number > 0 { format!("+{number}") } else { number.to_string() }
}

/// A text on a terminal: nothing in it controls that, and it is not longer than a line.
fn shown(text: &str) -> String {
    let start = text.chars().take(SHOWN_CHARS);
    let end = if text.chars().nth(SHOWN_CHARS).is_some() { "..." } else { "" };
    start.map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).chain(end.chars()).collect()
}
