//! The heads of the statements of one name of several requests.

use super::{ALL, create, name};
use annotation_statistics_domain::{AnnotationRequestId, CampaignId, CampaignScope, RepositoryError, StatementHead};
use annotation_statistics_tests::{Implementation, ids, record, task};

fn texts(ids: &[AnnotationRequestId]) -> Vec<&str> {
    ids.iter().map(AnnotationRequestId::as_str).collect()
}

/// `find_heads` MUST return the heads of the statements of one name of all given requests, in the order given, as `find` returns
/// them; else it MUST name each request that is unknown or of a campaign outside the scope, or else each that has no such statement,
/// in the order given.
pub(super) async fn obligation_15(data: &impl Implementation) {
    record(data, ["a", "b", "c", "d"].map(|request| task(request, 1))).await;
    record(data, [task("e", 1).campaign("2002")]).await;
    let mut made: Vec<StatementHead> = Vec::new();
    for request in ["a", "b", "e"] {
        create(data, request, "other").await;
        made.push(create(data, request, "x").await.statement.head);
    }
    record(data, [task("a", 2)]).await;
    let (statements, x) = (data.statements(), name("x"));
    let only = &CampaignScope::Only([CampaignId::new("1001").unwrap()].into());
    let [a, b, e] = <[StatementHead; 3]>::try_from(made).unwrap();
    for (requests, scope, expected) in
        [(&["a"][..], ALL, vec![&a]), (&["e", "b", "a"], ALL, vec![&e, &b, &a]), (&["b", "a"], only, vec![&b, &a])]
    {
        let found = statements.find_heads(&ids(requests), &x, scope).await.unwrap();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{requests:?}");
    }
    for (requests, scope, expected) in
        [(&["x"][..], ALL, &["x"][..]), (&["e"], only, &["e"]), (&["y", "d", "a", "e", "x"], only, &["y", "e", "x"])]
    {
        let refused = statements.find_heads(&ids(requests), &x, scope).await.unwrap_err();
        let RepositoryError::UnknownAnnotationRequests(unknown) = &refused else { panic!("{requests:?}: {refused:?}") };
        assert_eq!(texts(unknown), expected, "{requests:?}");
    }
    for (requests, expected) in [(&["d"][..], &["d"][..]), (&["d", "a", "c", "b"], &["d", "c"])] {
        let refused = statements.find_heads(&ids(requests), &x, ALL).await.unwrap_err();
        let RepositoryError::UnknownStatements { name, requests } = &refused else {
            panic!("{requests:?}: {refused:?}")
        };
        assert_eq!((name, texts(requests)), (&x, expected.to_vec()));
    }
}
