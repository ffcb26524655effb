//! Recording in memory: on a copy, which takes the place of what was there only if nothing fails.

use super::store::{Request, Store};
use annotation_statistics_domain::{
    AnnotationRequestId, CountingRuleConflict, CountingRuleName, ItemKinds, Place, Precondition, PreconditionFailed,
    RecordError, Recorded, RecordedTask, Revision, Statistics, StatisticsParts, TaskId,
};
use std::collections::{BTreeSet, HashMap};

/// What becomes of the data if nothing fails.
pub(super) struct Recording {
    store: Store,
    precondition: Precondition,
    seen: HashMap<(AnnotationRequestId, TaskId), Place>,
    touched: BTreeSet<AnnotationRequestId>,
    recorded: Recorded,
}

impl Recording {
    pub(super) fn new(store: Store, precondition: Precondition) -> Self {
        let (seen, touched, recorded) = (HashMap::new(), BTreeSet::new(), Recorded::default());
        Self { store, precondition, seen, touched, recorded }
    }

    pub(super) fn add(&mut self, task: RecordedTask) -> Result<(), RecordError> {
        let RecordedTask { place, annotation_request_id, counting_rule, item_kinds, statistics } = task;
        let id = statistics.id();
        self.expect(&annotation_request_id)?;
        if let Some(first) = self.seen.insert((annotation_request_id.clone(), id), place) {
            return Err(RecordError::DuplicateTask { place, first, annotation_request_id, task: id });
        }
        let known = self.store.requests.entry(annotation_request_id.clone());
        let request = known.or_insert_with(|| Request::new(statistics.campaign_id().clone(), None));
        if request.campaign != *statistics.campaign_id() {
            let (recorded, given) = (request.campaign.clone(), statistics.campaign_id().clone());
            return Err(RecordError::CampaignConflict { place, annotation_request_id, recorded, given });
        }
        let is_new = request.revision == Revision::from(0);
        agree(request, is_new, &annotation_request_id, counting_rule)
            .map_err(|conflict| RecordError::CountingRuleConflict { place, conflict })?;
        keep_kinds(request, place, &annotation_request_id, &item_kinds)?;
        match request.tasks.iter_mut().find(|row| row.id() == id) {
            None => {
                refuse_taken(request, &statistics, place, &annotation_request_id)?;
                request.tasks.push(statistics);
                self.recorded.inserted += 1;
            }
            Some(row) => {
                let statistics = made_of_the_same(row, statistics, place, &annotation_request_id)?;
                let same = *row == statistics;
                self.recorded.unchanged += u64::from(same);
                self.recorded.updated += u64::from(!same);
                *row = statistics;
            }
        }
        self.touched.insert(annotation_request_id);
        Ok(())
    }

    fn expect(&self, id: &AnnotationRequestId) -> Result<(), PreconditionFailed> {
        let current = self.store.requests.get(id).map(|request| request.revision);
        let holds = self.touched.contains(id) || self.precondition.holds(current);
        if holds { Ok(()) } else { Err(PreconditionFailed { annotation_request_id: id.clone(), current }) }
    }

    /// With new revisions for the requests that are no longer as they were `before`.
    pub(super) fn finish(mut self, before: &Store) -> (Store, Recorded) {
        for id in &self.touched {
            if before.requests.get(id) != self.store.requests.get(id) {
                let revision = self.store.next_revision();
                self.store.requests.get_mut(id).unwrap().revise(revision);
            }
        }
        let mut touched = self.touched.iter();
        if let (Some(only), None) = (touched.next(), touched.next()) {
            self.recorded.revision = Some(self.store.requests[only].revision);
        }
        (self.store, self.recorded)
    }
}

/// The first kind that is stated of an item stays.
fn keep_kinds(
    request: &mut Request,
    place: Place,
    id: &AnnotationRequestId,
    stated: &ItemKinds,
) -> Result<(), RecordError> {
    for (item, given) in stated.iter() {
        match request.kinds.get(item) {
            Some(recorded) if recorded != given => {
                let (annotation_request_id, item) = (id.clone(), item.clone());
                return Err(RecordError::ItemKindConflict { place, annotation_request_id, item, recorded, given });
            }
            Some(_) => {}
            None => drop(request.kinds.insert(item.clone(), given)),
        }
    }
    Ok(())
}

/// Of two tasks of one name no id may be made of the name and the other one not.
fn refuse_taken(
    request: &Request,
    new: &Statistics,
    place: Place,
    id: &AnnotationRequestId,
) -> Result<(), RecordError> {
    let Some(name) = new.source_name() else { return Ok(()) };
    let of_name = TaskId::of_name(name.as_str());
    let is_taken = |row: &&Statistics| row.source_name() == Some(name) && (row.id() == of_name || new.id() == of_name);
    match request.tasks.iter().find(is_taken) {
        Some(row) => Err(RecordError::SourceNameTaken {
            place,
            annotation_request_id: id.clone(),
            source_name: name.clone(),
            recorded: row.id(),
            given: new.id(),
        }),
        None => Ok(()),
    }
}

/// The first source name that a task is given stays.
fn made_of_the_same(
    row: &Statistics,
    given: Statistics,
    place: Place,
    id: &AnnotationRequestId,
) -> Result<Statistics, RecordError> {
    let mut parts = StatisticsParts::from(given);
    let recorded = row.source_name().cloned();
    if let Some((recorded, given)) = recorded.clone().zip(parts.source_name.clone()).filter(|(a, b)| a != b) {
        let annotation_request_id = id.clone();
        return Err(RecordError::SourceNameConflict { place, annotation_request_id, task: row.id(), recorded, given });
    }
    parts.source_name = recorded.or(parts.source_name);
    Ok(Statistics::new(parts).unwrap())
}

/// A rule is taken over as long as no task was recorded by another, or by none that was stated.
fn agree(
    request: &mut Request,
    is_new: bool,
    id: &AnnotationRequestId,
    stated: Option<CountingRuleName>,
) -> Result<(), CountingRuleConflict> {
    let Some(given) = stated else { return Ok(()) };
    if request.rule.is_none() && (is_new || request.tasks.is_empty()) {
        request.rule = Some(given);
    } else if request.rule.as_ref() != Some(&given) {
        let recorded = request.rule.clone();
        return Err(CountingRuleConflict { annotation_request_id: id.clone(), recorded, given });
    }
    Ok(())
}
