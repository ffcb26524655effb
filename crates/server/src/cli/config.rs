//! `annotation-statistics config`

use super::failure::Failure;
use crate::settings::{SettingOrigin, Settings, SettingsFiles};
use crate::terminal::print;
use clap::Subcommand;

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print each setting, its value and where that is from; secrets are hidden
    Print {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Prints the settings, also those that cannot be used, and fails then.
pub(super) fn run(files: &SettingsFiles, command: &ConfigCommand) -> Result<(), Failure> {
    let ConfigCommand::Print { json } = command;
    for (key, given) in Settings::origins(files)? {
        print(if *json { as_json(&key, &given) } else { format!("{key} = {}  # {}", given.value, given.origin) });
    }
    Ok(Settings::load(files).map(drop)?)
}

fn as_json(key: &str, given: &SettingOrigin) -> String {
    let SettingOrigin { value, origin } = given;
    serde_json::json!({ "key": key, "value": value, "origin": origin.kind(), "source": origin.to_string() }).to_string()
}
