//! The test support of statements: some that are signed, of the request `order 7`, and a service that has them.

use crate::test_support::{named_row, ports};
use crate::{Ports, SigningSource};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, CreatedStatement, ItemKind, ItemKinds, ItemSums,
    MockStatementRepository, NewStatement, OperationItemKey, Place, PoolType, PreviousStatement, PublishedKey,
    RecordedTask, RequestTotals, Revision, Statement, StatementError, StatementFacts, StatementFormat, StatementHead,
    StatementName, StatementNumber, Summary, TaskStatus, Totals,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use std::sync::Arc;
use std::time::SystemTime;

pub(crate) const REQUEST: &str = "order 7";

/// The example of RFC 8410.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
    -----END PRIVATE KEY-----\n";

fn format() -> SignedFormat {
    SignedFormat::new(SigningKey::from_pem(KEY).unwrap())
}

/// What signs with the key of the tests.
pub(crate) fn signing() -> SigningSource {
    SigningSource::new(|| {
        let format: Arc<dyn StatementFormat> = Arc::new(format());
        Ok(format)
    })
}

/// Of one complete task with 44, 11 and 1 operation items.
fn summary() -> Summary {
    let id = AnnotationRequestId::new(REQUEST).unwrap();
    let totals = Totals { tasks: 1, instances: 12, attributes: 44, frames: 1 };
    let request = RequestTotals {
        id,
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        revision: Revision::from(1_744_122_000_000_000),
        task_count: 1,
        groups: vec![(PoolType::Complete, TaskStatus::LABELS_APPROVED, totals)],
    };
    let item = |key: &str, count, kind| {
        let key = OperationItemKey::new(key).unwrap();
        ItemSums { key, count, tasks: 1, tasks_of_slots: 0, tasks_of_inputs: 0, stated_kind: Some(kind) }
    };
    let items = vec![
        item("0e767bcb-7480-4e85-bbe8-439fe7871104", 11, ItemKind::Slot),
        item("car", 1, ItemKind::Slot),
        item("select-[e000f]", 44, ItemKind::Input),
    ];
    Summary::new(vec![request], items).unwrap()
}

/// The statement of this number.
fn made(name: &StatementName, number: u64, before: Option<&Statement>, actor: &str) -> Statement {
    let number = StatementNumber::new(number).unwrap();
    let created_at = SystemTime::try_from("2025-04-08T14:20:00.5Z".parse::<jiff::Timestamp>().unwrap()).unwrap();
    let previous = before.map(|before| PreviousStatement { number: before.head.number, sha256: before.head.sha256 });
    let facts = StatementFacts { name: name.clone(), number, previous, summary: summary(), created_at };
    let mut draft = format().begin(facts).unwrap();
    let task = RecordedTask {
        place: Place::from(1),
        annotation_request_id: AnnotationRequestId::new(REQUEST).unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        item_kinds: ItemKinds::default(),
        statistics: named_row("frames/7.jpg"),
    };
    draft.take(&task).unwrap();
    let signed = draft.finish().unwrap();
    let head = StatementHead {
        annotation_request_id: task.annotation_request_id,
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: Some(CountingRuleName::OBJECTS_2),
        number,
        name: name.clone(),
        revision: Revision::from(1_744_122_000_000_000),
        task_count: 1,
        rows: signed.rows,
        sha256: signed.sha256,
        key_id: format().public_key().id.clone(),
        actor: actor.to_owned(),
        created_at,
    };
    Statement { head, body: signed.body, signature: signed.signature }
}

/// As many statements as there are names, in the order in which they were made.
pub(crate) fn statements(names: &[&str]) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for (name, number) in names.iter().zip(1..) {
        let statement = made(&StatementName::new(*name).unwrap(), number, statements.last(), "ak-7");
        statements.push(statement);
    }
    statements
}

fn of(id: &AnnotationRequestId) -> Result<(), StatementError> {
    if id.as_str() == REQUEST { Ok(()) } else { Err(StatementError::UnknownAnnotationRequest(id.clone())) }
}

/// A repository that has statements of these names, and takes another one.
pub(crate) fn repository(names: &[&str]) -> MockStatementRepository {
    let kept = Arc::new(statements(names));
    let mut repository = MockStatementRepository::new();
    let (found, listed) = (Arc::clone(&kept), Arc::clone(&kept));
    let find = move |id: &AnnotationRequestId, name: &StatementName| {
        of(id)?;
        let statement = found.iter().find(|statement| statement.head.name == *name).cloned();
        let (annotation_request_id, name) = (id.clone(), name.clone());
        statement.ok_or(StatementError::UnknownStatement { annotation_request_id, name })
    };
    let known = find.clone();
    repository.expect_find().returning(move |id, name, _| find(id, name));
    repository.expect_list().returning(move |id, before, limit, _| {
        of(id)?;
        let is_before = |statement: &&Statement| before.is_none_or(|before| statement.head.number < before);
        let heads = listed.iter().rev().filter(is_before).map(|statement| statement.head.clone());
        Ok(heads.take(limit.get().try_into().unwrap()).collect())
    });
    repository.expect_create().returning(move |new: NewStatement, _, _| {
        let NewStatement { annotation_request_id, name, actor } = new;
        Ok(match known(&annotation_request_id, &name) {
            Ok(statement) => CreatedStatement { statement, is_new: false },
            Err(StatementError::UnknownStatement { .. }) => {
                let number = u64::try_from(kept.len()).unwrap() + 1;
                CreatedStatement { statement: made(&name, number, kept.last(), &actor), is_new: true }
            }
            Err(error) => return Err(error),
        })
    });
    let key = format().public_key().clone();
    let published = move || PublishedKey { key: key.clone(), created_at: SystemTime::UNIX_EPOCH, retired_at: None };
    repository.expect_list_keys().returning(move || Ok(vec![published()]));
    repository
}

/// The ports of a service with statements of these names.
pub(crate) fn with_statements(names: &[&str]) -> Ports {
    Ports { statements: Arc::new(repository(names)), ..ports() }
}
