//! Makes a statement, in one transaction that sees one snapshot. See ADR 102.

use crate::DatabaseError;
use crate::connection::set_local;
use crate::pool::{CORRUPT, CountedError, reason_of};
use crate::reading::{Handover, TaskOrder, stored_time, summarize};
use crate::statements::{frame_rows, key_rows, statement_rows};
use annotation_statistics_domain::{
    BoxError, CampaignScope, NewStatement, RepositoryError, RequestTotals, RowFrame, SignedStatement, Statement,
    StatementDraft, StatementError, StatementFacts, StatementFormat, StatementHead, StatementNumber, Summary,
    SummaryQuery, TaskFilter,
};
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use std::sync::Weak;

/// Frames are inserted so many at a time, to save round trips, or when they have so many bytes.
const FRAMES_AT_A_TIME: usize = 64;
const BYTES_AT_A_TIME: usize = 4 * 1024 * 1024;

/// A statement to be made.
pub(super) struct Making<'a> {
    pub(super) new: &'a NewStatement,
    pub(super) scope: &'a CampaignScope,
    pub(super) format: &'a dyn StatementFormat,
    /// Alive as long as the caller waits.
    pub(super) waiting: Weak<()>,
}

/// Why it was not made.
pub(super) enum NotMade {
    /// Another one was made meanwhile, or the request was deleted: what it is made of must be read again.
    Outdated(DatabaseError),
    Failed(StatementError),
}

impl Making<'_> {
    /// In a transaction that has begun and done nothing yet.
    pub(super) fn run(&self, connection: &mut PgConnection) -> Result<Statement, NotMade> {
        connection.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").map_err(DatabaseError::from)?;
        // For another one of the same request that is being made, as long as a statement of SQL may take.
        set_local(connection, "lock_timeout", "0").map_err(DatabaseError::from)?;
        let (facts, request) = self.facts(connection)?;
        let key = &self.format.public_key().id;
        if key_rows::is_retired(connection, key)? {
            return Err(StatementError::KeyRetired(key.clone()).into());
        }
        let number = facts.number;
        let created_at = facts.created_at;
        let summary = facts.summary.clone();
        let mut draft = self.format.begin(facts).map_err(failed)?;
        self.keep_frames(connection, &summary, &request, number, draft.as_mut())?;
        let signed = draft.finish().map_err(failed)?;
        frame_rows::insert(connection, &request.id, number, signed.last_frame.as_slice())?;
        // As late as can be: a deletion of the request, and a retirement of the key, wait for these from here on.
        key_rows::publish(connection, self.format.public_key())?;
        statement_rows::keep_request(connection, &request.id, request.revision)?;
        let statement = self.statement(request, number, created_at, signed);
        statement_rows::insert(connection, &statement)?;
        Ok(statement)
    }

    fn facts(&self, connection: &mut PgConnection) -> Result<(StatementFacts, RequestTotals), NotMade> {
        let NewStatement { annotation_request_id: id, name, .. } = self.new;
        let created_at = statement_rows::snapshot_time(connection)?;
        let created_at = stored_time::time(created_at)
            .ok_or_else(|| DatabaseError::Corrupt("the clock of the database is before 1970".into()))?;
        let summary = summarize(connection, &id.clone().into(), &SummaryQuery::default(), self.scope, usize::MAX)?;
        let summary = summary.map_err(unreadable)?;
        let request = summary.requests().first().map(|(request, _)| request.clone());
        let request = request.ok_or_else(|| StatementError::UnknownAnnotationRequest(id.clone()))?;
        let previous = statement_rows::last(connection, id)?;
        let number = previous.map_or(Some(StatementNumber::MIN), |previous| previous.number.checked_add(1));
        let number = number.ok_or_else(|| DatabaseError::Corrupt("statements.number: there is none left".into()))?;
        Ok((StatementFacts { name: name.clone(), number, previous, summary, created_at }, request))
    }

    /// The first frame meets that of another statement with this number that is being made: it waits for it, and then is a
    /// duplicate of it.
    fn keep_frames(
        &self,
        connection: &mut PgConnection,
        summary: &Summary,
        request: &RequestTotals,
        number: StatementNumber,
        draft: &mut dyn StatementDraft,
    ) -> Result<(), NotMade> {
        let (mut frames, mut bytes): (Vec<RowFrame>, usize) = (Vec::new(), 0);
        let mut handover = Handover::new(self.waiting.clone());
        let mut is_first = true;
        let take = &mut |connection: &mut PgConnection, task: &_| {
            let Some(frame) = draft.take(task).map_err(failed)? else { return Ok(()) };
            bytes += frame.zstd.len();
            frames.push(frame);
            if is_first || frames.len() >= FRAMES_AT_A_TIME || bytes >= BYTES_AT_A_TIME {
                frame_rows::insert(connection, &request.id, number, &frames)?;
                frames.clear();
                (bytes, is_first) = (0, false);
            }
            Ok(())
        };
        handover.of_request::<NotMade>(connection, request, &TaskFilter::default(), TaskOrder::TaskId, take)?;
        frame_rows::insert(connection, &request.id, number, &frames)?;
        Ok(handover.compare(summary)?)
    }

    fn statement(
        &self,
        request: RequestTotals,
        number: StatementNumber,
        created_at: std::time::SystemTime,
        signed: SignedStatement,
    ) -> Statement {
        let SignedStatement { rows, body, sha256, signature, .. } = signed;
        let head = StatementHead {
            annotation_request_id: request.id,
            campaign_id: request.campaign_id,
            counting_rule: request.counting_rule,
            number,
            name: self.new.name.clone(),
            revision: request.revision,
            task_count: request.task_count,
            rows,
            sha256,
            key_id: self.format.public_key().id.clone(),
            actor: self.new.actor.clone(),
            created_at,
        };
        Statement { head, body, signature }
    }
}

