//! `annotation-statistics statement keys` and `retire`

use super::arguments::RetireArguments;
use super::database::{failure, with_statements};
use super::names;
use super::report::{second, time};
use crate::cli::failure::Failure;
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_domain::{PublishedKey, StatementRepository};
use annotation_statistics_statements::public_key_to_pem;

pub(super) async fn list(settings: &Settings, json: bool) -> Result<(), Failure> {
    let keys =
        with_statements(settings, async |_, statements| statements.list_keys().await.map_err(|error| failure(&error)))
            .await?;
    if json {
        keys.iter().map(key_json).for_each(print);
    } else if keys.is_empty() {
        remark("nothing was signed yet; a key is published with the first statement that it signs");
    } else {
        keys.iter().map(key_text).for_each(print);
    }
    Ok(())
}

pub(super) async fn retire(settings: &Settings, arguments: &RetireArguments) -> Result<(), Failure> {
    let id = names::key(&arguments.key_id)?;
    if !arguments.yes {
        return Err(Failure::CommandLine(format!(
            "nothing was retired: no server signs with the key {id} any more once it is; add --yes to retire it for good"
        )));
    }
    let key = with_statements(settings, async |_, statements| {
        statements.retire_key(&id).await.map_err(|error| failure(&error))
    })
    .await?;
    if arguments.json {
        print(key_json(&key));
    } else {
        print(format_args!("retired {id}: nothing is signed with it any more, and what it has signed stays true"));
    }
    Ok(())
}

fn key_text(key: &PublishedKey) -> String {
    let until = key.retired_at.map_or_else(String::new, |retired| format!(", retired {}", second(retired)));
    let pem = public_key_to_pem(&key.key);
    format!("key {}, first used {}{until}\n{}", key.key.id, second(key.created_at), pem.trim_end())
}

fn key_json(key: &PublishedKey) -> serde_json::Value {
    serde_json::json!({
        "id": key.key.id.as_str(),
        "publicKey": public_key_to_pem(&key.key),
        "createdAt": time(key.created_at),
        "retiredAt": key.retired_at.map(time),
    })
}
