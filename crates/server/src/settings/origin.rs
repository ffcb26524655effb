//! Where the value of a setting is from.

use config::{Value, ValueKind};
use std::fmt;
use std::path::PathBuf;

/// Settings whose values are never printed: those of the type [`Secret`](super::values::Secret).
const SECRETS: [&str; 3] = ["auth.master_key", "database.read_url", "database.url"];

/// Where the value of a setting is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `config/default.toml`, which is compiled in.
    Default,
    /// `--env NAME`.
    Profile {
        /// The name.
        name: String,
        /// The file in the current folder; `None` where the profile is compiled in.
        file: Option<PathBuf>,
    },
    /// `--config FILE`.
    File(PathBuf),
    /// A variable of the environment, with this name.
    Environment(String),
}

impl Origin {
    /// Its kind, for scripts.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Profile { .. } => "profile",
            Self::File(_) => "file",
            Self::Environment(_) => "environment",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::Profile { name, file: None } => write!(formatter, "--env {name}"),
            Self::Profile { name, file: Some(file) } => write!(formatter, "--env {name}, {}", file.display()),
            Self::File(file) => write!(formatter, "--config {}", file.display()),
            Self::Environment(variable) => formatter.write_str(variable),
        }
    }
}

/// The value of a setting as it is written, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingOrigin {
    /// As JSON, which TOML writes the same; of a secret only whether there is one.
    pub(crate) value: serde_json::Value,
    pub(crate) origin: Origin,
}

impl SettingOrigin {
    pub(super) fn new(key: &str, value: &Value, origin: Origin) -> Self {
        let value = json(&value.kind);
        let is_hidden = SECRETS.contains(&key) && value != "" || value.as_str().is_some_and(has_credentials);
        Self { value: if is_hidden { "(secret)".into() } else { value }, origin }
    }
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "it is {} ({})", self.value, self.origin)
    }
}

/// Whether it is a URL with a user, such as `https://user:password@host`: any setting may have one.
fn has_credentials(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    authority.is_some_and(|authority| authority.contains('@'))
}

fn json(kind: &ValueKind) -> serde_json::Value {
    match kind {
        ValueKind::Nil => serde_json::Value::Null,
        ValueKind::Boolean(value) => (*value).into(),
        ValueKind::I64(number) => (*number).into(),
        ValueKind::U64(number) => (*number).into(),
        ValueKind::I128(number) => number.to_string().into(),
        ValueKind::U128(number) => number.to_string().into(),
        ValueKind::Float(number) => (*number).into(),
        ValueKind::String(text) => text.clone().into(),
        ValueKind::Array(values) => values.iter().map(|value| json(&value.kind)).collect(),
        ValueKind::Table(values) => values.iter().map(|(name, value)| (name.clone(), json(&value.kind))).collect(),
    }
}
