//! The first differences, for a look at what a comparison found.

use crate::{Class, ComparedLine, ComparedLines, TaskName};
use annotation_statistics_domain::{BoxError, TaskId};
use serde::Serialize;

/// The first values that do not match: a list, as JSON too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FirstDifferences {
    lines: Vec<Difference>,
    #[serde(skip)]
    max: usize,
}

/// A value that does not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// How both compare.
    pub class: Class,
    /// The line of the sheet, from 1; none where the sheet does not have it.
    pub line: Option<u64>,
    /// The task; none of a sum, and where the sheet goes by source name, of what only the sheet has or has again.
    pub id: Option<TaskId>,
    /// The source name of the task, where the sheet or the recorded task has one.
    pub source_name: Option<String>,
    /// The key of the operation item; none of a total.
    pub operation_item: Option<String>,
    /// Its label, where the taxonomy has one.
    pub label: Option<String>,
    /// What was counted: `count` of an operation item, or `instanceNum`, `attributeNum` or `frameNum`. The sums of a
    /// [`Reconciliation`](crate::Reconciliation) have the same names.
    pub measure: &'static str,
    /// The recorded number.
    pub ours: i128,
    /// The number of the sheet.
    pub theirs: i128,
    /// Ours - theirs.
    pub delta: i128,
}

impl FirstDifferences {
    /// How many are kept by default.
    pub const MAX: usize = 100;

    /// Keeps so many.
    pub const fn new(max: usize) -> Self {
        Self { lines: Vec::new(), max }
    }

    /// Those that were kept.
    pub fn lines(&self) -> &[Difference] {
        &self.lines
    }
}

impl Default for FirstDifferences {
    fn default() -> Self {
        Self::new(Self::MAX)
    }
}

impl ComparedLines for FirstDifferences {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        if line.class != Class::Matched && self.lines.len() < self.max {
            self.lines.push(Difference {
                class: line.class,
                line: line.line,
                id: if let TaskName::Id(id) = line.task { Some(id) } else { None },
                source_name: line.source_name.map(str::to_owned),
                operation_item: line.measure.key().map(str::to_owned),
                label: line.label.map(str::to_owned),
                measure: line.measure.name(),
                ours: line.ours,
                theirs: line.theirs,
                delta: line.delta(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{BOX, CAR, names, sheet, source_names, task};
    use crate::sheet::{SheetTasks, StatedMeasure};
    use crate::{Comparison, Reconciliation};

    fn differences(max: usize) -> (Reconciliation, FirstDifferences) {
        let values = [(2, 7, CAR, 4), (3, 7, BOX, 1), (3, 7, StatedMeasure::Frames, 1), (4, 9, CAR, i64::MAX)];
        let mut comparison = Comparison::new(sheet(SheetTasks::Ids, &values), names(), FirstDifferences::new(max));
        let recorded = task(7, Some("a.jpg"), &[("car", 2), ("box", 1), ("bus", 3)], 2);
        comparison.take(&recorded).unwrap();
        comparison.finish().unwrap()
    }

    #[test]
    fn a_comparison_is_a_json_object_and_its_first_differences_are_a_list() {
        let expected = concat!(
            r#"{"sheetLines":3,"lines":4,"matched":1,"differing":2,"missing":1,"extra":1,"duplicate":0,"#,
            r#""ours":{"count":6,"frameNum":2},"theirs":{"count":9223372036854775812,"frameNum":1},"#,
            r#""delta":{"count":-9223372036854775806,"frameNum":1},"#,
            r#""controlTotal":null,"ignoredColumns":[],"roundedIds":0}"#,
        );
        let (found, first) = differences(FirstDifferences::MAX);
        assert_eq!(serde_json::to_string(&found).unwrap(), expected);
        let expected = concat!(
            r#"[{"class":"missing","line":null,"id":7,"sourceName":"a.jpg","operationItem":"bus","label":null,"#,
            r#""measure":"count","ours":3,"theirs":0,"delta":3},"#,
            r#"{"class":"differing","line":2,"id":7,"sourceName":"a.jpg","operationItem":"car","label":"A car","#,
            r#""measure":"count","ours":2,"theirs":4,"delta":-2},"#,
            r#"{"class":"differing","line":3,"id":7,"sourceName":"a.jpg","operationItem":null,"label":null,"#,
            r#""measure":"frameNum","ours":2,"theirs":1,"delta":1},"#,
            r#"{"class":"extra","line":4,"id":9,"sourceName":null,"operationItem":"car","label":"A car","#,
            r#""measure":"count","ours":0,"theirs":9223372036854775807,"delta":-9223372036854775807}]"#,
        );
        assert_eq!(serde_json::to_string(&first).unwrap(), expected);
    }

    #[test]
    fn so_many_are_kept_and_all_are_counted() {
        let (found, first) = differences(2);
        let places: Vec<_> = first.lines().iter().map(|line| (line.class, line.line)).collect();
        assert_eq!(places, [(Class::Missing, None), (Class::Differing, Some(2))]);
        assert_eq!((found.differing, found.extra), (2, 1));
    }

    #[test]
    fn what_only_a_sheet_by_source_name_has_is_without_an_id() {
        let read = sheet(source_names(&["a.jpg"]), &[(2, 0, CAR, 4)]);
        let (_, data) = Comparison::new(read, names(), FirstDifferences::default()).finish().unwrap();
        let line = &data.lines()[0];
        assert_eq!((line.class, line.id, line.source_name.as_deref()), (Class::Extra, None, Some("a.jpg")));
    }
}
