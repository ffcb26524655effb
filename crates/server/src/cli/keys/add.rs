//! `annotation-statistics keys add`

use super::arguments::{AddKeyArguments, ScopeName};
use super::failure::failure;
use super::new_secret::NewSecret;
use crate::cli::failure::Failure;
use crate::service::MasterKeyFile;
use crate::terminal::{print, remark};
use annotation_statistics_access::{KeyId, KeyScopes, KeySecret, Timestamp};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use annotation_statistics_storage::{MasterKey, NewKey, PostgresKeyRegistry, random_secret};
use std::io::{Read, stdin};

/// The most bytes that are read for a secret.
const MAX_SECRET_INPUT: u64 = 1_024;

pub(super) async fn add(
    master_key_file: &MasterKeyFile,
    registry: &PostgresKeyRegistry,
    arguments: &AddKeyArguments,
) -> Result<(), Failure> {
    let key = new_key(arguments)?;
    let new_secret = NewSecret::new(&key.id, &key.secret, arguments.json);
    let master_key = master_key(master_key_file, registry).await?;
    registry.add(key, master_key).await.map_err(|error| failure(&error))?;
    print(new_secret.text("made; keep the secret now, it is not shown again"));
    Ok(())
}

fn new_key(arguments: &AddKeyArguments) -> Result<NewKey, Failure> {
    let input = |error: &dyn std::fmt::Display| Failure::Input(error.to_string());
    let random = || Ok(format!("ak-{:016x}", rand::random::<u64>()));
    let id = arguments.id.clone().map_or_else(random, Ok::<_, Failure>)?;
    let campaigns: Result<_, _> = arguments.campaigns.iter().map(|id| CampaignId::new(id.as_str())).collect();
    let campaigns = campaigns.map_err(|error| Failure::Input(format!("--campaign {error}")))?;
    let id_prefix = arguments.id_prefix.as_deref().map(IdPrefix::new).transpose();
    let id_prefix = id_prefix.map_err(|error| Failure::Input(format!("--id-prefix {error}")))?;
    if id_prefix.is_some() && !arguments.scope.contains(&ScopeName::Write) {
        return Err(Failure::Input("--id-prefix is for keys that write: add --scope write, or read,write".into()));
    }
    Ok(NewKey {
        id: KeyId::new(id).map_err(|error| input(&error))?,
        secret: if arguments.secret_stdin {
            secret_from_stdin()?
        } else {
            random_secret().map_err(|error| input(&error))?
        },
        scopes: match (arguments.scope.contains(&ScopeName::Read), arguments.scope.contains(&ScopeName::Write)) {
            (_, false) => KeyScopes::Read,
            (true, true) => KeyScopes::ReadAndWrite,
            (false, true) => KeyScopes::Write,
        },
        campaigns: if arguments.campaigns.is_empty() { CampaignScope::All } else { CampaignScope::Only(campaigns) },
        id_prefix,
        accepts_v1: arguments.v1,
        expires: arguments.expires.map(|timestamp| Timestamp::from(timestamp.as_millisecond())),
    })
}

fn secret_from_stdin() -> Result<KeySecret, Failure> {
    let mut text = String::new();
    let read = stdin().lock().take(MAX_SECRET_INPUT).read_to_string(&mut text);
    read.map_err(|error| Failure::Input(format!("the secret cannot be read: {error}")))?;
    KeySecret::new(text.trim_end_matches(['\r', '\n'])).map_err(|error| Failure::Input(error.to_string()))
}

/// The master key; created with the first key, as no secret is encrypted with another one by then.
async fn master_key(file: &MasterKeyFile, registry: &PostgresKeyRegistry) -> Result<MasterKey, Failure> {
    match file.read_if_there()? {
        Some(key) => Ok(key),
        None if registry.is_empty().await.map_err(|error| failure(&error))? => {
            let key = file.make()?;
            remark(format_args!(
                "made the master key {}: keep it, give it to every server of this database, and never into the database",
                file.name()
            ));
            Ok(key)
        }
        None => Ok(file.read()?),
    }
}
