//! Makes statements, as few at the same time as may be, and only as long as they are waited for.

use crate::ApiState;
use crate::http::DatabaseTime;
use crate::response::ApiError;
use actix_web::web;
use annotation_statistics_domain::{
    BoxError, CampaignScope, CreatedStatement, NewStatement, PublicKey, RecordedTask, RowFrame, SignedStatement,
    StatementDraft, StatementError, StatementFacts, StatementFormat,
};
use std::sync::{Arc, Weak};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// Makes a statement of the tasks that the request has, or finds the one of this name.
///
/// # Errors
/// When it is not made. It may be there all the same where the database did not reply, or too late: a retry is safe.
pub(crate) async fn make_statement(
    state: &ApiState,
    time: &DatabaseTime,
    new: NewStatement,
    scope: &CampaignScope,
) -> Result<CreatedStatement, ApiError> {
    let permits = Arc::clone(&state.statement_makers);
    let permit = permits.try_acquire_owned().map_err(|_| ApiError::StatementsTooMany)?;
    let signing = state.signing.clone();
    let loaded = web::block(move || signing.load()).await.map_err(ApiError::Unread)?;
    let format = loaded.map_err(ApiError::Unsigned)?;
    let waiting = Arc::new(());
    let format = WhileAwaited { format, waiting: Arc::downgrade(&waiting), _permit: permit };
    let making = time.measure(state.ports.statements.create(new, scope, Arc::new(format)));
    let made = timeout(state.settings.statements.deadline, making).await;
    drop(waiting);
    match made {
        Ok(Ok(created)) => Ok(created),
        Ok(Err(error @ StatementError::KeyRetired(_))) => Err(ApiError::Unsigned(error.into())),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(StatementError::OutcomeUnknown("it took longer than statements.deadline".into()).into()),
    }
}

/// The client is gone, or the time is over.
#[derive(Debug, thiserror::Error)]
#[error("the statement is not waited for any more")]
struct NotAwaited;

/// A format that fails once the statement is not waited for any more. It holds the permit, so that a client that goes away does not
/// free it before the work has ended.
struct WhileAwaited {
    format: Arc<dyn StatementFormat>,
    waiting: Weak<()>,
    _permit: OwnedSemaphorePermit,
}

impl StatementFormat for WhileAwaited {
    fn public_key(&self) -> &PublicKey {
        self.format.public_key()
    }

    fn begin(&self, facts: StatementFacts) -> Result<Box<dyn StatementDraft>, BoxError> {
        let draft = self.format.begin(facts)?;
        Ok(Box::new(AwaitedDraft { draft, waiting: Weak::clone(&self.waiting) }))
    }
}

struct AwaitedDraft {
    draft: Box<dyn StatementDraft>,
    waiting: Weak<()>,
}

impl AwaitedDraft {
    fn check(&self) -> Result<(), NotAwaited> {
        if self.waiting.strong_count() > 0 { Ok(()) } else { Err(NotAwaited) }
    }
}

impl StatementDraft for AwaitedDraft {
    fn take(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, BoxError> {
        self.check()?;
        self.draft.take(task)
    }

    fn finish(self: Box<Self>) -> Result<SignedStatement, BoxError> {
        self.check()?;
        self.draft.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation_requests::statements::sample::{facts, signing, tasks};
    use tokio::sync::Semaphore;

    #[test]
    fn a_statement_that_is_not_waited_for_any_more_is_given_up_and_then_gives_up_its_place() {
        let places = Arc::new(Semaphore::new(1));
        let waiting = Arc::new(());
        let format = WhileAwaited {
            format: signing(),
            waiting: Arc::downgrade(&waiting),
            _permit: Arc::clone(&places).try_acquire_owned().unwrap(),
        };
        let mut draft = format.begin(facts()).unwrap();
        let mut tasks = tasks();
        assert!(draft.take(&tasks.next().unwrap()).is_ok());
        drop(waiting);
        let why = "the statement is not waited for any more";
        assert_eq!(draft.take(&tasks.next().unwrap()).unwrap_err().to_string(), why);
        assert_eq!(draft.finish().unwrap_err().to_string(), why);
        assert_eq!(places.available_permits(), 0);
        drop(format);
        assert_eq!(places.available_permits(), 1);
    }
}
