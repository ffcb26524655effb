//! What is not there.

use super::{ALL, create, id, name, new, numbers};
use crate::plain_format::PlainFormat;
use annotation_statistics_domain::{CampaignId, CampaignScope, StatementError};
use annotation_statistics_tests::{Implementation, record, task};
use std::num::NonZeroU32;
use std::sync::Arc;

/// What is not there, or is of a campaign outside the scope, MUST fail with `UnknownAnnotationRequest` or `UnknownStatement`.
pub(super) async fn obligation_11(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    create(data, "a", "x").await;
    let elsewhere = &CampaignScope::Only([CampaignId::new("2002").unwrap()].into());
    let statements = data.statements();
    for (request, scope, reason) in [("b", ALL, "it is not there"), ("a", elsewhere, "another campaign")] {
        let limit = NonZeroU32::MIN;
        let is_unknown =
            |error: StatementError| matches!(error, StatementError::UnknownAnnotationRequest(of) if of == id(request));
        let format = Arc::new(PlainFormat::default());
        assert!(is_unknown(statements.create(new(request, "y"), scope, format).await.unwrap_err()), "{reason}");
        assert!(is_unknown(statements.find(&id(request), &name("x"), scope).await.unwrap_err()), "{reason}");
        assert!(is_unknown(statements.list(&id(request), None, limit, scope).await.unwrap_err()), "{reason}");
    }
    let missing = statements.find(&id("a"), &name("y"), ALL).await.unwrap_err();
    assert!(matches!(missing, StatementError::UnknownStatement { name, .. } if name.as_str() == "y"));
    assert_eq!(numbers(data, "a").await, [(1, "x".to_owned())]);
}
