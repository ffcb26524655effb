//! Statements on Postgres: made in one snapshot, beside others that record, delete, retire keys and make statements
//! (ADR 102).

mod frames;
mod paused_format;
mod races;

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, CreatedStatement, NewStatement, StatementError, StatementFormat, StatementName,
    StatementRepository,
};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use annotation_statistics_storage::PostgresStatementRepository;
use annotation_statistics_tests::TestDatabase;
use std::sync::Arc;

const ALL: &CampaignScope = &CampaignScope::All;

fn id() -> AnnotationRequestId {
    AnnotationRequestId::new("a").unwrap()
}

fn new(name: &str) -> NewStatement {
    let name = StatementName::new(name).unwrap();
    NewStatement { annotation_request_id: id(), name, actor: "operator".to_owned() }
}

/// With the key whose secret is 32 zeros.
fn format() -> Arc<SignedFormat> {
    let block = format!("MC4CAQAwBQYDK2VwBCIEI{}", "A".repeat(43));
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{block}\n-----END PRIVATE KEY-----\n");
    Arc::new(SignedFormat::new(SigningKey::from_pem(&pem).unwrap()))
}

fn statements(database: &TestDatabase) -> PostgresStatementRepository {
    PostgresStatementRepository::new(database.database(), database.database())
}

async fn make(
    database: &TestDatabase,
    name: &str,
    format: Arc<dyn StatementFormat>,
) -> Result<CreatedStatement, StatementError> {
    statements(database).create(new(name), ALL, format).await
}

/// How many rows the tables of statements have.
fn kept(database: &TestDatabase) -> [String; 3] {
    ["statements", "statement_chunks", "statement_keys"]
        .map(|table| database.query(&format!("SELECT count(*) FROM {table}")).concat())
}
