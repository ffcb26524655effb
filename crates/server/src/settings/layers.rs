//! Where settings come from: the defaults, a profile, a file and the environment, each of which overrides those before.

use super::error::SettingsError;
use super::origin::{Origin, SettingOrigin};
use config::{Config, Environment, File, FileFormat, Map, Source, Value, ValueKind};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// The profiles that are compiled in.
const PROFILES: [(&str, &str); 2] = [
    ("development", include_str!("../../../../config/development.toml")),
    ("production", include_str!("../../../../config/production.toml")),
];

const ENVIRONMENT_PREFIX: &str = "ANNOTATION_STATISTICS";
const SEPARATOR: &str = "__";

/// Which files are read, besides the defaults.
#[derive(Debug, Clone, Default)]
pub struct SettingsFiles {
    /// `config/NAME.toml` in the current folder, or else a profile that is compiled in.
    pub environment_name: Option<String>,
    /// A file anywhere.
    pub file: Option<PathBuf>,
}

/// The sources that there are, in the order in which they override each other, with the settings that each has.
pub(super) struct Layers {
    sources: Vec<Box<dyn Source + Send + Sync>>,
    /// By key, such as `server.bind`: the value that holds, and where it is from.
    given: BTreeMap<String, SettingOrigin>,
}

impl Layers {
    /// Reads all sources.
    ///
    /// # Errors
    /// When a named file is missing, a source cannot be parsed, or it has a key that no setting has.
    pub(super) fn read(files: &SettingsFiles) -> Result<Self, SettingsError> {
        let mut layers = Self { sources: Vec::new(), given: BTreeMap::new() };
        layers.add(&|_| Origin::Default, File::from_str(DEFAULTS, FileFormat::Toml))?;
        if let Some(name) = &files.environment_name {
            layers.add_profile(name)?;
        }
        if let Some(file) = &files.file {
            let source = File::from(file.as_path()).format(FileFormat::Toml);
            layers.add(&|_| Origin::File(file.clone()), source)?;
        }
        let environment = Environment::with_prefix(ENVIRONMENT_PREFIX).prefix_separator(SEPARATOR).separator(SEPARATOR);
        layers.add(&|key| Origin::Environment(variable(key)), environment)?;
        Ok(layers)
    }

    /// `config/NAME.toml` in the current folder, or else the profile of this name that is compiled in.
    fn add_profile(&mut self, name: &str) -> Result<(), SettingsError> {
        let path = Path::new("config").join(name).with_extension("toml");
        let of = |file: Option<PathBuf>| {
            let name = name.to_owned();
            move |_: &str| Origin::Profile { name: name.clone(), file: file.clone() }
        };
        match PROFILES.iter().find(|(known, _)| *known == name) {
            Some((_, text)) if !path.exists() => self.add(&of(None), File::from_str(text, FileFormat::Toml)),
            _ => self.add(&of(Some(path.clone())), File::from(path).format(FileFormat::Toml)),
        }
    }

    fn add(
        &mut self,
        origin: &dyn Fn(&str) -> Origin,
        source: impl Source + Send + Sync + 'static,
    ) -> Result<(), SettingsError> {
        let is_default = self.sources.is_empty();
        let mut given = Vec::new();
        flatten("", source.collect()?, &mut given);
        for (key, value) in given {
            let origin = origin(&key);
            if !is_default && !self.given.contains_key(&key) {
                return Err(SettingsError::Unknown { key, origin });
            }
            let value = SettingOrigin::new(&key, &value, origin);
            self.given.insert(key, value);
        }
        self.sources.push(Box::new(source));
        Ok(())
    }

    /// All sources together.
    pub(super) fn config(&self) -> Result<Config, config::ConfigError> {
        let sources = self.sources.iter().map(|source| source.clone_into_box());
        Config::builder().add_source(sources.collect::<Vec<_>>()).build()
    }

    /// By key: the value that holds, and where it is from.
    pub(super) fn into_given(self) -> BTreeMap<String, SettingOrigin> {
        self.given
    }

    /// What was given for this key.
    pub(super) fn given(&self, key: &str) -> Option<&SettingOrigin> {
        self.given.get(key)
    }
}

/// The variable of the environment that sets this key.
fn variable(key: &str) -> String {
    format!("{ENVIRONMENT_PREFIX}{SEPARATOR}{}", key.to_uppercase().replace('.', SEPARATOR))
}

/// Each key with its sections before it, and its value.
fn flatten(prefix: &str, values: Map<String, Value>, into: &mut Vec<(String, Value)>) {
    for (name, value) in values {
        let key = format!("{prefix}{name}");
        if let ValueKind::Table(section) = value.kind {
            flatten(&format!("{key}."), section, into);
        } else {
            into.push((key, value));
        }
    }
}