fn failed(error: BoxError) -> NotMade {
    StatementError::Format(error).into()
}

fn unreadable(error: RepositoryError) -> StatementError {
    match error {
        RepositoryError::UnknownAnnotationRequests(ids) => ids.into_iter().next().map_or_else(
            || StatementError::Unavailable("an unknown request has no id".into()),
            StatementError::UnknownAnnotationRequest,
        ),
        RepositoryError::Unavailable(error) => StatementError::Unavailable(error),
        RepositoryError::Corrupt { what } => StatementError::Corrupt { what },
        error @ (RepositoryError::UnknownStatements { .. }
        | RepositoryError::PageTooLarge { .. }
        | RepositoryError::SummaryTooLarge { .. }) => StatementError::Unavailable(Box::new(error)),
    }
}

pub(super) fn port_error(error: DatabaseError) -> StatementError {
    if let DatabaseError::Corrupt(what) = error {
        StatementError::Corrupt { what }
    } else {
        StatementError::Unavailable(Box::new(error))
    }
}

impl From<StatementError> for NotMade {
    fn from(error: StatementError) -> Self {
        Self::Failed(error)
    }
}

impl From<DatabaseError> for NotMade {
    fn from(error: DatabaseError) -> Self {
        // Where requests are sharded, errors of nodes come back by their message alone. What cannot be serialized: since the
        // snapshot the request was deleted, or the key was published or retired.
        let is_sign = |message: &str| {
            message.starts_with("duplicate key value") || message.contains("could not serialize access")
        };
        let is_outdated = matches!(&error, DatabaseError::Duplicate(_))
            || matches!(&error, DatabaseError::Refused(message) if is_sign(message));
        if is_outdated {
            return Self::Outdated(error);
        }
        Self::Failed(if matches!(error, DatabaseError::DeadlineMissed(..)) {
            // What has begun goes on after its caller has stopped waiting.
            StatementError::OutcomeUnknown(Box::new(error))
        } else {
            port_error(error)
        })
    }
}

impl CountedError for NotMade {
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Failed(StatementError::Unavailable(cause) | StatementError::OutcomeUnknown(cause)) => {
                reason_of(cause)
            }
            Self::Failed(StatementError::Corrupt { .. }) => Some(CORRUPT),
            Self::Outdated(_) | Self::Failed(_) => None,
        }
    }
}
