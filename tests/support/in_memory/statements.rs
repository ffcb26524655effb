//! The statements in memory.

use super::statistics::InMemoryStatistics;
use super::store::Store;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, CreatedStatement, FrameStart, NewStatement, PreviousStatement, PublicKey,
    PublishedKey, RecordedTask, RepositoryError, RowFrame, SignedStatement, SigningKeyId, Statement, StatementError,
    StatementFacts, StatementFormat, StatementHead, StatementName, StatementNumber, StatementRepository, Summary,
};
use async_trait::async_trait;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::SystemTime;

type Kept = (Statement, Vec<RowFrame>);

/// What a statement is made of.
struct Material {
    new: NewStatement,
    summary: Summary,
    tasks: Vec<RecordedTask>,
    previous: Option<PreviousStatement>,
}

fn kept<'a>(store: &'a Store, id: &AnnotationRequestId, name: &StatementName) -> Option<&'a Statement> {
    let kept = store.statements.get(id)?.iter().map(|(statement, _)| statement);
    kept.into_iter().find(|statement| statement.head.name == *name)
}

fn previous(store: &Store, id: &AnnotationRequestId) -> Option<PreviousStatement> {
    let (last, _) = store.statements.get(id)?.last()?;
    Some(PreviousStatement { number: last.head.number, sha256: last.head.sha256 })
}

fn publish(store: &mut Store, key: &PublicKey) -> Result<(), StatementError> {
    match store.keys.iter().find(|published| published.key == *key) {
        Some(PublishedKey { retired_at: Some(_), .. }) => Err(StatementError::KeyRetired(key.id.clone())),
        Some(_) => Ok(()),
        None => {
            let created_at = SystemTime::UNIX_EPOCH;
            store.keys.push(PublishedKey { key: key.clone(), created_at, retired_at: None });
            Ok(())
        }
    }
}

fn make(material: Material, format: &dyn StatementFormat) -> Result<Kept, StatementError> {
    let Material { new, summary, tasks, previous } = material;
    let number = previous.map_or(StatementNumber::MIN, |previous| previous.number.checked_add(1).unwrap());
    let created_at = SystemTime::UNIX_EPOCH;
    let request = summary.requests()[0].0.clone();
    let facts = StatementFacts { name: new.name.clone(), number, previous, summary, created_at };
    let mut draft = format.begin(facts).map_err(StatementError::Format)?;
    let mut frames = Vec::new();
    for task in &tasks {
        frames.extend(draft.take(task).map_err(StatementError::Format)?);
    }
    let signed = draft.finish().map_err(StatementError::Format)?;
    let SignedStatement { last_frame, rows, body, sha256, signature } = signed;
    frames.extend(last_frame);
    let head = StatementHead {
        annotation_request_id: request.id,
        campaign_id: request.campaign_id,
        counting_rule: request.counting_rule,
        number,
        name: new.name,
        revision: request.revision,
        task_count: request.task_count,
        rows,
        sha256,
        key_id: format.public_key().id.clone(),
        actor: new.actor,
        created_at,
    };
    Ok((Statement { head, body, signature }, frames))
}

