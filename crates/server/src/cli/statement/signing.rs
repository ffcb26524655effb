//! What the statements of a command are signed with.

use crate::cli::failure::Failure;
use crate::settings::{Settings, SettingsError};
use annotation_statistics_domain::StatementFormat;
use annotation_statistics_statements::{SignedFormat, SigningKeyFile};
use std::sync::Arc;

/// The setting with the path of the key.
const FILE: &str = "statements.signing_key_file";

/// The format, with the key of the settings.
pub(super) fn signing_format(settings: &Settings) -> Result<Arc<dyn StatementFormat>, Failure> {
    let unusable = |why: String| SettingsError::Unusable { key: FILE, why };
    let file = settings.statements.signing_key_file().ok_or_else(|| {
        unusable("it is empty: `annotation-statistics statement keygen` makes a key, which it is to name".into())
    })?;
    let key = SigningKeyFile::new(file).read().map_err(|error| unusable(error.to_string()))?;
    Ok(Arc::new(SignedFormat::new(key)))
}
