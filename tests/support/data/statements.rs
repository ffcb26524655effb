//! Statements made in the database of a test.

use crate::Implementation;
use annotation_statistics_domain::{AnnotationRequestId, CampaignScope, NewStatement, Statement, StatementName};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use std::sync::Arc;

/// The key of RFC 8410.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

/// States what the request has now.
pub async fn make_statement(data: &impl Implementation, request: &str, name: &str) -> Statement {
    let new = NewStatement {
        annotation_request_id: AnnotationRequestId::new(request).unwrap(),
        name: StatementName::new(name).unwrap(),
        actor: "a test".to_owned(),
    };
    let format = Arc::new(SignedFormat::new(SigningKey::from_pem(KEY).unwrap()));
    data.statements().create(new, &CampaignScope::All, format).await.unwrap().statement
}