impl InMemoryStatistics {
    fn known(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<(), StatementError> {
        let known = self.store.lock().unwrap().seen(id, scope).is_some();
        if known { Ok(()) } else { Err(StatementError::UnknownAnnotationRequest(id.clone())) }
    }

    fn material(&self, new: &NewStatement, scope: &CampaignScope) -> Result<Material, StatementError> {
        let id = &new.annotation_request_id;
        let previous = previous(&self.store.lock().unwrap(), id);
        let (summary, tasks) = self.copy_by_task_id(id, scope).map_err(|error| {
            if matches!(error, RepositoryError::UnknownAnnotationRequests(_)) {
                StatementError::UnknownAnnotationRequest(id.clone())
            } else {
                StatementError::Unavailable(error.into())
            }
        })?;
        Ok(Material { new: new.clone(), summary, tasks, previous })
    }
}

#[async_trait]
impl StatementRepository for InMemoryStatistics {
    async fn create(
        &self,
        new: NewStatement,
        scope: &CampaignScope,
        format: Arc<dyn StatementFormat>,
    ) -> Result<CreatedStatement, StatementError> {
        let id = &new.annotation_request_id;
        loop {
            self.reach().map_err(StatementError::Unavailable)?;
            self.known(id, scope)?;
            if let Some(statement) = kept(&self.store.lock().unwrap(), id, &new.name) {
                return Ok(CreatedStatement { statement: statement.clone(), is_new: false });
            }
            publish(&mut self.store.lock().unwrap(), format.public_key())?;
            let (material, format) = (self.material(&new, scope)?, Arc::clone(&format));
            let (statement, frames) =
                tokio::task::spawn_blocking(move || make(material, format.as_ref())).await.unwrap()?;
            let mut store = self.store.lock().unwrap();
            let last = previous(&store, id).map_or(0, |previous| previous.number.get());
            // Another one was made meanwhile.
            if statement.head.number.get() == last + 1 {
                store.statements.entry(id.clone()).or_default().push((statement.clone(), frames));
                return Ok(CreatedStatement { statement, is_new: true });
            }
        }
    }

    async fn find(
        &self,
        id: &AnnotationRequestId,
        name: &StatementName,
        scope: &CampaignScope,
    ) -> Result<Statement, StatementError> {
        self.reach().map_err(StatementError::Unavailable)?;
        self.known(id, scope)?;
        let unknown = || StatementError::UnknownStatement { annotation_request_id: id.clone(), name: name.clone() };
        kept(&self.store.lock().unwrap(), id, name).cloned().ok_or_else(unknown)
    }

    async fn list(
        &self,
        id: &AnnotationRequestId,
        before: Option<StatementNumber>,
        limit: NonZeroU32,
        scope: &CampaignScope,
    ) -> Result<Vec<StatementHead>, StatementError> {
        self.reach().map_err(StatementError::Unavailable)?;
        self.known(id, scope)?;
        let store = self.store.lock().unwrap();
        let heads = store.statements.get(id).into_iter().flatten().rev().map(|(statement, _)| statement.head.clone());
        let heads = heads.filter(|head| before.is_none_or(|before| head.number < before));
        Ok(heads.take(limit.get().try_into().unwrap()).collect())
    }

    async fn find_frames(
        &self,
        id: &AnnotationRequestId,
        number: StatementNumber,
        start: FrameStart,
        most: NonZeroU32,
    ) -> Result<Vec<RowFrame>, StatementError> {
        self.reach().map_err(StatementError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let found = store.statements.get(id).into_iter().flatten();
        let frames: Vec<_> =
            found.filter(|(statement, _)| statement.head.number == number).flat_map(|(_, frames)| frames).collect();
        let first = match start {
            FrameStart::Place(place) => place.try_into().unwrap(),
            FrameStart::Task(task) => frames.iter().rposition(|frame| frame.first_task <= task).unwrap_or_default(),
        };
        Ok(frames.into_iter().skip(first).take(most.get().try_into().unwrap()).cloned().collect())
    }

    async fn list_keys(&self) -> Result<Vec<PublishedKey>, StatementError> {
        self.reach().map_err(StatementError::Unavailable)?;
        Ok(self.store.lock().unwrap().keys.clone())
    }

    async fn retire_key(&self, id: &SigningKeyId) -> Result<PublishedKey, StatementError> {
        self.reach().map_err(StatementError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let key = store.keys.iter_mut().find(|published| published.key.id == *id);
        let key = key.ok_or_else(|| StatementError::UnknownKey(id.clone()))?;
        key.retired_at.get_or_insert(SystemTime::UNIX_EPOCH);
        Ok(key.clone())
    }
}
