//! What a comparison comes to.

use super::arguments::Task;
use super::outputs::{Outputs, failed};
use crate::cli::failure::Failure;
use annotation_statistics_domain::{BoxError, Revision};
use annotation_statistics_reconciliation::{FirstDifferences, Reconciliation};
use serde::Serialize;

/// What a comparison comes to.
pub(super) struct Compared {
    pub(super) reconciliation: Reconciliation,
    pub(super) differences: FirstDifferences,
    pub(super) against: Against,
}

/// What the sheet was compared with.
pub(super) struct Against {
    /// In a sentence.
    pub(super) name: String,
    /// The state of the annotation request, if it is one of the database.
    pub(super) revision: Option<Revision>,
}

/// The data of the response of the service.
#[derive(Serialize)]
struct Outcome<'a> {
    agrees: bool,
    #[serde(flatten)]
    reconciliation: &'a Reconciliation,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    data: &'a FirstDifferences,
}

impl Compared {
    /// A comparison that has ended, and what took its values.
    pub(super) fn new(
        task: &Task,
        finished: Result<(Reconciliation, Outputs), BoxError>,
        against: Against,
    ) -> Result<Self, Failure> {
        let closed = finished.and_then(|(reconciliation, outputs)| Ok((reconciliation, outputs.close()?)));
        let (reconciliation, differences) = closed.map_err(|error| failed(task, &error))?;
        Ok(Self { reconciliation, differences, against })
    }

    /// The data of the response of the service; over files, without a revision.
    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Outcome {
            agrees: self.reconciliation.agrees(),
            reconciliation: &self.reconciliation,
            revision: self.against.revision.map(Revision::number),
            data: &self.differences,
        })
    }
}
