//! What a comparison comes to.

use serde::Serialize;

/// The sums of the values of one side, by what was counted; only what the sheet states is compared and there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// Of operation items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i128>,
    /// Instances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_num: Option<i128>,
    /// Attributes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_num: Option<i128>,
    /// Frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_num: Option<i128>,
}

/// A line of the sheet that gives the sums of its others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlTotal {
    /// Its line, from 1.
    pub line: u64,
    /// What it says.
    pub stated: Sums,
    /// Whether that is what the lines of the sheet add up to.
    pub agrees: bool,
}

/// What a comparison comes to.
///
/// Always: `matched + differing + extra + duplicate = lines`, and `delta` is `ours - theirs` and the sum over the deltas of
/// all values, in exact integers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reconciliation {
    /// The lines of the sheet that state something, without its header and its line of sums.
    pub sheet_lines: u64,
    /// The values that they state: a line with three numbers states three.
    pub lines: u64,
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
    /// Sums of what is recorded.
    pub ours: Sums,
    /// Sums of the sheet, duplicates included.
    pub theirs: Sums,
    /// Ours - theirs.
    pub delta: Sums,
    /// The sheet's own line of sums, where it has one.
    pub control_total: Option<ControlTotal>,
    /// Columns that were not compared, by the names that the sheet gives them.
    pub ignored_columns: Vec<String>,
    /// Extra ids that end as those do which a spreadsheet rounded.
    pub rounded_ids: u64,
}

impl Reconciliation {
    /// Whether both agree in all they say: nothing differs, is missing, extra or twice, and the line of sums is right.
    pub fn agrees(&self) -> bool {
        self.matched == self.lines && self.missing == 0 && self.control_total.is_none_or(|total| total.agrees)
    }
}
