//! `annotation-statistics keys revoke`

use super::arguments::RevokeKeyArguments;
use super::failure::{failure, known_id};
use crate::cli::failure::Failure;
use crate::terminal::print;
use annotation_statistics_storage::PostgresKeyRegistry;
use jiff::Timestamp;

pub(super) async fn revoke(registry: &PostgresKeyRegistry, arguments: &RevokeKeyArguments) -> Result<(), Failure> {
    let revoked = match (&arguments.id, arguments.all_before) {
        (Some(id), _) => {
            let id = known_id(id)?;
            registry.revoke(id.clone()).await.map_err(|error| failure(&error))?;
            vec![id.to_string()]
        }
        (None, Some(before)) if arguments.yes => {
            registry.revoke_all_before(before.as_microsecond()).await.map_err(|error| failure(&error))?
        }
        (None, Some(before)) => return Err(not_confirmed(registry, before).await?),
        (None, None) => return Err(Failure::CommandLine("name a key, or --all-before".into())),
    };
    if arguments.json {
        print(serde_json::json!({ "revoked": revoked }));
        return Ok(());
    }
    for id in &revoked {
        print(format_args!("revoked {id}"));
    }
    if arguments.id.is_none() {
        print(format_args!("{} keys were revoked; `annotation-statistics keys add` makes new ones", revoked.len()));
    }
    Ok(())
}

/// Lists the keys that would be revoked.
async fn not_confirmed(registry: &PostgresKeyRegistry, before: Timestamp) -> Result<Failure, Failure> {
    let named = registry.made_before(before.as_microsecond()).await.map_err(|error| failure(&error))?;
    Ok(Failure::CommandLine(format!(
        "nothing was revoked: {} keys were made before {before}{}{}; add --yes to revoke them for good",
        named.len(),
        if named.is_empty() { "" } else { ": " },
        named.join(", ")
    )))
}
