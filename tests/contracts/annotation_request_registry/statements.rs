//! What was signed stays, and so does what it is of.

use super::{ALL, delete_task, find, id};
use crate::plain_format::PlainFormat;
use annotation_statistics_domain::{NewStatement, Precondition, RegistryError, StatementName};
use annotation_statistics_tests::{Implementation, record, task};
use std::sync::Arc;

/// `delete` of a request that has statements MUST fail with `HasStatements`.
pub(super) async fn obligation_18(data: &impl Implementation) {
    record(data, [task("a", 1), task("a", 2), task("b", 1)]).await;
    for name in ["x", "y"] {
        let name = StatementName::new(name).unwrap();
        let new = NewStatement { annotation_request_id: id("a"), name, actor: "ak-1".to_owned() };
        data.statements().create(new, ALL, Arc::new(PlainFormat::default())).await.unwrap();
    }
    let before = find(data, "a").await;
    let refused = data.registry().delete(&id("a"), ALL, Precondition::None).await.unwrap_err();
    assert!(matches!(&refused, RegistryError::HasStatements { id: of, count: 2 } if *of == id("a")), "{refused:?}");
    assert_eq!(refused.to_string(), "annotation request `a` has 2 statements, and cannot be deleted");
    assert_eq!(find(data, "a").await, before);
    assert_eq!(delete_task(data, "a", 1).await.unwrap().task_count, 1, "a task of it may be deleted");
    assert_eq!(data.registry().delete(&id("b"), ALL, Precondition::None).await.unwrap().tasks, 1);
}
