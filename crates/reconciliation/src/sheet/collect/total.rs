//! The line of a sheet that gives the sums of its others.

use crate::sheet::{SheetError, StatedMeasure};
use crate::{ControlTotal, Sums};

/// Words for such a line, in lower case.
const WORDS: [&str; 16] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "sums",
    "summe",
    "summen",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "insgesamt",
    "合计",
    "合計",
    "总计",
    "總計",
    "总和",
];

/// Whether a text is a word for such a line.
pub(crate) fn is_total_word(text: &str) -> bool {
    let text = text.trim().trim_end_matches([':', '\u{ff1a}']).trim_end();
    // The longest has 18 bytes.
    text.len() <= 18 && WORDS.contains(&text.to_lowercase().as_str())
}

/// Such a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TotalLine {
    pub(crate) line: u64,
    /// By a word; else it is one where no other line follows.
    pub(crate) says_so: bool,
    /// Its count of all operation items.
    pub(crate) count: Option<i64>,
}

/// The sums of the lines, and what the line of sums says they are.
#[derive(Debug, Default)]
pub(crate) struct TotalLines {
    sums: Sums,
    by_item: Vec<i128>,
    total: Option<(TotalLine, Vec<(StatedMeasure, i64)>)>,
}

impl TotalLines {
    /// A line that is not of a task.
    pub(crate) fn begin(
        &mut self,
        total: TotalLine,
        values: impl Iterator<Item = (StatedMeasure, i64)>,
    ) -> Result<(), SheetError> {
        self.go_on()?;
        if let Some((first, _)) = &self.total {
            return Err(SheetError::at(
                total.line,
                format!("is a second line of sums, after line {}: only one for the whole sheet is checked", first.line),
            ));
        }
        self.total = Some((total, values.collect()));
        Ok(())
    }

    /// Another line follows: a line before it that has no task, and does not say that it is of sums, was none.
    pub(crate) fn go_on(&self) -> Result<(), SheetError> {
        match &self.total {
            Some((total, _)) if !total.says_so => Err(SheetError::at(
                total.line,
                "has numbers, and does not say what they are of: only the last line may, as a line of sums",
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// A value of another line.
    pub(crate) fn add(&mut self, measure: StatedMeasure, count: i64) {
        if let StatedMeasure::Item(item) = measure {
            let at = usize::from(item);
            if self.by_item.len() <= at {
                self.by_item.resize(at + 1, 0);
            }
            if let Some(sum) = self.by_item.get_mut(at) {
                *sum += i128::from(count);
            }
        }
        add(&mut self.sums, measure, count);
    }

    /// What the line of sums says, and whether it is right.
    pub(crate) fn finish(self) -> Option<ControlTotal> {
        let (total, values) = self.total?;
        let mut stated = Sums::default();
        let mut agrees = true;
        for (measure, count) in values {
            add(&mut stated, measure, count);
            if let StatedMeasure::Item(item) = measure {
                let sum = self.by_item.get(usize::from(item)).copied().unwrap_or_default();
                agrees &= sum == i128::from(count);
            }
        }
        let of_totals = [
            (stated.instance_num, self.sums.instance_num),
            (stated.attribute_num, self.sums.attribute_num),
            (stated.frame_num, self.sums.frame_num),
        ];
        agrees &=
            of_totals.into_iter().all(|(stated, sum)| stated.is_none_or(|stated| stated == sum.unwrap_or_default()));
        if let Some(count) = total.count {
            agrees &= i128::from(count) == self.sums.count.unwrap_or_default();
            stated.count = Some(count.into());
        }
        Some(ControlTotal { line: total.line, stated, agrees })
    }
}

fn add(sums: &mut Sums, measure: StatedMeasure, count: i64) {
    let sum = match measure {
        StatedMeasure::Item(_) => &mut sums.count,
        StatedMeasure::Instances => &mut sums.instance_num,
        StatedMeasure::Attributes => &mut sums.attribute_num,
        StatedMeasure::Frames => &mut sums.frame_num,
    };
    *sum = Some(sum.unwrap_or_default() + i128::from(count));
}
