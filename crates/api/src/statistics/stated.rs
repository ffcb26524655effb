//! Reads out of statements, in place of what is recorded now. See ADR 104.

mod cells;
mod documents;
mod exporter;
mod page;
mod rows;
mod sums;

use crate::ApiState;
use annotation_statistics_domain::{StatementName, StatementRepository};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Reads the statements of one name: of each requested annotation request its own, and nothing of what is recorded now.
///
/// A statement never changes, so nothing holds a transaction: its frames are read in short reads.
#[derive(Clone)]
pub(crate) struct StatedReads {
    statements: Arc<dyn StatementRepository>,
    name: StatementName,
    /// The most bytes of the rows of a page, and of the keys and labels of sums.
    max_bytes: usize,
    /// A permit for each reader of all rows.
    readers: Arc<Semaphore>,
}

impl ApiState {
    /// The statements of this name.
    pub(crate) fn stated(&self, name: &StatementName) -> StatedReads {
        StatedReads {
            statements: Arc::clone(&self.ports.statements),
            name: name.clone(),
            max_bytes: self.settings.max_answer,
            readers: Arc::clone(&self.statement_readers),
        }
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod reconciliation_tests;
#[cfg(test)]
mod tests;
