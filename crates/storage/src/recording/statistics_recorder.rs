//! The recording port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::{TransactionError, set_local};
use crate::pool::check_writable;
use crate::reading::Sharding;
use crate::recording::commit_gate::CommitGate;
use crate::recording::merge::{merge_in_arrays, merge_in_tables};
use crate::recording::not_recorded::NotRecorded;
use crate::recording::outcome::{Mark, Outcome, Recording};
use crate::recording::stage::{FEW_TASKS, Incoming, fill};
use annotation_statistics_domain::{Precondition, RecordError, Recorded, StatisticsRecorder, TaskStream};
use async_trait::async_trait;
use diesel::pg::PgConnection;

/// Records into Postgres (an upsert), in one transaction: few tasks through arrays, a long stream through a staging table
/// (ADR 17, 66).
///
/// Writers to the same request wait for each other at its counter row, which all of them lock in the order of the
/// request ids: they queue, and never deadlock (ADR 17).
#[derive(Clone)]
pub struct PostgresStatisticsRecorder {
    database: Database,
    gate: Option<CommitGate>,
    few: usize,
    sharding: Sharding,
}

impl PostgresStatisticsRecorder {
    /// Records into the given database.
    pub fn new(database: Database) -> Self {
        Self { database, gate: None, few: FEW_TASKS, sharding: Sharding::default() }
    }

    /// Stages streams of more tasks than `few`, and no others, in a table. What is recorded is the same.
    #[must_use]
    pub fn staging_above(self, few: usize) -> Self {
        Self { few, ..self }
    }

    /// Records one stream at a time, and commits nothing once this is closed.
    #[must_use]
    pub fn with_commit_gate(self, gate: CommitGate) -> Self {
        Self { gate: Some(gate), ..self }
    }

    /// Records few tasks as in a database that is sharded by requests, whether it is or not.
    #[must_use]
    pub fn as_if_sharded(self) -> Self {
        Self { sharding: Sharding::assumed(), ..self }
    }

    /// Whether a recording is committed whose COMMIT was not confirmed. Tried as a write, which checks its connection
    /// first.
    async fn look_up(&self, mark: Mark, error: DatabaseError) -> Result<(), RecordError> {
        match self.database.write(move |connection| mark.outcome(connection)).await {
            Ok(Outcome::Committed) => Ok(()),
            Ok(Outcome::RolledBack) => Err(RecordError::Unavailable(Box::new(error))),
            Ok(Outcome::Unknown) | Err(_) => Err(RecordError::OutcomeUnknown(Box::new(error))),
        }
    }
}

#[async_trait]
impl StatisticsRecorder for PostgresStatisticsRecorder {
    async fn record(&self, tasks: TaskStream, precondition: Precondition) -> Result<Recorded, RecordError> {
        let (gate, few, sharding) = (self.gate.clone(), self.few, self.sharding.clone());
        let done = self.database.transact(move |connection| {
            // An input that is slow keeps no other transaction from anything: this one has no snapshot yet.
            let recording = record(connection, Incoming::read(tasks, few)?, &precondition, &sharding)?;
            gate.as_ref().map_or(Ok(()), CommitGate::enter)?;
            Ok(recording)
        });
        let recorded = self.outcome(done.await).await;
        // Not before the outcome is known: a stop waits for it.
        self.gate.iter().for_each(CommitGate::leave);
        recorded
    }

    async fn check_ready(&self) -> Result<(), RecordError> {
        check_writable(&self.database).await.map_err(|error| NotRecorded::from(error).0)
    }
}

impl PostgresStatisticsRecorder {
    async fn outcome(
        &self,
        done: Result<Recording, TransactionError<Recording, NotRecorded>>,
    ) -> Result<Recorded, RecordError> {
        match done {
            Ok(recording) => Ok(recording.recorded),
            Err(TransactionError::Failed(NotRecorded(error))) => Err(error),
            Err(TransactionError::CommitUnconfirmed { done: Recording { recorded, mark: None }, .. }) => Ok(recorded),
            Err(TransactionError::CommitUnconfirmed { done: Recording { recorded, mark: Some(mark) }, error }) => {
                self.look_up(mark, error).await.map(|()| recorded)
            }
        }
    }
}

/// Memory for sorting and hashing while one transaction merges.
const WORK_MEM: &str = "64MB";

fn record(
    connection: &mut PgConnection,
    tasks: Incoming,
    precondition: &Precondition,
    sharding: &Sharding,
) -> Result<Recording, NotRecorded> {
    match tasks {
        Incoming::Few(tasks) if tasks.is_empty() => Ok(Recording { recorded: Recorded::default(), mark: None }),
        Incoming::Few(tasks) => {
            let is_sharded = sharding.find(connection)?;
            merge_in_arrays(connection, &tasks, precondition, is_sharded)
        }
        Incoming::Many(tasks) => {
            set_local(connection, "work_mem", WORK_MEM)?;
            // A merge of many reads whole tables, unlike what the connections of writes are set up for.
            set_local(connection, "enable_seqscan", "on")?;
            let staged = fill(connection, tasks)?;
            merge_in_tables(connection, &staged, precondition)
        }
    }
}
