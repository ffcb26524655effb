//! The key that statements are signed with, read from its file each time, so that it is replaced without a restart.

use crate::settings::StatementsSection;
use annotation_statistics_api::SigningSource;
use annotation_statistics_domain::{BoxError, StatementFormat};
use annotation_statistics_statements::{SignedFormat, SigningKey};
use secrecy::{ExposeSecret, SecretString};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

/// The most bytes of the file: a key has about 120, and the file may have comments.
const MAX_BYTES: u64 = 65_536;

/// The rights that others than the owner of the file may not have.
const RIGHTS_OF_OTHERS: u32 = 0o077;

/// Why no statement can be signed with a file.
#[derive(Debug, thiserror::Error)]
#[error("statements.signing_key_file: {file}: {why}")]
struct UnusableKeyFile {
    file: String,
    #[source]
    why: BoxError,
}

/// What signs statements by these settings. Says in the log what can be expected of it; the service reads in any case.
pub(super) fn signing_source(settings: &StatementsSection) -> SigningSource {
    let Some(file) = settings.signing_key_file().map(Path::to_path_buf) else { return SigningSource::default() };
    let source = SigningSource::new(move || read(&file));
    match source.load() {
        Ok(format) => tracing::info!(key = %format.public_key().id, "statements are signed with this key"),
        Err(cause) => tracing::error!(cause = %cause, "no statement can be signed until this is repaired"),
    }
    source
}

fn read(file: &Path) -> Result<Arc<dyn StatementFormat>, BoxError> {
    let unusable = |why: BoxError| UnusableKeyFile { file: file.display().to_string(), why };
    let pem = read_text(file).map_err(unusable)?;
    let key = SigningKey::from_pem(pem.expose_secret()).map_err(|error| unusable(error.into()))?;
    Ok(Arc::new(SignedFormat::new(key)))
}

fn read_text(file: &Path) -> Result<SecretString, BoxError> {
    let file = File::open(file)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err("it is no file".into());
    }
    let rights = metadata.permissions().mode();
    if rights & RIGHTS_OF_OTHERS != 0 {
        return Err(format!("others may read or change it (its rights are {:o}): chmod 600", rights & 0o777).into());
    }
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text)?;
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};

    #[test]
    fn a_key_is_read_anew_each_time_and_from_a_file_of_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("signing.pem");
        let reason = || read(&file).err().map(|error| error.to_string());
        let why = |why: &str| Some(format!("statements.signing_key_file: {}: {why}", file.display()));
        assert_eq!(reason(), why("No such file or directory (os error 2)"));
        let mut ids = Vec::new();
        for _ in 0..2 {
            fs::write(&file, SigningKey::generate().unwrap().expose_secret()).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            ids.push(read(&file).ok().unwrap().public_key().id.clone());
        }
        assert_ne!(ids[0], ids[1], "it was replaced");
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        assert_eq!(reason(), why("others may read or change it (its rights are 640): chmod 600"));
        fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, "no key").unwrap();
        assert_eq!(reason(), why("it has no PRIVATE KEY block in PEM (PKCS#8)"));
    }
}
