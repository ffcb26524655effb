//! What a comparison comes to, for people.

use super::arguments::Task;
use super::compared::Compared;
use crate::cli::failure::Failure;
use crate::terminal::Table;
use annotation_statistics_reconciliation::{Difference, Reconciliation, Sums};
use indicatif::HumanCount;
use std::fmt;

/// The most differences that are listed.
const LISTED: u8 = 20;

/// The most characters that are shown of a text of a sheet.
const SHOWN_CHARS: usize = 60;

/// The report on standard output.
pub(super) struct Report<'a> {
    pub(super) compared: &'a Compared,
    pub(super) task: &'a Task,
    pub(super) is_coloured: bool,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Compared { reconciliation, differences: first, against } = self.compared;
        let (verdict, colour) = if reconciliation.agrees() { ("agrees", 32) } else { ("differs", 31) };
        let verdict = if self.is_coloured { format!("\x1b[1;{colour}m{verdict}\x1b[0m") } else { verdict.to_owned() };
        let connected = if reconciliation.agrees() { "with" } else { "from" };
        writeln!(formatter, "{} {verdict} {connected} {}\n", self.task.sheet.input.name(), shown(&against.name))?;
        write!(formatter, "{}\n{}", classes(reconciliation), sums(reconciliation))?;
        let remarks = remarks(reconciliation);
        if !remarks.is_empty() {
            write!(formatter, "\n{}", remarks.join("\n"))?;
            writeln!(formatter)?;
        }
        let lines: Vec<_> = first.lines().iter().take(usize::from(LISTED)).map(cells).collect();
        if !lines.is_empty() {
            write!(formatter, "\n{}", Table { columns: COLUMNS, lines })?;
        }
        let differences = differences(reconciliation);
        match differences.saturating_sub(u128::from(LISTED)) {
            0 => Ok(()),
            more => writeln!(formatter, "... and {more} more"),
        }
    }
}

/// Of the listed differences.
const COLUMNS: [(&str, bool); 9] = [
    ("class", false),
    ("line", true),
    ("task", true),
    ("source name", false),
    ("counted", false),
    ("label", false),
    ("ours", true),
    ("theirs", true),
    ("ours - theirs", true),
];

/// What the command ends with.
pub(super) fn verdict(compared: &Compared, task: &Task) -> Result<(), Failure> {
    let reconciliation = &compared.reconciliation;
    if reconciliation.agrees() {
        return Ok(());
    }
    let differences = differences(reconciliation);
    if differences == 0 {
        return Err(Failure::Differs("the sheet's own line of sums is wrong".into()));
    }
    let all = if task.is_written {
        format!("all of them are in {}", task.output.name())
    } else {
        "-o differences.csv writes all of them".to_owned()
    };
    let noun = if differences == 1 { "difference" } else { "differences" };
    Err(Failure::Differs(format!("{differences} {noun}; {all}")))
}

fn differences(reconciliation: &Reconciliation) -> u128 {
    let Reconciliation { differing, missing, extra, duplicate, .. } = reconciliation;
    [differing, missing, extra, duplicate].into_iter().map(|number| u128::from(*number)).sum()
}

fn classes(reconciliation: &Reconciliation) -> Table<3> {
    let line = |class: &str, number, meaning: &str| [class.into(), HumanCount(number).to_string(), meaning.into()];
    let Reconciliation { matched, differing, missing, extra, duplicate, .. } = *reconciliation;
    Table {
        columns: [("", false), ("values", true), ("", false)],
        lines: vec![
            line("matched", matched, "both have the same number"),
            line("differing", differing, "both have it, with another number"),
            line("missing", missing, "only ours: the sheet does not have it"),
            line("extra", extra, "only theirs: it is not recorded"),
            line("duplicate", duplicate, "an earlier line of the sheet has it already"),
        ],
    }
}

fn sums(reconciliation: &Reconciliation) -> Table<4> {
    let Reconciliation { ours, theirs, delta, .. } = reconciliation;
    let line = |(_, name, number): (&str, &str, SumOf)| {
        let [ours, theirs, delta] = [ours, theirs, delta].map(number);
        Some([name.to_owned(), ours?.to_string(), theirs?.to_string(), signed(delta?)])
    };
    Table {
        columns: [("", false), ("ours", true), ("theirs", true), ("ours - theirs", true)],
        lines: MEASURES.into_iter().filter_map(line).collect(),
    }
}

type SumOf = fn(&Sums) -> Option<i128>;

/// What is counted: its name in a difference, and for people.
const MEASURES: [(&str, &str, SumOf); 4] = [
    ("count", "operation items", |sums| sums.count),
    ("instanceNum", "all instances", |sums| sums.instance_num),
    ("attributeNum", "all attributes", |sums| sums.attribute_num),
    ("frameNum", "frames", |sums| sums.frame_num),
];

fn remarks(reconciliation: &Reconciliation) -> Vec<String> {
    let Reconciliation { control_total, ignored_columns, rounded_ids, theirs, .. } = reconciliation;
    let total = control_total.map(|total| {
        if total.agrees {
            return format!("line {} of the sheet, with its sums, adds up", total.line);
        }
        let wrong = MEASURES.into_iter().filter_map(|(_, name, number)| {
            let (stated, summed) = (number(&total.stated)?, number(theirs)?);
            (stated != summed).then(|| format!("{name} {stated}, and its lines add up to {summed}"))
        });
        format!(
            "line {} of the sheet, with its sums, does not add up: {}",
            total.line,
            wrong.collect::<Vec<_>>().join("; ")
        )
    });
    let ignored = (!ignored_columns.is_empty()).then(|| {
        let names: Vec<String> = ignored_columns.iter().map(|name| shown(name)).collect();
        format!("columns that were not compared: {}", names.join(", "))
    });
    let rounded = (*rounded_ids > 0).then(|| {
        format!(
            "ids that only the sheet has and a spreadsheet may have rounded, as they end in zeros after 15 digits: \
             {rounded_ids}; keep ids as text"
        )
    });
    total.into_iter().chain(ignored).chain(rounded).collect()
}

fn cells(line: &Difference) -> [String; 9] {
    let measure =
        || MEASURES.into_iter().find(|(measure, ..)| *measure == line.measure).map_or("", |(_, name, _)| name);
    let text = |text: &Option<String>| text.as_deref().map(shown).unwrap_or_default();
    [
        line.class.name().to_owned(),
        line.line.map(|line| line.to_string()).unwrap_or_default(),
        line.id.map(|id| id.to_string()).unwrap_or_default(),
        text(&line.source_name),
        line.operation_item.as_deref().map_or_else(|| measure().to_owned(), shown),
        text(&line.label),
        line.ours.to_string(),
        line.theirs.to_string(),
        signed(line.delta),
    ]
}

/// A difference with its sign.
fn signed(number: i128) -> String {
    if number > 0 { format!("+{number}") } else { number.to_string() }
}

/// A text of a sheet on a terminal: nothing in it controls that, and it is not longer than a line.
fn shown(text: &str) -> String {
    let start = text.chars().take(SHOWN_CHARS);
    let end = if text.chars().nth(SHOWN_CHARS).is_some() { "..." } else { "" };
    start.map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).chain(end.chars()).collect()
}
