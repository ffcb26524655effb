//! `annotation-statistics keys rotate`

use super::failure::{failure, known_id};
use super::new_secret::NewSecret;
use crate::cli::failure::Failure;
use crate::service::MasterKeyFile;
use crate::terminal::print;
use annotation_statistics_access::Timestamp;
use annotation_statistics_storage::{PostgresKeyRegistry, random_secret};
use jiff::SignedDuration;

pub(super) async fn rotate(
    master_key_file: &MasterKeyFile,
    registry: &PostgresKeyRegistry,
    id: &str,
    grace: SignedDuration,
    json: bool,
) -> Result<(), Failure> {
    let id = known_id(id)?;
    let secret = random_secret().map_err(|error| Failure::Input(error.to_string()))?;
    let until =
        jiff::Timestamp::now().checked_add(grace).map_err(|error| Failure::Input(format!("--grace: {error}")))?;
    let new_secret = NewSecret::new(&id, &secret, json);
    let master_key = master_key_file.read()?;
    registry
        .rotate(id, secret, Timestamp::from(until.as_millisecond()), master_key)
        .await
        .map_err(|error| failure(&error))?;
    print(
        new_secret
            .text(&format!("rotated; the secret before is good until {}", until.strftime("%Y-%m-%d %H:%M:%S UTC"))),
    );
    Ok(())
}
