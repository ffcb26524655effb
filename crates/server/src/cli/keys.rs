//! `annotation-statistics keys`

pub(crate) mod arguments;
pub(crate) mod list;
pub(crate) mod revocation;

use crate::AddKeyArguments;
use crate::ApplicationError;
use crate::Failure;
use crate::Home;
use crate::KeysCommand;
use crate::ScopeName;
use crate::Settings;
use crate::cli::import::refusal::chain;
use crate::cli::keys::list::{key_json, key_table};
use crate::cli::keys::revocation::revoke;
use crate::cli::terminal::{remark, tell};
use crate::service::master_key_file::MasterKeyFile;
use crate::service::schema;
use annotation_statistics_access::{KeyId, KeyScopes, KeySecret, Timestamp};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use annotation_statistics_storage::{
    Database, DatabaseLimits, KeyRegistryError, MasterKey, NewKey, PostgresKeyRegistry, random_secret,
};
use jiff::SignedDuration;
use std::io::{Read, stdin};

/// The most that is read where a secret is expected.
const MAX_SECRET_INPUT: u64 = 1_024;

pub(crate) async fn run(settings: &Settings, command: KeysCommand) -> Result<(), Failure> {
    let home = Home::share(&settings.database)?;
    let done = run_at(settings, &home, command).await;
    let stopped = home.stop();
    done?;
    Ok(stopped?)
}

async fn run_at(settings: &Settings, home: &Home, command: KeysCommand) -> Result<(), Failure> {
    schema::prepare(settings, home.url(), settings.migration_patience())?;
    let limits = DatabaseLimits { pool_size: 1, ..settings.read_limits() };
    let database = Database::new(settings.key_sessions(home.url()), limits).map_err(ApplicationError::from)?;
    let registry = PostgresKeyRegistry::new(database);
    match command {
        KeysCommand::Add(arguments) => add(settings, &registry, &arguments).await,
        KeysCommand::List { json } => list(&registry, json).await,
        KeysCommand::Rotate { id, grace, json } => rotate(settings, &registry, &id, grace, json).await,
        KeysCommand::Revoke(arguments) => revoke(&registry, &arguments).await,
    }
}

async fn add(settings: &Settings, registry: &PostgresKeyRegistry, arguments: &AddKeyArguments) -> Result<(), Failure> {
    let key = new_key(arguments)?;
    let shown = Shown::new(&key.id, &key.secret, arguments.json);
    let master_key = master_key(settings, registry).await?;
    registry.add(key, master_key).await.map_err(|fault| failure(&fault))?;
    tell(shown.text("made; keep the secret now, it is not shown again"));
    Ok(())
}

fn new_key(arguments: &AddKeyArguments) -> Result<NewKey, Failure> {
    let input = |fault: &dyn std::fmt::Display| Failure::Input(fault.to_string());
    let random = || Ok(format!("ak-{:016x}", rand::random::<u64>()));
    let id = arguments.id.clone().map_or_else(random, Ok::<_, Failure>)?;
    let campaigns: Result<_, _> = arguments.campaigns.iter().map(|id| CampaignId::new(id.as_str())).collect();
    let campaigns = campaigns.map_err(|fault| Failure::Input(format!("--campaign {fault}")))?;
    let id_prefix = arguments.id_prefix.as_deref().map(IdPrefix::new).transpose();
    let id_prefix = id_prefix.map_err(|fault| Failure::Input(format!("--id-prefix {fault}")))?;
    if id_prefix.is_some() && !arguments.scope.contains(&ScopeName::Write) {
        return Err(Failure::Input("--id-prefix is for keys that write: add --scope write, or read,write".into()));
    }
    Ok(NewKey {
        id: KeyId::new(id).map_err(|fault| input(&fault))?,
        secret: if arguments.secret_stdin {
            given_secret()?
        } else {
            random_secret().map_err(|fault| input(&fault))?
        },
        scopes: match (arguments.scope.contains(&ScopeName::Read), arguments.scope.contains(&ScopeName::Write)) {
            (_, false) => KeyScopes::Read,
            (true, true) => KeyScopes::ReadAndWrite,
            (false, true) => KeyScopes::Write,
        },
        campaigns: if arguments.campaigns.is_empty() { CampaignScope::All } else { CampaignScope::Only(campaigns) },
        id_prefix,
        accepts_v1: arguments.v1,
        expires: arguments.expires.map(|moment| Timestamp::from(moment.as_millisecond())),
    })
}

fn given_secret() -> Result<KeySecret, Failure> {
    let mut text = String::new();
    let read = stdin().lock().take(MAX_SECRET_INPUT).read_to_string(&mut text);
    read.map_err(|fault| Failure::Input(format!("the secret cannot be read: {fault}")))?;
    KeySecret::new(text.trim_end_matches(['\r', '\n'])).map_err(|fault| Failure::Input(fault.to_string()))
}

/// The master key; made with the very first key, as there is nothing yet that another one was needed for.
async fn master_key(settings: &Settings, registry: &PostgresKeyRegistry) -> Result<MasterKey, Failure> {
    let file = MasterKeyFile::of(&settings.auth);
    match file.read_if_there()? {
        Some(key) => Ok(key),
        None if registry.is_empty().await.map_err(|fault| failure(&fault))? => {
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

async fn list(registry: &PostgresKeyRegistry, json: bool) -> Result<(), Failure> {
    let keys = registry.list().await.map_err(|fault| failure(&fault))?;
    if json {
        for key in &keys {
            tell(key_json(key));
        }
    } else if keys.is_empty() {
        tell("there are no keys; `annotation-statistics keys add` makes one");
    } else {
        tell(key_table(&keys).trim_end());
    }
    Ok(())
}

async fn rotate(
    settings: &Settings,
    registry: &PostgresKeyRegistry,
    id: &str,
    grace: SignedDuration,
    json: bool,
) -> Result<(), Failure> {
    let id = known_id(id)?;
    let secret = random_secret().map_err(|fault| Failure::Input(fault.to_string()))?;
    let until =
        jiff::Timestamp::now().checked_add(grace).map_err(|fault| Failure::Input(format!("--grace: {fault}")))?;
    let shown = Shown::new(&id, &secret, json);
    let master_key = MasterKeyFile::of(&settings.auth).read()?;
    registry
        .rotate(id, secret, Timestamp::from(until.as_millisecond()), master_key)
        .await
        .map_err(|fault| failure(&fault))?;
    tell(shown.text(&format!("rotated; the secret before is good until {}", until.strftime("%Y-%m-%d %H:%M:%S UTC"))));
    Ok(())
}

pub(crate) fn known_id(id: &str) -> Result<KeyId, Failure> {
    KeyId::new(id).map_err(|fault| Failure::Input(fault.to_string()))
}

/// A secret that is shown once.
struct Shown {
    id: String,
    secret: String,
    json: bool,
}

impl Shown {
    fn new(id: &KeyId, secret: &KeySecret, json: bool) -> Self {
        Self { id: id.to_string(), secret: secret.reveal().to_owned(), json }
    }

    fn text(&self, what: &str) -> String {
        let Self { id, secret, json } = self;
        if *json {
            return serde_json::json!({ "key": id, "secret": secret }).to_string();
        }
        format!("key     {id}\nsecret  {secret}\n\n{what}")
    }
}

pub(crate) fn failure(fault: &KeyRegistryError) -> Failure {
    if let KeyRegistryError::Session(_) = fault {
        Failure::Unavailable(chain(fault))
    } else {
        Failure::Input(fault.to_string())
    }
}
