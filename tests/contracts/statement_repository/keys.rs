//! The keys that statements are signed with.

use super::{ALL, create, new, numbers};
use crate::plain_format::{PlainFormat, key};
use annotation_statistics_domain::{PublicKey, StatementError};
use annotation_statistics_tests::{Implementation, record, task};
use std::sync::Arc;

async fn published(data: &impl Implementation) -> Vec<PublicKey> {
    data.statements().list_keys().await.unwrap().into_iter().map(|published| published.key).collect()
}

/// `create` MUST publish the key of the format, where it is not published; `list_keys` MUST return each published key, in the
/// order in which they were published.
pub(super) async fn obligation_12(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    assert_eq!(published(data).await, []);
    for (number, text) in [(9, "x"), (9, "y"), (3, "z")] {
        let format = Arc::new(PlainFormat::with_key(number));
        let made = data.statements().create(new("a", text), ALL, format).await.unwrap().statement;
        assert_eq!(made.head.key_id, key(number).id);
    }
    assert_eq!(published(data).await, [key(9), key(3)]);
}

/// `retire_key` MUST set the time once and for all, and fail with `UnknownKey` where the key is not published; `create` with a
/// retired key MUST fail with `KeyRetired`.
pub(super) async fn obligation_13(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    let first = create(data, "a", "x").await.statement;
    let statements = data.statements();
    let retired = statements.retire_key(&key(1).id).await.unwrap();
    assert_eq!((retired.retired_at.is_some(), &retired.key), (true, &key(1)));
    assert_eq!(statements.retire_key(&key(1).id).await.unwrap(), retired);
    assert_eq!(statements.list_keys().await.unwrap(), [retired]);
    let refused = statements.create(new("a", "y"), ALL, Arc::new(PlainFormat::default())).await.unwrap_err();
    assert!(matches!(refused, StatementError::KeyRetired(id) if id == key(1).id));
    assert_eq!(create(data, "a", "x").await.statement, first, "it is there");
    let unknown = statements.retire_key(&key(8).id).await.unwrap_err();
    assert!(matches!(unknown, StatementError::UnknownKey(id) if id == key(8).id));
    assert_eq!(numbers(data, "a").await, [(1, "x".to_owned())]);
}
