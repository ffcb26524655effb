//! The first sheet of a workbook of what differs.

use super::outcome::{Diff, SideSums, SumsDelta};
use super::task_counts::TaskCounts;
use super::workbook::DiffWorkbook;
use crate::envelope::SumsEnvelope;
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, Revision, Sha256, StatementName, StatementNumber, wire,
};
use annotation_statistics_exports::SummaryCell::{self, Heading, Number, Text, Title};
use std::io::Write;

/// What is compared, as the summary names it.
#[derive(Debug)]
pub struct DiffStates {
    /// Whose states they are.
    pub request: AnnotationRequestId,
    /// The earlier one, and the later one.
    pub sides: [StateName; 2],
}

/// One of both states.
#[derive(Debug)]
pub struct StateName {
    /// None of what is recorded now.
    pub statement: Option<(StatementName, StatementNumber, Sha256)>,
    /// Of the annotation request.
    pub revision: Revision,
}

const TITLE: &str = "What differs";

type Line<'a> = Vec<SummaryCell<'a>>;

impl DiffWorkbook {
    /// All was taken: writes the summary and the lines to the output, which is flushed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self, states: &DiffStates, diff: &Diff, output: impl Write + Send) -> Result<(), BoxError> {
        let sides = states.sides.each_ref().map(side_texts);
        let mut lines =
            vec![vec![Title(TITLE)], vec![Text(wire::ANNOTATION_REQUEST_ID), Text(states.request.as_str())]];
        lines.push(vec![]);
        lines.push(["", "statement", "number", "revision", "sha256"].map(Heading).into());
        for (name, texts) in ["from", "to"].into_iter().zip(&sides) {
            lines.push(std::iter::once(name).chain(texts.iter().map(String::as_str)).map(Text).collect());
        }
        lines.push(vec![]);
        lines.extend(tasks(&diff.tasks));
        lines.push(vec![]);
        lines.extend(sums(diff));
        lines.push(vec![]);
        lines.extend(items(diff));
        self.into_workbook().finish(TITLE, &lines, output)
    }
}

/// A revision has 16 digits, which a number of a spreadsheet does not keep.
fn side_texts(side: &StateName) -> [String; 4] {
    let revision = side.revision.number().to_string();
    match &side.statement {
        Some((name, number, sha256)) => [name.to_string(), number.to_string(), revision, sha256.to_string()],
        None => ["now".to_owned(), String::new(), revision, String::new()],
    }
}

fn tasks(tasks: &TaskCounts) -> Vec<Line<'static>> {
    let TaskCounts { added, removed, changed, unchanged, delivered, reopened, reworked } = *tasks;
    let counts = [
        ("added", added),
        ("removed", removed),
        ("changed", changed),
        ("unchanged", unchanged),
        ("delivered", delivered),
        ("reopened", reopened),
        ("reworked", reworked),
    ];
    let lines = counts.map(|(name, count)| vec![Text(name), Number(count.into())]);
    std::iter::once(vec![Heading("Tasks"), Heading("count")]).chain(lines).collect()
}

fn sums(diff: &Diff) -> Vec<Line<'static>> {
    let numbers = |sums: &SumsEnvelope| {
        let SumsEnvelope { task_num, instance_num, attribute_num, frame_num } = *sums;
        [i128::from(task_num), signed(instance_num), signed(attribute_num), signed(frame_num)]
    };
    let SumsDelta { task_num, instance_num, attribute_num, frame_num } = diff.delta;
    let sides = [("from", &diff.from), ("to", &diff.to)];
    let line = |name: &'static str, pools: &'static str, numbers: [i128; 4]| -> Line<'static> {
        [Text(name), Text(pools)].into_iter().chain(numbers.map(Number)).collect()
    };
    let of = |pools: &'static str, sums: fn(&SideSums) -> &SumsEnvelope| {
        sides.map(|(name, side)| line(name, pools, numbers(sums(side))))
    };
    let names = ["Sums", "pools", "taskNum", "instanceNum", "attributeNum", "frameNum"].map(Heading);
    let delta = line("delta", "all", [task_num, instance_num, attribute_num, frame_num]);
    let all = of("all", |side| &side.total).into_iter().chain([delta]);
    std::iter::once(names.into()).chain(all).chain(of("complete", |side| &side.delivered)).collect()
}

fn items(diff: &Diff) -> Vec<Line<'_>> {
    let names = ["Operation item", "label", "kind", "from", "to", "delta"].map(Heading);
    let lines = diff.operation_items.iter().map(|item| -> Line<'_> {
        let texts = [item.key.as_str(), item.label.as_deref().unwrap_or(""), item.kind.as_deref().unwrap_or("")];
        let numbers = [signed(item.from), signed(item.to), item.delta];
        texts.map(Text).into_iter().chain(numbers.map(Number)).collect()
    });
    std::iter::once(names.into()).chain(lines).collect()
}

/// Sums are below 2^127.
fn signed(sum: u128) -> i128 {
    i128::try_from(sum).unwrap_or(i128::MAX)
}
